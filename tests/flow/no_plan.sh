#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# no_plan.sh CASHPLAN - banks that are hard or impossible to plan: either exit code 3 and one line that
# names what stands in the way, or a plan with declared relief whose summary says who and why. Nothing
# is stored where there is no plan.
. "$(dirname "$0")/head.sh"
fail() { # with what the program said
    echo "no_plan: $name: $*" >&2
    cat "$temp/out" "$temp/err" >&2
    exit 1
}

# plan NAME CODE NOTES: the bank in $temp/bank is planned; CODE is the exit code that is right.
plan() {
    name=$1
    history "$3" >"$temp/bank/history.csv"
    rm -f "$temp"/t.db*
    : >"$temp/out"
    "$program" init --db "$temp/t.db" >/dev/null
    "$program" import --db "$temp/t.db" "$temp/bank" --quiet >/dev/null 2>"$temp/err" || fail import
    code=0
    "$program" plan --db "$temp/t.db" --date 2026-11-24 --horizon 7 --work 20 --no-rivals --quiet \
        >"$temp/out" 2>"$temp/err" || code=$?
    [ "$code" = "$2" ] || fail "exit code $code, not $2"
    stored=0
    "$program" export --db "$temp/t.db" --dump >"$temp/dump" 2>/dev/null && stored=1
    [ "$2" = 0 ] && want=1 || want=0
    [ "$stored" = "$want" ] || fail "plans stored: $stored, not $want"
    # `check` says the same before any plan is tried.
    code=0
    "$program" check --db "$temp/t.db" --date 2026-11-24 --horizon 7 >/dev/null 2>&1 || code=$?
    [ "$code" = "$2" ] || fail "check ended with $code, not $2"
}

# said FILE WORDS
said() {
    grep -q -- "$2" "$temp/$1" || fail "nothing says '$2'"
}

fresh() {
    rm -rf "$temp/bank"
    make_bank "$temp/bank"
}

fresh
plan 'a bank that can be planned' 0 200
if grep -q 'relief' "$temp/out" "$temp/err"; then fail "relief without need"; fi

fresh
printf 'code,carrier_code,vault_code,insured_minor\n' >"$temp/bank/car.csv"
plan 'no car' 3 200
said err 'vault V: serves 2 sites and has no car'

fresh
printf 'code,lat_deg,lon_deg,vault_code,open_min,close_min\nS1,31.1,121.1,V,02:00,03:00\n%s\n' \
    'S2,31.2,121.2,V,09:00,18:00' >"$temp/bank/site.csv"
plan 'a window that no shift meets' 3 200
said err 'site S1: no car of vault V works between 02:00 and 03:00'

fresh
printf '%s\n' 'point_code,slot,cassette_model_code,denomination_code,role,capacity_notes,min_load_notes' \
    'A1,1,M,CNY100,dispense,-1,2000' 'B1,1,,CNY100,recycle,50000,0' >"$temp/bank/cassette.csv"
printf 'code,carrier_code,vault_code,insured_minor\nC1,OWN,V,100000\n' >"$temp/bank/car.csv"
plan 'the least load is above what any car may carry' 3 200
said err 'A1: its least load is worth 20000000, more than any car of vault V may carry'

# The window opens while the car is on its shift, but the site is half an hour away.
fresh
printf 'code,lat_deg,lon_deg,vault_code,open_min,close_min\nS1,31.1,121.1,V,08:00,08:05\n%s\n' \
    'S2,31.2,121.2,V,09:00,18:00' >"$temp/bank/site.csv"
plan 'a window that cannot be reached' 0 400
said err 'warning: the plan is proposed with relief'
said out 'unserved  A1 on 2026-11-2[4-9]: its service window cannot be met'
said out 'note  *ATM A1 misses its service level .*: no route takes its visit of'

fresh
plan 'demand far above capacity' 0 30000
said err 'warning: the plan is proposed with relief'
said out 'relief  *service level: '
said out 'note  *ATM A1 misses its service level .* are expected to be withdrawn on .*, and it may hold 200,000.00'
if grep -q 'B1 misses' "$temp/out"; then fail "the branch has enough"; fi

fresh
sed -i 's/,visit_kinds/,visit_kinds,earliest_day/; s/,swap$/,swap,2026-11-27/; s/,add$/,add,/' \
    "$temp/bank/point.csv"
plan 'no visit before the stock is gone' 0 400
said out 'note  *ATM A1 misses its service level from 2026-11-24 .*the end of 2026-11-27, the first day'

# Wrong data are not the same as no plan.
fresh
printf '%s\n' 'point_code,slot,cassette_model_code,denomination_code,role,capacity_notes' \
    'B1,1,,CNY100,recycle,50000' >"$temp/bank/cassette.csv"
rm "$temp/bank/balance.csv"
plan 'ATM without cassettes' 1 200
said err 'ATM A1: has no cassettes'
