#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# docks.sh CASHPLAN - the sample bank with a single dock: the plan keeps it and is accepted by the
# referee, also where stops must be left out for it and later visits of their machines change.
set -eu
program=$1
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
mkdir "$temp/bank"
cp data/sample/*.csv "$temp/bank"
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "dock_slots") at = i }
    NR > 1 { $at = 1 } { print }' data/sample/vault.csv >"$temp/bank/vault.csv"
"$program" init --db "$temp/t.db" >/dev/null
"$program" import --db "$temp/t.db" "$temp/bank" --quiet >/dev/null
code=0
"$program" plan --db "$temp/t.db" --date "$(cat data/sample/plan_date.txt)" --work 5 --rounds 1 \
    --no-rivals --quiet >"$temp/out" 2>&1 || code=$?
grep -q 'no dock of the vault is free' "$temp/out" || {
    echo "docks: no stop is left out: nothing is tried" >&2
    exit 1
}
[ "$code" = 0 ] || {
    echo "docks: exit code $code" >&2
    cat "$temp/out" >&2
    exit 1
}
