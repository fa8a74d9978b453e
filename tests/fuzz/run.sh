#!/bin/sh
# Runs each fuzz target for so many seconds, two at a time, from the corpus in this folder.
# What it finds stays in build/fuzz/crash-*.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-30}
for name in activation_code gigastore config; do
    mkdir -p "build/fuzz/corpus-$name"
    echo "$name"
done | xargs -P 2 -I NAME sh -c '
    build/fuzz/tests/fuzz_NAME -max_total_time='"$seconds"' -max_len=8192 -timeout=5 \
        -artifact_prefix=build/fuzz/crash-NAME- \
        build/fuzz/corpus-NAME tests/fuzz/corpus/NAME >build/fuzz/NAME.log 2>&1 \
        || { tail -40 build/fuzz/NAME.log; exit 255; }
    echo "NAME: $(grep -c . build/fuzz/NAME.log) lines of log, $(tail -1 build/fuzz/NAME.log)"'
