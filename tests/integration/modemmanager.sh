#!/bin/bash
# The real ModemManager, with the sandbox's modem as its /dev/ttyS0, on a bus of its own, in a mount
# namespace: it keeps its modem whatever happens to us. modemmanager.sh ESIM-AGENT ESIM-SANDBOX
if ! command -v ModemManager >/dev/null || [ ! -e /sys/class/tty/ttyS0 ]; then
    echo 'no ModemManager, or no serial port whose place its modem could take: skipped'
    exit 77
fi
if [ -z "${MODEMMANAGER_INSIDE:-}" ]; then
    unshare -m true 2>/dev/null || { echo 'no mount namespace of our own: skipped'; exit 77; }
    MODEMMANAGER_INSIDE=yes exec unshare -m "$0" "$@"
fi
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/integration/support.sh
. "$here/support.sh"

dbus-daemon --session --nofork --nopidfile --address="unix:path=$directory/bus" 2>bus.log &
pids+=($!)
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$directory/bus
wait_for test -S bus
/usr/bin/python3 -m dbusmock --system --template polkitd >polkit.log 2>&1 &
pids+=($!)
allow_unknown() {
    dbus-send --system --print-reply --dest=org.freedesktop.PolicyKit1 \
        /org/freedesktop/PolicyKit1/Authority org.freedesktop.DBus.Mock.AllowUnknown "boolean:$1" \
        >/dev/null
}
wait_for allow_unknown true

mount -t tmpfs none /run/lock # where another run beside this one has the same port
start_sandbox
mount --bind "$(readlink outside/modem)" /dev/ttyS0
cp -a /lib/udev/rules.d rules
printf '%s\n' 'ACTION!="add|change|move|bind", GOTO="mm_sandbox_end"' \
    'KERNEL=="ttyS0", ENV{ID_MM_DEVICE_PROCESS}="1"' \
    'KERNEL=="ttyS0", ENV{ID_MM_TTY_BAUDRATE}="115200"' \
    'KERNEL=="ttyS0", ENV{ID_MM_PLATFORM_DRIVER_PROBE}="1"' \
    'LABEL="mm_sandbox_end"' >rules/79-mm-sandbox.rules
mount --bind rules /lib/udev/rules.d
echo 'action=add,subsystem=tty,name=ttyS0,uid=sandbox' >events
ModemManager --no-auto-scan --test-no-udev --test-no-qrtr --test-no-suspend-resume \
    --filter-policy=STRICT --initial-kernel-events="$directory/events" --debug 2>manager.log &
pids+=($!)
has_modem() { mmcli -L | grep -q Modem/; }
is_inhibited() { ! has_modem; }
# run STATUS WORDS COMMAND...: the command ends with that status and says those words.
run() {
    local status=$1 words=$2 got
    shift 2
    "$agent" --config outside/device.xml "$@" >out.log 2>&1
    got=$?
    [ "$got" = "$status" ] || fail "'$*' ended with $got"
    grep -qF -- "$words" out.log || fail "'$*' does not say: $words"
}
has_report() { curl -sS "$admin/reports" | grep -qF "\"$1\""; }
admin=$(jq -r .admin ready.json)
wait_for has_modem

# It lets go while a command runs, and again for the next, which finds it probing the modem.
sed -i 's|<modem[^>]*/>|<modem channel="at" device="/dev/ttyS0" control="modemmanager"/>|' \
    outside/device.xml
run 0 89049032123451234512345678901230 euicc eid
run 0 'No profiles' profile list
wait_for has_modem
run 0 "at, /dev/ttyS0, ModemManager's" doctor
wait_for has_modem

# Killed in the middle: the modem is ModemManager's again, and the card is ours.
curl -sS -X POST "$admin/card/delay/50"
"$agent" --config outside/device.xml install --uid "$uid" --yes >killed.log 2>&1 &
killed=$!
wait_for is_inhibited
kill_hard "$killed"
curl -sS -X POST "$admin/card/delay/0"
wait_for has_modem

# Without the right to it nothing is touched, and the way out is said.
allow_unknown false
run 6 'ModemManager does not let this user control the modem' euicc eid
grep -q 'polkit rule' out.log || fail 'no way out is said'
allow_unknown true

# The daemon: from an empty card to the network, as ModemManager sees it.
cp outside/device.xml outside/reporting.xml
start_agent
for stage in fetched downloading installed enabled registered notified; do
    wait_for has_report "$stage"
done
# It rests when the modem is back on the network, with that profile.
is_at_rest() { grep -q 'info: installed and enabled' agent.log; }
wait_for is_at_rest
mmcli -i any | grep -q 89999010000000042007 || fail 'ModemManager has another profile'
mmcli -m any | grep -q 'Sandbox Mobile' || fail 'ModemManager has another network'
[ "$(curl -sS "$admin/reports" | grep -oF '"registered"' | wc -l)" = 1 ] ||
    fail 'registered is reported more than once'

# It connects data on our word, with that APN, and the daemon sees whether it leads anywhere: the
# loopback interface stands for the modem's.
kill_hard "$daemon"
wait_for has_modem
sed -i 's|control="modemmanager"/>|control="modemmanager" interface="lo"/><data online="connect" apn="travel.example"/>|' \
    outside/reporting.xml
start_agent
wait_for has_report online
mmcli -m any -K >shown.txt
grep -q '^modem.generic.state *: connected$' shown.txt || fail 'ModemManager has connected nothing'
bearer=$(sed -n 's/^modem.generic.bearers.value.1. *: //p' shown.txt)
mmcli -b "$bearer" -K | grep -q 'properties.apn *: travel.example$' || fail 'ModemManager connected by another APN'
echo 'ModemManager: all passed'
