#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Ctrl-C stores the best plan so far, or says that there was none. usage: interrupted.sh CASHPLAN
set -eu
cashplan=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
day=2026-11-24
fail() {
    echo "interrupted: $*" >&2
    exit 1
}

"$cashplan" generate --points 48 --days 120 --date "$day" --out "$dir/bank" >/dev/null
"$cashplan" init --db "$dir/k.db" >/dev/null
"$cashplan" import --db "$dir/k.db" "$dir/bank" >/dev/null

# Ctrl-C: either the best plan so far is stored (0), or there was none yet (130).
"$cashplan" plan --db "$dir/k.db" --date "$day" --quiet --work 30000 >"$dir/c.txt" 2>&1 &
pid=$!
sleep 3
kill -INT "$pid" 2>/dev/null || fail "the plan ended before it could be stopped"
code=0
wait "$pid" || code=$?
case $code in
0) grep -q 'stopped by: user' "$dir/c.txt" || fail "the summary does not say who stopped it" ;;
130) ;;
*) fail "Ctrl-C gave exit code $code: $(cat "$dir/c.txt")" ;;
esac
"$cashplan" plan --db "$dir/k.db" --date "$day" --quiet --work 5 --no-rivals >/dev/null ||
    fail "plan after Ctrl-C"
