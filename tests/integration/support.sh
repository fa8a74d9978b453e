#!/bin/bash
# What the tests of the programs against other people's servers share; they source it with their
# own arguments: ESIM-AGENT ESIM-SANDBOX.
set -u
agent=$1
sandbox=$2
directory=$(mktemp -d)
pids=()
finish() {
    kill -9 "${pids[@]}" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$directory"
}
trap finish EXIT
fail() {
    echo "FAILED: $*" >&2
    cat "$directory"/*.log >&2
    exit 1
}
# [patience=TENTHS] wait_for COMMAND...: until it succeeds, for thirty seconds at most.
wait_for() {
    for _ in $(seq "${patience:-300}"); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    fail "$* never succeeded"
}
# start_sandbox: in $directory/outside; sets uid, the plain customer's.
start_sandbox() {
    "$sandbox" --state "$directory/outside" >"$directory/ready.json" 2>"$directory/sandbox.log" &
    pids+=($!)
    wait_for test -s "$directory/ready.json"
    uid=$(jq -r .customers.plain "$directory/ready.json")
}
# configure ELEMENTS: as a device that reports there; outside/reporting.xml.
configure() {
    sed "s|<report>.*</report>|<report>$1</report>|" "$directory/outside/device.xml" \
        >"$directory/outside/reporting.xml"
}
# start_agent: sets daemon.
start_agent() {
    ESIM_AGENT_CUSTOMER_UID=$uid "$agent" --config "$directory/outside/reporting.xml" \
        --log-level "${log_level:-info}" run 2>>"$directory/agent.log" &
    daemon=$!
    pids+=("$daemon")
}
# kill_hard PID...: as a power cut does; they are gone afterwards, and so is what they held.
kill_hard() {
    kill -9 "$@"
    wait "$@" 2>/dev/null
}
cd "$directory" || exit 1
