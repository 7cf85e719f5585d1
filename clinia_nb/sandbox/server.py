"""A workspace on the loopback interface that serves the samples over real HTTP."""

from __future__ import annotations

import re
import secrets
import sys
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from .samples import Sample, list_samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from socket import socket
    from typing import Self

_BULK = re.compile(r"/sources/([^/]+)/v1/(relationships|resources)/bulk/([^/]+)")
_TASK = re.compile(r"/sources/([^/]+)/v1/(tasks)/([^/]+)")
_SOURCES = "/catalog/v1/sources"


class _Refused(Exception):  # noqa: N818 - an answer, not an error of ours
    def __init__(self, code: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.body: dict[str, object] = {
            "code": code,
            "type": kind,
            "message": message,
            "details": [],
        }


class Sandbox:
    """Serves the samples as Clinia would: a key is required, errors have Clinia's shape.

    Parameters
    ----------
    clock
        A clock in seconds, for the sample that completes while you watch.

    Attributes
    ----------
    base_url, api_key : str
        The address to ask, and the key to use.

    Examples
    --------
    >>> with Sandbox() as served:
    ...     served.base_url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.api_key = secrets.token_urlsafe(24)
        self._clock = clock
        self._samples = list_samples()
        self._first_asked: dict[str, float] = {}
        self._server = _Server(self)
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        # By default closing a server takes up to half a second.
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Sandbox({self.base_url!r})"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, target: str, key: str | None) -> bytes:
        """Return the body for a path and query, or raise the error that Clinia would send."""
        if key != self.api_key:
            raise _Refused(401, "UNAUTHENTICATED", "the API key is missing or unknown")
        parts = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.path == _SOURCES:
            return msgspec.json.encode(self._sources(query))
        match = _BULK.fullmatch(parts.path) or _TASK.fullmatch(parts.path)
        if match is None:
            raise _Refused(404, "NOT_FOUND", f"no route {parts.path}")
        source, kind, task = (unquote(part) for part in match.groups())
        sample = self._find(source, kind, task)
        with_receipts = query.get("withReceipts") == "true"
        return self._bulk(sample, task_id=kind == "tasks", with_receipts=with_receipts)

    def _find(self, source: str, kind: str, task: str) -> Sample:
        if source not in {sample.source_key for sample in self._samples}:
            raise _Refused(404, "NOT_FOUND", f"source '{source}' does not exist")
        for sample in self._samples:
            same = sample.source_key == source and sample.bulk_id in {task, f"bk_{task}"}
            if same and kind in {sample.kind, "tasks"}:
                return sample
        raise _Refused(404, "NOT_FOUND", f"task '{task}' does not exist")

    def _sources(self, query: dict[str, str]) -> dict[str, Any]:
        try:
            page, size = int(query.get("page", "1")), int(query.get("perPage", "20"))
        except ValueError:
            page = size = 0
        if page < 1 or size < 1:
            raise _Refused(400, "INVALID_ARGUMENT", "page and perPage are numbers from 1")
        keys = sorted({sample.source_key for sample in self._samples})
        meta = {"numPages": -(-len(keys) // size), "page": page, "perPage": size}
        shown = keys[(page - 1) * size : page * size]
        return {"meta": meta | {"total": len(keys)}, "data": [{"key": key} for key in shown]}

    def _bulk(self, sample: Sample, *, task_id: bool, with_receipts: bool) -> bytes:
        shown = 1.0
        if sample.reveal_seconds:
            now = self._clock()
            asked = self._first_asked.setdefault(sample.name, now)
            shown = min((now - asked) / sample.reveal_seconds, 1.0)
        body = sample.path.read_bytes()
        if with_receipts and not task_id and shown >= 1:
            return body
        answer = msgspec.json.decode(body)
        if shown < 1:
            _conceal(answer, shown)
        if task_id:
            answer["taskId"] = sample.bulk_id
        if not with_receipts:
            del answer["receipts"]
        return msgspec.json.encode(answer)


def _conceal(answer: dict[str, Any], shown: float) -> None:
    """Make the later receipts of a bulk look as if they were still pending."""
    answer["status"] = "PENDING"
    receipts: list[dict[str, Any]] = answer["receipts"]
    for receipt in receipts[int(shown * len(receipts)) :]:
        receipt["status"] = "PENDING"
        for field in ("completedAt", "error", "pipelineExecution"):
            receipt.pop(field, None)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Ignore a client that left; print the traceback of anything else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement

    def do_GET(self) -> None:
        try:
            code, body = (
                200,
                self.server.sandbox.answer(self.path, self.headers.get("X-Clinia-API-Key")),
            )
        except _Refused as refused:
            code, body = refused.code, msgspec.json.encode(refused.body)
        self._send(code, body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send in Clinia's shape what the base class would send as HTML.

        It uses 501 for every method except GET.
        """
        del explain
        self.close_connection = True
        refused = _Refused(code, "INVALID_ARGUMENT", message or "bad request")
        if code == HTTPStatus.NOT_IMPLEMENTED:
            refused = _Refused(405, "UNIMPLEMENTED", "only GET is served here")
        self._send(refused.code, msgspec.json.encode(refused.body))

    def _send(self, code: int, body: bytes) -> None:
        try:
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if code == HTTPStatus.METHOD_NOT_ALLOWED:
                self.send_header("Allow", "GET")
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's name
        """Log nothing: the paths hold ids."""


_shared: list[Sandbox] = []
_shared_lock = threading.Lock()


def shared_sandbox() -> Sandbox:
    """Return the one sandbox of this process, started on first use; safe to call from threads."""
    with _shared_lock:
        if not _shared:
            _shared.append(Sandbox())
        return _shared[0]
