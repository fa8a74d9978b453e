#!/bin/sh
# The benchmarks of tests/bench/README.md: the release build beside what a user would
# otherwise pick, on one sandbox, by turns in one run. Takes about three minutes.
set -eu
cd "$(dirname "$0")/../.."
tests/install.sh test
mkdir -p build/bench
{ cmake --preset release -DBUILD_TESTING=ON && cmake --build --preset release --target \
    esim-agent esim-sandbox bench_qr bench_process; } >build/bench/build.log 2>&1 \
    || { cat build/bench/build.log; exit 1; }

state=build/bench/state
rm -rf "$state" && mkdir -p "$state"
state=$PWD/$state
build/release/tests/esim-sandbox --state "$state" --customers 10000 >"$state/ready.json" &
outside=$!
trap 'kill $outside' EXIT
while ! [ -s "$state/ready.json" ]; do sleep 0.1; done
url=$(jq -r .gigastore "$state/ready.json")
uid=$(jq -r .customers.plain "$state/ready.json")
cp build/release/esim-agent build/bench/esim-agent && strip build/bench/esim-agent
agent="build/bench/esim-agent --config $state/agent.xml"

# How a script would do it: a token, then the customer, then the QR.
cat >build/bench/token.sh <<TOKEN
token=\$(curl -s --cacert $state/ca.pem -X POST -u "\$(cat $state/client-id):\$(cat $state/client-secret)" \
    $url/reseller/authenticate | jq -r .accessToken)
get() { curl -s --cacert $state/ca.pem -H "Authorization: Bearer \$token" "\$1"; }
TOKEN
cat >build/bench/qr.sh <<QR
. build/bench/token.sh
get $url/gigastore/activations/customers/$uid \
    | jq -r '.relatedEsims[] | select(.state == "RELEASED" and .active) | .activationCode' \
    | tr -d '\n' | qrencode -l M -t SVG -o build/bench/pipeline.svg
QR
cat >build/bench/list.sh <<LIST
. build/bench/token.sh
get '$url/gigastore/activations/customers?page_size=100&page_index=[0-100]&only_active_profiles=false' \
    | jq -r '.customers[] | [.customer.uid, .customer.email, .totalAvailableBalance.sizeValue,
        (.relatedEsims // [] | length)] | @tsv'
LIST

echo "UID to SVG, the whole process:"
build/release/tests/bench_process 60 esim-agent "$agent qr --uid $uid --output build/bench/ours.svg" \
    'curl | jq | qrencode' 'sh build/bench/qr.sh'
# The same from a server that writes head and body apart, and waits for acknowledgements (Nagle).
apart=$PWD/build/bench/apart
rm -rf "$apart" && mkdir -p "$apart"
build/release/tests/esim-sandbox --state "$apart" --apart >"$apart/ready.json" &
slow=$!
while ! [ -s "$apart/ready.json" ]; do sleep 0.1; done
apart_url=$(jq -r .gigastore "$apart/ready.json")
for script in token qr; do
    sed "s|$state|$apart|g; s|$url|$apart_url|g; s|token.sh|apart-token.sh|" "build/bench/$script.sh" \
        >"build/bench/apart-$script.sh"
done
echo "UID to SVG from a server that writes head and body apart:"
build/release/tests/bench_process 30 esim-agent \
    "build/bench/esim-agent --config $apart/agent.xml qr --uid $uid --output build/bench/ours.svg" \
    'curl | jq | qrencode' 'sh build/bench/apart-qr.sh'
kill $slow

echo "QR rendering:"
build/release/tests/bench_qr
echo "customer list of 10,000:"
build/release/tests/bench_process 7 esim-agent "$agent customer list" 'curl | jq' 'sh build/bench/list.sh'
echo "its peak memory with 10,000 customers beside 1,000:"
build/release/tests/bench_process 7 10,000 "$agent customer list" 1,000 "$agent customer list --limit 1000"

# One installation (12 kB), the card and the order as new each time.
admin=$(jq -r .admin "$state/ready.json")
order=K7QX9-2F4M1
export ESIM_AGENT_MODEM_CHANNEL ESIM_AGENT_MODEM_DEVICE BENCH_PREPARE
BENCH_PREPARE="curl -sS -X POST $admin/card/erase; curl -sS -X POST $admin/esims/89999010000000042007/RELEASED; curl -sS $admin/orders/$order -d '{\"state\":\"released\",\"eid\":\"\",\"installations\":0}'"
install="$agent install --uid $uid --yes --no-enable"
counts() { curl -sS "$admin/counts" | jq -c '[.apdus, .handshakes, ([.es9[]] | add // 0)]'; }
for channel in at socket; do
    ESIM_AGENT_MODEM_CHANNEL=$channel
    ESIM_AGENT_MODEM_DEVICE=$state/modem
    [ "$channel" = at ] || ESIM_AGENT_MODEM_DEVICE=$state/card.sock
    for delay in 0 30 100; do
        curl -sS -X POST "$admin/card/delay/$delay"
        echo "install over $channel, $delay ms an APDU, beside segments of 120 octets:"
        # The second one's path takes no more than 120, as most AT tools assume of all; the first
        # forgets what the second has learned.
        build/release/tests/bench_process 3 '255 octets' \
            "rm -f $state/agent-state/segment; curl -sS -X DELETE $admin/faults; $install" '120 octets' \
            "curl -sS -d short-lc $admin/faults; $install"
    done
done
curl -sS -X DELETE "$admin/faults"
curl -sS -X POST "$admin/card/delay/0"
sh -c "$BENCH_PREPARE"
before=$(counts)
$install >/dev/null 2>&1
after=$(counts)
echo "one installation takes (APDUs, TLS handshakes, ES9+ exchanges):"
jq -nc "[$before, $after] | [.[1], .[0]] | transpose | map(.[0] - .[1])"
