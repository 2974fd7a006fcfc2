#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# docks.sh CASHPLAN - the sample bank with a single dock: the plan keeps it and is accepted by the
# referee, also where stops must be left out for it and later visits of their machines change.
set -eu
program=$1
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
# set FILE FIELD VALUE: the field of all rows of a file of the bank.
set_field() {
    awk -F, -v OFS=, -v field="$2" -v value="$3" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == field) at = i }
        NR > 1 { $at = value } { print }' "data/sample/$1" >"$temp/bank/$1"
}
# plan NAME: it must be accepted.
plan() {
    rm -f "$temp"/t.db*
    "$program" init --db "$temp/t.db" >/dev/null
    "$program" import --db "$temp/t.db" "$temp/bank" --quiet >/dev/null
    code=0
    "$program" plan --db "$temp/t.db" --date "$(cat data/sample/plan_date.txt)" --horizon 7 --work 5 \
        --rounds 1 --no-rivals --quiet >"$temp/out" 2>&1 || code=$?
    [ "$code" = 0 ] && return 0
    echo "docks: $1: exit code $code" >&2
    cat "$temp/out" >&2
    exit 1
}

mkdir "$temp/bank"
cp data/sample/*.csv "$temp/bank"
set_field vault.csv dock_slots 1
plan 'one dock, half an hour of loading'
set_field car.csv reload_min 180
plan 'one dock, three hours of loading'
grep -q 'no dock of the vault is free' "$temp/out" || {
    echo "docks: no stop is left out: nothing is tried" >&2
    exit 1
}
