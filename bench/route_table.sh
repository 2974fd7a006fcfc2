#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# route_table.sh - bench_route on a family of public instances, every solution checked by the
# family's check.py, mean gap to the best known.
#
#   bench/route_table.sh FAMILY_DIR SECONDS ["SEEDS" ["NAMES" [OPTIONS OF bench_route ..]]]
#
# FAMILY_DIR holds the instances and best.csv, check.py lies one folder up. SEEDS and NAMES (without
# ending) are lists in one word each, by default "1" and all of best.csv. BIN names the folder of
# bench_route, build/release/bin by default. SECONDS are CPU seconds.
#
# A line an instance: name, the gap of each seed in per cent (- = refused by the checker), their
# mean, thousand iterations a CPU second of the last seed; last the means of the family. The exit
# status tells whether every solution was accepted.
set -eu
dir=$1
seconds=$2
seeds=${3:-1}
names=${4:-$(sed -n '2,$s/,.*//p' "$dir/best.csv")}
[ $# -le 4 ] && set -- || shift 4
bin=${BIN:-build/release/bin}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

gap_of() { # instance file
    python3 "$dir/../check.py" "$1" "$work/sol" >"$work/said" 2>&1 || { echo -; return; }
    sed -n 's/.* gap=\([-+0-9.e]*\)%.*/\1/p' "$work/said"
}

for name in $names; do
    file=$(ls "$dir/$name".[!s]* | head -1)
    row=$name
    for seed in $seeds; do
        "$bin/bench_route" "$file" --time-limit-s "$seconds" --seed "$seed" \
            --solution "$work/sol" "$@" >"$work/json"
        row="$row $(gap_of "$file")"
    done
    speed=$(sed -n 's/.*"iterations":\([0-9]*\),"cpu_s":\([0-9.]*\).*/\1 \2/p' "$work/json")
    echo "$row" >>"$work/rows"
    echo "$row $speed" | awk '{
        for (i = 2; i <= NF - 2; i++) {
            row = row " " $i
            if ($i != "-") { sum += $i; n++ }
        }
        printf "%s%s | %.3f | %.0f\n", $1, row, (n > 0 ? sum / n : 0), $(NF - 1) / $NF / 1000
    }'
done
awk '{
    for (i = 2; i <= NF; i++)
        if ($i == "-") refused++; else { total += $i; n++; sum[i] += $i; of[i]++ }
}
END {
    for (i = 2; i <= NF; i++) row = row sprintf(" %.3f", (of[i] > 0 ? sum[i] / of[i] : 0))
    printf "mean%s | %.3f | %d solutions, %d refused\n", row, (n > 0 ? total / n : 0), n + refused, refused
    exit refused > 0
}' "$work/rows"
