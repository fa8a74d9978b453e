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
run_preset() {
    echo "== $1: build"
    mkdir -p build
    { cmake --preset "$@" && cmake --build --preset "$1"; } >"build/$1.log" 2>&1 || {
        cat "build/$1.log"
        exit 1
    }
    echo "== $1: test"
    # More at once than there are cores: much of it is waiting for time limits.
    ctest --test-dir "build/$1" --output-on-failure --parallel 4
}
run_preset release
[ -z "$quick" ] || exit 0
# What tries the program need not be sanitized itself.
run_preset sanitizers -DESIM_AGENT_HARNESS="$PWD/build/release"
echo "== clang-tidy"
tests/tidy.sh
echo "== fuzz: 10 s each"
tests/fuzz/run.sh 10
echo "All tests passed."
