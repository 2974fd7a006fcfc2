#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# conflicts.sh CASHPLAN - what a plan could not keep is told: nothing where nothing is short; a limit
# of one stop a day that two dry machines exceed, with both users and the cheapest way first.
set -eu
LC_ALL=C
export LC_ALL
program=$1
here=$(dirname "$0")
. "$here/bank.sh"
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
fail() {
    echo "conflicts: $*" >&2
    exit 1
}

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

sed -i -e '1s/$/,stops_per_day/' -e '2,$s/$/,1/' "$temp/bank/vault.csv"
plan "$temp/tight.db"
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
grep -q '"machine": "A1", "day": "2026-11-24", "relief_minor": [0-9]*, "against": \[.*\], "keep": null' \
    "$temp/json" || fail 'the JSON of the level'

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
