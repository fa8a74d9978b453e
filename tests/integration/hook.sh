#!/bin/bash
# An installer of the integrator's (esim-agent-hook(7)): commands and the daemon go through it. What
# it drives is a modem's own LPA; here that is another esim-agent with the sandbox's card.
# hook.sh ESIM-AGENT ESIM-SANDBOX
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/integration/support.sh
. "$here/support.sh"

start_sandbox
cat >modem-lpa <<EOF
#!/bin/bash
read -r order
lpa() { "$agent" --config "$directory/outside/modem-lpa.xml" --json "\$@"; }
# The last line of what it prints is the result; its errors say why.
answer() {
    jq -c '. + {result: "ok"}' && return
    echo '{"result": "failed", "error": "card_problem"}'
}
fail() { jq -c '{result: "failed", error: .error.name, detail: .error.message}' out 2>/dev/null ||
    echo '{"result": "failed"}'; exit 1; }
cd "$directory/scratch" || exit 1
echo "\$1 \$(jq -c 'has("activationCode")' <<<"\$order")" >>../verbs
tr '\0' '\n' </proc/\$\$/environ >../environment
case \$1 in
list)
    lpa euicc eid >out || fail
    jq -c --slurpfile eid out '. + {result: "ok"} + \$eid[0]' < <(lpa profile list)
    ;;
install)
    echo 'asking the modem for LPA:1\$smdp.example\$SECRET-MATCHING-ID' >&2
    echo '{"step": "fetching"}'
    [ -e ../hang ] && sleep 600
    [ -e ../die ] && exit 3
    jq -r .activationCode <<<"\$order" | lpa install --code-file - --yes --no-enable >out || fail
    echo '{"step": "loading", "percent": 90}'
    jq -c '. + {result: "ok"}' out
    ;;
enable | disable | delete)
    yes=(); [ "\$1" = delete ] && yes=(--yes)
    lpa profile "\$1" "\${yes[@]}" "\$(jq -r .iccid <<<"\$order")" >out || fail
    echo '{"result": "ok"}'
    ;;
*) exit 64 ;;
esac
EOF
chmod 700 modem-lpa
mkdir scratch
sed 's|<report>.*</report>||; s|socket="[^"]*"|socket="none.sock"|
    s|directory="agent-state"|directory="lpa-state"|' outside/device.xml >outside/modem-lpa.xml
# with_hook ATTRIBUTES: the device whose modem has that LPA.
with_hook() {
    sed "s|channel=\"at\" device=\"[^\"]*\"|installer=\"hook\" installer-program=\"$directory/modem-lpa\" $1|" \
        outside/device.xml >outside/reporting.xml
}
esim() { ESIM_AGENT_CUSTOMER_UID=$uid "$agent" --config outside/reporting.xml "$@"; }
# refuses STATUS WORDS COMMAND...: it ends so, and says so.
refuses() {
    local status=$1 words=$2
    shift 2
    "$@" >said 2>&1
    [ $? = "$status" ] || fail "$* did not end with $status: $(cat said)"
    grep -q -- "$words" said || fail "$* does not say '$words': $(cat said)"
}
with_hook ''

# Commands.
esim euicc eid >said || fail 'no EID'
[ "$(esim profile list --json | jq '.profiles | length')" = 0 ] || fail 'profiles on a new card'
esim doctor >said 2>&1
grep -q "by $directory/modem-lpa" said || fail "doctor does not name the installer: $(cat said)"

# It dies, and it hangs: the card is looked at; what it started is gone with it.
touch die
refuses 5 'exit status 3' esim install --yes
rm die
touch hang
with_hook 'installer-limit="1"'
refuses 5 'ended after 1 s' esim install --yes
pgrep -f "$directory/modem-lpa" && fail 'it runs on'

# Killed in the middle: the next run waits for the one that goes on, and says so.
with_hook ''
rm verbs
ESIM_AGENT_CUSTOMER_UID=$uid "$agent" --config outside/reporting.xml install --yes 2>/dev/null &
ours=$!
pids+=("$ours")
wait_for grep -q 'install true' verbs
left=$(pgrep -P "$ours")
kill_hard "$ours"
refuses 6 'which has ended, had started' esim profile list
kill -9 -- -"$left"
wait_for esim profile list
rm hang

# The daemon, to the end.
start_agent
notified() { jq -e '.stage == "notified"' < <(esim status --json 2>/dev/null); }
wait_for notified
[ "$(esim profile list --json | jq -r '.profiles[0].state')" = enabled ] || fail 'not enabled'
grep -q 'SECRET-MATCHING-ID' agent.log && fail 'the log holds a code'
grep -q 'installer: asking the modem' agent.log || fail 'what it says is not logged'
kill "$daemon"
wait "$daemon"

# Again: it is there, and the installer is not asked.
rm verbs
esim install --yes >said 2>&1 || fail "again: $(cat said)"
grep -q 'already installed' said || fail "again: $(cat said)"
grep -q '^install' verbs && fail 'asked again'
iccid=$(esim profile list --json | jq -r '.profiles[0].iccid')
esim profile disable "$iccid" >/dev/null || fail 'disable'
esim profile delete --yes "$iccid" >/dev/null || fail 'delete'
refuses 2 'the EID and the profiles alone' esim euicc info
grep -q ESIM_AGENT environment && fail 'it inherits our environment'
echo 'an installer of the integrator: all passed'
