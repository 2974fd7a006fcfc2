#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# site_table.sh - bench_site on a family of public instances beside the published values.
#
#   bench/site_table.sh FAMILY_DIR SECONDS ["NAMES"]
#
# FAMILY_DIR (its name tells the family) holds the instances and best.csv; NAMES are rows of
# best.csv, by default all that bench_site solves. BIN names the folder of bench_site,
# build/release/bin by default. SECONDS are CPU seconds.
#
# A line an instance: name, published value, ours, gap to the published in per cent, proven gap in
# per cent, proven, CPU seconds; last the mean and the number proven.
set -eu
dir=$1
seconds=$2
names=${3:-$(sed -n '2,$s/,.*//p' "$dir/best.csv")}
bin=${BIN:-build/release/bin}
family=$(basename "$dir")

# Options of "task_p3_radius8000" and the like.
task_options() {
    echo "$1" | tr '_' '\n' | awk 'NR == 1 { printf "--problem %s", $0 }
        NR > 1 && /^p[0-9]/ { printf " --p %s", substr($0, 2) }
        /^radius/ { printf " --radius %s", substr($0, 7) }'
}

for name in $names; do
    base=${name%%[#@]*}
    case $family:$name in
    *"#single") continue ;; # service from one site is not solved here
    orlib_pmed:*"#pcenter") file=$base.txt options="--problem pcenter" ;;
    orlib_pmed:*) file=$base.txt options="--problem pmedian" ;;
    orlib_cap:*@*) file=$base.txt options="--problem cflp --capacity ${name#*@}" ;;
    orlib_cap:*) file=$base.txt options="--problem cflp" ;;
    tbed1:*) file=$base.plc options="--problem cflp" ;;
    koerkel_ghosh:*) file=$base options="--problem uflp" ;;
    sf_spopt:*)
        file=$(basename "$dir"/*distance*.csv)
        task=${name#*#}
        options=$(task_options "${task%%_of_*}")
        ;;
    *) continue ;;
    esac
    best=$(awk -F, -v name="$name" '$1 == name { print $2 }' "$dir/best.csv")
    # shellcheck disable=SC2086 # the options are words
    "$bin/bench_site" "$dir/$file" $options --time-limit-s "$seconds" |
        sed 's/[{}"]//g' | tr ',' '\n' | awk -F: -v name="$name" -v best="$best" '
            { v[$1] = $2 }
            END {
                printf "%s %s %s %.4f %.4f %s %s\n", name, best, v["objective"],
                       100 * (v["objective"] - best) / best, 100 * v["gap"], v["proven"], v["cpu_s"]
            }'
done | awk '{ print; gap += $4; own += $5; n++; proven += $6 == "true"; cpu += $7 }
    END { printf "mean %.4f %.4f, %d of %d proven, %.2f CPU s\n", gap / n, own / n, proven, n, cpu / n }'
