"""Time and memory are proportional to what came, whatever it is: counted, or compared as ratios."""

import subprocess
import sys
import time
import tracemalloc

import pytest
from support.wire import FULL, wire

from clinia_nb.errors import CliniaError
from clinia_nb.receipts import wire as wire_module
from clinia_nb.receipts.json_text import find_list, repair, split_elements
from clinia_nb.receipts.stream import AnswerReader

EMBEDDED = rb"{\"a\":{\"b\":[1,2]}},"
HEAD = b'{"status":"S","receipts":['
# What grows, and whether the answer is whole.
GROWING = {
    "a cut message that holds JSON": lambda n: HEAD + b'{"error":{"message":"' + EMBEDDED * n,
    "a message that holds JSON": lambda n: HEAD + b'{"id":"' + EMBEDDED * n + b'"}]}',
    "quotes": lambda n: HEAD + b'"' * (20 * n),
    "brackets": lambda n: HEAD + b"[" * (20 * n),
    "backslashes": lambda n: HEAD + b'"' + b"\\" * (20 * n),
    "braces before the list": lambda n: b'{"x":[' + b"{}," * (7 * n) + b"{}]}",
    "lone surrogates": lambda n: HEAD + rb'"\ud800",' * n + b"{}]}",
    "nothing": lambda n: HEAD + b"{}," * n + b"{}]}",
    "values that are not receipts": lambda n: HEAD + b"NaN," * n + b"{}]}",
    "commas": lambda n: HEAD + b"," * n,
}


def read(body):
    reader = AnswerReader(source_key="s", bulk_id="b")
    reader.feed(body)
    try:
        return reader.finish()
    except CliniaError as exc:
        return exc


def steps(work):
    """Count the lines of Python that run: they do not depend on the machine."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


@pytest.mark.slow
@pytest.mark.parametrize("what", GROWING)
def test_eight_times_the_bytes_take_not_much_more_than_eight_times_the_steps(what):
    """Windows that double may read some bytes twice; a pass for every value would take 64 times."""
    small, large = (GROWING[what](n) for n in (1_000, 8_000))
    read(small)
    few, many = steps(lambda: read(small)), steps(lambda: read(large))
    assert many <= 8 * 3 * few


@pytest.mark.parametrize("function", [split_elements, repair, lambda text: find_list(text, "x")])
@pytest.mark.parametrize(
    "text", [b'"', b'\\"', b"[", b"]", b'{"', b"\\", b'"},{"', b"\xff", b"\x01"]
)
def test_one_pass_over_any_bytes(function, text):
    """Sixteen times the bytes: a second pass per byte would take 256 times as long."""

    def seconds(size):
        begun = time.process_time()
        function(b'"' + text * size)
        return time.process_time() - begun

    assert min(seconds(32_000) for _ in range(3)) < 80 * max(
        min(seconds(2_000) for _ in range(3)), 0.0005
    )


@pytest.mark.parametrize(
    "body",
    [
        HEAD + b'{"error":{"message":"' + b"m" * 8_000_000 + b'"}}]}',
        HEAD + b'{"error":{"message":"' + rb"\"" * 4_000_000 + b'"}}]}',
        HEAD + b'{"error":{"details":"' + b"m" * 8_000_000,
    ],
    ids=["one message", "one message of quotes", "a cut message"],
)
def test_one_long_message_takes_a_small_multiple_of_itself(body):
    read(wire(FULL))
    tracemalloc.start()
    try:
        read(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * len(body)


_PEAK = """
import resource, sys, warnings
from clinia_nb import parse_receipts
warnings.simplefilter("ignore")
body = b'{"status":"S","receipts":[' + b"{}," * int(sys.argv[1]) + b"{}]}"
assert parse_receipts(body, source_key="s", bulk_id="b").height == int(sys.argv[1]) + 1
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_an_empty_receipt_takes_about_a_hundred_bytes():
    def peak(receipts):
        ran = subprocess.run(
            [sys.executable, "-c", _PEAK, str(receipts)], capture_output=True, check=True
        )
        unit = 1 if sys.platform == "darwin" else 1_024
        return int(ran.stdout) * unit

    assert peak(700_000) - peak(100_000) < 600_000 * 150


@pytest.mark.slow
def test_what_reading_takes_beside_the_frame_does_not_grow_with_the_answer():
    """Of the frame itself tracemalloc sees nothing."""

    def peak(receipts):
        body = wire(*[FULL] * receipts)
        tracemalloc.start()
        try:
            read(body)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(24_000) < 1.3 * peak(12_000)


@pytest.mark.parametrize(
    "odd",
    [
        b'{"id":7}',
        rb'{"id":"\ud800"}',
        b"[" * 5_000 + b"]" * 5_000,
        b'{"id":NaN}',
        b'{"id":"\xff"}',
    ],
)
def test_one_odd_receipt_costs_only_its_own_piece(odd, monkeypatch):
    one_by_one = []
    real = wire_module.Wire.read_one
    monkeypatch.setattr(
        wire_module.Wire, "read_one", lambda self, *args: one_by_one.append(1) or real(self, *args)
    )
    receipts = [wire(FULL)[len(b'{"status": "FAILURE", "receipts": [') : -2]] * 20_000
    answer = read(HEAD + b",".join([*receipts[:9_000], odd, *receipts[9_000:]]) + b"]}")
    assert answer.receipts.height == 20_001
    assert answer.receipts["id"].null_count() <= 1
    assert len(one_by_one) < 400
