#!/bin/bash
# Builds the program twice, in directories of different names, and fails unless both are the same to
# the byte. Both take the time of the last commit (SOURCE_DATE_EPOCH), as packages do.
set -euo pipefail
cd "$(dirname "$0")/.."
tests/install.sh demo
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
fi
export SOURCE_DATE_EPOCH
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
places=("$directory/a" "$directory/a/much/longer/place")
sums=()
for place in "${places[@]}"; do
    mkdir -p "$place/source"
    tar c --exclude=./build --exclude=./.git . | tar x -C "$place/source"
    cmake -S "$place/source" -B "$place/build" -G Ninja -DCMAKE_BUILD_TYPE=MinSizeRel >"$place/log"
    cmake --build "$place/build" --target esim-agent >>"$place/log" || { tail -30 "$place/log"; exit 1; }
    strip "$place/build/esim-agent"
    sums+=("$(sha256sum "$place/build/esim-agent" | cut -d ' ' -f 1)")
    echo "${sums[-1]}  built in ${place#"$directory"/}"
done
[ "${sums[0]}" = "${sums[1]}" ] || { echo 'They differ.' >&2; exit 1; }
echo 'The same to the byte.'
