#!/usr/bin/env python3
"""Webhook receivers as people run them: receiver.py CERTIFICATE KEY, in the current directory.

Writes its port to `port` and each report that it took to `taken`: the path and the report's stage.
/django/    Django with APPEND_SLASH: without the slash at the end a POST is an error.
/signed     Takes only ?sig=S%2F1, as Azure's and Google's hooks do.
/abrupt/    Says 202 and closes the connection without a word of TLS.
/endless/   Says 200 and goes on without an end.
"""

import http.server
import json
import os
import socket
import ssl
import sys
import threading


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        known = ("/django/", "/signed?sig=S%2F1", "/abrupt/", "/endless/")
        if self.path not in known:
            return self.answer(500 if self.path == "/django" else 403)
        report = json.loads(body)
        with open("taken", "a", encoding="utf-8") as taken:
            taken.write(f"{self.path} {report['data']['stage']}\n")
        if self.path == "/abrupt/":
            self.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n")
            self.connection.unwrap = lambda: None
            socket.socket.shutdown(self.connection, socket.SHUT_RDWR)
            self.close_connection = True
        elif self.path == "/endless/":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            try:
                while True:
                    self.wfile.write(b"x" * 4096)
            except OSError:
                self.close_connection = True
        else:
            self.answer(200)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server = Server(("127.0.0.1", 0), Receiver)
server.socket = context.wrap_socket(server.socket, server_side=True)
with open("port.part", "w", encoding="ascii") as port:
    port.write(str(server.server_address[1]))
os.rename("port.part", "port")
threading.Thread(target=server.serve_forever).start()
