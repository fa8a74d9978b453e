#!/bin/sh
# The main job, on the sandbox: from a customer UID to a QR on this terminal, and to a profile on
# the eUICC behind a modem, over verified TLS. Installs what is missing and builds first. --keep
# leaves the sandbox running.
set -eu
cd "$(dirname "$0")/.."
keep=
case "${1:-}" in
--keep) keep=yes ;;
'') ;;
*) echo "usage: tests/demo.sh [--keep]" >&2; exit 2 ;;
esac

tests/install.sh demo
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release --target esim-agent esim-sandbox

state=build/demo
mkdir -p "$state"
# One that --keep left running would share the directory with the new one.
if [ -s "$state/pid" ]; then kill "$(cat "$state/pid")" 2>/dev/null || true; fi
rm -f "$state/ready.json"
rm -f "$state/card.json" "$state/orders.json" "$state/gigastore.json"
build/release/tests/esim-sandbox --state "$state" --apdu-delay 10 >"$state/ready.json" &
sandbox=$!
echo "$sandbox" >"$state/pid"
if [ -z "$keep" ]; then trap 'kill $sandbox' EXIT; fi
while ! [ -s "$state/ready.json" ]; do
    kill -0 "$sandbox" || { echo "The sandbox did not start." >&2; exit 1; }
    sleep 0.1
done

uid=$(sed 's/.*"plain":"\([^"]*\)".*/\1/' "$state/ready.json")
agent="build/release/esim-agent --config $state/agent.xml"

echo
echo "The customer, as Gigastore's support console shows it:"
echo "\$ $agent customer show $uid"
$agent customer show "$uid"

echo
echo "And the QR that installs the eSIM on a phone:"
echo "\$ $agent qr --uid $uid"
$agent qr --uid "$uid"

$agent qr --uid "$uid" --output "$state/code.png" 2>/dev/null
printf '%s' 'A scanner (zbar) reads in it: '
zbarimg --quiet --raw -Sdisable -Sqrcode.enable "$state/code.png" 2>/dev/null | sed 's/\$[^$]*$/$.../'

echo
echo "Or the device installs it itself, on the eUICC behind its modem:"
echo "\$ $agent install --uid $uid --yes"
$agent install --uid "$uid" --yes
echo
echo "What is on the card now, and what Gigastore shows of it:"
echo "\$ $agent profile list"
$agent profile list
$agent customer show "$uid" | grep -A 1 -E '^(ICCID|8999)'
if [ -n "$keep" ]; then
    echo "The sandbox goes on as process $sandbox; 'kill $sandbox' ends it. To try it:"
    echo "  alias esim-agent=\"$PWD/build/release/esim-agent --config $PWD/$state/agent.xml\""
fi
