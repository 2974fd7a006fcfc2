#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# explain.sh CASHPLAN - every machine of a stored plan can be explained; the choice told is the plan's.
. "$(dirname "$0")/head.sh"

make_bank "$temp/bank"
history 200 >"$temp/bank/history.csv"
db=$temp/t.db
"$program" init --db "$db" >/dev/null
"$program" import --db "$db" "$temp/bank" --quiet >/dev/null
"$program" plan --db "$db" --date 2026-11-24 --horizon 7 --work 20 --no-rivals --quiet >/dev/null
"$program" export --db "$db" --out "$temp/out" --quiet >/dev/null

machines=$("$program" forecast --db "$db" --date 2026-11-24 --days 1 --no-store --quiet | tail -n +2 |
    cut -d, -f1 | tr -d '"' | sort -u)
[ -n "$machines" ] || fail 'the bank has no machine'
for machine in $machines; do
    "$program" explain --db "$db" --machine "$machine" --quiet >"$temp/text" || fail "$machine"
    grep -q '^  \* ' "$temp/text" || fail "$machine: no choice is the plan's"
    "$program" explain --db "$db" --machine "$machine" --quiet --json >"$temp/json"
    [ "$(grep -o '"chosen": true, *"misses\|"chosen": true}' "$temp/json" | wc -l)" -ge 1 ] ||
        fail "$machine: the JSON has no choice of the plan"
done
code=0
"$program" explain --db "$db" --machine nobody --quiet 2>"$temp/err" || code=$?
[ "$code" = 1 ] || fail "an unknown machine ends with $code"
grep -q '"nobody"' "$temp/err" || fail 'the message does not name the machine'
code=0
"$program" explain --db "$db" --quiet 2>"$temp/err" || code=$?
[ "$code" = 2 ] || fail "no machine at all ends with $code"
echo 'explain: as planned'
