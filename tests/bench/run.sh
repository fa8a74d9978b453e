#!/bin/sh
# The benchmarks of tests/bench/README.md: the release build beside what a user would
# otherwise pick, on one sandbox, by turns in one run. Takes about two minutes.
set -eu
cd "$(dirname "$0")/../.."
tests/install.sh test
mkdir -p build/bench
{ cmake --preset release -DBUILD_TESTING=ON && cmake --build --preset release --target \
    esim-agent esim-sandbox bench_qr bench_process; } >build/bench/build.log 2>&1 \
    || { cat build/bench/build.log; exit 1; }

state=build/bench/state
rm -rf "$state" && mkdir -p "$state"
build/release/tests/esim-sandbox --state "$state" --customers 10000 >"$state/ready.json" &
trap 'kill $!' EXIT
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
echo "QR rendering:"
build/release/tests/bench_qr
echo "customer list of 10,000:"
build/release/tests/bench_process 7 esim-agent "$agent customer list" 'curl | jq' 'sh build/bench/list.sh'
echo "its peak memory with 10,000 customers beside 1,000:"
build/release/tests/bench_process 7 10,000 "$agent customer list" 1,000 "$agent customer list --limit 1000"
