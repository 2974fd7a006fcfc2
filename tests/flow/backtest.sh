#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# backtest.sh CASHPLAN NODE.SH SAMPLE - the sample bank's past is forecast again: table, CSV, JSON by its
# schema and page say the same; overrides are measured; the same bytes for one and two threads.
. "$(dirname "$0")/head.sh"
node=$2
sample=$3
db=$temp/t.db
run() {
    "$program" "$@" 2>"$temp/err" || fail "$* ended with $?: $(cat "$temp/err")"
}
"$program" init --db "$db" >/dev/null
"$program" import --db "$db" "$sample" --quiet >/dev/null
mkdir "$temp/more" "$temp/json"
# What came on 2026-11-10 is known: an amount told by anna is right, twice as much told by carl wrong.
point=$(awk -F, 'NR > 1 && $2 == "2026-11-10" && $3 == "withdrawal" && $4 == "" && $5 > 0 && ($6 == "" || $6 == "none") { print $1; exit }' "$sample/history.csv")
came=$(awk -F, -v p="$point" '$1 == p && $2 == "2026-11-10" && $3 == "withdrawal" { sum += $5 } END { print sum }' "$sample/history.csv")
printf '%s\n' 'code,point_code,flow,first_day,last_day,factor_ppm,amount_minor,author,reason' \
    "O-1,$point,withdrawal,2026-11-10,2026-11-10,,$came,anna,fair" \
    "O-2,$point,withdrawal,2026-11-11,2026-11-11,20000000,,carl,\"rumour, <b>\"" \
    >"$temp/more/demand_override.csv"
run import --db "$db" "$temp/more" --quiet >/dev/null

back() { # THREADS NAME
    run backtest --db "$db" --origins 2 --horizon 21 --threads "$1" --csv "$temp/$2.csv" \
        --overrides-csv "$temp/$2-gains.csv" >"$temp/$2.txt"
}
back 1 one
back 2 two
for f in .csv -gains.csv .txt; do
    cmp "$temp/one$f" "$temp/two$f" || fail "two threads give another $f"
done
grep -q '^withdrawals, days ' "$temp/one.txt" && grep -q '^withdrawals, 7 days ' "$temp/one.txt" ||
    fail "no totals: $(cat "$temp/one.txt")"
grep -q 'overrides: 2, of which 2 can be measured' "$temp/one.txt" || fail "overrides are not told"
grep -q 'author  anna  *gained .*(+100.0 %)' "$temp/one.txt" || fail "anna: $(cat "$temp/one.txt")"
grep -q 'author  carl  *lost ' "$temp/one.txt" || fail "carl: $(cat "$temp/one.txt")"
[ "$(wc -l <"$temp/one-gains.csv")" = 3 ] || fail "gains: $(cat "$temp/one-gains.csv")"
rows=$(grep -c '^"' "$temp/one.csv")
[ "$rows" -gt 100 ] && [ "$(stat -c %a "$temp/one.csv")" = 600 ] || fail "scores: $rows rows"

run backtest --db "$db" --origins 2 --horizon 21 --json >"$temp/json/backtest.json"
run backtest --db "$db" --origins 2 --horizon 21 --machine "$point" --worst 0 >"$temp/alone.txt"
grep -q "of which 2 can be measured" "$temp/alone.txt" || fail "alone: $(cat "$temp/alone.txt")"

code=0
"$program" backtest --db "$db" --origins 100 >/dev/null 2>"$temp/err" || code=$?
[ $code = 1 ] && grep -q 'needs 1428 days of history' "$temp/err" || fail "$code $(cat "$temp/err")"
"$program" backtest --db "$db" --origins 60 --step 1 --worst 0 >/dev/null 2>"$temp/err" &
pid=$!
sleep 1
kill -INT $pid 2>/dev/null || true
code=0
wait $pid || code=$?
[ $code = 130 ] || [ $code = 0 ] || fail "interrupted: $code $(cat "$temp/err")"

code=0
"$program" backtest --db "$db" --origins 2 --horizon 21 --page "$temp/backtest.html" >/dev/null \
    2>"$temp/err" || code=$?
if [ $code != 0 ]; then
    grep -q 'npm run build' "$temp/err" || fail "page: $(cat "$temp/err")"
    echo "backtest: the program has no page"
else
    [ "$(stat -c %a "$temp/backtest.html")" = 600 ] || fail "the page can be read by others"
    sh "$node" backtest.mjs "$temp/backtest.html" || [ $? = 77 ] || fail "the page does not work"
fi
sh "$node" schemas.mjs "$temp/json" || [ $? = 77 ] || fail "the JSON is not as its schema says"
