#!/bin/sh
# All tests: the release build as it ships, then the same under AddressSanitizer and
# UndefinedBehaviorSanitizer, then clang-tidy, and 10 seconds of fuzzing for each target.
# Installs what is missing first. --quick is the release build and its tests only.
set -eu
cd "$(dirname "$0")/.."
quick=
case "${1:-}" in
--quick) quick=yes ;;
'') ;;
*) echo "usage: tests/run.sh [--quick]" >&2; exit 2 ;;
esac

tests/install.sh test
build() {
    echo "== $1: build"
    mkdir -p build
    { cmake --preset "$@" && cmake --build --preset "$1"; } >"build/$1.log" 2>&1 || {
        cat "build/$1.log"
        exit 1
    }
}
run_preset() {
    build "$@"
    echo "== $1: test"
    ctest --test-dir "build/$1" --output-on-failure --parallel 2
}
run_preset release
[ -z "$quick" ] || exit 0
# What tries the program need not be sanitized itself.
run_preset asan -DESIM_AGENT_HARNESS="$PWD/build/release"

build fuzz
echo "== clang-tidy"
run-clang-tidy -p build/fuzz -quiet "$PWD/(agent|platform|qr)/(?!boost)" >build/tidy.log 2>&1 || {
    grep -A4 -E 'error:' build/tidy.log
    exit 1
}
echo "== fuzz: 10 s each"
tests/fuzz/run.sh 10
echo "All tests passed."
