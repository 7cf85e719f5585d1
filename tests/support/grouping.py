"""How well signatures group labelled messages, and how stable they are."""

from __future__ import annotations

import statistics

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


def rows_of(systems):
    """Return ``message``, ``label`` and ``system`` of labelled messages.

    To sign many systems at once, each a scope of its own, takes a tenth of the time.
    """
    rows = [(message, label, name) for name, made in systems.items() for message, label in made]
    return pl.DataFrame(rows, schema=["message", "label", "system"], orient="row")


def mean_accuracy(rows):
    """Return the accuracy on each system of `rows_of`, averaged."""
    signatures, _ = sign_messages(rows["message"], scopes=rows["system"])
    systems = rows.with_columns(signature=signatures).partition_by("system")
    return statistics.mean(accuracy(of["label"], of["signature"]) for of in systems)


def stability(rows, seed=1):
    """Return the share of messages with equal signatures in a half and in the whole.

    First without help, then all with a catalog of one half, extended by the other.
    """
    one, other = _halves(rows, seed)
    rows = pl.concat([one, other])
    first, second, whole = (_signed(half) for half in (one, other, rows))
    catalog = _catalog(one)
    grown = pl.concat([catalog, _catalog(other, catalog)])
    known = pl.concat([_signed(one, catalog), _signed(other, grown)])
    alone, helped = pl.concat([first, second]) == whole, known == _signed(rows, grown)
    return alone.mean(), helped.mean()


def unstable(rows, seed=1):
    """Return the pairs of texts that messages have in a half and in the whole, and an example."""
    halves = _halves(rows, seed)
    signed = pl.concat([rows.with_columns(half=_signed(rows)) for rows in halves])
    signed = signed.with_columns(whole=_signed(signed))
    return (
        signed.filter(pl.col("half") != pl.col("whole"))
        .group_by("system", "half", "whole")
        .agg(messages=pl.len(), example=pl.col("message").first())
        .sort("messages", "system", "whole", "half", descending=[True, False, False, False])
    )


def _halves(rows, seed):
    rows = rows.sample(fraction=1, shuffle=True, seed=seed)
    half = rows.height // 2
    return rows[:half], rows[half:]


def _signed(rows, known=None):
    return sign_messages(rows["message"], scopes=rows["system"], known=known)[0]


def _catalog(rows, known=None):
    return sign_messages(rows["message"], scopes=rows["system"], known=known, discreet=True)[1]
