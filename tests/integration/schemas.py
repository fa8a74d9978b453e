#!/usr/bin/python3
"""Holds the daemon's real answers against agent/control/openapi.json, and its real reports against
agent/report/report.schema.json. schemas.py ESIM-AGENT ESIM-SANDBOX"""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from jsonschema import Draft202012Validator, FormatChecker

AGENT, SANDBOX = sys.argv[1:3]
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
API = json.load(open(os.path.join(ROOT, "agent/control/openapi.json"), encoding="utf-8"))
REPORT = json.load(open(os.path.join(ROOT, "agent/report/report.schema.json"), encoding="utf-8"))
failures = []
asked = set()


class Local(http.client.HTTPConnection):
    """HTTP on a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def complain(what):
    failures.append(what)
    print("FAILED:", what, file=sys.stderr)


def check(where, schema, value):
    whole = dict(schema, components=API["components"])
    for error in Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(value):
        complain(f"{where}: {error.json_path}: {error.message}")


def operation(method, path):
    """The operation of a path, and its template."""
    for template, item in API["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", template), path):
            return template, item.get(method.lower())
    return path, None


def ask(method, path, body=None, first_line=False, headers=None):
    """One request, its answer held against what openapi.json says of it."""
    connection = Local(control)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    text = answer.fp.readline() if first_line else answer.read()
    kind = answer.getheader("Content-Type", "").split(";")[0]
    template, described = operation(method, path)
    where = f"{method} {template} {answer.status}"
    connection.close()
    if described is None:
        if answer.status not in (404, 405):
            complain(f"{where}: is not described")
        check(where, API["components"]["schemas"]["Problem"], json.loads(text))
        return answer.status, text
    asked.add((method, template))
    responses = described["responses"]
    response = responses.get(str(answer.status), responses["default"])
    if kind not in response["content"]:
        complain(f"{where}: {kind} is not described")
    elif kind.endswith("json"):
        value = json.loads(text)
        check(where, response["content"][kind]["schema"], value)
        if kind == "application/problem+json" and value["status"] != answer.status:
            complain(f"{where}: its body says {value['status']}")
    return answer.status, text


def expect(status, *request):
    got = ask(*request)[0]
    if got != status:
        complain(f"{request}: {got} instead of {status}")


def reports():
    return json.load(urllib.request.urlopen(ready["admin"] + "/reports"))


def wait_for(what, is_so):
    end = time.monotonic() + 30
    while not is_so():
        if time.monotonic() > end:
            complain("never: " + what)
            return
        time.sleep(0.05)


def stage_of(text):
    return json.loads(text)["stage"]


with tempfile.TemporaryDirectory() as directory:
    sandbox = subprocess.Popen([SANDBOX, "--state", directory], stdout=subprocess.PIPE, text=True)
    ready = json.loads(sandbox.stdout.readline())
    control = directory + "/control.sock"
    uid = ready["customers"]["plain"]
    environment = dict(os.environ, ESIM_AGENT_CUSTOMER_UID=uid,
                       ESIM_AGENT_KIOSK_LISTEN="127.0.0.1:0",
                       ESIM_AGENT_KIOSK_SELLS="11111111-0000-4000-8000-000000000001",
                       ESIM_AGENT_BEARER_FILE="",
                       ESIM_AGENT_CLIENT_ID_FILE=ready["clientIdFile"],
                       ESIM_AGENT_CLIENT_SECRET_FILE=ready["clientSecretFile"],
                       ESIM_AGENT_LINK_LISTEN="127.0.0.1:0",
                       ESIM_AGENT_LINK_URL="https://esim.example")
    daemon = subprocess.Popen([AGENT, "--config", ready["deviceConfig"], "run"], env=environment,
                              stderr=subprocess.DEVNULL)
    try:
        wait_for("the control socket", lambda: os.path.exists(control))
        ask("GET", "/v1/customer")  # perhaps not known yet
        ask("GET", "/v1/events", None, True)
        wait_for("notified", lambda: stage_of(ask("GET", "/v1/status")[1]) == "notified")
        wait_for("six reports", lambda: reports()["ids"] >= 6)
        profile = "/v1/profiles/89999010000000042007"
        expect(200, "GET", "/v1/status")
        expect(200, "GET", "/v1/customer")
        expect(200, "GET", "/v1/profiles")
        expect(200, "GET", "/v1/qr.svg")
        expect(200, "GET", "/v1/qr.png")
        expect(200, "GET", "/v1/reports")
        expect(200, "GET", "/v1/log")
        expect(200, "GET", "/metrics")
        expect(200, "POST", profile + "/disable")
        expect(200, "POST", profile + "/enable")
        expect(409, "DELETE", profile)
        expect(404, "POST", "/v1/profiles/89990000000000000000/enable")
        expect(200, "POST", "/v1/notifications/send")
        expect(202, "POST", "/v1/reports/flush")
        expect(409, "POST", "/v1/confirmation-code", '{"confirmationCode":"1"}')
        expect(400, "POST", "/v1/confirmation-code", "{}")
        for body in ('{"customerUid":5}', '{"foo":"x"}', '{"iccid":"abc"}', "[]", "{",
                     '{"customerUid":"../../etc"}', '{"customerUid":""}'):
            expect(400, "POST", "/v1/install", body)
        # The header alone: the daemon does not wait for what it will not take.
        expect(413, "POST", "/v1/install", None, False, {"Content-Length": "100000"})
        expect(405, "PUT", "/v1/status")
        expect(404, "GET", "/v1/nothing")
        # What is asked for just when a borrowed card comes back is not undone by the look at it.
        for _ in range(20):
            expect(200, "POST", profile + "/enable")
            expect(200, "POST", "/v1/card", None, True)
            expect(200, "POST", profile + "/disable")
            time.sleep(0.01)
        expect(200, "DELETE", profile)
        wait_for("deleted", lambda: any(
            each["data"]["stage"] == "deleted" for each in reports()["reports"]))
        # One that fails, for its report.
        urllib.request.urlopen(urllib.request.Request(
            ready["admin"] + "/orders/K7QX9-2F4M1", b'{"state":"installed","installations":5}'))
        expect(202, "POST", "/v1/install", json.dumps({"customerUid": uid}))
        wait_for("failed", lambda: any(
            each["data"]["stage"] == "failed" for each in reports()["reports"]))
        expect(400, "POST", "/v1/kiosk/sessions", "{}")
        status, opened = ask("POST", "/v1/kiosk/sessions", json.dumps(
            {"customerUid": ready["customers"]["kiosk"]}))
        if status != 201:
            complain(f"no session: {status} {opened}")
        expect(200, "GET", "/v1/kiosk/sessions")
        expect(200, "GET", "/v1/kiosk/sessions/" + json.loads(opened)["id"])
        expect(404, "GET", "/v1/kiosk/sessions/" + 32 * "0")
        with urllib.request.urlopen(json.loads(opened)["url"]) as page:
            if b"<svg" not in page.read():
                complain("no QR on the kiosk's page")
        wait_for("shown", lambda: any(
            each["data"]["stage"] == "shown" for each in reports()["reports"]))
        expect(200, "DELETE", "/v1/kiosk/sessions/" + json.loads(opened)["id"])
        sale = {"item": "11111111-0000-4000-8000-000000000001", "metatag": "till-1", "price": 11.5,
                "onScreen": False}
        expect(201, "POST", "/v1/kiosk/sales", json.dumps(sale))
        expect(200, "POST", "/v1/kiosk/sales", json.dumps(sale))
        expect(400, "POST", "/v1/kiosk/sales", json.dumps(sale | {"metatag": "till-2", "price": 1}))
        expect(409, "POST", "/v1/kiosk/sales", json.dumps(sale | {"metatag": "till-3", "item": "x"}))
        expect(400, "POST", "/v1/kiosk/sales", json.dumps(sale | {"email": "a@example.org"}))
        status, made = ask("POST", "/v1/links", json.dumps({"customerUid": uid}))
        if status != 201:
            complain(f"no link: {status} {made}")
        expect(400, "POST", "/v1/links", "{}")
        expect(200, "GET", "/v1/links")
        expect(200, "DELETE", "/v1/links/" + json.loads(made)["id"])
        expect(404, "DELETE", "/v1/links/" + 8 * "0")
        expect(200, "DELETE", "/v1/links")
        expect(202, "POST", "/v1/reload")
        for template, item in API["paths"].items():
            for method in item:
                if method != "parameters" and (method.upper(), template) not in asked:
                    complain(f"{method.upper()} {template} was not asked")
        received = reports()
        for each in received["reports"]:
            for error in Draft202012Validator(REPORT, format_checker=FormatChecker()).iter_errors(each):
                complain(f"report {each['data']['stage']}: {error.json_path}: {error.message}")
        if received["rejected"]:
            complain("a signature was rejected")
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(5)
        sandbox.terminate()
        sandbox.wait(5)
print(f"{len(asked)} operations and their reports fit" if not failures else "FAILED")
sys.exit(1 if failures else 0)
