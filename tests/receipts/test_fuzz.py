"""Odd answers by the thousand: `CLINIA_FUZZ_SECONDS=60` for a minute, with a fresh seed."""

import os
import time

from support.fuzz_receipts import fuzz


def test_no_odd_answer_costs_a_right_receipt_or_raises_a_foreign_exception():
    seconds = float(os.environ.get("CLINIA_FUZZ_SECONDS", "2"))
    seed = time.time_ns() % 10**9 if seconds > 2 else 0
    assert fuzz(seconds, seed) > 0
