#!/bin/sh
# Runs each fuzz target for so many seconds, two at a time, from the corpus in this folder.
# What it finds stays in build/fuzz/crash-*.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-30}
if [ $# -lt 2 ]; then
    printf '%s\n' activation_code gigastore config tlv es9 at http lists state wdm | xargs -P 2 -I NAME tests/fuzz/run.sh "$seconds" NAME
    exit
fi

name=$2
mkdir -p "build/fuzz/corpus-$name"
"build/fuzz/tests/fuzz_$name" -max_total_time="$seconds" -max_len=8192 -timeout=5 \
    -artifact_prefix="build/fuzz/crash-$name-" \
    "build/fuzz/corpus-$name" "tests/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1 || {
    tail -40 "build/fuzz/$name.log"
    exit 255
}
echo "$name: $(tail -1 "build/fuzz/$name.log")"
