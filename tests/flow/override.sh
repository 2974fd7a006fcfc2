#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# override.sh CASHPLAN - a planner's override of the forecast: imported, seen by `forecast`, kept by the
# plan and told in its summary and its stored notes; a wrong one is refused with its line.
. "$(dirname "$0")/head.sh"
# forecast FILE: expected withdrawals of A1 on 2026-11-25.
forecast() {
    "$program" forecast --db "$temp/t.db" --date 2026-11-24 --days 3 --point A1 2>"$temp/err" |
        awk -F, '$2 == "withdrawal" && $3 == "2026-11-25" { print $5 }'
}
plan() {
    "$program" plan --db "$temp/t.db" --date 2026-11-24 --horizon 7 --work 20 --no-rivals --quiet \
        >"$temp/$1" || fail "plan ended with $?"
}

make_bank "$temp/bank"
history 200 >"$temp/bank/history.csv"
"$program" init --db "$temp/t.db" >/dev/null
"$program" import --db "$temp/t.db" "$temp/bank" --quiet >/dev/null
before=$(forecast)
plan calm
grep -q override "$temp/calm" && fail "an override nobody gave"

mkdir "$temp/more"
head='code,point_code,flow,first_day,last_day,factor_ppm,amount_minor,author,reason'
printf '%s\n' "$head" 'O-1,A1,withdrawal,2026-11-25,2026-11-24,2000000,,anna,fair' \
    'O-2,A1,withdrawal,2026-11-25,2026-11-26,2000000,100,anna,fair' \
    'O-3,A1,withdrawal,2026-11-25,2026-11-26,,,anna,fair' \
    'O-4,A9,withdrawal,2026-11-25,2026-11-26,0,,anna,fair' >"$temp/more/demand_override.csv"
"$program" import --db "$temp/t.db" "$temp/more" >"$temp/out" 2>&1 && fail "wrong overrides are taken"
for line in 2 3 4 5; do
    grep -q "demand_override.csv line $line," "$temp/out" || fail "line $line: $(cat "$temp/out")"
done

printf '%s\n' "$head" 'O-1,A1,withdrawal,2026-11-25,2026-11-26,2000000,,anna,fair' \
    >"$temp/more/demand_override.csv"
"$program" import --db "$temp/t.db" "$temp/more" >/dev/null
after=$(forecast)
[ "$after" -ge $((2 * before - 1)) ] && [ "$after" -le $((2 * before + 1)) ] ||
    fail "expected are $after, before the override $before"
grep -q 'override O-1 by anna: withdrawals of A1 on 2026-11-25 to 2026-11-26 expected at' \
    "$temp/err" || fail "forecast does not tell: $(cat "$temp/err")"
plan fair
grep -q 'note  *override O-1 by anna: .* (fair)' "$temp/fair" || fail "the plan does not tell"
"$program" export --db "$temp/t.db" --dump | grep -q '^note override O-1 by anna' ||
    fail "the note is not stored"

printf '%s\n' "$head" 'O-2,A1,withdrawal,2026-11-26,2026-11-26,,500000,anna,fair' \
    >"$temp/more/demand_override.csv"
"$program" import --db "$temp/t.db" "$temp/more" >/dev/null
code=0
"$program" plan --db "$temp/t.db" --date 2026-11-24 --horizon 7 --work 20 >"$temp/out" 2>&1 || code=$?
[ "$code" = 1 ] && grep -q 'overrides O-1 and O-2 of A1 share days' "$temp/out" ||
    fail "two overrides of a day: $code $(cat "$temp/out")"
