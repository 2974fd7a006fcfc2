#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The checks, here and in CI: quick (under a minute), full, long.
set -eu
cd "$(dirname "$0")/.."
level=${1:-quick}
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

has() { command -v "$1" >/dev/null 2>&1; }
step() { printf '\n== %s\n' "$*"; }

check_format() {
    if ! has clang-format-14; then
        echo "clang-format-14 is not here: skipped"
        return 0
    fi
    sh .ci/files.sh '*.c' '*.h' | xargs clang-format-14 --dry-run -Werror
}

build() { # preset, then options
    preset=$1
    shift
    cmake --preset "$preset" -D CP_PARTIAL=OFF "$@" >/dev/null
    cmake --build --preset "$preset" -j "$jobs"
}

tests() { ctest --test-dir "build/$1" --output-on-failure -j "$jobs" "$2" "$3"; }

static_checks() {
    step "layers"
    sh .ci/check_layers.sh
    step "style"
    sh .ci/check_style.sh
    step "format"
    check_format
}

thread_checks() {
    step "ThreadSanitizer"
    build tsan
    tests tsan -L par
}

quick() {
    static_checks
    step "dev build, unit tests"
    build dev
    tests dev -L unit
}

full() {
    static_checks
    step "dev build, all tests but the slow ones"
    build dev
    tests dev -LE slow
    thread_checks
    if has clang-tidy; then
        step "clang-tidy"
        sh .ci/files.sh '*.c' | grep -E '^(models|solver|data|viz|cli)/' |
            xargs -P "$jobs" -n 4 clang-tidy --quiet -p build/dev
    fi
    step "coverage"
    build coverage
    tests coverage -LE slow
    if has gcovr; then gcovr --root . build/coverage; else echo "gcovr is not here: no table"; fi
    if has valgrind; then
        step "Valgrind on the base and engine layers"
        for name in arena ctx mip lp; do
            valgrind --quiet --error-exitcode=1 --leak-check=full --child-silent-after-fork=yes \
                "build/coverage/tests/test_$name"
        done
    fi
}

long() {
    full
    step "slow tests"
    tests dev -L slow
    if has clang; then
        step "fuzzing, one minute each"
        build fuzz
        for harness in build/fuzz/tests/fuzz_*; do
            if [ -x "$harness" ]; then "$harness" -max_total_time=60 -verbosity=0; fi
        done
    fi
    step "bench"
    build release
    for bench in build/release/bin/bench_*; do
        if [ -x "$bench" ]; then "$bench"; fi
    done
}

case $level in
quick) quick ;;
full) full ;;
long) long ;;
static) static_checks ;;
threads) thread_checks ;;
*)
    echo "usage: .ci/check.sh quick|full|long|static|threads" >&2
    exit 2
    ;;
esac
