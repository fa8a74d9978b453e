#!/bin/bash
# Orders and reports over a cluster of brokers, three NATS servers with JetStream: one of them is
# killed, and the device's power fails. cluster.sh ESIM-AGENT ESIM-SANDBOX
if [ -z "${CLUSTER_INSIDE:-}" ]; then
    unshare -nm true 2>/dev/null || { echo 'no namespaces of our own: skipped'; exit 77; }
    CLUSTER_INSIDE=yes exec unshare -nm "$0" "$@"
fi
# shellcheck source=tests/integration/support.sh
. "$(dirname "$0")/support.sh"
ip link set lo up
says() { grep -qF -- "$1" "$directory/agent.log"; }

# One name, two addresses; the third node is the fleet's own.
printf '127.0.0.1 localhost\n' >hosts
for n in 1 2; do echo "127.0.1.$n brokers.example" >>hosts; done
mount --bind hosts /etc/hosts
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout broker.key \
    -out broker.pem -days 2 -subj '/CN=brokers' \
    -addext 'subjectAltName=DNS:brokers.example,IP:127.0.1.1,IP:127.0.1.2,IP:127.0.1.3' 2>/dev/null
password=$(openssl rand -hex 16)
(umask 077 && echo "$password" >password)
for n in 1 2 3; do
    cat >"node$n.conf" <<EOF
server_name: node$n
listen: 127.0.1.$n:4222
jetstream { store_dir: "$directory/store$n" }
cluster {
    name: fleet, listen: 127.0.1.$n:6222
    routes: [ nats://127.0.1.1:6222, nats://127.0.1.2:6222, nats://127.0.1.3:6222 ]
}
mqtt {
    listen: 127.0.1.$n:8883, stream_replicas: 3
    tls { cert_file: "$directory/broker.pem", key_file: "$directory/broker.key" }
    authorization { username: device, password: "$password" }
}
EOF
done
start_node() {
    nats-server -c "node$1.conf" >>broker.log 2>&1 &
    nodes[$1]=$!
    pids+=("${nodes[$1]}")
}
nodes=()
for n in 1 2 3; do start_node "$n"; done
client() { # PROGRAM NODE ARGUMENTS...
    local program=$1 node=$2
    shift 2
    # shellcheck disable=SC2086  # it may be several words
    $program -V mqttv311 -h "127.0.1.$node" -p 8883 --cafile broker.pem -u device -P "$password" "$@"
}
wait_for client mosquitto_pub 1 -q 1 -t probe -m there
for n in 2 3; do wait_for client mosquitto_pub "$n" -q 1 -t probe -m there; done

start_sandbox
customer=$uid
another=$(jq -r .customers.kiosk ready.json)
base=esim/89049032123451234512345678901230
configure "<mqtt url=\"mqtts://brokers.example\" username=\"device\" password-file=\"$directory/password\" ca-file=\"$directory/broker.pem\"/>"
sed -i 's|<report>|<provision remote="yes"/>&|' outside/reporting.xml
client 'stdbuf -oL mosquitto_sub' 3 -d -i fleet -c -q 1 -t 'esim/+/status' >reports 2>sub.log &
pids+=($!)
wait_for grep -q SUBACK reports
reported() {
    client mosquitto_sub 3 -C 1 -W 2 -t "$base/reported" 2>/dev/null | grep -qF -- "$1"
}
order() { # VERSION CUSTOMER NODE
    client mosquitto_pub "$3" -q 1 -r -t "$base/desired" -m "{\"version\":$1,\"customerUid\":\"$2\"}"
}

# The order waits in the cluster for a device that is off. It comes by one node, the device by
# whichever answers.
order 1 "$customer" 2
uid=
start_agent
wait_for says "order 1 from afar: customer $customer"
wait_for reported '"version":1,"refused":null,"customerUid":"'"$customer"'","iccid":"89999010000000042007","stage":"notified"'

# The node that the device is at is killed while the next order is on its way, and the power fails
# while it is worked on.
at=$(ss -tnpH state established dst 127.0.1.0/24 | grep "pid=$daemon," |
    grep -oE '127\.0\.1\.[12]:8883' | cut -d: -f1 | cut -d. -f4)
[ -n "$at" ] || fail 'the device is at no node'
kill_hard "${nodes[$at]}"
# A cluster that elects a leader may take a message and not keep it.
is_kept() {
    order 2 "$another" 3 && client mosquitto_sub 3 -C 1 -W 2 -t "$base/desired" 2>/dev/null | grep -q '"version":2'
}
wait_for is_kept
patience=1200 wait_for says "order 2 from afar: customer $another"
kill_hard "$daemon"
start_agent
patience=600 wait_for reported "\"version\":2,\"refused\":null,\"customerUid\":\"$another\""
patience=600 wait_for reported '"stage":"notified"'
[ "$(grep -c 'order [0-9]* from afar' agent.log)" = 2 ] || fail 'an order is taken twice'

# The node comes back. Every report has arrived, and each of them with one id; what is told twice,
# since the power failed between telling and remembering, is told with the same.
start_node "$at"
told=$(grep -o 'report [0-9a-f-]* ([a-z]*) was accepted' agent.log | sort -u | cut -d' ' -f2,3)
[ "$(sort -u <<<"$told" | wc -l)" = "$(cut -d' ' -f1 <<<"$told" | sort -u | wc -l)" ] ||
    fail "one id, two reports: $told"
arrived() {
    while read -r id _; do grep -qF "\"id\":\"$id\"" reports || return 1; done <<<"$told"
}
wait_for arrived
# ids_of STAGE: of the second order's reports.
ids_of() {
    grep -F "\"stage\":\"$1\"" reports | grep -F "$another" | grep -oE '"id":"[0-9a-f-]*"' | sort -u
}
for stage in fetched downloading installed enabled registered notified; do
    has_come() { [ -n "$(ids_of "$stage")" ]; }
    wait_for has_come
    [ "$(ids_of "$stage" | wc -l)" = 1 ] || fail "$stage of the second order has several ids"
done
echo 'cluster: all passed'
