#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# likeness.sh CASHPLAN - routes are compared with those of approved plans alone; a limit with a price
# makes them less alike, what is above it is declared, and any number of threads gives the same
# bytes; the levels of unpredictability rise in cost and fall in likeness.
set -eu
LC_ALL=C
export LC_ALL
program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() {
    echo "likeness: $*" >&2
    exit 1
}
"$program" generate --points 40 --days 120 --date 2026-11-24 --out "$dir/bank" >/dev/null
"$program" init --db "$dir/a.db" >/dev/null
"$program" import --db "$dir/a.db" "$dir/bank" --quiet >/dev/null
plan() { # database, day, options
    "$program" plan --db "$1" --date "$2" --horizon 5 --work 8 --no-rivals --fresh-paths 0 --quiet \
        --cold --by maker $3 >"$dir/out" 2>/dev/null || fail "plan of $2 ended with $?: $(cat "$dir/out")"
    "$program" export --db "$1" --dump >"$dir/dump"
}
likeness_of() { # day: millionths in the dump
    awk -v day="$1" '$1 == "likeness" && $3 == day { print $4 }' "$dir/dump"
}

# The first day of the first plan has nothing before it; its other days have its own.
plan "$dir/a.db" 2026-11-24 ''
[ -z "$(likeness_of 2026-11-24)" ] || fail 'a day without days before is compared'
[ -n "$(likeness_of 2026-11-26)" ] || fail 'days of one plan are not compared'
grep -q '^  likeness ' "$dir/out" || fail 'the summary does not tell the likeness'

# Not approved: no history. Approved: compared, and an input like any other.
cp "$dir/a.db" "$dir/b.db"
plan "$dir/b.db" 2026-11-25 ''
[ -z "$(likeness_of 2026-11-25)" ] || fail 'a plan that nobody approved counts as driven'
input=$(awk '$1 == "input" { print $2 }' "$dir/dump")
"$program" approve --db "$dir/a.db" --plan 1 --by second >/dev/null
cp "$dir/a.db" "$dir/b.db"
plan "$dir/b.db" 2026-11-25 ''
[ -n "$(likeness_of 2026-11-25)" ] || fail 'an approved plan is not looked back at'
[ "$input" != "$(awk '$1 == "input" { print $2 }' "$dir/dump")" ] || fail 'earlier routes are no input'
grep -q '^kpi total route_likeness_most_pct' "$dir/dump" || fail 'no key figure of likeness'
free=$(awk '$1 == "likeness" { s += $4 } END { print s }' "$dir/dump")

# A limit of 0 at a high price: less alike, the rest declared, the same for any number of threads.
mkdir "$dir/set"
printf 'key,value\nlikeness_limit_pct,0\nlikeness_price_minor,100000\n' >"$dir/set/setting.csv"
"$program" import --db "$dir/a.db" "$dir/set" --quiet >/dev/null
cp "$dir/a.db" "$dir/b.db"
plan "$dir/a.db" 2026-11-25 '--threads 1'
mv "$dir/dump" "$dir/one"
plan "$dir/b.db" 2026-11-25 '--threads 2'
cmp "$dir/one" "$dir/dump" || fail 'two threads give another plan'
dear=$(awk '$1 == "likeness" { s += $4 } END { print s }' "$dir/dump")
[ "$dear" -lt "$free" ] || fail "with a price the days sum to $dear, without to $free"
[ "$dear" -eq 0 ] || grep -q '^plan .* status proposed_with_relief' "$dir/dump" ||
    fail 'likeness above the limit is no relief'

# What less costs: dearer and less alike from row to row; twice the same.
"$program" likeness --db "$dir/a.db" --json | grep -q '"likeness": \[{"day": ' || fail 'no rows as JSON'
"$program" likeness --db "$dir/a.db" --cost --date 2026-11-27 --work 50 --quiet --json >"$dir/levels"
"$program" likeness --db "$dir/a.db" --cost --date 2026-11-27 --work 50 --quiet --json --threads 2 |
    cmp - "$dir/levels" || fail 'the levels are not the same twice'
tr '{' '\n' <"$dir/levels" | sed -n 's/.*"cost_minor": \([0-9]*\).*"likeness_ppm": \([0-9]*\).*/\1 \2/p' |
    awk 'NR > 1 && ($1 <= cost || $2 >= like) { exit 1 } { cost = $1; like = $2 } END { exit NR < 1 }' ||
    fail "the levels are out of order: $(cat "$dir/levels")"
"$program" likeness --db "$dir/a.db" --cost --date 2026-11-27 --work 50 --quiet |
    grep -q 'stops, compared with' || fail 'the levels are not told in words'
"$program" likeness --db "$dir/a.db" --date 2027-01-01 >/dev/null 2>&1 && fail 'a day not planned is taken'
exit 0
