#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# vroom.sh CASHPLAN NODE.SH - a problem in VROOM's JSON is answered, the same bytes again, both as
# their schemas say; what is wrong with a file is told in one go.
. "$(dirname "$0")/head.sh"
node=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
problem=$root/data/vroom/example.json
mkdir "$temp/docs"

"$program" route --vroom "$problem" --seed 3 --work 3000 --out "$temp/docs/answer.json" 2>"$temp/err"
grep -q 'estimated from great circles' "$temp/err" || fail 'no word of estimated travel'
"$program" route --vroom - --seed 3 --work 3000 --threads 2 --quiet <"$problem" >"$temp/again.json" 2>"$temp/err"
[ ! -s "$temp/err" ] || fail '--quiet is not quiet'
cmp -s "$temp/docs/answer.json" "$temp/again.json" || fail 'not the same bytes again'
for type in pickup delivery; do
    grep -q "\"type\": \"$type\"" "$temp/docs/answer.json" || fail "no $type of the shipment"
done
grep -q '"unassigned": 1,' "$temp/docs/answer.json" || fail 'only the job without a skilled car stays out'
"$program" route --vroom "$problem" --time-limit-s 0.2 --quiet >"$temp/docs/timed.json"
cp "$problem" "$temp/docs/problem.json"

# A bound where it was asked for: known and met by so small a problem, not known with shipments.
cat >"$temp/small.json" <<'END'
{"vehicles": [{"id": 1, "start_index": 0, "end_index": 0}], "matrices": {"car": {"durations":
 [[0, 9, 20, 31], [9, 0, 12, 25], [20, 12, 0, 14], [31, 25, 14, 0]]}},
 "jobs": [{"id": 1, "location_index": 1}, {"id": 2, "location_index": 2}, {"id": 3, "location_index": 3}]}
END
"$program" route --vroom "$temp/small.json" --bound --work 1000 --quiet >"$temp/docs/bound.json"
grep -q '"proven": true' "$temp/docs/bound.json" || fail "no proof of three jobs: $(cat "$temp/docs/bound.json")"
"$program" route --vroom "$problem" --bound --work 1000 --quiet >"$temp/docs/unbound.json"
grep -q '"known": false' "$temp/docs/unbound.json" || fail 'a bound beside shipments'

cat >"$temp/bad.json" <<'END'
{"vehicles": [{"id": 1, "start": [1.5, 95], "steps": [1]}], "shipments": [{"id": 5}],
 "jobs": [{"id": 1, "location": [1, 2], "servce": 5}]}
END
code=0
"$program" route --vroom "$temp/bad.json" >"$temp/docs/bad.json" 2>"$temp/err" || code=$?
[ "$code" = 1 ] || fail "a faulty file ends with $code"
for path in 'vehicles\[0\].start: \[1.5, 95\] must be' 'vehicles\[0\].steps' 'shipments\[0\].pickup is missing' 'shipments\[0\].id: 5 is not a known key' \
    'jobs\[0\].servce: 5 is not a known key'; do
    grep -q "$path" "$temp/err" || fail "nothing told of $path"
done
grep -q '"code": 2' "$temp/docs/bad.json" || fail 'no answer of code 2'
code=0
"$program" route --vroom "$temp/nothing.json" >"$temp/out" 2>"$temp/err" || code=$?
[ "$code" = 1 ] || fail "a missing file ends with $code"
code=0
"$program" route >"$temp/out" 2>"$temp/err" || code=$?
[ "$code" = 2 ] || fail "no file at all ends with $code"
sh "$node" schemas.mjs "$temp/docs" >"$temp/out" 2>&1 || code=$?
[ "$code" = 2 ] || [ "$code" = 77 ] || fail "$(cat "$temp/out")"
echo 'vroom: answered'
