#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# rolling.sh CASHPLAN - the next day's plan starts from what the limits were worth in the plan before,
# which is an input like any other: the same plan before gives the same bytes, for any number of
# threads; planning a day again does not start from its own first plan; --cold starts from nothing.
set -eu
LC_ALL=C
export LC_ALL
program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() {
    echo "rolling: $*" >&2
    exit 1
}

"$program" generate --points 40 --days 120 --date 2026-11-24 --out "$dir/bank" >/dev/null
"$program" init --db "$dir/a.db" >/dev/null
"$program" import --db "$dir/a.db" "$dir/bank" --quiet >/dev/null
plan() { # database, day, options
    "$program" plan --db "$1" --date "$2" --horizon 5 --work 8 --no-rivals --fresh-paths 0 --quiet $3 \
        >"$dir/out" 2>/dev/null || fail "plan of $2 ended with $?: $(cat "$dir/out")"
    "$program" export --db "$1" --out "$dir/export" --quiet >/dev/null
    "$program" export --db "$1" --dump >"$dir/dump"
    started=$(grep -o 'started_from_plan[^0-9]*[0-9]*' "$dir/export/run.json" | grep -o '[0-9]*$')
    rm -rf "$dir/export"
}

plan "$dir/a.db" 2026-11-24 ''
[ "$started" = 0 ] || fail "the first plan starts from plan $started"
plan "$dir/a.db" 2026-11-24 ''
[ "$started" = 0 ] || fail "the day planned again starts from plan $started"
cp "$dir/a.db" "$dir/b.db"
cp "$dir/a.db" "$dir/c.db"

plan "$dir/a.db" 2026-11-25 '--threads 1'
[ "$started" = 2 ] || fail "the next day starts from plan $started, not from the latest of the day before"
mv "$dir/dump" "$dir/first"
plan "$dir/b.db" 2026-11-25 '--threads 2'
cmp "$dir/first" "$dir/dump" || fail 'two threads give another plan'
plan "$dir/a.db" 2026-11-25 ''
[ "$started" = 2 ] || fail "the next day planned again starts from plan $started"
cmp "$dir/first" "$dir/dump" || fail 'the same start gives another plan'
plan "$dir/c.db" 2026-11-25 --cold
[ "$started" = 0 ] || fail "a cold plan starts from plan $started"
plan "$dir/a.db" 2026-12-02 ''
[ "$started" = 0 ] || fail "a day that no plan reaches starts from plan $started"
echo 'rolling: as promised'
