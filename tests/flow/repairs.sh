#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# repairs.sh CASHPLAN SAMPLE - an import cleans the history and cashplan repairs tells it; paydays by rule and events
# are taken, rules that say nothing are refused with file and line.
set -eu
program=$1
sample=$2
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
fail() {
    echo "repairs: $*" >&2
    exit 1
}
db="$temp/bank.db"
"$program" init --db "$db" >/dev/null
"$program" import --db "$db" "$sample" >/dev/null
"$program" repairs --db "$db" --csv >"$temp/all.csv"
head -1 "$temp/all.csv" | grep -q '^point,flow,day,reason,raw_minor,repaired_minor,weight_ppm,level_ppm$' || fail "the head of the CSV"
for reason in cash_out out_of_service outlier; do
    grep -q ",$reason," "$temp/all.csv" || fail "no $reason in the sample bank"
done
# What ran empty is taken for no less than was paid out.
awk -F, '$4 == "cash_out" && $5 != "" && $6 + 0 < $5 + 0 { bad = 1 } END { exit bad }' "$temp/all.csv" ||
    fail "a cash-out is taken for less than was paid out"
worst=$("$program" repairs --db "$db" --worst 1 | awk '{ print $1, $2 }')
point=${worst% *}
[ "$("$program" repairs --db "$db" --point "$point" | tail -n +2 | wc -l)" = "${worst#* }" ] || fail "$point has not ${worst#* } rows"
"$program" repairs --db "$db" --worst 1 --json | grep -q "\"point\": \"$point\"" || fail "JSON names another machine"
"$program" import --db "$db" "$sample" >/dev/null
"$program" repairs --db "$db" --csv | cmp -s - "$temp/all.csv" || fail "the same history is repaired otherwise"

calendar=$(sed -n 2p "$sample/calendar.csv" | cut -d, -f1)
mkdir "$temp/more" "$temp/bad"
printf '%s\n' 'calendar_code,kind,rule,name' "$calendar,payday,day 25 or the working day before,salary" \
    "$calendar,event,spring festival -8,fair" >"$temp/more/calendar_rule.csv"
printf '%s\n' 'code,name,first_day,last_day,point_code' "E1,match,2026-10-10,2026-10-11,$point" \
    "E2,match,2026-11-28,2026-11-28,$point" >"$temp/more/event.csv"
before=$("$program" forecast --db "$db" --date 2026-11-24 --point "$point" --json | cksum)
"$program" import --db "$db" "$temp/more" >"$temp/counts"
grep -q '^calendar_rule  *2' "$temp/counts" || fail "rules are not counted"
grep -q '^event  *2' "$temp/counts" || fail "events are not counted"
after=$("$program" forecast --db "$db" --date 2026-11-24 --point "$point" --json | cksum)
[ "$before" != "$after" ] || fail "rules and events change nothing"
printf '%s\n' 'calendar_code,kind,rule,name' "$calendar,payday,every second friday,salary" >"$temp/bad/calendar_rule.csv"
if "$program" import --db "$db" "$temp/bad" >/dev/null 2>"$temp/err"; then fail "a rule without a first day was taken"; fi
grep -q 'calendar_rule.csv line 2, field rule: .*must say from which day' "$temp/err" || fail "says $(cat "$temp/err")"
echo "repairs: ok"
