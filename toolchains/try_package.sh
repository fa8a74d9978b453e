#!/bin/bash
# Tries the Debian package as a stranger would, in a fresh Debian of its own (root only):
# try_package.sh ROOT PACKAGE. ROOT does not exist yet; the sandbox of build/release plays the outside.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$1
package=$2
sandbox=build/release/tests/esim-sandbox
[ "$(id -u)" = 0 ] || { echo 'try_package.sh makes a Debian in a directory: run it as root' >&2; exit 2; }
[ -x "$sandbox" ] || { echo "there is no $sandbox: run tests/demo.sh first" >&2; exit 2; }
[ ! -e "$root" ] || { echo "$root is there already: name a new directory" >&2; exit 2; }
pids=()
# shellcheck disable=SC2317  # called by the trap
finish() {
    kill -9 "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    umount "$root/proc" 2>/dev/null || true
}
trap finish EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
inside() { chroot "$root" "$@"; }
# As systemd starts the service: its user, with no right of root's.
service=(chroot "$root" setpriv --reuid esim-agent --regid esim-agent --init-groups --no-new-privs)
apt() { inside env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$@" >>"$root/apt.log" 2>&1; }
wait_for() {
    for _ in $(seq 300); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    cat "$root/agent.log" >&2
    fail "$* never succeeded"
}
leftovers() {
    find "$root" -xdev -name '*esim-agent*' -not -path "$root/var/log/*" -not -path "$root/var/cache/*" \
        -not -path "$root/package/*" | sed "s|^$root||" | sort
}

echo '== a fresh Debian'
debootstrap --variant=minbase bookworm "$root" >/dev/null
mount --bind /proc "$root/proc"  # systemd-tmpfiles does nothing without
cp /etc/resolv.conf "$root/etc/"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
mkdir "$root/package"
cp "$package" "$root/package/"
name=/package/$(basename "$package")

echo '== installed'
apt update
apt install "$name"
inside esim-agent --version
[ "$(inside stat -c '%a %U %G' /etc/esim-agent)" = '750 root esim-agent' ] || fail '/etc/esim-agent is open'
[ "$(inside stat -c '%a %U' /var/lib/esim-agent)" = '700 esim-agent' ] || fail 'the state is open'
inside systemctl is-enabled esim-agent >/dev/null && fail 'it is enabled before it is configured'
"${service[@]}" cat /etc/esim-agent/agent.xml >/dev/null || fail 'the daemon cannot read its configuration'

echo '== configured, with secrets of mode 0600, and run as the service'
install -d "$root/srv"
"$sandbox" --state "$root/srv/outside" >"$root/ready.json" 2>"$root/sandbox.log" &
pids+=($!)
wait_for test -s "$root/ready.json"
admin=$(jq -r .admin "$root/ready.json")
uid=$(jq -r .customers.plain "$root/ready.json")
port=$(jq -r .gigastore "$root/ready.json" | grep -o '[0-9]*$')
for secret in device-token webhook-secret; do
    inside install -m 600 -o esim-agent "/srv/outside/$secret" "/etc/esim-agent/$secret"
done
inside install -m 644 /srv/outside/ca.pem /srv/outside/ci.pem /etc/esim-agent
inside chown esim-agent /srv/outside /srv/outside/card.sock
cat >"$root/etc/esim-agent/agent.xml" <<XML
<esim-agent>
  <gigastore url="https://localhost:$port" bearer-file="device-token" ca-file="ca.pem"/>
  <customer uid="$uid"/>
  <modem channel="socket" device="/srv/outside/card.sock"/>
  <lpa ca-file="ci.pem"/>
  <report><webhook url="https://localhost:$port/sink" secret-file="webhook-secret" ca-file="ca.pem"/></report>
</esim-agent>
XML
inside esim-agent doctor >"$root/doctor.log" || { cat "$root/doctor.log" >&2; fail 'doctor finds an error'; }
inside install -d -o esim-agent /run/esim-agent
"${service[@]}" esim-agent run 2>"$root/agent.log" &
pids+=($!)
has_report() { curl -sS "$admin/reports" | grep -qF "\"$1\""; }
for stage in fetched downloading installed enabled notified; do wait_for has_report "$stage"; done
inside esim-agent status | grep -q 'installed and enabled' || fail 'status does not say so'

echo '== installed again: configuration and state stay'
before=$(md5sum "$root/etc/esim-agent/agent.xml" "$root/var/lib/esim-agent/provision.json")
apt install --reinstall "$name"
[ "$before" = "$(md5sum "$root/etc/esim-agent/agent.xml" "$root/var/lib/esim-agent/provision.json")" ] ||
    fail 'configuration or state is another'
kill "${pids[1]}"
wait "${pids[1]}" 2>/dev/null || fail 'the daemon does not end well'
rm -r "$root/run/esim-agent"  # as systemd does (RuntimeDirectory)

echo '== removed: secrets and state stay; purged: nothing does'
apt remove esim-agent
[ -e "$root/etc/esim-agent/device-token" ] || fail 'removing took the secrets'
apt purge esim-agent
[ -z "$(leftovers)" ] || { leftovers >&2; fail 'this is left'; }
! grep -q '^esim-agent:' "$root/etc/passwd" || fail 'its user is left'
echo 'The package: all passed'
