"""A server on loopback that answers by a script: one step a request, the last one over again."""

import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Step:
    code: int = 200
    body: bytes = b'{"status": "SUCCESS", "receipts": []}'
    headers: dict = field(default_factory=dict)
    claim: int | None = None  # a Content-Length other than the body's
    chunked_cut: bool = False  # a chunked answer that never ends
    stall: bool = False  # nothing comes, until the test is over
    drop: bool = False  # the connection is closed without an answer
    drip: float = 0.0  # seconds between pieces of the body
    drip_headers: bool = False  # a header that never ends comes byte by byte
    piece: int = 1  # bytes in a piece
    late: bytes = b""  # a second answer, unasked for, on a connection that stays open


class ScriptedServer:
    def __init__(self, *steps):
        self.steps = list(steps) or [Step()]
        self.requests = []
        self.over = threading.Event()
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.script = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def next_step(self):
        return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):  # a client that left
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_GET(self):
        try:
            self.answer()
        except ConnectionError:
            self.close_connection = True

    def answer(self):
        script = self.server.script
        script.requests.append((self.path, dict(self.headers)))
        step = script.next_step()
        if step.stall:
            script.over.wait(20)
        if step.stall or step.drop:
            self.close_connection = True
            return
        if step.drip_headers:
            self.drip_headers(script)
            return
        self.send_response(step.code)
        for name, value in step.headers.items():
            self.send_header(name, value)
        if step.chunked_cut:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(step.body), step.body))
            self.close_connection = True
            return
        length = len(step.body) if step.claim is None else step.claim
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.send_body(script, step)
        if step.claim is not None and step.claim != len(step.body):
            self.close_connection = True
        if step.late:
            self.wfile.flush()
            threading.Timer(0.05, self.send_late, [step.late]).start()

    def drip_headers(self, script):
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not script.over.wait(0.05):
            self.wfile.write(b"x")

    def send_body(self, script, step):
        piece = step.piece if step.drip else len(step.body) + 1
        for start in range(0, len(step.body), piece):
            if step.drip and script.over.wait(step.drip):
                break
            self.wfile.write(step.body[start : start + piece])

    def send_late(self, body):
        with suppress(OSError, ValueError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def log_message(self, *args):
        pass
