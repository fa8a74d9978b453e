#!/bin/bash
# Modems that speak QMI and MBIM behind their proxies, in namespaces of their own where the machine
# allows it (abstract sockets, and what /sys/class shows, are its own then): whole installations, processes that are
# killed, and Debian's qmicli and mbimcli for what these know. proxies.sh ESIM-AGENT ESIM-SANDBOX
if [ -z "${PROXIES_INSIDE:-}" ] && unshare -nm true 2>/dev/null; then
    PROXIES_INSIDE=alone exec unshare -nm "$0" "$@"
fi
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/integration/support.sh
. "$here/support.sh"
[ "${PROXIES_INSIDE:-}" != alone ] || ip link set lo up

# begin MODEM: a sandbox with that modem, and nothing left of the one before.
begin() {
    [ -z "${outside:-}" ] || { kill "$outside" && wait "$outside" 2>/dev/null; }
    # The shell opens ready.json in the background: what the one before wrote must not answer for it.
    rm -rf outside ready.json
    "$sandbox" --state "$directory/outside" --modem "$1" >ready.json 2>>sandbox.log &
    outside=$!
    pids+=("$outside")
    wait_for grep -q admin ready.json
    admin=$(jq -r .admin ready.json)
    uid=$(jq -r .customers.plain ready.json)
    device=$directory/outside/modem
}
clients() { curl -sS "$admin/counts" | jq -r .qmiClients; }
# run STATUS WORDS COMMAND...: the command ends with that status and says those words; where no proxy
# is, if run_alone is set.
run() {
    local status=$1 words=$2 got
    shift 2
    ${run_alone:+unshare -n} "$agent" --config "$directory/outside/device.xml" "$@" >out.log 2>&1
    got=$?
    [ "$got" = "$status" ] || fail "'$*' ended with $got"
    grep -qF -- "$words" out.log || fail "'$*' does not say: $words"
}
has_report() { curl -sS "$admin/reports" | grep -qF "\"$1\""; }

for modem in qmi mbim mbim-extended; do
    begin "$modem"
    run 0 89049032123451234512345678901230 euicc eid
    run 0 'is installed and enabled' install --uid "$uid" --yes
    run 0 'No notifications' notification list
    run 0 'is disabled' profile disable 89999010000000042007
    run 0 'is deleted' profile delete 89999010000000042007 --yes
    run 0 "$device, by ${modem%-extended}-proxy" doctor
    [ "$(clients)" = 0 ] || fail "$(clients) client ids are left"
done

# The daemon: installed, enabled, on the network, told.
for modem in qmi mbim; do
    begin "$modem"
    cp outside/device.xml outside/reporting.xml
    start_agent
    for stage in fetched downloading installed enabled registered notified; do
        wait_for has_report "$stage"
    done
    kill "$daemon"
    wait "$daemon" 2>/dev/null
done

# A modem that no configuration names: as the kernel shows a USB modem with one control port.
show_modem() {
    local usb=$directory/usb/1-1
    mkdir -p "$usb/1-1:1.4" "$directory/class/usbmisc/cdc-wdm0"
    echo 2c7c >"$usb/idVendor"
    echo 0125 >"$usb/idProduct"
    echo 'Sandbox modem' >"$usb/product"
    ln -sfn "/sys/bus/usb/drivers/$1" "$usb/1-1:1.4/driver"
    ln -sfn "$usb/1-1:1.4" "$directory/class/usbmisc/cdc-wdm0/device"
    mount --bind "$directory/class" /sys/class
}
if [ "${PROXIES_INSIDE:-}" = alone ]; then
    for modem in qmi mbim; do
        begin "$modem"
        if [ "$modem" = qmi ]; then show_modem qmi_wwan; else show_modem cdc_mbim; fi
        sed -i '/<modem/d' outside/device.xml
        run 2 'no modem or card reader is configured' euicc eid
        run 0 "<modem channel=\"$modem\" device=\"/dev/cdc-wdm0\" control=\"$modem\"/>" doctor
        run 0 "$modem, /dev/cdc-wdm0 (Sandbox modem, USB 2c7c:0125), found by looking" doctor
        sed 's|<report>|<modem/><report>|' outside/device.xml >outside/reporting.xml
        start_agent
        for stage in installed enabled registered notified; do wait_for has_report "$stage"; done
        kill "$daemon"
        wait "$daemon" 2>/dev/null
        umount /sys/class
    done
    begin usual
    sed -i 's|<modem.*/>|<modem/>|' outside/device.xml
    run 6 'tried pcsc: ' euicc eid
fi

# A modem has ten client ids, and keeps those of processes that were killed.
begin qmi
curl -sS -X POST "$admin/card/delay/20"
for after in $(seq 12); do
    curl -sS -d "power-cut+$after*1@/card" "$admin/faults"
    "$agent" --config outside/device.xml profile list >>killed.log 2>&1
    curl -sS -X DELETE "$admin/faults"
    [ "$(clients)" -le 1 ] || fail "$(clients) client ids are left after $after kills"
done
run 0 'No profiles' profile list
[ "$(clients)" = 0 ] || fail 'a client id is left'

# A card that is taken out in the middle, and a modem that falls silent.
curl -sS -X POST "$admin/card/delay/0"
begin mbim
curl -sS -d 'removed+12*1@/card' "$admin/faults"
run 6 'the modem refuses (sending an APDU' install --uid "$uid" --yes
run 0 'is installed and enabled' install --uid "$uid" --yes

# Without a proxy: the port itself, unless somebody has it open.
begin usual
sed -i 's/channel="at"/channel="qmi"/' outside/device.xml
run 6 'is held by esim-sandbox' euicc eid

# The same modems as a port of their own: a pseudo-terminal for the node, and no proxy in sight.
if [ "${PROXIES_INSIDE:-}" = alone ]; then
    for modem in qmi mbim; do
        begin "$modem"
        "$here/port.py" "$modem-proxy" "$directory/port" &
        pids+=($!)
        wait_for test -e port
        ESIM_AGENT_MODEM_DEVICE=$directory/port run_alone=yes \
            run 0 89049032123451234512345678901230 euicc eid
        rm port
    done
fi

if command -v qmicli >/dev/null && command -v mbimcli >/dev/null; then
    begin qmi
    qmicli -d /dev/null -p --device-open-qmi --uim-get-slot-status >peer.log 2>&1 ||
        fail 'qmicli does not understand the modem'
    grep -q 'Card status: present' peer.log || fail 'qmicli sees no card'
    begin mbim
    mbimcli -d /dev/null -p --ms-set-uicc-open-channel=application-id=A0000005591010FFFFFFFF8900000100,selectp2arg=0,channel-group=1 \
        >peer.log 2>&1 || fail 'mbimcli does not understand the modem'
fi
echo 'QMI and MBIM: all passed'
