#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# rolling.sh CASHPLAN - the next day's plan starts from what the limits were worth in the plan before,
# which is an input like any other: the same plan before gives the same bytes, for any number of
# threads; planning a day again does not start from its own first plan; --cold starts from nothing.
. "$(dirname "$0")/head.sh"

"$program" generate --points 40 --days 120 --date 2026-11-24 --out "$temp/bank" >/dev/null
"$program" init --db "$temp/a.db" >/dev/null
"$program" import --db "$temp/a.db" "$temp/bank" --quiet >/dev/null
plan() { # database, day, options
    "$program" plan --db "$1" --date "$2" --horizon 5 --work 8 --no-rivals --fresh-paths 0 --quiet $3 \
        >"$temp/out" 2>/dev/null || fail "plan of $2 ended with $?: $(cat "$temp/out")"
    "$program" export --db "$1" --out "$temp/export" --quiet >/dev/null
    "$program" export --db "$1" --dump >"$temp/dump"
    started=$(grep -o 'started_from_plan[^0-9]*[0-9]*' "$temp/export/run.json" | grep -o '[0-9]*$')
    rm -rf "$temp/export"
}

plan "$temp/a.db" 2026-11-24 ''
[ "$started" = 0 ] || fail "the first plan starts from plan $started"
plan "$temp/a.db" 2026-11-24 ''
[ "$started" = 0 ] || fail "the day planned again starts from plan $started"
cp "$temp/a.db" "$temp/b.db"
cp "$temp/a.db" "$temp/c.db"

plan "$temp/a.db" 2026-11-25 '--threads 1'
[ "$started" = 2 ] || fail "the next day starts from plan $started, not from the latest of the day before"
mv "$temp/dump" "$temp/first"
plan "$temp/b.db" 2026-11-25 '--threads 2'
cmp "$temp/first" "$temp/dump" || fail 'two threads give another plan'
plan "$temp/a.db" 2026-11-25 ''
[ "$started" = 2 ] || fail "the next day planned again starts from plan $started"
cmp "$temp/first" "$temp/dump" || fail 'the same start gives another plan'
plan "$temp/c.db" 2026-11-25 --cold
[ "$started" = 0 ] || fail "a cold plan starts from plan $started"
plan "$temp/a.db" 2026-12-02 ''
[ "$started" = 0 ] || fail "a day that no plan reaches starts from plan $started"
echo 'rolling: as promised'
