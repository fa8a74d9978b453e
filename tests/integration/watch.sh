#!/bin/bash
# What 'watch' and 'status' show on a real terminal of 80x24 (tmux), and what they send to it:
# watch.sh ESIM-AGENT ESIM-SANDBOX
set -eu
agent=$1
state=$(mktemp -d)
tmux() { command tmux -L "esim-agent-test.$$" "$@"; }
"$2" --state "$state" >"$state/ready.json" &
sandbox=$!
daemon=
finish() {
    tmux kill-server 2>/dev/null || true
    # shellcheck disable=SC2086  # the daemon is not always there
    kill $daemon $sandbox 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$state"
}
trap finish EXIT
# Waits until the screen has a line that fits; shows the screen if it never does.
until_shown() {
    for _ in $(seq 200); do
        tmux capture-pane -p -t view >"$state/screen"
        if grep -qE "$1" "$state/screen"; then return; fi
        sleep 0.05
    done
    echo "never shown: $1" >&2
    cat "$state/screen" >&2
    exit 1
}
while ! [ -s "$state/ready.json" ]; do sleep 0.05; done
uid=$(jq -r .customers.plain "$state/ready.json")
export ESIM_AGENT_MODEM_CHANNEL=socket ESIM_AGENT_MODEM_DEVICE="$state/card.sock" ESIM_AGENT_MODEM_CONTROL=none TZ=UTC
run() { "$agent" --config "$state/device.xml" "$@"; }

tmux new-session -d -x 80 -y 24 -s view "$agent --config $state/device.xml watch; echo ended with \$?; read -r _"
until_shown "No daemon runs"
ESIM_AGENT_CUSTOMER_UID=$uid "$agent" --config "$state/device.xml" run 2>"$state/log" &
daemon=$!
until_shown "^Now +installed and enabled$"
run profile disable 89999010000000042007 >/dev/null
until_shown "^Now .*by hand"
until_shown "report: disabled 89999010000000042007$"
# The whole screen is what 'status' says, and the reports.
run status | grep -v -E '^(Next look|Reports|Now)' >"$state/status"
grep -v -E '^(Next look|Reports|Now)' "$state/screen" >"$state/shown"
while IFS= read -r line; do
    grep -qxF -- "$line" "$state/shown" || { echo "not shown: $line" >&2; cat "$state/screen" >&2; exit 1; }
done <"$state/status"
[ "$(awk '{ if (length($0) > most) most = length($0) } END { print most }' "$state/screen")" -le 80 ]
# Another size: drawn anew, and cut.
tmux resize-window -t view -x 40 -y 10
kill -HUP "$daemon"
until_shown "^           was disabled or deleted by$"
kill "$daemon"; wait "$daemon" || true
daemon=
until_shown "The daemon is gone|No daemon runs"
tmux send-keys -t view C-c
until_shown "^ended with 130$"

# Elsewhere than on a terminal: plain lines, without any control sequence.
# first_line WORDS OPTION...: waits until 'watch' has written those words into a file, and ends it.
first_line() {
    words=$1
    shift
    "$agent" "$@" --config "$state/device.xml" watch >"$state/lines" 2>/dev/null &
    watcher=$!
    for _ in $(seq 200); do
        if grep -q "$words" "$state/lines"; then break; fi
        sleep 0.05
    done
    kill "$watcher"
    wait "$watcher" || true
    grep -q "$words" "$state/lines" || { echo "never written: $words" >&2; exit 1; }
}
first_line "No daemon runs"
if grep -q "$(printf '\033')" "$state/lines"; then echo "control sequences in a file" >&2; exit 1; fi
first_line '"running"' --json
[ "$(head -1 "$state/lines" | jq -r .running)" = false ]
echo "watch shows what status says"
