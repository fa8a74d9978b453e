#!/bin/sh
# Runs each fuzz target for so many seconds, two at a time, from the corpus in this folder.
# What it finds stays in build/sanitizers/crash-*.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-30}
if [ $# -lt 2 ]; then
    for target in tests/fuzz/fuzz_*.cpp; do
        basename "$target" .cpp | sed 's/^fuzz_//'
    done | xargs -P 2 -I NAME tests/fuzz/run.sh "$seconds" NAME
    exit
fi

name=$2
mkdir -p "build/sanitizers/corpus-$name"
"build/sanitizers/tests/fuzz_$name" -max_total_time="$seconds" -max_len=8192 -timeout=5 \
    -artifact_prefix="build/sanitizers/crash-$name-" \
    "build/sanitizers/corpus-$name" "tests/fuzz/corpus/$name" >"build/sanitizers/$name.log" 2>&1 || {
    tail -40 "build/sanitizers/$name.log"
    exit 255
}
echo "$name: $(tail -1 "build/sanitizers/$name.log")"
