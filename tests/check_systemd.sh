#!/bin/sh
# What is installed for systemd, as systemd itself reads it, without a running one:
# check_systemd.sh ESIM-AGENT BUILD-DIRECTORY
set -eu
agent=$1
build=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
DESTDIR=$directory cmake --install "$build" --prefix /usr >/dev/null
unit=$directory/usr/lib/systemd/system/esim-agent.service
fail() { echo "$*" >&2; exit 1; }

# Score times ten: 2.0 at most.
systemd-analyze security --offline=yes --threshold=20 "$unit" >"$directory/score" 2>&1 ||
    { tail -1 "$directory/score"; exit 1; }
tail -1 "$directory/score"

# The unit names the program where it is.
program=$(sed -n 's/^ExecStart=\([^ ]*\) .*/\1/p' "$unit")
[ -x "$directory$program" ] || fail "there is no $program"
# Its user comes from sysusers.d, and its manual is not installed here.
sed "s|$program|$agent|; s|^User=.*|User=root|; s|^Group=.*|Group=root|" "$unit" >"$directory/esim-agent.service"
words=$(systemd-analyze verify --man=no "$directory/esim-agent.service" 2>&1) || fail "$words"
[ -z "$words" ] || fail "$words"

# The user that the unit names, its directories, and who may look into them.
mkdir -p "$directory/etc" "$directory/var/lib"
grep '^root:' /etc/passwd >"$directory/etc/passwd"
grep -E '^(root|dialout):' /etc/group >"$directory/etc/group"
systemd-sysusers --root="$directory" "$directory/usr/lib/sysusers.d/esim-agent.conf" 2>"$directory/log" ||
    fail "$(cat "$directory/log")"
grep -q '^esim-agent:' "$directory/etc/passwd" || fail 'sysusers.d makes no user'
grep -q '^dialout:.*esim-agent' "$directory/etc/group" || fail 'the user is not in dialout'
if [ "$(id -u)" = 0 ]; then
    systemd-tmpfiles --root="$directory" --create "$directory/usr/lib/tmpfiles.d/esim-agent.conf"
    [ "$(stat -c %a "$directory/etc/esim-agent")" = 750 ] || fail '/etc/esim-agent has another mode'
    [ "$(stat -c %a "$directory/var/lib/esim-agent")" = 700 ] || fail 'the state can be seen'
fi
echo 'what is installed for systemd: all passed'
