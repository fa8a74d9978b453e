#!/bin/sh
# clang-tidy over the product, as the preset 'sanitizers' has compiled it: several files at once, so
# that what they include is looked at once.
set -eu
cd "$(dirname "$0")/.."
run-clang-tidy -p build/sanitizers -quiet -checks=-bugprone-suspicious-include \
    "$PWD/build/sanitizers/CMakeFiles/.*/Unity/" >build/tidy.log 2>&1 || {
    grep -A4 -E 'error:' build/tidy.log
    exit 1
}
