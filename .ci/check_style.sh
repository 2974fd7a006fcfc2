#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What clang-format does not see: licence lines, the length of functions and files.
set -eu
cd "$(dirname "$0")/.."
sources=$(sh .ci/files.sh '*.c' '*.h' '*.sh' '*.cmake' CMakeLists.txt '*.ts' '*.mjs' '*.css' '*.sql' '*.py' run)
bad=0
for file in $sources; do
    if ! head -n 5 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later'; then
        echo "$file:1: no SPDX line"
        bad=1
    fi
done
# A function begins and ends with a brace in the first column (clang-format sees to that).
echo "$sources" | grep '\.[ch]$' | awk '
{
    file = $0
    line = begin = 0
    while ((getline < file) > 0) {
        line++
        if ($0 ~ /^{/) begin = line
        if ($0 ~ /^}/ && begin) {
            length_now = line - begin + 1
            if (length_now > 80) { print file ":" begin ": function of " length_now " lines (most: 80)"; bad = 1 }
            else if (length_now > 60) long++
            begin = 0
        }
        if ($0 ~ /^[ \t]*#[ \t]*if 0/) { print file ":" line ": #if 0"; bad = 1 }
    }
    close(file)
    if (line > 600) { print file ":1: " line " lines (most: 600)"; bad = 1 }
    files++
}
END {
    print "style: " files + 0 " C files, " long + 0 " functions of 61 to 80 lines"
    exit bad
}' || bad=1
exit $bad
