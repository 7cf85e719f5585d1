"""Count the problems that signatures make of messages whose true number is known."""

from __future__ import annotations

import polars as pl
from support.frames import frame

import clinia_nb as cnb
from clinia_nb import with_signatures


def repeated(*templates, times=12):
    """Fill each template with a number that grows: it stands for what varies."""
    return [template.format(number) for number in range(times) for template in templates]


def problem_counts(cases):
    """Return how many signatures the messages of each case have, once and repeated.

    Each case is an error type of its own, so that words are compared within it only.
    """
    cases = cases | {f"{name}, often": messages * 10 for name, messages in cases.items()}
    bulk = frame(*(
        {"status": "FAILURE", "error_type": name, "error_message": message}
        for name, messages in cases.items() for message in messages
    ))  # fmt: skip
    redacted = bulk.with_columns(cnb.redact(bulk)["error_message"])
    return {"plain": _counted(bulk), "redacted": _counted(redacted)}


def _counted(bulk):
    found = with_signatures(bulk).group_by("error_type").agg(pl.col("signature").n_unique())
    return dict(found.iter_rows())
