#!/bin/sh
# The main job, on the sandbox: from a customer UID to a QR on this terminal, and to a profile on
# the eUICC behind a modem, over verified TLS. Or, with --kiosk, to a page that shows the QR until a
# phone has installed it. Installs what is missing and builds first. --keep leaves all running.
set -eu
cd "$(dirname "$0")/.."
keep=
kiosk=
for word in "$@"; do
    case "$word" in
    --keep) keep=yes ;;
    --kiosk) kiosk=yes ;;
    *) echo "usage: tests/demo.sh [--kiosk] [--keep]" >&2; exit 2 ;;
    esac
done

tests/install.sh demo
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release --target esim-agent esim-sandbox

state=build/demo
mkdir -p "$state"
# One that --keep left running would share the directory with the new one.
# shellcheck disable=SC2046  # two numbers
if [ -s "$state/pid" ]; then kill $(cat "$state/pid") 2>/dev/null || true; fi
rm -f "$state/ready.json"
rm -f "$state/card.json" "$state/orders.json" "$state/gigastore.json"
build/release/tests/esim-sandbox --state "$state" --apdu-delay 10 >"$state/ready.json" &
sandbox=$!
echo "$sandbox" >"$state/pid"
daemon=
# shellcheck disable=SC2086  # the daemon is not always there
if [ -z "$keep" ]; then trap 'kill $daemon $sandbox' EXIT; fi
while ! [ -s "$state/ready.json" ]; do
    kill -0 "$sandbox" || { echo "The sandbox did not start." >&2; exit 1; }
    sleep 0.1
done

uid=$(sed 's/.*"plain":"\([^"]*\)".*/\1/' "$state/ready.json")
agent="build/release/esim-agent --config $state/agent.xml"

# The kiosk: the till opens a session, the screen shows it, a phone scans what is on it.
show_kiosk() {
    (umask 077; echo "open sesame" >"$state/wifi-password")
    ESIM_AGENT_KIOSK_LISTEN=127.0.0.1:8080 ESIM_AGENT_KIOSK_WIFI_SSID="Airport guests" \
        ESIM_AGENT_KIOSK_WIFI_PASSWORD_FILE="$PWD/$state/wifi-password" \
        ESIM_AGENT_LINK_LISTEN=127.0.0.1:8081 ESIM_AGENT_LINK_URL=https://esim.example $agent run 2>"$state/daemon.log" &
    daemon=$!
    echo "$daemon $sandbox" >"$state/pid"
    while ! grep -q ' running$' "$state/daemon.log"; do
        kill -0 "$daemon" || { cat "$state/daemon.log"; exit 1; }
        sleep 0.1
    done
    page=http://127.0.0.1:8080/
    state_of_page() { curl -s "$page" | sed -n 's/.*data-state="\([a-z]*\)".*/\1/p'; }
    echo
    echo "The shop's till opens a session for the customer:"
    curl -s --unix-socket "$state/control.sock" http://localhost/v1/kiosk/sessions \
        -d "{\"customerUid\":\"$uid\"}" | tee "$state/session.json"
    echo
    echo "The kiosk's page first leads the phone to the Wi-Fi, and says: $(state_of_page)"
    curl -s -o "$state/online" -H "Origin: ${page%/}" -d '' "${page}online"
    echo "The kiosk's page is at $page and says: $(state_of_page)"
    curl -s "$page" | sed -n '/<svg xmlns/,/<\/svg>/p' | sed 's/.*<svg xmlns/<svg xmlns/' >"$state/page.svg"
    rsvg-convert -o "$state/page.png" "$state/page.svg"
    (umask 077; zbarimg --quiet --raw -Sdisable -Sqrcode.enable "$state/page.png" 2>/dev/null >"$state/scanned")
    echo "A person's phone scans it: $(sed 's/\$[^$]*$/$.../' "$state/scanned")"
    build/release/tests/esim-sandbox phone --state "$state" "$state/scanned"
    while [ "$(state_of_page)" != installed ]; do sleep 0.2; done
    echo "Now the page says: installed"
    link=$(sed 's/.*"link":"\([^"]*\)".*/\1/' "$state/session.json")
    own=$(curl -s "http://127.0.0.1:8081${link#https://esim.example}")
    echo "The customer's own page, $link, says: $(echo "$own" \
        | sed -n 's/.*data-state="\([a-z]*\)".*/\1/p'), $(echo "$own" \
        | sed -n 's/.*class="total"><bdi><data[^>]*>\([^<]*\)<.*/\1/p') left"
    if [ -n "$keep" ]; then
        echo "Sandbox and kiosk go on; 'kill $daemon $sandbox' ends them. The next session:"
        echo "  curl -X POST $(sed 's/.*"admin":"\([^"]*\)".*/\1/' "$state/ready.json")/esims/89999010000000042007/RELEASED"
        echo "  curl --unix-socket $PWD/$state/control.sock http://localhost/v1/kiosk/sessions -d '{\"customerUid\":\"$uid\"}'"
    fi
}
if [ -n "$kiosk" ]; then show_kiosk; exit; fi

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
