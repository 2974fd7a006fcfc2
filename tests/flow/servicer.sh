#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# servicer.sh CASHPLAN NODE_SH - a bank whose on-site machines either the center or the branch may fill,
# and whose machines may be swapped in part: the referee accepts the plan, no car comes to a fill by the
# branch, dispatch tells it apart, and the break-even volumes are told.
set -eu
LC_ALL=C
export LC_ALL
cashplan=$1
node_sh=$2
dir=$(mktemp -d "${TMPDIR:-/tmp}/cashplan-servicer-XXXXXX")
trap 'rm -rf "$dir"' EXIT
fail() {
    echo "servicer.sh: $*" >&2
    exit 1
}

cp -r data/sample "$dir/bank"
chmod -R u+w "$dir/bank"
day=$(cat data/sample/plan_date.txt)
# By the names of the columns: on-site machines get either, every machine that is swapped may be so in part.
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
    $at["kind"] == "atm" && $at["on_site"] == 1 { $at["serviced_by"] = "either" }
    $at["kind"] == "atm" && $at["visit_kinds"] == "swap" { $at["visit_kinds"] = "swap_partial" }
    { print }' data/sample/point.csv >"$dir/bank/point.csv"
either=$(grep -c ',either,' "$dir/bank/point.csv") || fail 'the sample has no machine in a branch'
db=$dir/t.db
"$cashplan" init --db "$db" >/dev/null
"$cashplan" import --db "$db" "$dir/bank" --quiet >/dev/null
# Planners' words: an add where the center may only swap is the branch's, a partial swap the center's.
names=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["serviced_by"] == "either" && $at["visit_kinds"] == "swap_partial" { print $at["code"] }' \
    "$dir/bank/point.csv")
rich=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["role"] != "deposit" && $at["role"] != "reject" && !seen[$at["point_code"], $at["denomination_code"]]++ {
        n[$at["point_code"]]++ }
    END { for (code in n) if (n[code] > 1) print code }' "$dir/bank/cassette.csv" | sort)
filled=$(echo "$names" | head -n 1)
swapped=$(echo "$names" | tail -n +2 | grep -Fx "$rich" | head -n 1)
"$cashplan" pin add --db "$db" --point "$filled" --day "$day" --rule must --kind add --reason asked \
    --by anna >/dev/null
"$cashplan" pin add --db "$db" --point "$swapped" --day "$day" --rule must --kind partial_swap \
    --reason asked --by anna >/dev/null
"$cashplan" plan --db "$db" --date "$day" --horizon 7 --rounds 2 --work 40 --no-rivals --quiet >"$dir/plan.txt" ||
    fail "plan ended with $?"
grep -q 'by the branch' "$dir/plan.txt" || fail 'the summary does not tell fills by the branch'

"$cashplan" export --db "$db" --out "$dir/out" --all-days --quiet >/dev/null
visits=$dir/out/visits.csv
[ -s "$visits" ] || fail "no visits.csv"
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["by_branch"] == 1 { n++ }
    $at["by_branch"] == 1 && ($at["car"] != "" || $at["arrival"] != "" || $at["kind"] ~ /swap/) { bad++ }
    $at["by_branch"] == 0 && $at["car"] == "" { bad++ }
    END { if (n == 0 || bad > 0) exit 1 }' "$visits" ||
    fail 'no fill by the branch, or one with a car'
for want in "$filled add 1" "$swapped partial_swap 0"; do
    awk -F, -v want="$want" -v day="$day" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["day"] == day && $at["point"] " " $at["kind"] " " $at["by_branch"] == want { found = 1 }
        END { exit !found }' "$visits" || fail "the pin is not kept: $want"
done
grep -q '"taken_out"' "$dir"/out/dispatch*.json || fail 'dispatch does not tell the fills by branches'
if ls "$dir"/out/route-*.json >/dev/null 2>&1; then
    ! grep -l '"taken_out"' "$dir"/out/route-*.json || fail 'a car is told to fill for the branch'
fi
grep -A 6 '"for_branches"' "$dir"/out/packing-*.json | grep -q '"branch"' ||
    fail 'the vault is not told what to pack for the branches'
code=0
sh "$node_sh" schemas.mjs "$dir/out" || code=$?
[ "$code" = 0 ] || [ "$code" = 77 ] || fail 'an export does not fit its schema'

"$cashplan" servicer --db "$db" --quiet >"$dir/servicer.txt"
[ "$(tail -n +2 "$dir/servicer.txt" | wc -l)" = "$either" ] || fail 'not every machine is told'
"$cashplan" servicer --db "$db" --quiet --json >"$dir/servicer.json"
grep -q '"break_even_minor": [0-9]' "$dir/servicer.json" || fail 'no machine has a break-even volume'
"$cashplan" servicer --db "$db" --quiet --json --threads 4 >"$dir/again.json"
cmp -s "$dir/servicer.json" "$dir/again.json" || fail 'threads change the break-even volumes'
machine=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["serviced_by"] == "either" { print $at["code"]; exit }' "$dir/bank/point.csv")
"$cashplan" explain --db "$db" --machine "$machine" --quiet >"$dir/explain.txt"
grep -q 'by the branch' "$dir/explain.txt" || fail 'explain does not tell the fills by the branch'
grep -q 'break-even a day' "$dir/explain.txt" || fail 'explain does not tell the break-even volume'
"$cashplan" explain --db "$db" --machine "$machine" --quiet --json >"$dir/explain.json"
grep -q '"by_branch": true' "$dir/explain.json" || fail 'the JSON does not tell them'

# The branch may not fill a machine that only the center services, nor one outside of a branch.
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
    $at["kind"] == "atm" { $at["on_site"] = 0 } { print }' "$dir/bank/point.csv" >"$dir/point.csv"
cp "$dir/point.csv" "$dir/bank/point.csv"
code=0
"$cashplan" init --db "$dir/bad.db" >/dev/null
"$cashplan" import --db "$dir/bad.db" "$dir/bank" --quiet >/dev/null 2>&1 || true
"$cashplan" plan --db "$dir/bad.db" --date "$day" --horizon 7 --quiet >/dev/null 2>"$dir/err" || code=$?
[ "$code" != 0 ] || fail 'a machine on the street may be filled by a branch'
grep -q 'inside a branch' "$dir/err" || fail "the refusal does not say why: $(cat "$dir/err")"
echo 'servicer: as planned'
