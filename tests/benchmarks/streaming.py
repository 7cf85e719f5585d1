"""Fetch a bulk over loopback at several speeds, beside `requests.get(…).json()` + `pl.DataFrame`.

Each way runs in a process of its own, the ways in turn, against a server in another process that
sends so many MB of the wire each second. `first` is from the first byte to the frame, `last` from
the last byte to the frame.

    python tests/benchmarks/streaming.py [RECEIPTS] [ROUNDS]
"""

import gzip
import http.server
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WAYS = ("requests + json + polars", "transfer alone", "parse_receipts alone", "fetch_bulk")
SPEEDS = (25, 50, 100, 0)  # MB/s; 0 is as fast as it goes
_PIECE = 1 << 18


def serve(path, speed, encoding):
    """Serve one body to everybody, at a speed; print the port."""
    body = Path(path).read_bytes()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            if encoding == "gzip":
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            begun = time.perf_counter()
            for start in range(0, len(body), _PIECE):
                due = begun + start / (speed * 1e6) if speed else 0
                time.sleep(max(due - time.perf_counter(), 0))
                self.wfile.write(body[start : start + _PIECE])

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


def measure(way, port, bulk_id):
    """Fetch once; print the seconds from the first and from the last byte, and the receipts."""
    import polars as pl
    import requests

    import clinia_nb as cnb

    url = f"http://127.0.0.1:{port}"
    cnb.parse_receipts(b'{"status":"S","receipts":[{"id":"r"}]}', source_key="s", bulk_id="b")
    first = last = 0.0
    if way == "fetch_bulk":
        times = []

        def watch(came, total):
            if came and (not times or came > times[-1][0]):
                times.append((came, time.perf_counter()))

        client = cnb.Client(base_url=url, api_key="0123456789", progress=False)
        frame = client.fetch_bulk("s", bulk_id, progress=watch).receipts
        first, last = times[0][1], times[-1][1]
    else:
        with requests.get(url, stream=True, timeout=60) as response:
            first = time.perf_counter()
            body = response.content
        last = time.perf_counter()
        if way == "parse_receipts alone":
            first = last
            frame = cnb.parse_receipts(body, source_key="s", bulk_id=bulk_id)
        elif way == "transfer alone":
            frame = ()
        else:
            frame = pl.DataFrame(json.loads(body)["receipts"])
    now = time.perf_counter()
    print(json.dumps([now - first, now - last, len(frame)]))


def compare(path, speed, encoding, bulk_id, rounds):
    command = [sys.executable, __file__]
    with subprocess.Popen(
        [*command, "--serve", path, str(speed), encoding], stdout=subprocess.PIPE, text=True
    ) as server:
        port = server.stdout.readline().strip()
        figures = {way: [] for way in WAYS}
        try:
            for way in WAYS * rounds:
                run = [*command, "--measure", way, port, bulk_id]
                out = subprocess.run(run, check=True, capture_output=True, text=True).stdout
                figures[way].append(json.loads(out)[:2])
        finally:
            server.kill()
    return {
        way: [statistics.median(column) for column in zip(*rows, strict=True)]
        for way, rows in figures.items()
    }


def figures(body, bulk_id, rounds):
    """Yield for each encoding and speed the seconds of each way, from the first and last byte."""
    with tempfile.TemporaryDirectory() as folder:
        for encoding in ("plain", "gzip"):
            path = Path(folder) / encoding
            path.write_bytes(body if encoding == "plain" else gzip.compress(body, 1))
            for speed in SPEEDS:
                found = compare(str(path), speed, encoding, bulk_id, rounds)
                yield f"{encoding}, {f'{speed} MB/s' if speed else 'no limit'}", found


def main(receipts, rounds):
    import polars as pl

    from clinia_nb.sandbox.generator import generate_bulk

    bulk = generate_bulk("mixed", receipts=receipts)
    print(
        f"{receipts:,} receipts, {len(bulk.body) / 1e6:.0f} MB, median of {rounds} rounds; "
        f"Python {platform.python_version()}, polars {pl.__version__}\n"
    )
    print("| wire | transfer | reading | json + polars | fetch_bulk | after the last byte "
          "| fetch_bulk over the larger of transfer and reading |")  # fmt: skip
    print("|---|---:|---:|---:|---:|---:|---:|")
    for wire, found in figures(bulk.body, bulk.bulk_id, rounds):
        usual, transfer, reading, ours = (found[way][0] for way in WAYS)
        last = found["fetch_bulk"][1]
        print(
            f"| {wire} | {transfer:.2f} s | {reading:.2f} s | {usual:.2f} s | {ours:.2f} s "
            f"| {last:.2f} s | {ours / max(transfer, reading):.2f} × |",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(*sys.argv[2:5])
    elif sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        numbers = [int(argument) for argument in sys.argv[1:]]
        main(*(numbers + [300_000, 3][len(numbers) :]))
