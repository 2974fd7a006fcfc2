# SPDX-License-Identifier: GPL-3.0-or-later
# kill_plan.sh CASHPLAN - kill -9 at many moments of a plan: afterwards the database is whole, and the
# plan that is made then is the one an undisturbed database gives.
set -u
LC_ALL=C
export LC_ALL
program=$1
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
day=2026-11-24
"$program" generate --points 20 --days 120 --date $day --out "$temp/bank" >/dev/null || exit 1
"$program" init --db "$temp/t.db" >/dev/null || exit 1
"$program" import --db "$temp/t.db" "$temp/bank" --quiet >/dev/null || exit 1
"$program" backup --db "$temp/t.db" --to "$temp/calm.db" >/dev/null || exit 1

# plan DB: plans and writes the canonical dump beside it.
plan() {
    "$program" plan --db "$1" --date $day --horizon 7 --work 200 --quiet >/dev/null 2>&1 || return 1
    "$program" export --db "$1" --dump >"$1.dump" 2>/dev/null
}

killed=0
for wait in 0.1 0.3 0.5 0.7 0.8 0.9 1.0 1.1 1.2 1.4 1.7 2.0; do
    "$program" plan --db "$temp/t.db" --date $day --horizon 7 --work 200 --quiet >/dev/null 2>&1 &
    pid=$!
    sleep "$wait"
    kill -9 "$pid" 2>/dev/null && killed=$((killed + 1))
    wait "$pid" 2>/dev/null
    "$program" check --db "$temp/t.db" --horizon 7 --quiet >"$temp/out" 2>&1 || {
        cat "$temp/out"
        exit 1
    }
done
plan "$temp/t.db" && plan "$temp/calm.db" || exit 1
[ -s "$temp/calm.db.dump" ] || exit 1
cmp "$temp/t.db.dump" "$temp/calm.db.dump" || exit 1
echo "killed $killed times"
[ "$killed" -gt 0 ]
