# SPDX-License-Identifier: GPL-3.0-or-later
# kill_import.sh CASHPLAN - kill -9 at many moments of an import: afterwards the database is whole and
# holds all of the import or nothing of it.
set -u
LC_ALL=C
export LC_ALL
program=$1
here=$(dirname "$0")
. "$here/bank.sh"
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
make_bank "$temp/bank"
awk 'BEGIN { print "point_code,day,flow,amount_minor"
    for (i = 0; i < 100000; i++) printf "%s,%04d-%02d-%02d,%s,%d\n", i % 2 ? "A1" : "B1",
        1500 + int(i / 1344), int(i / 112) % 12 + 1, int(i / 4) % 28 + 1,
        int(i / 2) % 2 ? "deposit" : "withdrawal", i }' >"$temp/bank/history.csv"
killed=0
for wait in 0.02 0.05 0.1 0.2 0.3 0.4 0.5 0.6 0.8 1.0 1.3 1.6; do
    rm -f "$temp"/t.db*
    "$program" init --db "$temp/t.db" >/dev/null || exit 1
    "$program" import --db "$temp/t.db" "$temp/bank" --quiet >/dev/null 2>&1 &
    pid=$!
    sleep "$wait"
    kill -9 "$pid" 2>/dev/null && killed=$((killed + 1))
    wait "$pid" 2>/dev/null
    # All or nothing: the same import again is all new, or all equal.
    "$program" import --db "$temp/t.db" "$temp/bank" --quiet >"$temp/out" 2>&1 || {
        cat "$temp/out"
        exit 1
    }
    awk 'NR > 1 { new += $2; changed += $3; equal += $4 }
        END { exit !(changed == 0 && (new == 0 || equal == 0) && new + equal > 100000) }' \
        "$temp/out" || {
        echo "after $wait s: half an import"
        cat "$temp/out"
        exit 1
    }
    "$program" check --db "$temp/t.db" --horizon 7 --quiet >"$temp/out" 2>&1 || {
        cat "$temp/out"
        exit 1
    }
done
echo "killed $killed times"
[ "$killed" -gt 0 ]
