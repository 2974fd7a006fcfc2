# SPDX-License-Identifier: GPL-3.0-or-later
# bad_input.sh CASHPLAN HOLD_LOCK EXPECTED [update] - every kind of bad input: the exit code, stdout
# and stderr of each case are written to one transcript, compared byte for byte with EXPECTED. After
# each case the database must be as it was.
set -u
LC_ALL=C
export LC_ALL
program=$1 hold=$2 expected=$3 update=${4:-}
here=$(dirname "$0")
. "$here/bank.sh"
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
log=$temp/transcript

# show CODE FILE...: a result without the name of the temporary folder.
show() {
    printf 'exit %s\n' "$1" >>"$log"
    shift
    cat "$@" | sed "s|$temp|TMP|g" >>"$log"
}

# run NAME ARGUMENTS: one case.
run() {
    printf '\n== %s\n' "$1" >>"$log"
    shift
    "$program" "$@" --by tester --quiet >"$temp/out" 2>"$temp/err" </dev/null
    show $? "$temp/out" "$temp/err"
}

# bad NAME FILE: the bank with the case's FILE (from stdin) is refused and nothing is stored.
bad() {
    rm -rf "$temp/bank"
    make_bank "$temp/bank"
    cat >"$temp/bank/$2"
    before=$(cksum <"$temp/t.db")
    run "$1" import --db "$temp/t.db" "$temp/bank"
    [ "$before" = "$(cksum <"$temp/t.db")" ] || echo "THE DATABASE CHANGED" >>"$log"
}

# checked NAME FILE [WITHOUT]: the bank with the case's FILE is imported; `check` must say what is wrong.
checked() {
    rm -rf "$temp/bank" "$temp/c.db" "$temp/c.db-wal" "$temp/c.db-shm"
    make_bank "$temp/bank"
    cat >"$temp/bank/$2"
    [ -z "${3:-}" ] || rm "$temp/bank/$3"
    "$program" init --db "$temp/c.db" >/dev/null
    "$program" import --db "$temp/c.db" "$temp/bank" --quiet >"$temp/out" 2>&1 ||
        cat "$temp/out" >>"$log"
    run "$1" check --db "$temp/c.db" --date 2026-11-24 --horizon 7
}

run 'no database named' import "$temp"
run 'database missing' import --db "$temp/t.db" "$temp"
"$program" init --db "$temp/t.db" >/dev/null || exit 1
run 'folder missing' import --db "$temp/t.db" "$temp/nowhere"
mkdir "$temp/empty"
run 'folder empty' import --db "$temp/t.db" "$temp/empty"
run 'mapping missing' import --db "$temp/t.db" "$temp/empty" --mapping "$temp/no.json"
printf '{"files": [{"file": "gone.csv", "entity": "site"}]}' >"$temp/map.json"
run 'file missing' import --db "$temp/t.db" "$temp/empty" --mapping "$temp/map.json"
printf '{"files": [{"file": "gone.csv", "entity": "sites"}]}' >"$temp/map.json"
run 'no such table' import --db "$temp/t.db" "$temp/empty" --mapping "$temp/map.json"

printf '' | bad 'empty file' site.csv
printf 'code,latitude,lon_deg\nS1,31,121\n' | bad 'wrong header' site.csv
awk 'BEGIN { print "point_code,day,flow,amount_minor"
    for (i = 1; i <= 200; i++)
        if (i % 10 == 0) print "A1;broken"
        else printf "A1,2026-%02d-%02d,deposit,%d\n", int(i / 28) + 1, i % 28 + 1, i }' |
    bad 'one line in ten is broken' history.csv
printf 'code,lat_deg,lon_deg\nS1,31\0,121\nS2,31,121\n' | bad 'NUL byte' site.csv
awk 'BEGIN { print "code,lat_deg,lon_deg"; printf "S1,"
    for (i = 0; i < 300000; i++) printf "99999"
    print ",121"; print "S2,31,121" }' | bad 'line over 1 MiB' site.csv
printf 'code,lat_deg,lon_deg\nS1,31,121\nS2,31,122\nS1,31,121\n' | bad 'code twice' site.csv
printf 'code,lat_deg,lon_deg\nS1,0,0\nS2,131,122\n' | bad 'no place on earth' site.csv
printf 'point_code,day,flow,amount_minor\nA1,2026-11-20,deposit,-1\nA1,2026-11-21,deposit,%s\n' \
    123456789012345678 | bad 'negative and absurd amounts' history.csv
printf 'code,covered_from,covered_to\nCN,2027-12-31,2025-01-01\n' |
    bad 'dates out of order' calendar.csv
printf '%s\n' 'point_code,day,flow,amount_minor' 'A1,2024-02-29,deposit,1' \
    'A1,2025-02-29,deposit,1' | bad '29 February' history.csv
printf 'code,site_code,kind\nA1,S1,atm\nB1,S9,branch\n' | bad 'unknown code' point.csv
printf 'code,lat_deg,lon_deg\nS1,31,121\377\nS2,31,122\n' | bad 'not UTF-8' site.csv

checked 'the bank as it is' extra.txt </dev/null
printf 'code,covered_from,covered_to\nCN,2025-01-01,2026-11-26\n' |
    checked 'calendar ends before the horizon' calendar.csv
printf '%s\n' 'point_code,slot,cassette_model_code,denomination_code,role,capacity_notes' \
    'B1,1,,CNY100,recycle,50000' | checked 'ATM without cassettes' cassette.csv balance.csv
printf 'code,carrier_code,vault_code,insured_minor\n' | checked 'no car' car.csv
printf 'code,lat_deg,lon_deg,vault_code,open_min,close_min\nS1,31.1,121.1,V,02:00,03:00\n%s\n' \
    'S2,31.2,121.2,V,09:00,18:00' | checked 'a window that cannot be met' site.csv

printf 'no database, only a text that is long enough to have the header of one, it seems so, %s' \
    'but the first bytes are other ones' >"$temp/x.db"
run 'not a database' check --db "$temp/x.db"
make_bank "$temp/good"
cp "$temp/t.db" "$temp/n.db"
printf '\0\0\003\347' | dd of="$temp/n.db" bs=1 seek=60 conv=notrunc 2>/dev/null
run 'newer version' import --db "$temp/n.db" "$temp/good"

# A database that may only be read; root may write everything, so he becomes nobody for this.
mkdir "$temp/ro"
"$program" init --db "$temp/ro/t.db" >/dev/null
"$program" import --db "$temp/ro/t.db" "$temp/good" >/dev/null
chmod 444 "$temp/ro/t.db"
chmod 555 "$temp/ro"
owner=$program
if [ "$(id -u)" = 0 ]; then
    chmod 755 "$temp"
    cp "$program" "$temp/cashplan"
    printf '#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups %s "$@"\n' \
        "$temp/cashplan" >"$temp/nobody"
    chmod 755 "$temp/nobody" "$temp/cashplan"
    program=$temp/nobody
fi
run 'read-only database' import --db "$temp/ro/t.db" "$temp/good"
run 'that can be read' check --db "$temp/ro/t.db" --date 2026-11-24 --horizon 7
program=$owner
chmod 755 "$temp/ro"

mkfifo "$temp/in"
"$hold" "$temp/t.db" <"$temp/in" >"$temp/held" &
exec 9>"$temp/in"
while ! grep -q ready "$temp/held"; do sleep 0.05; done
run 'locked by another process' import --db "$temp/t.db" "$temp/good"
exec 9>&-
wait
"$program" import --db "$temp/t.db" "$temp/good" >/dev/null 2>&1
awk 'BEGIN { print "point_code,day,flow,amount_minor"
    for (i = 0; i < 60000; i++) printf "A1,%04d-%02d-%02d,deposit,%d\n",
        1800 + int(i / 336), int(i / 28) % 12 + 1, i % 28 + 1, i }' >"$temp/good/history.csv"
# The size of files is limited instead of that of the disk.
(
    trap '' XFSZ
    ulimit -f 1000
    run 'no room left' import --db "$temp/t.db" "$temp/good"
)
run 'and the database is whole' check --db "$temp/t.db" --horizon 7
run 'and can be written' import --db "$temp/t.db" "$temp/good"

if [ -n "$update" ]; then
    cp "$log" "$expected"
    exit 0
fi
diff -u "$expected" "$log"
