#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# conflicts.sh CASHPLAN - what a plan could not keep is told: nothing where nothing is short; a limit
# of one stop a day that two dry machines exceed, with both users and the cheapest way first.
. "$(dirname "$0")/head.sh"

# A second machine like the first at the branch's site; both last until noon.
make_bank "$temp/bank"
history 200 >"$temp/bank/history.csv"
sed -n 's/^A1,/A2,/p' "$temp/bank/history.csv" >"$temp/more"
cat "$temp/more" >>"$temp/bank/history.csv"
echo 'A2,S2,atm,CN,swap' >>"$temp/bank/point.csv"
echo 'A2,1,M,CNY100,dispense,-1' >>"$temp/bank/cassette.csv"
printf '%s\n' 'point_code,day,slot,notes' 'A1,2026-11-23,1,150' 'A2,2026-11-23,1,150' \
    'B1,2026-11-23,1,9000' >"$temp/bank/balance.csv"

plan() { # database
    "$program" init --db "$1" >/dev/null
    "$program" import --db "$1" "$temp/bank" --quiet >/dev/null
    "$program" plan --db "$1" --date 2026-11-24 --horizon 5 --work 40 --no-rivals --quiet \
        >"$1.txt" 2>/dev/null || fail "plan ended with $?"
}

plan "$temp/free.db"
"$program" explain --db "$temp/free.db" --conflicts --quiet >"$temp/free"
grep -q 'no conflict: every limit is kept' "$temp/free" || fail "$(cat "$temp/free")"

# One stop a day, and three machines at three sites that must be visited in two days.
sed -i -e '1s/$/,stops_per_day/' -e '2,$s/$/,1/' "$temp/bank/vault.csv"
cp -r "$temp/bank" "$temp/two"
echo 'S3,31.3,121.3,V' >>"$temp/bank/site.csv"
echo 'A3,S3,atm,CN,swap' >>"$temp/bank/point.csv"
echo 'A3,1,M,CNY100,dispense,-1' >>"$temp/bank/cassette.csv"
echo 'A3,2026-11-23,1,150' >>"$temp/bank/balance.csv"
sed -n 's/^A2,/A3,/p' "$temp/bank/history.csv" >"$temp/more"
cat "$temp/more" >>"$temp/bank/history.csv"
sed -i -e '1s/$/,latest_day/' -e '/^A/s/$/,2026-11-25/' -e '/^B/s/$/,/' "$temp/bank/point.csv"
plan "$temp/tight.db"
rm -r "$temp/bank"
mv "$temp/two" "$temp/bank"
"$program" explain --db "$temp/tight.db" --conflicts --quiet >"$temp/text"
grep -q 'stops a day on 2026-11-24, vault V: 2 stops used of 1 stops, 1 stops above' "$temp/text" ||
    fail "$(cat "$temp/text")"
grep -q 'used by .*A1 1 stops' "$temp/text" || fail 'A1 is not named'
[ "$(grep -c '^    cheapest ' "$temp/text")" -ge 1 ] || fail 'no cheapest way'
"$program" explain --db "$temp/tight.db" --conflicts --quiet --json >"$temp/json"
grep -q '"limit": "stops", "vault": "V", "day": "2026-11-24"' "$temp/json" || fail 'the JSON'
grep -q '"way": "pay"' "$temp/json" && grep -q '"way": "move"' "$temp/json" || fail 'ways'

# A machine that is empty before anybody can come: nothing keeps its level.
sed 's/^A1,2026-11-23,1,150/A1,2026-11-23,1,20/' "$temp/bank/balance.csv" >"$temp/balance.csv"
cp "$temp/balance.csv" "$temp/bank/balance.csv"
plan "$temp/dry.db"
"$program" explain --db "$temp/dry.db" --conflicts --quiet >"$temp/dry"
grep -q '^service level of A1 from 2026-11-24: missed' "$temp/dry" || fail "$(cat "$temp/dry")"
grep -q 'no visit that is allowed would keep it' "$temp/dry" || fail 'a visit is said to help'
"$program" explain --db "$temp/dry.db" --conflicts --quiet --json >"$temp/json"
grep -q '"machine": "A1", "day": "2026-11-24", "relief_minor": [0-9]*, "against": \[.*\], "keep": null, "give_up": null' \
    "$temp/json" || fail 'the JSON of the level'

# A machine that nobody may visit: the rule that stands against it, for which day, at which cost.
sed 's/^A1,2026-11-23,1,20/A1,2026-11-23,1,500/' "$temp/balance.csv" >"$temp/bank/balance.csv"
cp "$temp/bank/point.csv" "$temp/point.csv"
sed -e '1s/$/,service_days/' -e 's/^A1,.*/&,0000000/' -e 's/^[AB]2*1*,S2,.*/&,1111111/' \
    "$temp/point.csv" >"$temp/bank/point.csv"
plan "$temp/never.db"
"$program" explain --db "$temp/never.db" --conflicts --quiet >"$temp/never"
grep -q '^service level of A1 from 2026-11-24: missed' "$temp/never" || fail "$(cat "$temp/never")"
grep -q 'no visit that is allowed would keep it' "$temp/never" || fail 'a visit is said to be allowed'
grep -q '^    cheapest  give up service_days of A1 on 2026-11-2[4-6] for one swap: saves ' "$temp/never" ||
    fail "$(cat "$temp/never")"
"$program" explain --db "$temp/never.db" --conflicts --quiet --json >"$temp/json"
grep -q '"give_up": {"cost_minor": .*, "rules": \["service_days"\]}' "$temp/json" ||
    fail 'the JSON of the rule'
cp "$temp/point.csv" "$temp/bank/point.csv"

# A car that cannot take the visit: why, and what another day, a further car would cost.
cp "$temp/bank/car.csv" "$temp/car.csv"
cp "$temp/bank/vault.csv" "$temp/vault.csv" # crews enough: the plan does not know of the car's
sed -i -e '1s/$/,crew_min_per_day/' -e '2,$s/$/,1000/' "$temp/bank/vault.csv"
sed -i -e '1s/$/,shift_start_min,shift_end_min/' -e '2,$s/$/,08:00,09:20/' "$temp/bank/car.csv"
plan "$temp/late.db"
"$program" explain --db "$temp/late.db" --conflicts --quiet >"$temp/late.txt"
grep -q '^visit of B1 on .*: not served: the trip there and back' "$temp/late.txt" ||
    fail "$(cat "$temp/late.txt")"
grep -q '^    cheapest  one more car like C1 on .* for this stop alone, its shift longer by [0-9]* min' \
    "$temp/late.txt" || fail 'the car that would do'
grep -q 'no car takes its visit, as told below' "$temp/late.txt" || fail 'the level of the unserved'
"$program" explain --db "$temp/late.db" --conflicts --quiet --json >"$temp/json"
grep -q '"car": {"cost_minor": .*, "like": "C1", "rule": "shift", "over": [0-9]*}' "$temp/json" ||
    fail 'the JSON of the car'
cp "$temp/car.csv" "$temp/bank/car.csv"
cp "$temp/vault.csv" "$temp/bank/vault.csv"

# The page shows the same; it can only be written where it was built.
page() { # database
    "$program" report --db "$1" --out "$1.html" --quiet >/dev/null 2>"$1.err" && return 0
    grep -q 'built without the page' "$1.err" || fail "$(cat "$1.err")"
    return 1
}
if page "$temp/tight.db"; then
    grep -q '"conflicts":{"studied":true,"list":\[{"kind":"stops","vault":0,"day":0,' \
        "$temp/tight.db.html" || fail 'the page of the tight plan'
    page "$temp/free.db" && grep -q '"conflicts":{"studied":true,"list":\[\]}' "$temp/free.db.html" ||
        fail 'the page of the free plan'
    page "$temp/never.db" && grep -q '"way":"rule",.*"rules":\["service_days"\]' \
        "$temp/never.db.html" || fail 'the page of the machine that nobody may visit'
    page "$temp/late.db" && grep -q '"way":"car",.*"rules":\["shift"\],"code":"C1"' \
        "$temp/late.db.html" || fail 'the page of the visit without a car'
fi

# Only of a day, of a vault; words that make no sense.
"$program" explain --db "$temp/tight.db" --conflicts --day 2026-11-28 --vault V --quiet >"$temp/late"
grep -q '2026-11-24, vault' "$temp/late" && fail 'another day is told'
code=0
"$program" explain --db "$temp/tight.db" --conflicts --vault nobody --quiet 2>"$temp/err" || code=$?
[ "$code" = 1 ] && grep -q '"nobody"' "$temp/err" || fail "an unknown vault ends with $code"
code=0
"$program" explain --db "$temp/tight.db" --conflicts --machine A1 --quiet 2>/dev/null || code=$?
[ "$code" = 2 ] || fail "both questions at once end with $code"
echo 'conflicts: as known'
