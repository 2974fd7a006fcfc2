#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# All set-up on a fresh Debian or Ubuntu machine, then the main job, or with `test` the tests.
set -eu
cd "$(dirname "$0")"

usage() {
    cat <<'END'
usage: sh quickstart.sh [test] [--no-install] [--ci]
  (nothing)      install what is missing, build, plan the sample bank, write out/
  test           install what is missing, build with sanitizers, run all tests
  --no-install   change nothing on the machine; say what is missing and stop
  --ci           with test: also the tools of .ci/run
END
}

mode=main
install=yes
ci=no
for arg in "$@"; do
    case $arg in
    test) mode='test' ;;
    --no-install) install=no ;;
    --ci) ci=yes ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
done
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

say() { printf '%s\n' "quickstart: $*"; }
die() {
    printf '%s\n' "quickstart: $*" >&2
    exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# What counts is whether a thing works, not which package it came from.
has_header() { has cc && echo "#include <$1>" | cc -x c -E -o /dev/null - 2>/dev/null; }
has_cmocka() {
    has cc && printf '#include <%s>\n' stdarg.h stddef.h setjmp.h stdint.h cmocka.h |
        cc -x c -E -o /dev/null - 2>/dev/null
}
has_node() {
    has node && has npm && [ "$(node --version | sed 's/^v//; s/\..*//')" -ge 18 ] 2>/dev/null
}
has_chromium() { has chromium || has chromium-browser || has google-chrome; }

# The packages that are missing. `needed`: without them nothing works. `wanted`: without them some
# checks are skipped.
find_missing() {
    needed=
    wanted=
    # cc alone is not enough: the compiler may be there without the C library's headers.
    has make && has_header stdio.h || needed="$needed build-essential"
    has cmake || needed="$needed cmake"
    has ninja || needed="$needed ninja-build"
    has_header glpk.h || needed="$needed libglpk-dev"
    has_header gsl/gsl_math.h || needed="$needed libgsl-dev"
    has_header sqlite3.h || needed="$needed libsqlite3-dev"
    has_header cjson/cJSON.h || needed="$needed libcjson-dev"
    if [ -f viz/page/package.json ] && ! has_node; then needed="$needed nodejs npm"; fi
    [ "$mode" = "test" ] || return 0
    has_cmocka || needed="$needed libcmocka-dev"
    if [ -f viz/page/package.json ] && ! has_chromium; then wanted="$wanted chromium"; fi
    if [ "$ci" = yes ] && ! has clang-format-14; then wanted="$wanted clang-format-14"; fi
}

apt() {
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive apt-get "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive apt-get "$@"
    fi
}

updated=no
apt_install() {
    # On a fresh machine the lists are empty; on an old one they may name packages that are gone.
    if [ "$updated" = no ] && [ -z "$(ls /var/lib/apt/lists/*Packages* 2>/dev/null)" ]; then
        apt update || true
        updated=yes
    fi
    apt install -y --no-install-recommends "$@" && return 0
    [ "$updated" = no ] || return 1
    updated=yes
    apt update && apt install -y --no-install-recommends "$@"
}

cannot_install() {
    die "$1
  missing:$needed$wanted
  On Debian or Ubuntu, as root:  apt-get update && apt-get install$needed$wanted
  Elsewhere: a C11 compiler, cmake, ninja, GLPK, GSL, SQLite 3, cJSON, cmocka
  (tests), Node.js 18 with npm; then run this again with --no-install."
}

install_packages() {
    find_missing
    if [ -z "$needed$wanted" ]; then return 0; fi
    say "missing packages:$needed$wanted"
    if [ "$install" = no ]; then
        [ -z "$needed" ] || cannot_install "packages are missing and --no-install was given"
        return 0
    fi
    has apt-get || { [ -z "$needed" ] && return 0; cannot_install "this machine has no apt-get"; }
    if [ "$(id -u)" != 0 ] && ! has sudo; then
        [ -n "$needed" ] || return 0
        cannot_install "not root, and there is no sudo"
    fi
    if [ -n "$needed" ]; then
        # shellcheck disable=SC2086 # a list of words
        apt_install $needed || cannot_install "the packages could not be installed (offline?)"
    fi
    for package in $wanted; do
        apt_install "$package" || say "$package could not be installed: some checks will be skipped"
    done
    find_missing
    [ -z "$needed" ] || cannot_install "still missing after the installation"
}

# The page with the plans: TypeScript, bundled to one file that the programs carry with them.
build_page() {
    if [ ! -f viz/page/package.json ]; then return 0; fi
    (
        cd viz/page
        lock=$(cksum <package-lock.json)
        if [ "$(cat node_modules/.cashplan-lock 2>/dev/null)" != "$lock" ]; then
            say "installing the page's build tools (npm ci)"
            # Node brings its own list of certificates; trust what the machine trusts as well.
            system_certs=/etc/ssl/certs/ca-certificates.crt
            if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -f "$system_certs" ]; then
                export NODE_EXTRA_CA_CERTS="$system_certs"
            fi
            npm ci --no-audit --no-fund || exit 1
            printf '%s\n' "$lock" >node_modules/.cashplan-lock
        fi
        if [ ! -f dist/page.html ] ||
            [ -n "$(find . \( -name node_modules -o -name dist \) -prune -o -type f \
                -newer dist/page.html -print | head -n 1)" ]; then
            npm run build || exit 1
        fi
    ) || die "the page in viz/page could not be built; npm ci needs the network the first time"
}

build() {
    # CP_PARTIAL is for a tree in the making: here everything must be there.
    mkdir -p build
    cmake --preset "$1" -D CP_PARTIAL=OFF >"build/$1.log" 2>&1 || {
        cat "build/$1.log" >&2
        die "configuring failed"
    }
    cmake --build --preset "$1" -j "$jobs"
}

# Plan one day of the invented bank in data/sample.
main_job() {
    bin=build/release/bin/cashplan
    date=$(tr -d '[:space:]' <data/sample/plan_date.txt)
    db=out/sample.db
    mkdir -p out
    if [ -e "$db" ] && [ ! -e out/.sample-by-quickstart ]; then
        die "$db was not made by quickstart; move it away first"
    fi
    rm -f "$db" "$db-wal" "$db-shm"
    : >out/.sample-by-quickstart
    "$bin" init --db "$db"
    "$bin" import --db "$db" data/sample
    "$bin" plan --db "$db" --date "$date"
    "$bin" export --db "$db" --out "out/$date"
    "$bin" report --db "$db" --out "out/$date/plan.html"
    say "wrote $db   out/$date/dispatch.json   out/$date/plan.html"
}

run_tests() {
    # ctest's own summary comes last; its status must survive the pipe.
    mkdir -p build
    rm -f build/ctest.status
    {
        ctest --test-dir build/dev --output-on-failure -j "$jobs" && echo 0 >build/ctest.status
    } 2>&1 | tee build/ctest.log
    [ -f build/ctest.status ]
}

install_packages
build_page
if [ "$mode" = "test" ]; then
    build dev
    run_tests
else
    build release
    main_job
fi
