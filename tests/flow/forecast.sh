#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# forecast.sh CASHPLAN SAMPLE - forecasts of the sample bank are stored, read back to the byte, the same
# for one and two threads, updated without a refit; files are for the owner only; misuse is named.
. "$(dirname "$0")/head.sh"
sample=$2
db=$temp/t.db
run() {
    "$program" "$@" 2>"$temp/err" || fail "$* ended with $?: $(cat "$temp/err")"
}
"$program" init --db "$db" >/dev/null
"$program" import --db "$db" "$sample" --quiet >/dev/null

run forecast --db "$db" --threads 1 --dump >"$temp/one"
run forecast --db "$db" --threads 2 --dump >"$temp/two"
cmp "$temp/one" "$temp/two" || fail "two threads give another forecast"
grep -q '^forecast 2026-11-24 days 14 history ' "$temp/one" || fail "first day: $(head -1 "$temp/one")"
for n in 1 2 0; do
    run forecast --db "$db" --stored $n --dump >"$temp/back"
    cmp "$temp/one" "$temp/back" || fail "forecast $n comes back as another"
done

# An update without new data is the forecast itself.
run forecast --db "$db" --update --dump >"$temp/update"
cmp "$temp/one" "$temp/update" || fail "an update without new data changes the forecast"

run forecast --db "$db" --days 3 --out "$temp/out" >"$temp/said"
grep -q '^forecast 4, 2026-11-24 to 2026-11-26' "$temp/said" || fail "summary: $(cat "$temp/said")"
head -1 "$temp/out/forecast.csv" | grep -q '^point,flow,day,new,mean_minor,q10_minor' || fail "forecast.csv"
head -1 "$temp/out/models.csv" | grep -q '^point,flow,model,weight,score' || fail "models.csv"
run forecast --db "$db" --days 3 --no-store >"$temp/plain.csv"
cmp "$temp/plain.csv" "$temp/out/forecast.csv" || fail "the file is not what is printed"
run forecast --db "$db" --stored 4 --out "$temp/four.csv" >/dev/null
cmp "$temp/plain.csv" "$temp/four.csv" || fail "the stored one is not what was printed"
for f in "$temp/out/forecast.csv" "$temp/out/models.csv" "$temp/four.csv"; do
    [ "$(stat -c %a "$f")" = 600 ] || fail "$f can be read by others"
done
awk -F, 'NR > 1 && $6 > $14 { exit 1 }' "$temp/plain.csv" || fail "quantiles are not in order"

run forecast --db "$db" --keep 2 --quiet
"$program" forecast --db "$db" --stored 2 >/dev/null 2>"$temp/err" && fail "forecast 2 is still there"
grep -q 'there is no forecast 2' "$temp/err" || fail "$(cat "$temp/err")"

says() { # CODE WORDS ARGS...
    want=$1 words=$2
    shift 2
    code=0
    "$program" "$@" >/dev/null 2>"$temp/err" || code=$?
    [ $code = "$want" ] && grep -q "$words" "$temp/err" || fail "$*: $code $(cat "$temp/err")"
}
"$program" init --db "$temp/new.db" >/dev/null
says 1 'there is no history' forecast --db "$temp/new.db"
says 1 'no stored forecast has fitted values' forecast --db "$temp/new.db" --date 2026-11-24 --update
says 1 'there is no stored forecast' forecast --db "$temp/new.db" --stored 0
says 2 'stored prints what is there' forecast --db "$db" --stored 0 --update
says 1 'cannot be made\|no such\|No such' forecast --db "$db" --out "$temp/no/such/folder"
says 1 'no machine or branch "nobody"' forecast --db "$db" --point nobody
