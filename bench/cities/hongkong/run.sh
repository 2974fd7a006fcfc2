#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Hong Kong, one bank: build, import, plan 14 days, export, page, replay on the held-back days.
#
#   sh run.sh --out DIR [--data DIR] [--nn5 FILE] [--calendars DIR] [--bin DIR] [--seed N]
#             [--threads N] [--short]
#
# --short replays 7 days of one plan with little work instead of 28 days planned anew each. Exit code: that of the first step that fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
shared=$root/../shared
data=$shared/data/hongkong
nn5=$shared/bench/nn5/train.csv
calendars=$shared/data/calendars
bin=$root/build/release/bin
out=
seed=1
threads=2
short=
while [ $# -gt 0 ]; do
    case $1 in
    --short) short=1; shift; continue ;;
    --data | --nn5 | --calendars | --bin | --out | --seed | --threads) ;;
    *) echo "run.sh: unknown argument $1" >&2; exit 2 ;;
    esac
    [ $# -ge 2 ] || { echo "run.sh: $1 needs a value" >&2; exit 2; }
    case $1 in
    --data) data=$2 ;;
    --nn5) nn5=$2 ;;
    --calendars) calendars=$2 ;;
    --bin) bin=$2 ;;
    --out) out=$2 ;;
    --seed) seed=$2 ;;
    --threads) threads=$2 ;;
    esac
    shift 2
done
[ -n "$out" ] || { echo "run.sh: --out DIR is missing" >&2; exit 2; }
[ -x "$bin/cashplan" ] || { echo "run.sh: $bin/cashplan is not built" >&2; exit 1; }

mkdir -p "$out"
db=$out/hongkong.db
rm -f "$db" "$db-wal" "$db-shm"
node "$here/build.mjs" --data "$data" --nn5 "$nn5" --calendars "$calendars" --out "$out" \
    > "$out/build.log"
day=$(node -p "JSON.parse(require('fs').readFileSync(process.argv[1])).plan_day" "$out/facts.json")

"$bin/cashplan" init --db "$db" --quiet
"$bin/cashplan" import "$out/import" --db "$db" --mapping "$here/mapping.json" --quiet \
    > "$out/import.log"
start=$(date +%s)
code=0
"$bin/cashplan" plan --db "$db" --date "$day" --horizon 14 --threads "$threads" --seed "$seed" \
    --quiet | tee "$out/plan.log" || code=$?
grep -q 'refused  ' "$out/plan.log" && code=4
echo "plan: $(($(date +%s) - start)) s, exit code $code"
[ "$code" -eq 0 ] || exit "$code"
"$bin/cashplan" export --db "$db" --out "$out" --quiet
"$bin/cashplan" report --db "$db" --out "$out/plan.html" --quiet
ls -l "$out/plan.html" | awk '{ print "page: " $5 " bytes" }'

# Only now come the days that were held back.
"$bin/cashplan" import "$out/truth" --db "$db" --quiet > "$out/truth.log"
days=28
work=
if [ -n "$short" ]; then
    days=7
    work="--work 30 --every 7"
fi
# shellcheck disable=SC2086
"$bin/cashplan" replay --db "$db" --date "$day" --days "$days" --threads "$threads" \
    --seed "$seed" $work --quiet | tee "$out/replay.log"
