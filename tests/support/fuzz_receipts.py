"""Read odd answers until the time is over; what is found belongs into the tests.

    python tests/support/fuzz_receipts.py [SECONDS] [SEED]

Whole, in pieces and with small windows, an answer must give one result: an exception of the
package, or a frame of the schema in which the right receipts are right.
"""

from __future__ import annotations

import random
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from support.wire import FULL, wire

from clinia_nb.errors import CliniaError
from clinia_nb.receipts import stream
from clinia_nb.receipts.fields import SCHEMA
from clinia_nb.receipts.parse import count_statuses, read_status
from clinia_nb.receipts.stream import AnswerReader

RIGHT = wire(FULL)[len(b'{"status": "FAILURE", "receipts": [') : -2]
DEEP = b"[" * 250 + b"]" * 250
SCRAPS = (
    b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\x00", b"\x1f", b"\xff", b"\xed\xa0\x80",
    rb"\ud800", rb"\udc00", rb"\u", b"NaN", b"-Infinity", b"null", b"9" * 400, b"1e999", b"},{",
    b'"error":', b'"receipts":[', b'"status":"S",', b'"id":" "', b'"code":"\xff"', b"[" * 300,
    b'"0001-01-01T00:00:00Z"', b" ", b"\n", b"\xef\xbb\xbf", rb'\"', b"/", b"//", b"'",
    b'"new":1,', b'"new":%b,' % DEEP, DEEP,
)  # fmt: skip


def mutated(chance: random.Random, receipt: bytes) -> bytes:
    """Insert, delete or repeat pieces of a receipt."""
    text = bytearray(receipt)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 5))):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0:
                text[at:at] = chance.choice(SCRAPS)
            case 1:
                del text[at : at + chance.choice((1, 1, 3, 20))]
            case 2:
                text[at : at + 1] = chance.choice(SCRAPS)
            case _:
                end = at + chance.randrange(60)
                text[at:at] = text[at:end]
    return bytes(text)


def answer_of(chance: random.Random) -> tuple[bytes, bool]:
    """Return an answer, and whether its first and last receipts are sure to be read."""
    middle = [mutated(chance, RIGHT) for _ in range(chance.randrange(4))]
    body = b'{"status":"S","receipts":[%b]}' % b",".join([RIGHT, *middle, RIGHT])
    if chance.random() < 0.2:
        return mutated(chance, body), False
    if chance.random() < 0.1:
        text = body.decode("utf-8", "replace")
        return text.encode(chance.choice(("utf-16", "utf-16-be", "utf-32-le", "utf-8-sig"))), False
    return body, not any(is_unbalanced(text) for text in middle)


def is_unbalanced(text: bytes) -> bool:
    """Whether a receipt does not end where it should: then nobody knows where it ends."""
    elements = stream.read_split(stream.wire_of(), text + b"]", 0, stream.Notes())
    return elements[0:1] == ([],) or not elements[2] or elements[1] != len(text) + 1


def result(pieces: list[bytes]) -> object:
    reader = AnswerReader(source_key="s", bulk_id="b")
    for piece in pieces:
        reader.feed(piece)
    try:
        answer = reader.finish()
    except CliniaError as exc:
        return str(exc)
    assert answer.receipts.schema == SCHEMA
    return answer.status, answer.receipts.drop("source_key", "bulk_id").rows(), answer.notes


def check(body: bytes, chance: random.Random, *, sure: bool) -> None:
    """Raise if the answer is not read as it should be."""
    whole = result([body])
    cuts = sorted(chance.randrange(len(body) + 1) for _ in range(chance.randrange(6)))
    pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    usual, stream._PIECE = stream._PIECE, chance.choice((16, 64, 500))
    try:
        assert result(pieces) == whole, "pieces give another result"
    finally:
        stream._PIECE = usual
    if sure:
        rows = whole[1]
        right = result([wire(FULL)])[1][0]
        assert rows[0] == right, "the first receipt is right"
        assert rows[-1] == right, "the last receipt is right"
    if isinstance(whole, str):
        for function in (read_status, count_statuses):
            with suppress(CliniaError):
                raise AssertionError(f"{function(body)} of an answer that is not readable")
    else:
        assert read_status(body) == whole[0], "the status is another one"
        assert count_statuses(body).total == len(whole[1]), "not all receipts are counted"


def fuzz(seconds: float, seed: int) -> int:
    """Return how many answers were read."""
    begun, count = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        chance = random.Random(seed + count)
        body, sure = answer_of(chance)
        try:
            check(body, chance, sure=sure)
        except Exception as exc:
            exc.add_note(f"seed {seed + count}: {body!r}")
            raise
        count += 1
    return count


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    given = [int(argument) for argument in sys.argv[1:]]
    seconds, seed = given + [60, time.time_ns() % 10**9][len(given) :]
    print(f"{fuzz(seconds, seed):,} answers read in {seconds} s, from seed {seed}")
