#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# refill_small.sh - small zones: our plan and bound beside those of CBC and glpsol on the very same
# problem, each with the same CPU time.
#
#   bench/refill_small.sh BIN_DIR SECONDS "SIZES" "SEEDS" ["loose tight"]
#
# Ours and CBC stop with a proof or after SECONDS of CPU, glpsol after SECONDS by the clock (leave the
# machine alone). cbc and glpsol read the program of bench_refill_mono; either may be missing.
# Plan and bound in minor units of the cost of the replenishment.
set -eu
bin=$1
limit=$2
sizes=$3
seeds=$4
kinds=${5:-loose tight}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { # NAME < JSON line
    sed -n "s/.*\"$1\": \\([-0-9.e+]*\\).*/\\1/p"
}

ours() { # points kind seed
    "$bin/bench_refill" --points "$1" --limits "$2" --seed "$3" --nodes 1000000000 \
        --cpu-limit-s "$limit" >"$work/ours"
    echo "$(field plan_cost <"$work/ours") $(field lp_bound <"$work/ours")" \
        "$(field cpu_s <"$work/ours")"
}

cbc_run() {
    command -v cbc >/dev/null || { echo "- - -"; return; }
    cbc "$work/p.lp" sec "$limit" timem cpu solve >"$work/cbc" 2>&1 || true
    awk '/^Objective value:/ {plan = $3} /^Lower bound:/ {bound = $3} /^Result - Optimal/ {best = 1}
         /^Continuous objective value is/ {root = $5}
         /best possible/ {sub(/.*best possible /, ""); sub(/[ ,)].*/, ""); possible = $0}
         /^No feasible solution found/ {plan = "-"}
         /^Total time \(CPU/ {cpu = $5}
         END {if (best) bound = plan; if (bound == "") bound = possible; if (bound == "") bound = root
              if (plan == "" || plan + 0 > 1e40) plan = "-"
              if (plan != "-") plan = sprintf("%.0f", plan)
              print plan, sprintf("%.0f", bound), cpu}' "$work/cbc"
}

glpsol_run() {
    command -v glpsol >/dev/null || { echo "- - -"; return; }
    glpsol --lp "$work/p.lp" --cuts --fpump --tmlim "$limit" >"$work/glp" 2>&1 || true
    awk '/mip = / {i = index($0, ">="); split(substr($0, i + 2), b, " "); bound = b[1]
                   s = $0; sub(/.*mip = */, "", s); split(s, m, " "); if (m[1] ~ /^[0-9]/) plan = m[1]}
         /^Time used:/ {cpu = $3}
         END {if (plan == "") plan = "-"; else plan = sprintf("%.0f", plan)
              print plan, (bound == "" ? "-" : sprintf("%.0f", bound)), cpu}' "$work/glp"
}

echo "| points | limits | seed | ours: plan | bound | CPU s | CBC: plan | bound | CPU s | glpsol: plan | bound | CPU s |"
echo "|---|---|---|---|---|---|---|---|---|---|---|---|"
for n in $sizes; do
    for kind in $kinds; do
        for seed in $seeds; do
            "$bin/bench_refill_mono" --points "$n" --limits "$kind" --seed "$seed" \
                --out "$work/p.lp" >/dev/null
            set -- $(ours "$n" "$kind" "$seed") $(cbc_run) $(glpsol_run)
            echo "| $n | $kind | $seed | $1 | $2 | $3 | $4 | $5 | $6 | $7 | $8 | $9 |"
        done
    done
done
