#!/bin/sh
# The unit as systemd itself reads it: check_systemd.sh ESIM-AGENT. Without a running systemd.
set -eu
cd "$(dirname "$0")/.."
unit=platform/systemd/esim-agent.service
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

# Score times ten: 2.0 at most.
systemd-analyze security --offline=yes --threshold=20 "$unit" >"$directory/score" 2>&1 || {
    tail -1 "$directory/score"
    exit 1
}
tail -1 "$directory/score"

# Its program is installed elsewhere, and its manual not at all.
sed "s|/usr/bin/esim-agent|$1|" "$unit" >"$directory/esim-agent.service"
words=$(systemd-analyze verify --man=no "$directory/esim-agent.service" 2>&1) || {
    echo "$words"
    exit 1
}
[ -z "$words" ] || { echo "$words"; exit 1; }
