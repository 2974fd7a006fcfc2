#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# export.sh CASHPLAN NODE_SH: a small bank from generation to dispatch files and the page; two exports
# of one plan are equal byte for byte, misuse is refused, every file fits its schema.
set -eu
cashplan=$1
node_sh=$2
dir=$(mktemp -d "${TMPDIR:-/tmp}/cashplan-export-XXXXXX")
trap 'rm -rf "$dir"' EXIT
fail() {
    echo "export.sh: $*" >&2
    exit 1
}
expect() { # code, then a command
    want=$1
    shift
    code=0
    "$@" >"$dir/out.txt" 2>"$dir/err.txt" || code=$?
    [ "$code" = "$want" ] || fail "'$*' ended with $code, not $want: $(cat "$dir/err.txt")"
}

db=$dir/plan.db
expect 0 "$cashplan" init --db "$db"
expect 0 "$cashplan" import --db "$db" data/sample
day=$(cat data/sample/plan_date.txt)
expect 1 "$cashplan" export --db "$db" --out "$dir/none"
[ ! -e "$dir/none" ] || fail "a folder was made without a plan"
expect 0 "$cashplan" plan --db "$db" --date "$day" --horizon 7 --rounds 1 --work 20 --no-rivals

expect 2 "$cashplan" export --db "$db"
expect 2 "$cashplan" export --db "$db" --out "$dir/x" --all-days --day "$day"
expect 1 "$cashplan" export --db "$db" --out "$dir/x" --day 2031-01-01
expect 1 "$cashplan" export --db "$db" --out "$dir/x" --plan 99
expect 0 "$cashplan" export --db "$db" --out "$dir/a" --all-days
expect 0 "$cashplan" export --db "$db" --out "$dir/b" --all-days
diff -r "$dir/a" "$dir/b" || fail "two exports of one plan differ"
expect 0 "$cashplan" export --db "$db" --out "$dir/one"
[ -s "$dir/one/dispatch.json" ] || fail "no dispatch.json"
[ "$(stat -c %a "$dir/one/dispatch.json")" = 600 ] || fail "dispatch.json is not private"
grep -q '"status": "proposed' "$dir/one/dispatch.json" || fail "the status is not told"

code=0
"$cashplan" report --db "$db" --out "$dir/plan.html" 2>"$dir/err.txt" || code=$?
if [ "$code" = 0 ]; then
    grep -q 'cashplan.page/1' "$dir/plan.html" || fail "the page holds no data"
    grep -q '"changes":{"plan_id":0,' "$dir/plan.html" || fail "changes against no plan"
    # A pin, then a plan anew: the page tells the pin and what is different.
    point=$(awk -F, 'NR == 2 { print $1 }' data/sample/point.csv)
    expect 0 "$cashplan" pin add --db "$db" --point "$point" --day "$day" --rule forbid \
        --reason 'street closed' --by anna
    expect 0 "$cashplan" plan --db "$db" --date "$day" --horizon 7 --rounds 1 --work 20 --no-rivals
    expect 0 "$cashplan" report --db "$db" --out "$dir/plan.html"
    grep -q '"changes":{"plan_id":1,' "$dir/plan.html" || fail "no changes against plan 1"
    grep -q '"reason":\["street closed"\]' "$dir/plan.html" || fail "the pin is not told"
else
    grep -q 'npm run build' "$dir/err.txt" || fail "report failed: $(cat "$dir/err.txt")"
fi

code=0
sh "$node_sh" schemas.mjs "$dir/a" "$dir/one" || code=$?
[ "$code" = 0 ] || [ "$code" = 77 ] || fail "a file does not fit its schema"
