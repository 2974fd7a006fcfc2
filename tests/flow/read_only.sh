#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# read_only.sh CASHPLAN - a second person reads a database that only its owner may write: in a read-only
# folder, as a read-only file, on a read-only mount, while the owner is at work, and with a log that
# cannot be read. Nothing is left beside the database by whoever has read it.
. "$(dirname "$0")/head.sh"
mounted=
trap '[ -z "$mounted" ] || umount "$mounted"; chmod -R u+w "$temp"; rm -rf "$temp"' EXIT

chmod 755 "$temp"
cp "$program" "$temp/cashplan"
chmod 755 "$temp/cashplan"
owner=$temp/cashplan
mkdir "$temp/db" "$temp/out"
chmod 777 "$temp/out"
make_bank "$temp/bank"
history 200 >"$temp/bank/history.csv"
db=$temp/db/t.db
"$owner" init --db "$db" >/dev/null
"$owner" import --db "$db" "$temp/bank" --quiet >/dev/null
"$owner" plan --db "$db" --date 2026-11-24 --horizon 7 --work 20 --no-rivals --quiet >/dev/null

alone() { # nothing lies beside the database
    [ "$(ls "$temp/db")" = t.db ] || fail "$1: left behind: $(ls "$temp/db" | tr '\n' ' ')"
}
alone 'after plan'
"$owner" check --db "$db" --date 2026-11-24 --horizon 7 >/dev/null
"$owner" report --db "$db" --out "$temp/out/owner.html" >/dev/null 2>&1 || true
"$owner" export --db "$db" --out "$temp/out/owner" >/dev/null
"$owner" forecast --db "$db" --date 2026-11-24 --no-store >/dev/null
alone 'after the owner has read'

# Root may write everything; then somebody else reads.
reader=$owner
if [ "$(id -u)" = 0 ]; then
    printf '#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups %s "$@"\n' "$owner" \
        >"$temp/reader"
    chmod 755 "$temp/reader"
    reader=$temp/reader
fi

reads() { # NAME: every command that only reads
    rm -rf "$temp/out/r"
    for command in "check --date 2026-11-24 --horizon 7" "forecast --date 2026-11-24 --no-store" "backtest --origins 1 --horizon 7" \
        "export --dump" "export --out $temp/out/r --quiet" "pin list"; do
        "$reader" $command --db "$db" >"$temp/out/said" 2>&1 ||
            fail "$1: $command ended with $?: $(cat "$temp/out/said")"
    done
    [ -s "$temp/out/r/dispatch.json" ] || fail "$1: no dispatch.json"
    if ! "$reader" report --db "$db" --out "$temp/out/r/plan.html" >"$temp/out/said" 2>&1; then
        grep -q 'npm run build' "$temp/out/said" || fail "$1: report: $(cat "$temp/out/said")"
    fi
}
refuses() { # NAME: what writes says so before it works for long
    if "$reader" plan --db "$db" --date 2026-11-24 --work 100000 >"$temp/out/said" 2>&1; then
        fail "$1: a plan was stored"
    fi
    grep -q 'read-only' "$temp/out/said" || fail "$1: plan says $(cat "$temp/out/said")"
    "$reader" forecast --db "$db" --date 2026-11-24 >"$temp/out/said" 2>&1 && fail "$1: a forecast was stored"
    grep -q 'read-only' "$temp/out/said" || fail "$1: forecast says $(cat "$temp/out/said")"
}

chmod 444 "$db"
chmod 555 "$temp/db"
reads 'folder and file read-only'
refuses 'folder and file read-only'
alone 'folder and file read-only'
if [ "$reader" != "$owner" ]; then
    chown 65534 "$db"
    chmod 644 "$db"
    reads 'folder read-only'
    refuses 'folder read-only'
    alone 'folder read-only'
    chown 0 "$db"
    chmod 777 "$temp/db"
    reads 'file read-only'
    refuses 'file read-only'
    alone 'file read-only'
    chmod 555 "$temp/db"
fi

# What a reader left behind long ago, or a crash of the machine: an empty log is nothing.
chmod 755 "$temp/db"
: >"$db-wal"
chmod 600 "$db"
chmod 644 "$db" "$db-wal"
chmod 555 "$temp/db"
reads 'an empty log'
# A log with changes in it that cannot be taken in here: said, with what to do.
chmod 755 "$temp/db"
printf 'these are changes' >"$db-wal"
chmod 644 "$db-wal"
chmod 555 "$temp/db"
if [ "$reader" != "$owner" ]; then
    if "$reader" export --db "$db" --dump >"$temp/out/said" 2>&1; then fail "changes are not seen"; fi
    grep -q 't.db-wal.*cashplan backup' "$temp/out/said" || fail "says $(cat "$temp/out/said")"
fi
chmod 755 "$temp/db"
rm -f "$db-wal"

# A read-only mount binds even root.
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
    cat >"$temp/mounted.sh" <<END
set -eu
mount --bind "$temp/db" "$temp/db"
mount -o remount,ro,bind "$temp/db"
"$owner" export --db "$db" --dump >/dev/null
"$owner" report --db "$db" --out "$temp/out/m.html" >/dev/null 2>"$temp/out/said" ||
    grep -q 'npm run build' "$temp/out/said"
"$owner" export --db "$db" --out "$temp/out/m" >/dev/null
! "$owner" plan --db "$db" --date 2026-11-24 --work 100000 >"$temp/out/said" 2>&1
grep -q 'read-only' "$temp/out/said"
END
    unshare -m sh "$temp/mounted.sh" >"$temp/out/mount" 2>&1 ||
        fail "on a read-only mount: $(cat "$temp/out/mount" "$temp/out/said")"
fi
alone 'at the end'
