#!/bin/bash
# The daemon's figures, beside ModemManager, which an integrator has running anyway, if it is
# installed. daemon.sh [BUILD]
set -eu
cd "$(dirname "$0")/../.."
build=$(realpath "${1:-build/release}")
directory=$(mktemp -d)
pids=()
trap 'kill -9 "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null; rm -rf "$directory"' EXIT
now() { date +%s%N; }
since() { echo $((($(now) - $1) / 1000000)); }
# wait_for WORDS: until the log has them.
wait_for() { until grep -qF -- "$1" "$directory/log" 2>/dev/null; do :; done; }

"$build/tests/esim-sandbox" --state "$directory" >"$directory/ready.json" &
pids+=($!)
until [ -s "$directory/ready.json" ]; do :; done
admin=$(jq -r .admin "$directory/ready.json")
ESIM_AGENT_CUSTOMER_UID=$(jq -r .customers.plain "$directory/ready.json")
export ESIM_AGENT_CUSTOMER_UID
start() {
    : >"$directory/log"
    begun=$(now)
    "$build/esim-agent" --config "$directory/device.xml" run 2>"$directory/log" &
    daemon=$!
    pids+=("$daemon")
}
stop() {
    kill "$daemon"
    wait "$daemon" || true
}
figure() { printf '%-46s %s\n' "$1" "$2"; }

strip -o "$directory/stripped" "$build/esim-agent"
figure 'stripped size, kB' "$(($(stat -c %s "$directory/stripped") / 1000))"
start
wait_for running
figure 'start to READY, ms' "$(since "$begun")"
wait_for '(notified) was accepted'
figure 'empty card to everything reported, ms' "$(since "$begun")"
stop
start
wait_for 'installed and enabled'
figure "start to 'nothing to do', ms" "$(since "$begun")"
sleep 5
memory() { awk -v what="$1" '$1 == what":" { print $2 }' "/proc/$daemon/smaps_rollup"; }
switches() { awk '/ctxt_switches/ { sum += $2 } END { print sum }' "/proc/$daemon/status"; }
ticks() { awk '{ print $14 + $15 }' "/proc/$daemon/stat"; }
figure 'idle RSS, kB' "$(memory Rss)"
figure 'idle PSS, kB' "$(memory Pss)"
figure 'idle private (dirty), kB' "$(memory Private_Dirty)"
before_switches=$(switches)
before_ticks=$(ticks)
sleep 60
figure 'wake-ups in 60 s' "$(($(switches) - before_switches))"
figure 'CPU in 60 s, ms' "$((($(ticks) - before_ticks) * 1000 / $(getconf CLK_TCK)))"
stop

# A long outage of the sink, then its end: 200 reports.
curl -s -d 'drop@/sink' "$admin/faults"
start
wait_for 'installed and enabled'
profile=http://x/v1/profiles/89999010000000042007
for _ in $(seq 25); do
    curl -s --unix-socket "$directory/control.sock" -X POST "$profile/disable" >/dev/null
    curl -s --unix-socket "$directory/control.sock" -X POST "$profile/enable" >/dev/null
done
stop
waiting=$(find "$directory/agent-state/outbox" -name '*.json' | wc -l)
curl -s -X DELETE "$admin/faults"
start
wait_for running
begun=$(now)
until [ "$(grep -c 'was accepted' "$directory/log")" -ge "$waiting" ]; do :; done
figure "outbox drain, reports a second (of $waiting)" "$((waiting * 1000 / ($(since "$begun") + 1)))"
stop
if command -v ModemManager >/dev/null; then
    figure 'ModemManager, stripped size, kB' "$(($(stat -c %s "$(command -v ModemManager)") / 1000))"
fi
