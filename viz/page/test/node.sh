#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# node.sh SCRIPT.mjs ARGS...: run a test of this folder; 77 (skipped) when what it needs is missing.
here=$(cd "$(dirname "$0")" && pwd)
script=$1
shift
if ! command -v node >/dev/null 2>&1; then
    echo "node is not here: skipped"
    exit 77
fi
if [ ! -d "$here/../node_modules/ajv" ]; then
    echo "viz/page/node_modules is not here (npm ci): skipped"
    exit 77
fi
exec node "$here/$script" "$@"
