#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# slots.sh CASHPLAN - what else a slot may hold, from the bank's files to the packers' list: the plan
# brings another mix where the demand asks for it, the referee accepts it, the store keeps it, teams
# read which denomination goes into which slot.
. "$(dirname "$0")/head.sh"

# Two slots of 100 and one of 50; four fifths of the value are asked for in notes of 50.
make_bank "$temp/bank"
history 400 >"$temp/bank/history.csv"
printf '%s\n' 'code,currency_code,value_minor' 'CNY100,CNY,10000' 'CNY50,CNY,5000' \
    >"$temp/bank/denomination.csv"
printf '%s\n' \
    'point_code,slot,cassette_model_code,denomination_code,role,capacity_notes,share_ppm,low_notes' \
    'A1,1,M,CNY100,dispense,2000,200000,50' 'A1,2,M,CNY100,dispense,2000,,50' \
    'A1,3,M,CNY50,dispense,2000,800000,50' 'B1,1,,CNY100,recycle,50000,,0' \
    >"$temp/bank/cassette.csv"
printf '%s\n' 'point_code,day,slot,notes' 'A1,2026-11-23,1,300' 'A1,2026-11-23,2,300' \
    'A1,2026-11-23,3,500' 'B1,2026-11-23,1,9000' >"$temp/bank/balance.csv"
printf '%s\n' 'key,value' 'low_level_counts,1' 'stop_drive_min,10' >"$temp/bank/setting.csv"

# plan NAME: the bank as it stands -> NAME.out, NAME.dump; prints the replenishment's cost.
plan() {
    "$program" init --db "$temp/$1.db" >/dev/null
    "$program" import --db "$temp/$1.db" "$temp/bank" --quiet >/dev/null
    "$program" plan --db "$temp/$1.db" --date 2026-11-24 --horizon 7 --work 20 --no-rivals --quiet \
        >"$temp/$1.plan" || fail "$1: plan ends with $?: $(cat "$temp/$1.plan")"
    "$program" export --db "$temp/$1.db" --out "$temp/$1.out" --quiet >/dev/null
    "$program" export --db "$temp/$1.db" --dump --quiet >"$temp/$1.dump"
}

plan today
printf '%s\n' 'point_code,slot,denomination_code,capacity_notes' 'A1,2,CNY50,2500' \
    >"$temp/bank/slot_option.csv"
plan free
grep -q 'mix 1' "$temp/free.dump" || fail "no visit brings the other mix: $(cat "$temp/free.dump")"
grep -q 'mix' "$temp/today.dump" && fail 'a machine without options has a mix'
grep -rh -A3 '"slot": 2' "$temp/free.out" | tr -d '\n' |
    grep -q '"slot": 2[^}]*"denomination": "CNY50"' ||
    fail 'the dispatch file does not put CNY50 into slot 2'
grep -rh '"slot": 2' "$temp/today.out" | grep -q 'CNY50' && fail 'slot 2 had no option for CNY50'

# Other runs read the stored plan; what really happens follows the slots.
"$program" explain --db "$temp/free.db" --machine A1 --quiet >"$temp/text" || fail 'explain'
grep -q '^  \* brings .* slots CNY100;CNY50;CNY50$' "$temp/text" ||
    fail "explain does not tell what the slots hold: $(cat "$temp/text")"
"$program" replay --db "$temp/free.db" --date 2026-11-17 --days 5 --policies cashplan,naive \
    --work 10 --quiet >"$temp/text" || fail "replay: $(cat "$temp/text")"

# Options that make no sense are refused with file and line, and nothing is imported.
sed 's/A1,S1,atm,CN,swap$/A1,S1,atm,CN,swap_add/' "$temp/bank/point.csv" >"$temp/point.csv"
mv "$temp/point.csv" "$temp/bank/point.csv"
printf '%s\n' 'point_code,slot,denomination_code' 'A1,2,CNY50' 'A1,7,CNY50' \
    >"$temp/bank/slot_option.csv"
"$program" init --db "$temp/bad.db" >/dev/null
code=0
"$program" import --db "$temp/bad.db" "$temp/bank" --quiet >"$temp/err" 2>&1 || code=$?
[ "$code" = 1 ] || fail "senseless options end with $code"
grep -q 'slot_option.csv line 2, field point_code: A1 slot 2: only a machine that is swapped' "$temp/err" ||
    fail "line 2 is not named: $(cat "$temp/err")"
grep -q 'slot_option.csv line 3, field slot: A1 slot 7: the machine has no such slot' "$temp/err" ||
    fail "line 3 is not named: $(cat "$temp/err")"
# The same against a stored machine, the options alone.
code=0
mkdir "$temp/more"
printf '%s\n' 'point_code,slot,denomination_code' 'B1,1,CNY50' >"$temp/more/slot_option.csv"
"$program" import --db "$temp/today.db" "$temp/more" --quiet >"$temp/err" 2>&1 || code=$?
[ "$code" = 1 ] || fail "options of a branch end with $code"
grep -q 'line 2, field point_code: B1 slot 1: only a machine' "$temp/err" || fail "B1: $(cat "$temp/err")"
echo 'slots: as planned'
