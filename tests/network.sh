#!/bin/bash
# The daemon on bad networks: in a network and mount namespace of its own (root only), with name
# servers, forwarders and filters that do as they are told. network.sh [BUILD]
set -u
cd "$(dirname "$0")/.." || exit 1
if [ -z "${NETWORK_INSIDE:-}" ]; then
    NETWORK_INSIDE=yes exec unshare -mn "$0" "$@"
fi
build=$(realpath "${1:-build/release}")
ip link set lo up
directory=$(mktemp -d)
pids=()
failed=0
# shellcheck disable=SC2317  # called by the trap
finish() {
    kill -9 "${pids[@]}" 2>/dev/null
    wait 2>/dev/null
    cd /
    umount /etc/hosts /etc/resolv.conf 2>/dev/null
    rm -rf "$directory" 2>/dev/null  # what is mounted goes with the namespace
}
trap finish EXIT
hosts() {
    printf '%s\n' "$@" >"$directory/hosts"
    mount --bind "$directory/hosts" /etc/hosts
}
hosts '127.0.0.1 localhost'
"$build/tests/esim-sandbox" --state "$directory/outside" >"$directory/ready.json" &
pids+=($!)
while ! [ -s "$directory/ready.json" ]; do sleep 0.1; done
admin=$(jq -r .admin "$directory/ready.json" | sed 's/localhost/127.0.0.1/')
api=$(jq -r .gigastore "$directory/ready.json" | grep -o '[0-9]*$')
smdp=$(jq -r .smdp "$directory/ready.json" | grep -o '[0-9]*$')
export ESIM_AGENT_CUSTOMER_UID
ESIM_AGENT_CUSTOMER_UID=$(jq -r .customers.plain "$directory/ready.json")

start() {
    rm -rf "$directory/outside/agent-state"
    curl -s -X POST "$admin/card/erase"
    curl -s -d '{"state":"released","eid":"","installations":0}' "$admin/orders/K7QX9-2F4M1"
    curl -s -X POST "$admin/esims/89999010000000042007/RELEASED"
    curl -s -X DELETE "$admin/reports"
    "$build/esim-agent" --config "$directory/outside/device.xml" run 2>"$directory/log" &
    daemon=$!
    pids+=("$daemon")
}
# says WORDS SECONDS
says() {
    for _ in $(seq $(($2 * 10))); do
        grep -qF -- "$1" "$directory/log" && return
        sleep 0.1
    done
    return 1
}
# ends NAME [SECONDS]: everything is installed and reported in the end, in order, each once.
ends() {
    if says '(notified) was accepted' "${2:-60}"; then
        ids=$(curl -s "$admin/reports" | jq -r '[.reports[].data.stage] | unique | length')
        echo "$1: installed and reported ($ids stages)"
    else
        echo "$1: FAILED"
        tail -5 "$directory/log"
        failed=1
    fi
    stop
}
stop() {
    begun=$(date +%s%N)
    kill -TERM "$daemon"
    wait "$daemon" 2>/dev/null
    [ $((($(date +%s%N) - begun) / 1000000)) -le 2000 ] || { echo 'SIGTERM took longer than 2 s'; failed=1; }
}
refuses() { # NAME WORDS SECONDS
    if says "$2" "$3"; then echo "$1: said ($2)"; else echo "$1: FAILED"; tail -5 "$directory/log"; failed=1; fi
}

start
ends 'no fault'

# No route: an address that nothing leads to; then there is one.
cp "$directory/outside/device.xml" "$directory/device.good"
sed -i "s|https://localhost:$api\"|https://192.0.2.1:$api\"|" "$directory/outside/device.xml"
start
refuses 'no route' 'no route leads out' 20
cp "$directory/device.good" "$directory/outside/device.xml"
kill -HUP "$daemon"
ends 'no route, then one'

# A name server that is dead, slow, and right again.
echo 'hosts: dns' >"$directory/nsswitch"
mount --bind "$directory/nsswitch" /etc/nsswitch.conf
echo 'nameserver 127.0.0.1' >"$directory/resolv"
mount --bind "$directory/resolv" /etc/resolv.conf
start
refuses 'DNS dead' 'could not be looked up' 60
serve_names() {
    python3 - "$1" <<'EOF' &
import socket, sys, time, threading
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
def answer(query, client):
    time.sleep(float(sys.argv[1]))
    end = query.index(b"\0", 12) + 5
    is_four = query[end - 4:end - 2] == b"\0\1"
    head = query[:2] + b"\x81\x80\0\1" + (b"\0\1" if is_four else b"\0\0") + b"\0\0\0\0"
    record = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4\x7f\0\0\1" if is_four else b""
    server.sendto(head + query[12:end] + record, client)
while True:
    threading.Thread(target=answer, args=server.recvfrom(512)).start()
EOF
    pids+=($!)
}
serve_names 3
ends 'DNS slow (3 s)' 120
umount /etc/nsswitch.conf

# One packet of five is lost.
nft add table inet bad
nft add chain inet bad out '{ type filter hook output priority 0; }'
nft add rule inet bad out tcp dport "{ $api, $smdp }" numgen random mod 100 '<' 20 drop
start
ends 'packet loss 20 %' 180
nft flush chain inet bad out

# The link comes and goes.
start
for _ in 1 2 3 4; do
    nft add rule inet bad out tcp dport "{ $api, $smdp }" reject with tcp reset
    sleep 1
    nft flush chain inet bad out
    sleep 0.3
done
ends 'link flapping' 120

curl -s -d html "$admin/faults"
start
refuses 'captive portal' 'login page' 30
curl -s -X DELETE "$admin/faults"
ends 'captive portal, then logged in' 120

# IPv6 only: a forwarder on ::1, and nothing on 127.0.0.1 for the agent's names.
hosts '::1 localhost'
forward() {
    python3 - "$@" <<'EOF' &
import socket, sys, threading
def pump(one, other):
    try:
        while data := one.recv(65536):
            other.sendall(data)
    except OSError:
        pass
    other.close()
def serve(port):
    server = socket.create_server(("::1", port), family=socket.AF_INET6)
    while True:
        client = server.accept()[0]
        there = socket.create_connection(("127.0.0.1", port))
        threading.Thread(target=pump, args=(client, there)).start()
        threading.Thread(target=pump, args=(there, client)).start()
for each in sys.argv[1:]:
    threading.Thread(target=serve, args=(int(each),)).start()
EOF
    pids+=($!)
}
forward "$api" "$smdp"
sleep 0.5
start
ends 'IPv6 only'

# Proxy only: names lead nowhere, a proxy knows the way.
hosts '192.0.2.1 localhost'
python3 - <<'EOF' &
import socket, threading
def pump(one, other):
    try:
        while data := one.recv(65536):
            other.sendall(data)
    except OSError:
        pass
    other.close()
server = socket.create_server(("127.0.0.1", 3128))
while True:
    client = server.accept()[0]
    head = client.recv(4096).decode()
    there = socket.create_connection(("127.0.0.1", int(head.split()[1].rsplit(":", 1)[1])))
    client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    threading.Thread(target=pump, args=(client, there)).start()
    threading.Thread(target=pump, args=(there, client)).start()
EOF
pids+=($!)
sleep 0.5
export ESIM_AGENT_PROXY_URL=http://127.0.0.1:3128
start
ends 'proxy only'
exit $failed
