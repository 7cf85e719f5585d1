"""How well signatures group labelled messages, and how stable they are."""

from __future__ import annotations

import random

import polars as pl

from clinia_nb.signatures.messages import sign_messages


def accuracy(truth, found):
    """Return the share of messages whose group is exactly the true group."""
    pairs = pl.DataFrame({"truth": truth, "found": found}).with_columns(
        true_size=pl.len().over("truth"),
        found_size=pl.len().over("found"),
        both=pl.len().over("truth", "found"),
    )
    exact = (pl.col("both") == pl.col("true_size")) & (pl.col("both") == pl.col("found_size"))
    return pairs.select(exact.mean()).item()


def stability(messages, seed=1):
    """Return the share of messages with equal signatures in a half and in the whole.

    First without help, then with the templates of one half, extended by those of the other.
    """
    order = random.Random(seed).sample(range(len(messages)), len(messages))
    halves = [pl.Series([messages[at] for at in half]) for half in (order[::2], order[1::2])]
    shuffled = pl.Series([messages[at] for at in order[::2] + order[1::2]])
    (one, old), (other, _) = (sign_messages(half) for half in halves)
    alone = (pl.concat([one, other]) == sign_messages(shuffled)[0]).mean()
    later, new = sign_messages(halves[1], known=old)
    whole = sign_messages(shuffled, known=pl.concat([old, new]))[0]
    return alone, (pl.concat([one, later]) == whole).mean()
