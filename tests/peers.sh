#!/bin/bash
# The sandbox's modems, driven by clients that nobody here wrote: lpac, qmicli and mbimcli of Debian
# sid, over AT, QMI, MBIM and PC/SC. By hand, as root; not in the test command, since sid moves.
#   debootstrap --variant=minbase sid ROOT
#   chroot ROOT apt-get install --no-install-recommends lpac libqmi-utils libmbim-utils
# peers.sh ROOT [BUILD]
set -eu
root=$(realpath "$1")
build=$(realpath "${2:-build/release}")
# Abstract sockets are the network namespace's, so that ModemManager's own proxies are left alone.
[ -n "${PEERS_INSIDE:-}" ] || PEERS_INSIDE=yes exec unshare -mn "$0" "$@"
ip link set lo up
mount --rbind /dev "$root/dev"
mkdir -p /run/pcscd "$root/run/pcscd"
mount -t tmpfs none /run/pcscd
mount --bind /run/pcscd "$root/run/pcscd"
inside=$root/tmp/peers
pids=
reader=
# shellcheck disable=SC2086  # the ids are to be split
trap 'kill $pids $reader 2>/dev/null || true; rm -rf "$inside"' EXIT

# begin MODEM OPTION...: a sandbox with that modem; lpac trusts its issuer.
begin() {
    # shellcheck disable=SC2086
    kill $pids 2>/dev/null || true
    # shellcheck disable=SC2086
    wait $pids || true
    rm -rf "$inside"
    mkdir -p "$inside"
    "$build/tests/esim-sandbox" --state "$inside" --modem "$@" >"$inside/ready.json" &
    pids=$!
    while ! [ -s "$inside/ready.json" ]; do sleep 0.1; done
    cat "$inside/ci.pem" "$inside/ca.pem" >"$root/etc/ssl/certs/ca-certificates.crt"
    code=$("$build/esim-agent" --config "$inside/agent.xml" qr --format ascii --reveal \
        2>/dev/null --uid "$(jq -r .customers.plain "$inside/ready.json")" | grep -o 'LPA:1[^ ]*')
}
# lpac ARGUMENT...: as it is set up by the environment; shows its last line.
lpac() { timeout 120 chroot "$root" lpac "$@" 2>"$inside/errors" | tail -1; }
# whole NAME: a download, and the profile on the card, by lpac.
whole() {
    lpac profile download -a "$code" | grep -q '"code":0' || { cat "$inside/errors"; echo "$1: FAILED"; exit 1; }
    lpac profile list | grep -q 89999010000000042007 || { echo "$1: not on the card"; exit 1; }
    echo "$1: lpac downloads"
}

begin qmi
for arguments in --uim-get-slot-status \
    --uim-open-logical-channel=1,A0000005591010FFFFFFFF8900000100 \
    --uim-send-apdu=1,1,81E2910006BF3E035C015A --uim-close-logical-channel=1,1; do
    chroot "$root" qmicli -d /dev/null -p --device-open-qmi "$arguments" >"$inside/errors" 2>&1 ||
        { cat "$inside/errors"; exit 1; }
done
echo 'QMI: qmicli opens a channel, sends an APDU and closes it'
export LPAC_APDU=qmi LPAC_APDU_QMI_DEVICE=/dev/null LPAC_APDU_QMI_UIM_SLOT=1
whole QMI

begin mbim
export LPAC_APDU=mbim LPAC_APDU_MBIM_DEVICE=/dev/null LPAC_APDU_MBIM_USE_PROXY=1
whole MBIM

begin usual
ln -sf "$(readlink "$inside/modem")" "$inside/modem"
export LPAC_APDU=at LPAC_APDU_AT_DEVICE=/tmp/peers/modem
whole AT

pcscd --foreground >/dev/null 2>&1 &
reader=$!
sleep 1
begin usual --reader-port 35963
sleep 2  # until pcscd has seen the card
export LPAC_APDU=pcsc
whole PC/SC
