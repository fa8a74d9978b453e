#!/bin/sh
# A release build of everything for x86-64 may be 2 % larger than tests/bench/README.md says.
# check_size.sh ESIM-AGENT
set -eu
program=$1
figures=$(dirname "$0")/bench/README.md
recorded=$(sed -n 's/^| everything | \([0-9,]*\) .*/\1/p' "$figures" | tr -d ,)
[ -n "$recorded" ] || { echo "$figures has no size of everything" >&2; exit 1; }
stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
strip -o "$stripped" "$program"
size=$(stat -c %s "$stripped")
most=$((recorded * 102 / 100))
echo "stripped: $size octets; recorded: $recorded, at most $most"
[ "$size" -le "$most" ] || {
    echo "It grew by more than 2 %. Make it smaller, or record the new size with a reason." >&2
    exit 1
}
