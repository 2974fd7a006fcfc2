#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# manual.sh CASHPLAN - the man page tells every command, every common option and every exit code, and
# quickstart.sh installs headers only that some source includes.
set -eu
program=$1
page=cli/cashplan.1
fail() {
    echo "manual: $*" >&2
    exit 1
}
# The words of the page without markup.
words=$(sed -e 's/\\-/-/g' -e 's/^\.[A-Z]* *//' "$page")
tells() {
    printf '%s\n' "$words" | grep -q -- "$1" || fail "the man page does not tell $1"
}
commands=$("$program" help | awk '/^  [a-z]+ / { print $1 }')
[ "$(printf '%s\n' "$commands" | wc -l)" -ge 10 ] || fail "no commands found"
for command in $commands; do
    tells "\<$command\>"
done
for option in $("$program" help import | awk '/^options of every/ { on = 1; next } /^fields by/ { on = 0 }
    on && /^  --/ { print $1 }') --mapping --dry-run --fields --date; do
    tells "\\$option"
done
for code in 0 1 2 3 4 130; do
    tells "^$code\$"
done
tells 'road_link'
tells 'demand_override'
for header in $(sed -n 's/.*has_header \([a-z0-9_\/.A-Z]*\.h\).*/\1/p' quickstart.sh); do
    case $header in */*) header=${header%/*}/ ;; *) header="$header>" ;; esac # of a library: any
    grep -rqF "#include <$header" models solver data viz cli tests || fail "nothing includes $header"
done
