#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# rules.sh CHECKER - solutions of hand-made files: each rule broken once is refused in its words,
# and the allowed ones cost what a person adds up.
set -eu
checker=$1
cases=tests/fuzz/corpus/siting
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
failed=0
# The checker leaves its memory to the system, also when it refuses.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

# try WANT STATUS FILE FORM PROBLEM "OPTIONS" LINE...: the checker's line must begin with WANT.
try() {
    want=$1 status=$2 file=$3 form=$4 problem=$5 options=$6
    shift 6
    printf '%s\n' "$@" >"$temp/solution"
    code=0
    # shellcheck disable=SC2086 # the options are words
    "$checker" "$cases/$file" --form "$form" --problem "$problem" $options --solution "$temp/solution" \
        >"$temp/out" 2>&1 || code=$?
    case $(cat "$temp/out") in
    "$want"*) [ "$code" = "$status" ] && return 0 ;;
    esac
    echo "rules: $problem on $file should say \"$want\" ($status), says ($code):" >&2
    cat "$temp/out" >&2
    failed=1
}
good() { want=$1 && shift && try "allowed: objective $want" 0 "$@"; }
bad() { want=$1 && shift && try "$want" 1 "$@"; }

# orlib: rooms 10 and 10, fixed 100 and 120, demands 4 3 2, costs (1 9) (5 2) (7 3); holmberg the same.
good '113.000000, 1 open' orlib orlib cflp '' 'open 1' '1 1 1' '2 1 1' '3 1 1'
good '226.000000, 2 open' orlib orlib cflp '' 'open 1 2' '1 1 1' '2 2 1' '3 2 1'
good '227.500000, 2 open' orlib orlib cflp '' 'open 1 2' '1 1 1' '2 1 0.5' '2 2 0.5' '3 2 1'
good '226.000000, 2 open' holmberg holmberg sscflp '' 'open 1 2' '1 1 1' '2 2 1' '3 2 1'
good '113.000000, 1 open' orlib_word orlib cflp '--capacity 9' 'open 1' '1 1 1' '2 1 1' '3 1 1'
good '134.000000, 1 open' ufllib ufllib uflp '' 'open 2' '1 2 1' '2 2 1' '3 2 1'
bad 'client 2: site 2 is not open' orlib orlib cflp '' 'open 1' '1 1 1' '2 2 1' '3 1 1'
bad 'client 3: 0 of it is served' orlib orlib cflp '' 'open 1' '1 1 1' '2 1 1'
bad 'client 3: 0.9 of it is served' orlib orlib cflp '' 'open 1' '1 1 1' '2 1 1' '3 1 0.9'
bad 'client 2: 1.5 of it is served' orlib orlib cflp '' 'open 1 2' '1 1 1' '2 1 1' '2 2 0.5' '3 1 1'
bad 'client 2: share -0.5 of site 2' orlib orlib cflp '' 'open 1 2' '1 1 1' '2 2 -0.5' '3 1 1'
bad 'client 2: share 1.5 of site 2' orlib orlib cflp '' 'open 1 2' '1 1 1' '2 2 1.5' '3 1 1'
bad 'client 2: 2 sites serve it' orlib orlib sscflp '' 'open 1 2' '1 1 1' '2 1 0.5' '2 2 0.5' '3 2 1'
bad 'site 1: serves 9, has room for 8' orlib_word orlib cflp '--capacity 8' 'open 1' '1 1 1' '2 1 1' '3 1 1'
bad 'site 1: serves 9, has room for 8' orlib_word orlib sscflp '--capacity 8' 'open 1' '1 1 1' '2 1 1' '3 1 1'
bad 'the file leaves capacities open' orlib_word orlib cflp '' 'open 1' '1 1 1' '2 1 1' '3 1 1'
bad 'the file has no capacities' ufllib ufllib cflp '' 'open 2' '1 2 1' '2 2 1' '3 2 1'
bad 'client 4; there are 3' orlib orlib cflp '' 'open 1' '1 1 1' '2 1 1' '3 1 1' '4 1 1'
bad 'client 1: site 3; there are 2' orlib orlib cflp '' 'open 1' '1 3 1'
bad 'open site 3; there are 2' orlib orlib cflp '' 'open 1 3'
bad 'site 1 is opened twice' orlib orlib cflp '' 'open 1 1'
bad 'the objective is 113.000000 and not 112.999000' orlib orlib cflp '--objective 112.999' \
    'open 1' '1 1 1' '2 1 1' '3 1 1'
good '113.000000' orlib orlib cflp '--objective 113.00001' 'open 1' '1 1 1' '2 1 1' '3 1 1'

# delmaire: 4 clients, 3 sites; avella: costs a unit, demands 4 3 2.
good '115.000000, 1 open' delmaire delmaire sscflp '--capacity 20' 'open 1' '1 1 1' '2 1 1' '3 1 1' '4 1 1'
good '111.500000, 1 open' avella avella cflp '' 'open 1' '1 1 1' '2 1 1' '3 1 1'

# network: 1 to 2 is 4 (the last word counts), 2 to 3 is 5.
good '9.000000, 1 open' network pmed pmedian '' 'open 2' '1 2 1' '2 2 1' '3 2 1'
good '5.000000, 1 open' network pmed pcenter '' 'open 2' '1 2 1' '2 2 1' '3 2 1'
good '9.000000, 1 open' network pmed pcenter '' 'open 1' '1 1 1' '2 1 1' '3 1 1'
bad '2 sites are open, p is 1' network pmed pmedian '' 'open 1 2' '1 1 1' '2 2 1' '3 2 1'
bad '1 sites are open, p is 2' network pmed pmedian '--p 2' 'open 2' '1 2 1' '2 2 1' '3 2 1'
good '5.000000, 1 open' network pmed pcenter '--p 2' 'open 2' '1 2 1' '2 2 1' '3 2 1'
bad '2 sites are open, p is 1' network pmed pcenter '' 'open 1 2' '1 1 1' '2 2 1' '3 2 1'
bad 'client 3: site 1 is 9 away, the radius is 5' network pmed pmedian '--radius 5' 'open 1' '1 1 1' '2 1 1' '3 1 1'

# places (0,0) (3,4) (6,8): whole distances or not, one site a client.
good '10.000000, 1 open' osman osman cpmp '' 'open 2' '1 2 1' '2 2 1' '3 2 1'
good '10.000000, 1 open' lorena lorena cpmp '' 'open 2' '1 2 1' '2 2 1' '3 2 1'
bad '2 sites are open, p is 1' osman osman cpmp '' 'open 1 2' '1 1 1' '2 2 1' '3 2 1'
bad '1 sites are open, p is 2' osman osman cpmp '--p 2' 'open 2' '1 2 1' '2 2 1' '3 2 1'
bad 'site 2: serves 18, has room for 17' osman osman cpmp '--capacity 17' 'open 2' '1 2 1' '2 2 1' '3 2 1'
bad 'client 3: 2 sites serve it' osman osman cpmp '--p 2' 'open 1 2' '1 1 1' '2 2 1' '3 1 0.5' '3 2 0.5'

# table: A to x 3.5 and y 2, B to x 1; x weighs 10, y 5.
good '1.000000, 1 open' table table lscp '--radius 4' 'open 1' '1 1 1' '2 1 1'
good '2.000000, 2 open' table table lscp '--radius 3' 'open 1 2' '1 2 1' '2 1 1'
bad 'client 1: site 1 is 3.5 away, the radius is 3' table table lscp '--radius 3' 'open 1' '1 1 1' '2 1 1'
good '1.000000, 1 open' table table lscp '--radius 1.5' 'open 2' '1 2 1'
bad 'client 2: 0 of it is served' table table lscp '--radius 3' 'open 2' '1 2 1'
bad 'client 2: site 2 does not reach it' table table lscp '--radius 9' 'open 2' '1 2 1' '2 2 1'
good '10.000000, 1 open' table table mclp '--p 1 --radius 3' 'open 2' '1 2 1'
bad '2 sites are open, p is 1' table table mclp '--p 1 --radius 3' 'open 1 2' '1 2 1' '2 1 1'
bad 'client 1: 0.5 of it is served' table table mclp '--p 1 --radius 3' 'open 2' '1 2 0.5'
bad 'the file says nothing of p' table table mclp '--radius 3' 'open 2' '1 2 1'
good '45.000000, 1 open' table table pmedian '--p 1' 'open 1' '1 1 1' '2 1 1'

# Files that are not what they are said to be.
bad 'tests/fuzz/corpus/siting/orlib: line 10: no number' orlib delmaire cflp '' 'open 1'
bad 'tests/fuzz/corpus/siting/network_place: line' network_place pmed pmedian '' 'open 1'
bad 'tests/fuzz/corpus/siting/nothing cannot be read' nothing orlib cflp '' 'open 1'
exit "$failed"
