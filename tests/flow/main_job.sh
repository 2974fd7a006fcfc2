#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The planner's day on a small invented bank, end to end, and the promise of equal bytes: two runs, one
# and two threads. usage: main_job.sh CASHPLAN
set -eu
cashplan=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
day=2026-11-24
fail() {
    echo "main_job: $*" >&2
    exit 1
}

"$cashplan" generate --points 48 --days 120 --date "$day" --out "$dir/bank" >/dev/null
"$cashplan" init --db "$dir/a.db" >/dev/null
"$cashplan" import --db "$dir/a.db" "$dir/bank" >"$dir/import.txt"
"$cashplan" check --db "$dir/a.db" --date "$day" >"$dir/check.txt" || fail "the bank has errors"
cp "$dir/a.db" "$dir/b.db"

plan() { # database, threads
    "$cashplan" plan --db "$1" --date "$day" --work 12 --threads "$2" --quiet >"$1.txt" ||
        fail "plan ended with $?: $(cat "$1.txt")"
    "$cashplan" export --db "$1" --out "$1.out" --all-days >/dev/null
    "$cashplan" export --db "$1" --dump >"$1.dump"
}
plan "$dir/a.db" 1
plan "$dir/b.db" 2

# Everything but the run's own record is equal byte for byte.
for f in "$dir"/a.db.out/*; do
    name=$(basename "$f")
    [ "$name" != run.json ] || continue
    cmp "$f" "$dir/b.db.out/$name" || fail "$name differs between one and two threads"
done
[ "$(ls "$dir/a.db.out")" = "$(ls "$dir/b.db.out")" ] || fail "other files with two threads"

cmp "$dir/a.db.dump" "$dir/b.db.dump" || fail "the canonical dumps differ"

# The summary says what a planner looks for first.
for word in visits routes service cost proof naive sS wrote; do
    grep -q "$word" "$dir/a.db.txt" || fail "the summary has no line about $word"
done

# Nobody else may read where cash will be.
for f in "$dir/a.db" "$dir"/a.db.out/*; do
    case $(stat -c %a "$f") in
    600) ;;
    *) fail "$f can be read by others" ;;
    esac
done

"$cashplan" report --db "$dir/a.db" --out "$dir/plan.html" >/dev/null
size=$(wc -c <"$dir/plan.html")
[ "$size" -gt 20000 ] && [ "$size" -lt 10485760 ] || fail "the page has $size bytes"

# A plan is approved by a second person, never by its maker.
"$cashplan" approve --db "$dir/a.db" --plan 1 --by "$(id -un)" 2>/dev/null && fail "maker approved"
"$cashplan" approve --db "$dir/a.db" --plan 1 --by second >/dev/null || fail "approval refused"
"$cashplan" export --db "$dir/a.db" --out "$dir/approved" >/dev/null
grep -q '"approved": true' "$dir/approved/dispatch.json" || fail "the export does not say approved"
