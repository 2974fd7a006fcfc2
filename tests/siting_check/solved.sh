#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# solved.sh CHECKER BENCH FOLDER LIST - what bench_site writes for the problems of LIST is allowed and
# costs what its JSON line says. A line of LIST: file, form, problem, counted work, further options.
set -eu
checker=$1
bench=$2
folder=$3
list=$4
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
if [ ! -d "$folder" ]; then
    echo "skipped: no folder $folder"
    exit 77
fi
failed=0
n=0
while read -r file form problem work options; do
    case $file in '' | '#'*) continue ;; esac
    if [ ! -f "$folder/$file" ]; then
        echo "skipped: no file $folder/$file"
        continue
    fi
    rm -f "$temp/solution"
    # shellcheck disable=SC2086 # the options are words
    "$bench" "$folder/$file" --problem "$problem" $options --work "$work" --time-limit-s 60 \
        --solution "$temp/solution" >"$temp/line" || failed=1
    objective=$(sed 's/.*"objective":\([^,]*\),.*/\1/' "$temp/line")
    # shellcheck disable=SC2086
    if ! "$checker" "$folder/$file" --form "$form" --problem "$problem" $options \
        --solution "$temp/solution" --objective "$objective" >"$temp/out" 2>&1; then
        echo "solved: $file $problem $options:" >&2
        cat "$temp/line" "$temp/out" >&2
        failed=1
    fi
    n=$((n + 1))
done <"$list"
[ "$n" -gt 0 ] || exit 77
exit "$failed"
