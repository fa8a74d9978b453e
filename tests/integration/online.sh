#!/bin/bash
# Data through the modem, in network namespaces of their own: one uplink (eth0) and the modem's
# interface (wwan0), which a program has to bring up; the world is behind both.
# online.sh ESIM-AGENT ESIM-SANDBOX
if [ -z "${ONLINE_INSIDE:-}" ]; then
    unshare -nm true 2>/dev/null || { echo 'no network namespace of our own: skipped'; exit 77; }
    ONLINE_INSIDE=yes exec unshare -nm "$0" "$@"
fi
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/integration/support.sh
. "$here/support.sh"

# The world: the sandbox, which listens on its loopback interface, behind what forwards to it.
unshare -n sleep infinity &
world=$!
pids+=("$world")
outside() { nsenter --net="/proc/$world/ns/net" "$@"; }
is_apart() { [ "$(readlink "/proc/$world/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
wait_for is_apart
ip link set lo up
outside ip link set lo up
number=1
for interface in eth0 wwan0; do
    ip link add "$interface" type veth peer name "to-$interface" netns "$world"
    outside ip address add "10.0.$number.1/24" dev "to-$interface"
    outside ip link set "to-$interface" up
    number=$((number + 1))
done
ip address add 10.0.1.2/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.1.1
echo '10.0.1.1 localhost' >hosts
mount --bind hosts /etc/hosts

outside "$sandbox" --state "$directory/outside" >ready.json 2>sandbox.log &
pids+=($!)
wait_for grep -q admin ready.json
uid=$(jq -r .customers.plain ready.json)
admin=$(jq -r .admin ready.json)
cat >forward.py <<'PYTHON'
import asyncio, sys

async def pump(source, target):
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    except OSError:
        pass
    finally:
        target.close()

async def main():
    for port in sys.argv[1:]:
        async def serve(reader, writer, port=port):
            there, back = await asyncio.open_connection('127.0.0.1', int(port))
            await asyncio.gather(pump(reader, back), pump(there, writer))
        await asyncio.start_server(serve, '10.0.1.1', int(port))
    print('ready', flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
PYTHON
mapfile -t ports < <(jq -r '.gigastore, .smdp' ready.json | grep -oE '[0-9]+$' | sort -u)
outside python3 forward.py "${ports[@]}" >forward.out 2>forward.log &
pids+=($!)
wait_for grep -q ready forward.out
has_report() { outside curl -sS "$admin/reports" | grep -qF "\"$1\""; }

# The program: what ModemManager would say of the bearer, for the example that sets addresses.
cat >up <<PROGRAM
#!/bin/sh
jq -c '.addresses = [{"family": 4, "method": "static", "nameServers": [], "address": "10.0.2.2", "prefix": 24,
    "gateway": "10.0.2.1", "mtu": 1430}]' | "$here/../../platform/data/ip" "\$@"
PROGRAM
chmod 755 up
sed "s|control-device|interface=\"wwan0\" control-device|
    s|<lpa |<data online=\"connect\" apn=\"travel.example\" program=\"$directory/up\" limit=\"5\"/>&|" \
    outside/device.xml >outside/reporting.xml
start_agent
for stage in fetched downloading installed enabled registered online notified; do
    wait_for has_report "$stage"
done
ip -4 address show dev wwan0 | grep -qF 10.0.2.2/24 || fail 'the program has set no address'
ip link show dev wwan0 | grep -q 'mtu 1430' || fail 'the program has set no MTU'
is_at_rest() { [ "$(grep -c 'info: installed and enabled$' agent.log)" = "$1" ]; }
wait_for is_at_rest 1
"$agent" --config outside/reporting.xml status >status.txt || fail 'no status'
grep -q 'roaming, online by wwan0' status.txt || fail 'the status does not say how it is online'

# The network behind the modem goes and comes back: that is told, and the other uplink tells it.
outside ip link set to-wwan0 down
kill -HUP "$daemon"
wait_for grep -q 'installed and enabled, but without data' agent.log
wait_for has_report not_online
outside ip link set to-wwan0 up
outside ip address replace 10.0.2.1/24 dev to-wwan0
kill -HUP "$daemon"
wait_for is_at_rest 2

# The modem is the only way out, and its network is away for a while: the daemon finds it again.
ip link set eth0 down
outside ip link set to-wwan0 down
kill -HUP "$daemon"
patience=1800 wait_for grep -q 'warning: asking Gigastore for the customer' agent.log
outside ip link set to-wwan0 up
outside ip address replace 10.0.2.1/24 dev to-wwan0
patience=1800 wait_for is_at_rest 3
[ "$(outside curl -sS "$admin/reports" | grep -oF '"stage":"online"' | wc -l)" = 1 ] ||
    fail 'online is reported more than once'
echo 'online: all passed'
