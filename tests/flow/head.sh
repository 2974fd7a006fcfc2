# SPDX-License-Identifier: GPL-3.0-or-later
# head.sh - sourced by flow tests that are given the program first: the small bank, a folder that goes
# again, words for a failure.
set -eu
LC_ALL=C
export LC_ALL
program=$1
. "$(dirname "$0")/bank.sh"
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
fail() {
    echo "$(basename "$0" .sh): $*" >&2
    exit 1
}
