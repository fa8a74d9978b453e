#!/bin/bash
# The kiosk on one core: tests/bench/kiosk.sh [BUILD-DIRECTORY]. 500 screens that follow a session:
# memory, and the time from the state's change to the last of them, beside the page that asks every
# two seconds, which a shop would otherwise have. And how long a browser waits that has nothing yet.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/release}
state=$(mktemp -d)
"$build/tests/esim-sandbox" --state "$state" >"$state/ready.json" &
sandbox=$!
while ! [ -s "$state/ready.json" ]; do sleep 0.1; done
export ESIM_AGENT_KIOSK_LISTEN=127.0.0.1:0 ESIM_AGENT_MODEM_CHANNEL="" ESIM_AGENT_MODEM_DEVICE=""
taskset -c 0 "$build/esim-agent" --config "$state/agent.xml" run 2>"$state/log" &
daemon=$!
trap 'kill $daemon $sandbox; wait; rm -rf "$state"' EXIT
touch "$state/log"
while ! grep -q ' running$' "$state/log"; do sleep 0.1; done
taskset -c 1 python3 - "$state" "$daemon" <<'PY'
import http.client, json, re, selectors, socket, subprocess, sys, time

state, daemon = sys.argv[1:3]
port = int(re.search(r"127\.0\.0\.1:(\d+)/", open(state + "/log").read()).group(1))
ready = json.load(open(state + "/ready.json"))


def memory():
    text = open(f"/proc/{daemon}/smaps_rollup").read()
    return sum(int(n) for n in re.findall(r"Private_\w+:\s+(\d+) kB", text))


def till(method, path, body=None):
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(state + "/control.sock")
    connection.request(method, path, body)
    return json.loads(connection.getresponse().read())


def follow(path):
    one = socket.create_connection(("127.0.0.1", port))
    one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    one.recv(4096)
    one.setblocking(False)
    return one


session = till("POST", "/v1/kiosk/sessions", json.dumps({"uid": ready["customers"]["plain"]}))
before = memory()
count = 500
screens = [follow("/events") for _ in range(count)]
print(f"{count} screens: {memory() - before} kB more, {(memory() - before) / count:.1f} kB each")
times = []
for _ in range(20):
    waiting = selectors.DefaultSelector()
    for each in screens:
        waiting.register(each, selectors.EVENT_READ)
    begin = time.perf_counter()
    till("POST", "/v1/kiosk/sessions", json.dumps({"uid": ready["customers"]["plain"]}))
    opened = time.perf_counter() - begin
    left = set(screens)
    while left:
        for key, _ in waiting.select(5):
            if key.fileobj.recv(65536).count(b"event: change"):
                left.discard(key.fileobj)
    times.append((time.perf_counter() - begin, opened))
times.sort()
last, opened = times[len(times) // 2]
print(f"from the till's request to the last of {count} screens: {last * 1000:.1f} ms "
      f"(the till has its answer after {opened * 1000:.1f} ms)")
# What a shop would otherwise do: each screen asks every two seconds.
print(f"  against screens that ask every 2 s: {last / 2:.3f} of their wait at worst")
for each in screens:
    each.close()


def load():
    begin = time.perf_counter()
    size = 0
    for path in ("/", "/page.css", "/page.js"):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", path)
        size += len(connection.getresponse().read())
        connection.close()
    return time.perf_counter() - begin, size


cold, size = load()
loads = sorted(load()[0] for _ in range(200))
print(f"page, style and script: {size} octets, the first time {cold * 1000:.2f} ms, "
      f"then {loads[100] * 1000:.2f} ms (median of 200)")
PY
