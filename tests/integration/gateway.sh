#!/bin/bash
# The gateway that ships, in Debian's nginx: a device gets its own customer's eSIM and is refused all
# else; the reseller's credentials are the gateway's alone. gateway.sh ESIM-AGENT ESIM-SANDBOX
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/integration/support.sh
. "$here/support.sh"
shipped=$here/../../platform/gateway

"$sandbox" --state "$directory/outside" --token-life 3 >ready.json 2>sandbox.log &
pids+=($!)
wait_for test -s ready.json
uid=$(jq -r .customers.plain ready.json)
other=$(jq -r .customers.kiosk ready.json)
upstream=$(jq -r .gigastore ready.json | grep -o '[0-9]*$')

# make_ca NAME; make_certificate CA NAME SUBJECT [EXTENSION]
new_key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
# shellcheck disable=SC2086  # the options are to be split
make_ca() { openssl req -x509 $new_key -keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" 2>/dev/null; }
make_certificate() {
    # shellcheck disable=SC2086
    openssl req $new_key -keyout "$2.key" -out "$2.csr" -subj "$3" 2>/dev/null
    echo "${4:-}" >extension
    openssl x509 -req -in "$2.csr" -CA "$1.pem" -CAkey "$1.key" -CAcreateserial -days 2 \
        -extfile extension -out "$2.pem" 2>/dev/null
}
make_ca servers
make_ca device-ca
make_ca strangers
make_certificate servers server /CN=gateway subjectAltName=DNS:localhost
make_certificate device-ca one /O=Fleet/CN=device-one
make_certificate device-ca sly '/CN=nobody,CN=device-one'
make_certificate strangers stranger /CN=device-one
token=$(openssl rand -hex 32)

mkdir gateway
cp "$shipped/gateway.js" server.pem server.key device-ca.pem gateway
basic=$(printf %s:%s "$(cat outside/client-id)" "$(cat outside/client-secret)" | base64 -w 0)
(umask 077 && echo "proxy_set_header Authorization \"Basic $basic\";" >gateway/reseller.conf)
printf '%s device-two;\n' "$(printf %s "$token" | sha256sum | cut -d' ' -f1)" >gateway/tokens.map
printf 'device-one %s;\ndevice-two %s;\n' "$uid" "$other" >gateway/devices.map
for number in $(seq 500); do
    printf '%s fleet-%s;\n' "$(printf 'token-%s' "$number" | sha256sum | cut -d' ' -f1)" "$number"
done >>gateway/tokens.map
for number in $(seq 500); do echo "fleet-$number $uid;"; done >>gateway/devices.map

port=$((20000 + RANDOM % 20000))
while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
sed "s|/etc/nginx/esim-gateway|$directory/gateway|; s|/run/esim-gateway-token|$directory/token|
    s|/var/log/nginx/esim-gateway.log|$directory/access.log|; /listen \[::\]/d
    s|listen 443|listen 127.0.0.1:$port|; s|https://api.giga.store|https://localhost:$upstream|
    s|/etc/ssl/certs/ca-certificates.crt|$directory/outside/ca.pem|" \
    "$shipped/esim-gateway.conf" >gateway.conf
cat >nginx.conf <<CONF
load_module $(find /usr/lib/nginx/modules /usr/share/nginx/modules -name ngx_http_js_module.so | head -1);
pid $directory/nginx.pid;
error_log $directory/error.log;
user $(id -un);
worker_processes 1;
worker_rlimit_nofile 4096;
events { worker_connections 2000; }
http {
    client_body_temp_path $directory/body;
    proxy_temp_path $directory/proxy;
    fastcgi_temp_path $directory/fastcgi;
    uwsgi_temp_path $directory/uwsgi;
    scgi_temp_path $directory/scgi;
    include $directory/gateway.conf;
}
CONF
nginx -e "$directory/error.log" -c "$directory/nginx.conf" -g 'daemon off;' >nginx.log 2>&1 &
nginx=$!
# It takes its workers along only if it is asked to.
trap 'kill "$nginx" 2>/dev/null; wait "$nginx"; finish' EXIT
wait_for bash -c "exec 3<>/dev/tcp/127.0.0.1/$port"

# The devices' configurations: one by certificate, two by token. No file of a device's holds what
# the reseller has.
device() {
    mkdir -p "$1"
    sed "s|<gigastore.*|<gigastore url=\"https://localhost:$port\" ca-file=\"$directory/servers.pem\" $2/>|
        s|state directory=\"[^\"]*\"|state directory=\"$directory/$1/state\"|; s|<lpa ca-file=\"|&$directory/outside/|
        s|<report>.*</report>||; s|<control.*||" outside/device.xml >"$1/agent.xml"
}
device one "client-certificate-file=\"$directory/one.pem\" client-key-file=\"$directory/one.key\""
(umask 077 && echo "$token" >two.token)
device two "bearer-file=\"$directory/two.token\""
device sly "client-certificate-file=\"$directory/sly.pem\" client-key-file=\"$directory/sly.key\""
device stranger "client-certificate-file=\"$directory/stranger.pem\" client-key-file=\"$directory/stranger.key\""

# run DEVICE STATUS WORDS COMMAND...
run() {
    local of=$1 status=$2 words=$3 got
    shift 3
    "$agent" --config "$of/agent.xml" "$@" >out.log 2>&1
    got=$?
    [ "$got" = "$status" ] || fail "$of: '$*' ended with $got"
    grep -qF -- "$words" out.log || fail "$of: '$*' does not say: $words"
}
run one 0 "$uid" customer show "$uid"
run two 0 "$other" customer show "$other"
run one 4 'belongs to another customer' customer show "$other"
run two 4 'belongs to another customer' customer show "$uid"
run one 4 'Devices may not do that' customer list
run one 4 'Devices may not do that' customer search --uid "$uid"
run one 4 'Devices may not do that' package list
run sly 4 'does not know the device' customer show "$uid"
run stranger 4 'does not know the device' customer show "$uid"
run one 0 'is installed and enabled' install --uid "$uid" --yes

# ask DEVICE-OPTIONS... PATH: status and body.
ask() { curl -sS --cacert servers.pem -w '\n%{http_code}' "${@:1:$#-1}" "https://localhost:$port${*: -1}"; }
as_one=(--cert one.pem --key one.key)
status_of() { ask "$@" | tail -1; }
[ "$(status_of "/gigastore/activations/customers/$uid")" = 401 ] || fail 'nobody is let in'
[ "$(status_of -H 'Authorization: Bearer guess' "/gigastore/activations/customers/$uid")" = 401 ] ||
    fail 'a guess is let in'
for path in /gigastore/activations/customers /gigastore/activations/activated-items /esim-token \
    /gigastore/products/inventory "/gigastore/activations/customers/$uid/profile-domains" \
    "/gigastore/activations/customers/..%2fcustomers" /esim-upstream/gigastore/activations/customers / \
    "/gigastore/activations/customers/$uid/../$other"; do
    status=$(status_of --path-as-is "${as_one[@]}" "$path")
    case $status in 403 | 404) ;; *) fail "$path is answered with $status" ;; esac
done
for method in POST PUT DELETE; do
    [ "$(status_of "${as_one[@]}" -X "$method" "/gigastore/activations/customers/$uid")" = 403 ] ||
        fail "$method is not refused"
done

# Connectivity: of its own eSIMs alone.
mine=89999010000000042007
theirs=$(curl -sS --cacert servers.pem -H "Authorization: Bearer $token" \
    "https://localhost:$port/gigastore/activations/customers/$other" | jq -r '.relatedEsims[0].iccid')
case $theirs in "$mine" | null | '') fail "no other eSIM to ask for: $theirs" ;; esac
case $(status_of "${as_one[@]}" "/gigastore/esim/$mine/status/connectivity") in
200 | 404) ;;
*) fail 'its own connectivity is refused' ;;
esac
[ "$(status_of "${as_one[@]}" "/gigastore/esim/$theirs/status/connectivity")" = 403 ] ||
    fail 'the connectivity of another customer is told'

# A device that ships with no customer: assigned once the gateway knows whose it is, and again when
# it is somebody else's; what was ordered on the device in between stays.
make_certificate device-ca three /O=Fleet/CN=device-three
device three "client-certificate-file=\"$directory/three.pem\" client-key-file=\"$directory/three.key\""
sed -i "s|</esim-agent>|<provision assignment=\"yes\" pending-poll=\"1\" poll=\"2\"/><control socket=\"$directory/three/socket\"/></esim-agent>|" \
    three/agent.xml
"$agent" --config three/agent.xml run 2>three/log &
pids+=($!)
three() { "$agent" --config three/agent.xml --json status | jq -r "$1"; }
three_has() { [ "$(three .customerUid)" = "$1" ]; }
waits() { three .doing | grep -q 'an order from afar is awaited'; }
patience=300 wait_for waits
[ "$(ask --cert three.pem --key three.key /esim-agent/assignment | head -1)" = '{"customerUid":null}' ] ||
    fail 'the gateway assigns somebody to a device that is nobody'\''s'
assign() {
    sed -i '/^device-three /d' gateway/devices.map
    echo "device-three $1;" >>gateway/devices.map
    nginx -e "$directory/error.log" -c "$directory/nginx.conf" -s reload
}
assign "$other"
patience=300 wait_for three_has "$other"
grep -q "the gateway assigns customer $other" three/log || fail 'the log does not say who assigns'
assign "$uid"
patience=300 wait_for three_has "$uid"
is_there() { [ "$(three .stage)" != null ] && [ "$(three .iccid)" = 89999010000000042007 ]; }
patience=600 wait_for is_there
[ "$(status_of --cert three.pem --key three.key "/gigastore/activations/customers/$other")" = 403 ] ||
    fail 'a device is still let to the customer it had'
kill "${pids[-1]}"
wait "${pids[-1]}"
unset 'pids[-1]'

# The reseller's token runs out after three seconds here: a new one is fetched, and nobody notices.
token_of_now() { grep -rhao 'SANDBOX\.[0-9a-f]*' token; }
old=$(token_of_now)
is_renewed() { [ -n "$(token_of_now)" ] && [ "$(token_of_now)" != "$old" ]; }
ask_for_own() { status_of -H "Authorization: Bearer token-1" "/gigastore/activations/customers/$uid"; }
until is_renewed; do
    status=$(ask_for_own)
    [ "$status" = 200 ] || fail "while the token ran out: $status"
    sleep 0.5
done

# Five hundred agents at once, each with a token of its own.
fleet() {
    echo "token-$1" >"fleet/$1.token"
    sed "s|$directory/two.token|$directory/fleet/$1.token|; s|$directory/two/state|$directory/fleet/$1|" two/agent.xml \
        >"fleet/$1.xml"
    "$agent" --config "fleet/$1.xml" customer show "$uid" >/dev/null 2>>"fleet/errors" || echo "$1" >>fleet/failed
}
export -f fleet
export directory agent uid
(umask 077 && mkdir fleet && : >fleet/failed && seq 2 500 | xargs -P 50 -I N bash -c 'umask 077; fleet N')
[ ! -s fleet/failed ] || { head -3 fleet/errors >&2; fail "$(wc -l <fleet/failed) agents of 499 failed"; }

# Who asks too often is told to wait, and holds up nobody else.
is_told() {
    local answer
    answer=$(curl -sS -D - -o /dev/null --cacert servers.pem "${as_one[@]}" "https://localhost:$port/x")
    grep -q ' 429' <<<"$answer" && grep -qi '^retry-after: 30' <<<"$answer"
}
wait_for is_told
[ "$(status_of -H "Authorization: Bearer token-3" "/gigastore/activations/customers/$uid")" = 200 ] ||
    fail 'one device holds up another'

# What is written down has neither codes nor tokens in it.
grep -q 'device="device-one" "GET /gigastore/activations/customers/' access.log || fail 'the log lacks devices'
for secret in 'LPA:1' "$token" "$basic" SANDBOX; do
    ! grep -qF "$secret" access.log error.log || fail "a secret is in the log: $secret"
done
[ ! -s error.log ] || ! grep -E '\[(error|crit|alert|emerg)\]' error.log | grep -v limiting >&2 || fail 'nginx found errors'
echo 'The gateway: all passed'
