#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Our files whose names match the given patterns; works without git and in an unpacked archive.
set -eu
cd "$(dirname "$0")/.."
for pattern in "$@"; do
    find . \( -name .git -o -name build -o -name out -o -name node_modules -o -name dist \) -prune \
        -o -type f -name "$pattern" -print
done | sed 's|^\./||' | LC_ALL=C sort -u
