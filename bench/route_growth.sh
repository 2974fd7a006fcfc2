#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# route_growth.sh - how the route search grows with the number of stops, on invented instances in
# the manner of set X (random and clustered clients, demands 1 to 100, some ten stops a route).
#
#   bench/route_growth.sh SECONDS ["SIZES" ["SEEDS"]]
#
# BIN names the folder of bench_route, build/release/bin by default. A line a size and seed: clients,
# seed, cost, routes, thousand iterations a CPU second, iterations a client, megabytes at most.
set -eu
seconds=$1
sizes=${2:-200 500 1000 2000 5000}
seeds=${3:-1}
bin=${BIN:-build/release/bin}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Half of the clients anywhere, half within some 40 of one of n / 50 centres, the depot in the
# middle. A generator of its own (Park, Miller 1988), for awk's are not the same everywhere.
invent() { # clients seed
    awk -v n="$1" -v seed="$2" '
    function draw(below) { x = (16807 * x) % 2147483647; return int(x / 2147483647 * below) }
    BEGIN {
        x = 7919 * seed + 1; side = 1001; centres = int(n / 50) + 1
        for (i = 0; i < 10; i++) draw(2)
        for (i = 0; i < centres; i++) { cx[i] = draw(side); cy[i] = draw(side) }
        printf "NAME : growth-n%d-s%d\nTYPE : CVRP\nDIMENSION : %d\n", n + 1, seed, n + 1
        printf "EDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 500\nNODE_COORD_SECTION\n1 500 500\n"
        for (i = 2; i <= n + 1; i++) {
            px = draw(side); py = draw(side)
            if (i % 2) {
                c = draw(centres)
                px = cx[c] + draw(41) + draw(41) - 40; py = cy[c] + draw(41) + draw(41) - 40
                if (px < 0) px = 0; if (px >= side) px = side - 1
                if (py < 0) py = 0; if (py >= side) py = side - 1
            }
            printf "%d %d %d\n", i, px, py
        }
        printf "DEMAND_SECTION\n1 0\n"
        for (i = 2; i <= n + 1; i++) printf "%d %d\n", i, 1 + draw(100)
        printf "DEPOT_SECTION\n1\n-1\nEOF\n"
    }'
}

field() { # NAME
    sed -n "s/.*\"$1\":\\([0-9.]*\\).*/\\1/p" "$work/json"
}

for n in $sizes; do
    for seed in $seeds; do
        invent "$n" "$seed" >"$work/growth-n$n.vrp"
        /usr/bin/time -f %M -o "$work/peak" "$bin/bench_route" "$work/growth-n$n.vrp" \
            --time-limit-s "$seconds" --seed "$seed" >"$work/json"
        echo "$n $seed $(field cost) $(field routes) $(field iterations) $(field cpu_s)" \
            "$(cat "$work/peak")" |
            awk '{printf "%d %d %d %d %.0f %.0f %.0f\n", $1, $2, $3, $4, $5 / $6 / 1000, $5 / $1, $7 / 1024}'
    done
done
