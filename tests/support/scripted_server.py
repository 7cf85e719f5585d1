"""A server on loopback that answers by a script: one step a request, the last one over again."""

import threading
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


class ScriptedServer:
    def __init__(self, *steps):
        self.steps = list(steps) or [Step()]
        self.requests = []
        self.over = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
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


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        script = self.server.script
        script.requests.append((self.path, dict(self.headers)))
        step = script.next_step()
        if step.stall:
            script.over.wait(20)
        if step.stall or step.drop:
            return
        self.send_response(step.code)
        for name, value in step.headers.items():
            self.send_header(name, value)
        if step.chunked_cut:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(step.body), step.body))
            return
        length = len(step.body) if step.claim is None else step.claim
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(step.body)

    def log_message(self, *args):
        pass
