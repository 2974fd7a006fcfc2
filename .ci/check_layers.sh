#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every include of ours is allowed by layers.txt, every foreign one by foreign.txt.
set -eu
cd "$(dirname "$0")/.."
sh .ci/files.sh '*.c' '*.h' | awk '
function matches(text, pattern) { # shell pattern with "*" only
    gsub(/\./, "\\.", pattern)
    gsub(/\*/, ".*", pattern)
    return text ~ ("^" pattern "$")
}
function layer_of(path,    f, best) {
    best = ""
    for (f in may) if (index(path, f "/") == 1 && length(f) > length(best)) best = f
    return best
}
function ours_ok(layer, header,    n, i, list) {
    if (index(header, layer "/") == 1) return 1
    n = split(may[layer], list, " ")
    for (i = 1; i <= n; i++) if (list[i] == "*" || index(header, list[i] "/") == 1) return 1
    return 0
}
function foreign_ok(file, layer, header,    h, n, i, list) {
    for (h in where) {
        if (!matches(header, h)) continue
        if (where[h] == "" || may[layer] == "*") return 1
        n = split(where[h], list, " ")
        for (i = 1; i <= n; i++) if (matches(file, list[i])) return 1
    }
    return 0
}
function refuse(why) { print file ":" line ": " why; bad++ }
function check(    layer, header) {
    layer = layer_of(file)
    if (layer == "") { refuse("the folder is not in .ci/layers.txt"); return }
    header = $0
    if ($0 ~ /^[ \t]*#[ \t]*include[ \t]*"/) {
        gsub(/^[^"]*"|".*$/, "", header)
        if (header !~ /\//) refuse("\"" header "\": write the path from the root")
        else if (!ours_ok(layer, header)) refuse(layer " may not include " header)
    } else if ($0 ~ /^[ \t]*#[ \t]*include[ \t]*</) {
        gsub(/^[^<]*<|>.*$/, "", header)
        if (!foreign_ok(file, layer, header)) refuse("<" header "> is not for " file)
    }
}
function table(name, into,    key) {
    while ((getline < name) > 0) {
        sub(/#.*/, "")
        if (NF == 0) continue
        key = $1
        $1 = ""
        sub(/^ +/, "")
        into[key] = $0
    }
    close(name)
}
BEGIN { table(".ci/layers.txt", may); table(".ci/foreign.txt", where) }
{
    file = $0
    line = 0
    while ((getline < file) > 0) { line++; if ($0 ~ /^[ \t]*#[ \t]*include/) check() }
    close(file)
    files++
}
END {
    if (bad) { print bad " includes cross a layer"; exit 1 }
    print "layers: " files + 0 " files in order"
}'
