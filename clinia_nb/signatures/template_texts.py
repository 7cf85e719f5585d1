"""Write what a template reads like: its words, and a placeholder for each variable one."""

from __future__ import annotations

import polars as pl

from .by_form import PLACEHOLDER, PLACEHOLDER_RUN
from .patterns import TOKEN, VALUE
from .placeholders import PLACEHOLDERS

_LOOKS = ("id", "number", "size", "duration"), ("value", "name", "path")
_FEW_WORDS = 1 / 3  # of the values at a place, for these to be ids too


def texts(messages: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return the text of each shape, piece by piece as in most of its messages."""
    pieces = _pieces(messages, places)
    shape, place = ["shape"], ["shape", "place"]
    count, ends = pl.col("count").sum(), pieces.filter("is_last")
    text = pl.concat_str("gap", "word")
    constants, values = (pieces.filter(is_value) for is_value in (~pl.col("is_value"), "is_value"))
    opened = _most(values, place, "gap").join(_names(values), on=place)
    return (
        pl.concat(
            [
                _most(constants.with_columns(text=text), place, "text"),
                opened.select(*place, text=text),
            ]
        )
        .sort(place)
        .group_by("shape", maintain_order=True)
        .agg(pl.col("text").str.join(""))
        .join(_most(ends, shape, "end"), on="shape")
        .join(ends.group_by("shape").agg(count), on="shape")
        .select(
            "shape",
            "count",
            text=pl.concat_str("text", "end").str.replace_all(PLACEHOLDER_RUN, "${1}"),
        )
    )


def _pieces(messages: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return the words of messages, each with the text before it; the last with that behind it."""
    gaps = pl.col("masked").str.replace_all(TOKEN, "\0").str.split("\0")
    length = pl.col("tokens").list.len()
    # Whether a colon is a word's own depends on what the value looks like: here, none is.
    colon = pl.when(pl.col("is_value") & pl.col("word").str.ends_with(":")).then(pl.lit(":"))
    before = pl.when(pl.col("place") > 0).then(pl.col("colon").shift(1))
    return (
        messages.select(
            "message",
            "count",
            word="tokens",
            gap=gaps.list.head(length),
            end=gaps.list.last(),
            place=pl.int_ranges(length),
            last=length - 1,
        )
        .explode("word", "gap", "place")
        .join(
            places.select("message", "place", "is_value", "shape"),
            on=["message", "place"],
            maintain_order="left",
        )
        .with_columns(colon=colon.otherwise(pl.lit("")), is_last=pl.col("place") == pl.col("last"))
        .with_columns(
            gap=before.otherwise(pl.lit("")) + pl.col("gap"), end=pl.col("colon") + pl.col("end")
        )
        .select("shape", "place", "is_value", "is_last", "word", "gap", "end", "count")
    )


def _most(pieces: pl.DataFrame, by: list[str], column: str) -> pl.DataFrame:
    """Return the most frequent value of a column in each group."""
    return (
        pieces.group_by(*by, column)
        .agg(pl.col("count").sum())
        .sort("count", column, descending=[True, False])
        .unique(by, keep="first", maintain_order=True)
        .drop("count")
    )


def _names(values: pl.DataFrame) -> pl.DataFrame:
    """Return the ``word`` of each variable place: a placeholder.

    It is named after what all values look like; if these are of several looks, ``<value>``. Which
    looks there are depends less on the messages at hand than which look is frequent.
    """
    place, look, count = ["shape", "place"], pl.col("look"), pl.col("count")
    # Ids that happen to have no letter look like numbers, those without a digit like words, and
    # those with a slash like paths.
    like_ids, like_words = (look.is_in([PLACEHOLDERS[name] for name in names]) for names in _LOOKS)
    are_ids = (
        (look == PLACEHOLDERS["id"]).any()
        & (like_ids | like_words).all()
        & (count.filter(like_words).sum() / count.sum() < _FEW_WORDS)
    )
    looks = values.with_columns(
        look=pl.col("word").str.extract(f"^({PLACEHOLDER}):?$").fill_null(VALUE)
    )
    return looks.group_by(place).agg(
        word=pl.when(look.n_unique() == 1)
        .then(look.first())
        .when(are_ids)
        .then(pl.lit(PLACEHOLDERS["id"]))
        .otherwise(pl.lit(VALUE))
    )
