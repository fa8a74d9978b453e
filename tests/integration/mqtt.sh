#!/bin/bash
# Reports to a real Mosquitto over TLS: retained, acknowledged, with a last will; the broker is
# restarted and cut off in the middle. Then to a real NATS, which knows MQTT 3.1.1 alone, and to a
# Mosquitto at the usual port that wants client ids. mqtt.sh ESIM-AGENT ESIM-SANDBOX
# shellcheck source=tests/integration/support.sh
. "$(dirname "$0")/support.sh"
says() { grep -qF -- "$1" "$directory/agent.log"; }

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem \
    -days 2 -subj '/CN=test CA' 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout broker.key -out broker.csr \
    -subj /CN=broker 2>/dev/null
# An address of this run's own, where the usual port is free.
host=127.$((RANDOM % 200 + 20)).$((RANDOM % 250 + 1)).$((RANDOM % 250 + 1))
echo "subjectAltName=DNS:localhost,IP:$host" >names
openssl x509 -req -in broker.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names \
    -out broker.pem 2>/dev/null
password=$(openssl rand -hex 16)
(umask 077 && echo "$password" >password && echo wrong >wrong)
mosquitto_passwd -b -c users device "$password"
start_sandbox

port=$((20000 + RANDOM % 20000))
while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
# start_broker ADDRESS [LINES]
start_broker() {
    cat >broker.conf <<EOF
listener $port $1
cafile $directory/ca.pem
certfile $directory/broker.pem
keyfile $directory/broker.key
password_file $directory/users
persistence false
user $(id -un)
${2:-}
EOF
    mosquitto -c broker.conf >>broker.log 2>&1 &
    broker=$!
    pids+=("$broker")
    wait_for bash -c "exec 3<>/dev/tcp/$1/$port"
}
# subscribe SECONDS: what is retained, and what comes meanwhile.
subscribe() {
    timeout "$1" mosquitto_sub -h localhost -p "$port" --cafile ca.pem -u device -P "$password" \
        -v -t 'esim/#' 2>/dev/null || true
}
# connect_to URL PASSWORD-FILE [CA]
connect_to() {
    configure "<mqtt url=\"$1\" username=\"device\" password-file=\"$directory/$2\" ca-file=\"$directory/${3:-ca.pem}\"/>"
}

# Before there is a broker: everything waits. Then it goes out in its order.
connect_to "mqtts://localhost:$port" password
start_agent
wait_for says 'waits for mqtt localhost'
wait_for says 'installed and enabled'
start_broker 127.0.0.1
topic=esim/89049032123451234512345678901230/status
wait_for says '(notified) was accepted by mqtt'
order=$(grep -o '([a-z]*) was accepted' agent.log | tr -d '()' | cut -d' ' -f1 | tr '\n' ' ')
[ "$order" = 'fetched downloading installed enabled registered notified ' ] || fail "order: $order"
is_retained() { retained=$(subscribe 1) && grep -q "^$topic/online online" <<<"$retained"; }
wait_for is_retained
grep -q "^$topic {.*\"stage\":\"notified\"" <<<"$retained" || fail "not retained: $retained"
grep -q '"profileState":"INSTALLED"' <<<"$retained" || fail "not how the eSIM stands: $retained"
grep -qE '"iccid":"[0-9]+","imsi":"[0-9]+"' <<<"$retained" || fail "not which eSIM: $retained"

# The broker is cut off and comes back without its memory: the agent is there again by itself.
kill_hard "$broker"
wait_for says 'the broker ended the connection'
start_broker 127.0.0.1
online() { subscribe 1 | grep -q "^$topic/online online"; }
wait_for online

# The agent's power goes: the last will tells.
kill_hard "$daemon"
offline() { subscribe 1 | grep -q "^$topic/online offline"; }
wait_for offline

# It says that it is there again although it has nothing to report.
start_agent
wait_for online
kill_hard "$daemon"

# Orders from afar: a device without a customer gets one by a retained order, once.
rm -rf outside/agent-state
: >agent.log
customer=$uid
uid=
another=$(jq -r .customers.kiosk ready.json)
desired=${topic%status}desired
order() { # VERSION CUSTOMER [TOPIC]
    mosquitto_pub -h localhost -p "$port" --cafile ca.pem -u device -P "$password" -q 1 -r \
        -t "${3:-$desired}" -m "{\"version\":$1,\"customerUid\":\"$2\"}"
}
reported() { subscribe 1 | grep "^${topic%status}reported" | grep -qF -- "$1"; }
uid=$customer
start_agent
wait_for says '(notified) was accepted by mqtt'
order 7 "$another"
reports_again() { kill -HUP "$daemon" && wait_for says 'the configuration is loaded again'; }
reports_again
wait_for online
says 'from afar' && fail 'an order is taken that nobody allowed'
kill_hard "$daemon"
order 7 "$customer"
rm -rf outside/agent-state
: >agent.log
uid=
sed -i 's|<report>|<provision remote="yes"/>&|' outside/reporting.xml
start_agent
wait_for says "order 7 from afar: customer $customer"
wait_for reported '"version":7,"refused":null,"customerUid":"'"$customer"'","iccid":"89999010000000042007","stage":"notified"'
# The same again, an older one, one for others, and one that is not understood.
kill_hard "$daemon"
: >agent.log
start_agent
wait_for reported '"version":7'
order 6 "$another"
order 9 "$another" "esim/unknown/desired"
order 9 "$another" "$desired/more"
mosquitto_pub -h localhost -p "$port" --cafile ca.pem -u device -P "$password" -q 1 \
    -t "$desired" -m '{"version":8,"customer":"x"}'
wait_for says "an order from afar is not taken: 'customer' is not known"
wait_for reported "\"version\":7,\"refused\":\"'customer' is not known"
mosquitto_pub -h localhost -p "$port" --cafile ca.pem -u device -P "$password" -q 1 -r -n -t "$desired"
wait_for reported '"version":7,"refused":null'
! grep -q 'order [0-9]* from afar' agent.log || fail 'an order is taken that is none'
# The power fails while the next one is worked on: it is taken once, and brought to its end.
order 8 "$another"
wait_for says "order 8 from afar: customer $another"
kill_hard "$daemon"
: >agent.log
start_agent
wait_for reported "\"version\":8,\"refused\":null,\"customerUid\":\"$another\""
wait_for reported '"stage":"notified"'
! says 'from afar' || fail 'an order is taken twice'
kill_hard "$daemon"
uid=$customer

# Who is not let in, or not believed, says so.
refused_with() {
    : >agent.log
    rm -rf outside/agent-state
    start_agent
    wait_for says "$1"
    kill_hard "$daemon"
}
connect_to "mqtts://localhost:$port" wrong
refused_with 'the credentials were refused'
connect_to "mqtts://127.0.0.1:$port" password
refused_with 'is its certificate for 127.0.0.1'
connect_to "mqtts://localhost:$port" password outside/ca.pem
refused_with 'from an authority in ca-file'
# doctor tries what it says is good.
check() { ESIM_AGENT_CUSTOMER_UID=$uid "$agent" --config outside/reporting.xml doctor 2>&1; }
connect_to "mqtts://localhost:$port" password
check | grep -q 'it lets this device in, by MQTT 5' || fail "doctor: $(check)"
connect_to "mqtts://localhost:$port" wrong
check | grep -q 'the broker says: Not authorized' || fail "doctor: $(check)"
kill_hard "$broker"

# NATS knows MQTT 3.1.1 alone.
cat >nats.conf <<EOF
server_name: one
listen: 127.0.0.1:-1
jetstream { store_dir: "$directory/jetstream" }
mqtt {
    host: 127.0.0.1, port: $port
    tls { cert_file: "$directory/broker.pem", key_file: "$directory/broker.key" }
    authorization { username: device, password: "$password" }
}
EOF
nats-server -c nats.conf >broker.log 2>&1 &
broker=$!
pids+=("$broker")
wait_for bash -c "exec 3<>/dev/tcp/127.0.0.1/$port"
: >agent.log
rm -rf outside/agent-state
connect_to "mqtts://localhost:$port" password
start_agent
wait_for says '(registered) was accepted by mqtt'
says 'trying MQTT 3.1.1' || fail 'MQTT 5 was not tried first'
check_nats() {
    timeout 2 mosquitto_sub -V mqttv311 -i reader -h localhost -p "$port" --cafile ca.pem \
        -u device -P "$password" -v -t 'esim/#' 2>/dev/null | grep -q "^$topic/online online"
}
wait_for check_nats
kill_hard "$daemon" "$broker"

# The usual port, and a broker that wants client ids and lets only some in.
port=8883
start_broker "$host" 'allow_zero_length_clientid false
clientid_prefixes esim-8904'
: >agent.log
rm -rf outside/agent-state
connect_to "mqtts://$host" password
start_agent
wait_for says '(registered) was accepted by mqtt'
grep -q 'as esim-89049032123451234512345678901230' broker.log || fail 'another client id'
kill_hard "$daemon"
echo 'MQTT: all passed'
