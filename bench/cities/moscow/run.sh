#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Moscow: the cash-in terminals of the task run day by day for its 63 days, and priced by its rules.
#
#   sh run.sh --out DIR [--data DIR] [--calendars DIR] [--bin DIR] [--cars N] [--work N]
#             [--first-work N] [--threads N] [--seed N] [--guide F] [--rent F] [--daily-fleet]
#             [--foresight] [--slow]
#
# Four cars have time to spare, so their time is hardly priced (--guide, --rent: guide_share and
# rent_share of irp_solve.h); with three, --guide 1 --rent 1 keeps tours compact and stops rare.
# --foresight knows the true days; --daily-fleet pays only the cars that drive; --slow plans with
# estimated times 1.22 times as long. Exit code 1 when a rule of the task is broken.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
shared=$root/../shared
data=$shared/data/moscow-terminals
calendars=$shared/data/calendars
bin=$root/build/release/bin
out=
cars=4
work=50000
first=300000
threads=2
seed=1
daily=
foresight=
factor=1
guide=0.05
rent=0
while [ $# -gt 0 ]; do
    case $1 in
    --daily-fleet) daily=--daily-fleet; shift; continue ;;
    --foresight) foresight=--foresight; shift; continue ;;
    --slow) factor=1.22; shift; continue ;;
    --data | --calendars | --bin | --out | --cars | --work | --first-work | --threads | --seed | --guide | --rent) ;;
    *) echo "run.sh: unknown argument $1" >&2; exit 2 ;;
    esac
    [ $# -ge 2 ] || { echo "run.sh: $1 needs a value" >&2; exit 2; }
    case $1 in
    --data) data=$2 ;;
    --calendars) calendars=$2 ;;
    --bin) bin=$2 ;;
    --out) out=$2 ;;
    --cars) cars=$2 ;;
    --work) work=$2 ;;
    --first-work) first=$2 ;;
    --threads) threads=$2 ;;
    --seed) seed=$2 ;;
    --guide) guide=$2 ;;
    --rent) rent=$2 ;;
    esac
    shift 2
done
[ -n "$out" ] || { echo "run.sh: --out DIR is missing" >&2; exit 2; }
for p in cashplan bench_rolling; do
    [ -x "$bin/$p" ] || { echo "run.sh: $bin/$p is not built" >&2; exit 1; }
done

mkdir -p "$out"
db=$out/moscow.db
rm -f "$db" "$db-wal" "$db-shm"
# shellcheck disable=SC2086
node "$here/build.mjs" --data "$data" --calendars "$calendars" --out "$out" --cars "$cars" \
    --estimate-factor "$factor" $daily ${foresight:+--overrun-rub 20000} > "$out/build.log"
fact() { node -p "JSON.parse(require('fs').readFileSync(process.argv[1])).$1" "$out/facts.json"; }
"$bin/cashplan" init --db "$db" --quiet
"$bin/cashplan" import "$out/import" --db "$db" --mapping "$here/mapping.json" --quiet \
    > "$out/import.log"
# shellcheck disable=SC2086
"$bin/bench_rolling" --db "$db" --from "$(fact first_day)" --days "$(fact days)" --work "$work" \
    --first-work "$first" --threads "$threads" --seed "$seed" --executed "$out/executed.csv" \
    --steady --guide "$guide" --rent "$rent" $foresight > "$out/days.log"
tail -n 3 "$out/days.log"
# shellcheck disable=SC2086
node "$here/price.mjs" --data "$data" --executed "$out/executed.csv" --cars "$cars" $daily
