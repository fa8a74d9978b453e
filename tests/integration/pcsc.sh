#!/bin/sh
# A whole installation over PC/SC: pcscd with its virtual reader (vsmartcard-vpcd), in namespaces of
# its own where the machine allows it, so that no other pcscd is in the way.
# pcsc.sh ESIM-AGENT ESIM-SANDBOX
set -eu
agent=$1
sandbox=$2
if [ -z "${PCSC_INSIDE:-}" ] && unshare -mn true 2>/dev/null; then
    PCSC_INSIDE=alone exec unshare -mn "$0" "$@"
fi
PCSC_INSIDE=${PCSC_INSIDE:-shared}
directory=$(mktemp -d)
if [ "$PCSC_INSIDE" = alone ]; then
    ip link set lo up
    mkdir -p /run/pcscd
    mount -t tmpfs none /run/pcscd
fi
pids=
# shellcheck disable=SC2086  # the ids are to be split
trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$directory"' EXIT

fail() {
    echo "FAILED: $*" >&2
    cat "$directory"/*.log >&2
    exit 1
}
# run STATUS WORDS COMMAND...: the command ends with that status and says those words.
run() {
    status=$1
    words=$2
    shift 2
    set +e
    "$agent" --config "$directory/agent.xml" "$@" >"$directory/out.log" 2>&1
    got=$?
    set -e
    [ "$got" = "$status" ] || fail "'$*' ended with $got"
    grep -qF -- "$words" "$directory/out.log" || fail "'$*' does not say: $words"
}
# wait_for COMMAND...: until it succeeds, for ten seconds at most.
wait_for() {
    for _ in $(seq 100); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    fail "$* never succeeded"
}

start_pcscd() {
    pcscd --foreground >>"$directory/pcscd.log" 2>&1 &
    pcscd_pid=$!
    pids="$pids $pcscd_pid"
}

export ESIM_AGENT_MODEM_CHANNEL=pcsc ESIM_AGENT_MODEM_DEVICE=
uid=7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0001
"$sandbox" --state "$directory" --reader-port 35963 >"$directory/ready.json" 2>"$directory/sandbox.log" &
sandbox_pid=$!
pids=$sandbox_pid
wait_for test -s "$directory/ready.json"
admin=$(sed 's/.*"admin":"\([^"]*\)".*/\1/' "$directory/ready.json")

if [ "$PCSC_INSIDE" = alone ] || ! pgrep -x pcscd >/dev/null; then
    [ "$PCSC_INSIDE" = shared ] || run 6 'pcscd is not running' euicc eid
    start_pcscd
fi
wait_for "$agent" --config "$directory/agent.xml" euicc eid

run 0 89049032123451234512345678901230 euicc eid
# Without a channel the reader is found, behind the modems that are not there.
sed 's|<modem.*/>||' "$directory/agent.xml" >"$directory/unnamed.xml"
env -u ESIM_AGENT_MODEM_CHANNEL "$agent" --config "$directory/unnamed.xml" doctor >"$directory/found.log" 2>&1 || true
grep -qF '<modem channel="pcsc"/>' "$directory/found.log" || fail 'doctor finds no reader'
run 0 'is installed and enabled' install --uid "$uid" --yes
run 0 'is already installed and enabled' install --uid "$uid" --yes
run 0 'No notifications' notification list
run 0 INSTALLED customer show "$uid"
run 0 'is disabled' profile disable 89999010000000042007
run 0 'is deleted' profile delete 89999010000000042007 --yes

# A reader that is named, and one that is not there.
ESIM_AGENT_MODEM_DEVICE='Virtual PCD 00 00' run 0 'No profiles' profile list
ESIM_AGENT_MODEM_DEVICE='Another' run 6 "no reader 'Another' with a card in it" profile list

# The card is taken out in the middle, and put back.
curl -sS -d 'removed+20*1' "$admin/faults"
run 6 'the card was removed or reset' install --uid "$uid" --yes
# pcscd looks for cards now and then only: until it has seen this one go, it mixes old and new.
card_is_out() {
    "$agent" --config "$directory/agent.xml" euicc eid 2>&1 | grep -qF 'no reader with a card'
}
wait_for card_is_out
# Its virtual reader does not always take a card again that was torn out in the middle.
if [ -n "${pcscd_pid:-}" ]; then
    kill "$pcscd_pid"
    wait "$pcscd_pid" || true
    rm -f /run/pcscd/pcscd.pid
    start_pcscd
fi
curl -sS -X POST "$admin/card/insert"
wait_for "$agent" --config "$directory/agent.xml" euicc eid
run 0 'is installed and enabled' install --uid "$uid" --yes

# Somebody else has the reader.
curl -sS -X POST "$admin/card/delay/200"
"$agent" --config "$directory/agent.xml" euicc info >/dev/null 2>&1 &
other=$!
wait_for sh -c "grep -q '^ *$other\$' /run/lock/LCK..pcsc-*"
run 6 "is held by esim-agent (process $other)" euicc eid
wait "$other" || true
kill "$sandbox_pid"
echo "PC/SC: all passed"
