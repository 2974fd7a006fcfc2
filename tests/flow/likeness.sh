#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# likeness.sh CASHPLAN - routes are compared with those of approved plans alone; a limit with a price
# makes them less alike, what is above it is declared, and any number of threads gives the same
# bytes; the levels of unpredictability rise in cost and fall in likeness.
. "$(dirname "$0")/head.sh"

"$program" generate --points 40 --days 120 --date 2026-11-24 --out "$temp/bank" >/dev/null
"$program" init --db "$temp/a.db" >/dev/null
"$program" import --db "$temp/a.db" "$temp/bank" --quiet >/dev/null
plan() { # database, day, options
    "$program" plan --db "$1" --date "$2" --horizon 5 --work 8 --no-rivals --fresh-paths 0 --quiet \
        --cold --by maker $3 >"$temp/out" 2>/dev/null || fail "plan of $2 ended with $?: $(cat "$temp/out")"
    "$program" export --db "$1" --dump >"$temp/dump"
}
likeness_of() { # day: millionths in the dump
    awk -v day="$1" '$1 == "likeness" && $3 == day { print $4 }' "$temp/dump"
}

# The first day of the first plan has nothing before it; its other days have its own.
plan "$temp/a.db" 2026-11-24 ''
[ -z "$(likeness_of 2026-11-24)" ] || fail 'a day without days before is compared'
[ -n "$(likeness_of 2026-11-26)" ] || fail 'days of one plan are not compared'
grep -q '^  likeness ' "$temp/out" || fail 'the summary does not tell the likeness'

# Not approved: no history. Approved: compared, and an input like any other.
cp "$temp/a.db" "$temp/b.db"
plan "$temp/b.db" 2026-11-25 ''
[ -z "$(likeness_of 2026-11-25)" ] || fail 'a plan that nobody approved counts as driven'
input=$(awk '$1 == "input" { print $2 }' "$temp/dump")
"$program" approve --db "$temp/a.db" --plan 1 --by second >/dev/null
cp "$temp/a.db" "$temp/b.db"
plan "$temp/b.db" 2026-11-25 ''
[ -n "$(likeness_of 2026-11-25)" ] || fail 'an approved plan is not looked back at'
[ "$input" != "$(awk '$1 == "input" { print $2 }' "$temp/dump")" ] || fail 'earlier routes are no input'
grep -q '^kpi total route_likeness_most_pct' "$temp/dump" || fail 'no key figure of likeness'
free=$(awk '$1 == "likeness" { s += $4 } END { print s }' "$temp/dump")

# A limit of 0 at a high price: less alike, the rest declared, the same for any number of threads.
mkdir "$temp/set"
printf 'key,value\nlikeness_limit_pct,0\nlikeness_price_minor,100000\n' >"$temp/set/setting.csv"
"$program" import --db "$temp/a.db" "$temp/set" --quiet >/dev/null
cp "$temp/a.db" "$temp/b.db"
plan "$temp/a.db" 2026-11-25 '--threads 1'
mv "$temp/dump" "$temp/one"
plan "$temp/b.db" 2026-11-25 '--threads 2'
cmp "$temp/one" "$temp/dump" || fail 'two threads give another plan'
dear=$(awk '$1 == "likeness" { s += $4 } END { print s }' "$temp/dump")
[ "$dear" -lt "$free" ] || fail "with a price the days sum to $dear, without to $free"
[ "$dear" -eq 0 ] || grep -q '^plan .* status proposed_with_relief' "$temp/dump" ||
    fail 'likeness above the limit is no relief'

# What comes again on a day above the limit, and what driving otherwise would cost.
"$program" explain --db "$temp/b.db" --conflicts --quiet >"$temp/out" || fail "explain ended with $?"
grep -q '^routes of vault .* alike with .*, limit 0 %' "$temp/out" || fail "no day above the limit: $(cat "$temp/out")"
for words in '^    ways again  ' '^    same time   ' '^    drive as planned: 0' '^    drive otherwise: '; do
    grep -q "$words" "$temp/out" || fail "--conflicts does not tell '$words'"
done
cp "$temp/out" "$temp/conflicts"
"$program" explain --db "$temp/b.db" --conflicts --quiet --json >"$temp/one.json"
"$program" explain --db "$temp/b.db" --conflicts --quiet --json --threads 1 | cmp - "$temp/one.json" ||
    fail 'the conflicts are not the same twice'
grep -q '"likeness": \[{"vault": ' "$temp/one.json" || fail 'no likeness among the conflicts as JSON'

# Crews' files say how alike the routes are, not with which day.
"$program" export --db "$temp/b.db" --out "$temp/files" --quiet >/dev/null
grep -q '"likeness_ppm": [0-9]*, "days_compared": [1-9]' "$temp/files/dispatch.json" ||
    fail 'the dispatch file does not tell the likeness'

# So does the page of planners, with the same ways out; what is written fits its schema. Which ways
# and stops come again hangs on the routes: the page lists some where the text does.
again='"again":\['
grep -q '^    ways again  none' "$temp/conflicts" || again='"again":\["'
if "$program" report --db "$temp/b.db" --out "$temp/plan.html" --quiet >"$temp/out" 2>&1; then
    for words in '"kind":"likeness"' '"way":"accept"' '"way":"drive_otherwise"' "$again"; do
        grep -q "$words" "$temp/plan.html" || fail "the page does not tell $words"
    done
else
    grep -q 'npm run build' "$temp/out" || fail "report failed: $(cat "$temp/out")"
fi
node=$(dirname "$0")/../../viz/page/test/node.sh code=0
sh "$node" schemas.mjs "$temp/files" >"$temp/out" 2>&1 || code=$?
[ "$code" = 0 ] || [ "$code" = 77 ] || fail "a file does not fit its schema: $(cat "$temp/out")"

# Replayed plans look back at the routes driven: at the same price they are less alike than free ones.
replayed() { # database: mean likeness of our routes
    "$program" replay --db "$1" --date 2026-11-18 --days 5 --work 3 --policies cashplan --json --quiet |
        sed -n 's/.*"likeness_mean_pct": \([0-9.]*\),.*/\1/p'
}
priced=$(replayed "$temp/a.db")
printf 'key,value\nlikeness_limit_pct,100\nlikeness_price_minor,0\n' >"$temp/set/setting.csv"
cp "$temp/a.db" "$temp/c.db"
"$program" import --db "$temp/c.db" "$temp/set" --quiet >/dev/null
awk -v a="$priced" -v b="$(replayed "$temp/c.db")" 'BEGIN { exit !(a + 0 < b + 0) }' ||
    fail "replayed at a price $priced, without $(replayed "$temp/c.db")"

# What less costs: dearer and less alike from row to row; twice the same.
"$program" likeness --db "$temp/a.db" --json | grep -q '"likeness": \[{"day": ' || fail 'no rows as JSON'
"$program" likeness --db "$temp/a.db" --cost --date 2026-11-27 --work 50 --quiet --json >"$temp/levels"
"$program" likeness --db "$temp/a.db" --cost --date 2026-11-27 --work 50 --quiet --json --threads 2 |
    cmp - "$temp/levels" || fail 'the levels are not the same twice'
tr '{' '\n' <"$temp/levels" | sed -n 's/.*"cost_minor": \([0-9]*\).*"likeness_ppm": \([0-9]*\).*/\1 \2/p' |
    awk 'NR > 1 && ($1 <= cost || $2 >= like) { exit 1 } { cost = $1; like = $2 } END { exit NR < 1 }' ||
    fail "the levels are out of order: $(cat "$temp/levels")"
"$program" likeness --db "$temp/a.db" --cost --date 2026-11-27 --work 50 --quiet |
    grep -q 'stops, compared with' || fail 'the levels are not told in words'
"$program" likeness --db "$temp/a.db" --date 2027-01-01 >/dev/null 2>&1 && fail 'a day not planned is taken'
exit 0
