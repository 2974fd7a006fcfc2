#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# substitution.sh CASHPLAN - a closed machine whose demand goes to its neighbour: imported, seen by
# `forecast`, kept by the plan and told in its summary and its stored notes; wrong rows are refused
# with their lines.
. "$(dirname "$0")/head.sh"
# forecast POINT: expected withdrawals of the point on 2026-11-25.
forecast() {
    "$program" forecast --db "$temp/t.db" --date 2026-11-24 --days 3 --point "$1" 2>"$temp/err" |
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
closed=$(forecast A1)
before=$(forecast B1)
plan calm
grep -q substitution "$temp/calm" && fail "a substitution nobody gave"

mkdir "$temp/more"
head='code,point_code,receiver_code,first_day,last_day,share_ppm,author,reason'
printf '%s\n' "$head" 'U-1,A1,B1,2026-11-26,2026-11-25,600000,anna,works' \
    'U-2,A1,A1,2026-11-25,2026-11-26,600000,anna,works' \
    'U-3,A1,B1,2026-11-25,2026-11-26,1000001,anna,works' \
    'U-4,A1,A9,2026-11-25,2026-11-26,600000,anna,works' >"$temp/more/substitution.csv"
"$program" import --db "$temp/t.db" "$temp/more" >"$temp/out" 2>&1 && fail "wrong rows are taken"
for line in 2 3 4 5; do
    grep -q "substitution.csv line $line," "$temp/out" || fail "line $line: $(cat "$temp/out")"
done

printf '%s\n' "$head" 'U-1,A1,B1,2026-11-25,2026-11-26,600000,anna,works' \
    >"$temp/more/substitution.csv"
"$program" import --db "$temp/t.db" "$temp/more" >/dev/null
[ "$(forecast A1)" = 0 ] || fail "a closed machine is expected to give out $(forecast A1)"
after=$(forecast B1)
want=$((before + closed * 6 / 10))
[ $((after - want)) -le 2 ] && [ $((want - after)) -le 2 ] ||
    fail "expected are $after, not $before and 60 % of $closed"
grep -q 'substitution U-1 by anna: A1 is closed on 2026-11-25 to 2026-11-26, 60 % of its demand' \
    "$temp/err" || fail "forecast does not tell: $(cat "$temp/err")"
plan works
grep -q 'note  *substitution U-1 by anna: .* goes to B1 (works)' "$temp/works" ||
    fail "the plan does not tell"
"$program" export --db "$temp/t.db" --dump | grep -q '^note substitution U-1 by anna' ||
    fail "the note is not stored"

printf '%s\n' "$head" 'U-2,A1,B1,2026-11-26,2026-11-27,500000,anna,works' \
    'U-3,B1,A1,2026-11-26,2026-11-26,500000,anna,works' >"$temp/more/substitution.csv"
"$program" import --db "$temp/t.db" "$temp/more" >/dev/null
code=0
"$program" plan --db "$temp/t.db" --date 2026-11-24 --horizon 7 --work 20 >"$temp/out" 2>&1 || code=$?
[ "$code" = 1 ] && grep -q 'more than the whole demand of A1' "$temp/out" &&
    grep -q 'B1 is closed itself by U-3' "$temp/out" &&
    grep -q 'substitutions U-1 and U-2 of A1 by B1 share days' "$temp/out" ||
    fail "too much given away: $code $(cat "$temp/out")"
