#!/bin/bash
# The daemon with random faults, for MINUTES: soak.sh [MINUTES [BUILD]]. At the end memory must be
# flat and no descriptor leaked, one profile on the card, and every report received once by its id.
set -u
cd "$(dirname "$0")/.." || exit 1
minutes=${1:-30}
build=$(realpath "${2:-build/release}")
directory=$(mktemp -d)
daemon=
sandbox=
finish() {
    kill -9 $daemon $sandbox 2>/dev/null
    wait 2>/dev/null
    rm -rf "$directory"
}
trap finish EXIT

"$build/tests/esim-sandbox" --state "$directory" >"$directory/ready.json" &
sandbox=$!
while ! [ -s "$directory/ready.json" ]; do sleep 0.1; done
admin=$(jq -r .admin "$directory/ready.json")
uid=$(jq -r .customers.plain "$directory/ready.json")
control=$directory/control.sock
export ESIM_AGENT_CUSTOMER_UID=$uid ESIM_AGENT_PROVISION_POLL=5 ESIM_AGENT_PROVISION_PENDING_POLL=1
"$build/esim-agent" --config "$directory/device.xml" --log-level warning run 2>"$directory/log" &
daemon=$!

faults=(slow drip cut empty html not-json 401-once 429 500 503 redirect drop drop-after '500@/sink'
    'drop@/sink' '503@/sink' 'slow@/sink' 'drop-after@/sink' mute cme-error removed 6f00 cat-busy
    '500@/es9plus' 'drop-after@/es9plus' not-registered denied)
profile=http://x/v1/profiles/89999010000000042007
ask() { curl -s -m 20 --unix-socket "$control" "$@" >/dev/null; }
memory() { awk '/^Private_Dirty/ { sum += $2 } END { print sum }' "/proc/$daemon/smaps_rollup"; }
descriptors() { find "/proc/$daemon/fd" -mindepth 1 2>/dev/null | wc -l; }

sleep 20
rounds=0
first_memory=
end=$((SECONDS + minutes * 60))
while [ $SECONDS -lt $end ]; do
    curl -s -d "${faults[RANDOM % ${#faults[@]}]}" "$admin/faults" >/dev/null
    case $((RANDOM % 8)) in
    0) ask -X POST "$profile/disable" ;;
    1 | 2) ask -X POST "$profile/enable" ;;
    3) kill -HUP $daemon ;;
    4) ask -X POST http://x/v1/install ;;
    5) ask -m 1 http://x/v1/events ;;
    6) ask -X POST http://x/v1/notifications/send ;;
    7) ask http://x/metrics ;;
    esac
    sleep $((RANDOM % 4))
    curl -s -X DELETE "$admin/faults" >/dev/null
    sleep $((RANDOM % 3))
    kill -0 $daemon || { echo "FAILED: the daemon ended"; tail -20 "$directory/log"; exit 1; }
    rounds=$((rounds + 1))
    # After the first minutes everything that is kept has been made once.
    if [ -z "$first_memory" ] && [ $SECONDS -gt $((end - minutes * 60 + minutes * 12)) ]; then
        first_memory=$(memory)
        first_descriptors=$(descriptors)
    fi
done
curl -s -X DELETE "$admin/faults" >/dev/null
ask -X POST http://x/v1/install
ask -X POST http://x/v1/reports/flush
for _ in $(seq 600); do
    state=$(curl -s --unix-socket "$control" http://x/v1/status)
    jq -e '.doing == "installed and enabled" and .reports.waiting == 0' <<<"$state" >/dev/null && break
    sleep 0.1
done
reports=$(curl -s "$admin/reports" | jq -c '{received, ids, rejected}')
profiles=$(jq -c '[.profiles[].enabled]' "$directory/card.json")
installations=$(jq -c '."K7QX9-2F4M1".installations' "$directory/orders.json")
echo "rounds $rounds; private memory $first_memory -> $(memory) kB;" \
    "descriptors $first_descriptors -> $(descriptors); profiles $profiles;" \
    "installations $installations; reports $reports; $(jq -c '[.doing, .reports.waiting]' <<<"$state")"
[ "$profiles $installations" = '[true] 1' ] || { echo 'FAILED: card or order'; exit 1; }
[ "$(descriptors)" -le $((first_descriptors + 4)) ] || { echo 'FAILED: descriptors leak'; exit 1; }
[ "$(memory)" -le $((first_memory + 400)) ] || { echo 'FAILED: memory grows'; exit 1; }
