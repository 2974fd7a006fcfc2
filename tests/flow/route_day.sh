#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# route_day.sh CASHPLAN NODE.SH - a day of a stored plan is routed anew: no dearer, accepted by the
# referee, the same for any number of threads; as a problem in VROOM's JSON it can be solved, problem
# and answer are as their schemas say; what is wrong with a request is told.
. "$(dirname "$0")/head.sh"
node=$2
mkdir "$temp/docs"
"$program" generate --points 40 --days 120 --date 2026-11-24 --out "$temp/bank" >/dev/null
"$program" init --db "$temp/a.db" >/dev/null
"$program" import --db "$temp/a.db" "$temp/bank" --quiet >/dev/null
"$program" plan --db "$temp/a.db" --date 2026-11-24 --horizon 3 --work 3 --no-rivals --fresh-paths 0 \
    --quiet >"$temp/out" 2>&1 || fail "plan ended with $?: $(cat "$temp/out")"

"$program" route --db "$temp/a.db" --work 20 --threads 1 --json --out "$temp/docs/answer.json" \
    --problem-out "$temp/docs/problem.json" >"$temp/one" || fail "route ended with $?"
"$program" route --db "$temp/a.db" --work 20 --threads 2 --json --quiet >"$temp/two"
cmp "$temp/one" "$temp/two" || fail 'two threads route otherwise'
grep -q '"accepted": true' "$temp/one" || fail "not accepted: $(cat "$temp/one")"
sed -n 's/.*"stored": {[^}]*"cost_minor": \([0-9]*\).*"found": {[^}]*"cost_minor": \([0-9]*\).*/\1 \2/p' "$temp/one" |
    awk '{ n++; if ($2 > $1) exit 1 } END { exit n != 1 }' || fail "dearer than planned: $(cat "$temp/one")"
stops=$(sed -n 's/.*"tasks": \([0-9]*\),.*/\1/p' "$temp/one")
[ "$(grep -c '"type": "job"' "$temp/docs/answer.json")" = "$stops" ] || fail 'the answer lacks stops'
"$program" route --vroom "$temp/docs/problem.json" --work 3000 --out "$temp/docs/other.json" ||
    fail "the problem written cannot be solved: $?"
[ "$(grep -c '"type": "job"' "$temp/docs/other.json")" = "$stops" ] || fail 'solved as a problem it serves other stops'
sh "$node" schemas.mjs "$temp/docs" >"$temp/out" 2>&1 || code=$?
[ "${code:-77}" = 77 ] || fail "$(cat "$temp/out")"
"$program" route --db "$temp/a.db" --date 2026-11-25 --work 20 --quiet >"$temp/out"
grep -q 'the referee accepts the routes found' "$temp/out" || fail "no word of the referee: $(cat "$temp/out")"

# expect CODE WORDS ARGUMENTS...: the exit code, and words on stderr.
expect() {
    want=$1 words=$2 code=0
    shift 2
    "$program" route "$@" >"$temp/out" 2>"$temp/err" || code=$?
    [ "$code" = "$want" ] || fail "route $* ended with $code: $(cat "$temp/err")"
    grep -q -- "$words" "$temp/err" || fail "route $* says $(cat "$temp/err")"
}
expect 2 '--vroom FILE or --db FILE is required'
expect 2 '--vroom does not go with --db' --vroom "$temp/docs/problem.json" --db "$temp/a.db"
expect 2 'does not go with' --vroom "$temp/docs/problem.json" --date 2026-11-24
expect 1 'plan 1 does not plan that day' --db "$temp/a.db" --date 2026-12-24
expect 1 'there is no vault "X"' --db "$temp/a.db" --vault X
expect 1 'plan 7' --db "$temp/a.db" --plan 7
expect 1 'nowhere' --db "$temp/a.db" --out "$temp/nowhere/a.json"
echo 'route_day: routed anew'
