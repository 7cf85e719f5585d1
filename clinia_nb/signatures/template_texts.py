"""Write what a template reads like: its words, and a placeholder for each variable one."""

from __future__ import annotations

import polars as pl

from .by_form import PLACEHOLDER, PLACEHOLDER_RUN
from .patterns import TOKEN, VALUE
from .placeholders import PLACEHOLDERS

_LOOKS = ("id", "number", "size", "duration"), ("value", "name")
_FEW_WORDS = 1 / 5  # of the values at a place, for these to be ids that have no digit


def texts(messages: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return the text of each shape, piece by piece as in most of its messages."""
    gaps = pl.col("masked").str.replace_all(TOKEN, "\0").str.split("\0")
    pieces = (
        messages.select(
            "message",
            "count",
            word="tokens",
            gap=gaps.list.head(pl.col("tokens").list.len()),
            end=gaps.list.last(),
            place=pl.int_ranges(pl.col("tokens").list.len()),
        )
        .explode("word", "gap", "place")
        .join(places.select("message", "place", "is_value", "shape"), on=["message", "place"])
        .select("shape", "place", "is_value", "word", "gap", "end", "count")
    )
    shape, place = ["shape"], ["shape", "place"]
    count, ends = pl.col("count").sum(), pieces.filter(pl.col("place") == 0)
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
    """Return the ``word`` of each variable place: a placeholder, with a colon if most have one.

    It is named after what all values look like; if these are of several looks, ``<value>``. Which
    looks there are depends less on the messages at hand than which look is frequent.
    """
    place, look, count = ["shape", "place"], pl.col("look"), pl.col("count")
    has_colon = pl.col("word").str.ends_with(":")
    # Ids that happen to have no letter look like numbers, and those without a digit like words.
    like_ids, like_words = (look.is_in([PLACEHOLDERS[name] for name in names]) for names in _LOOKS)
    are_ids = (
        (look == PLACEHOLDERS["id"]).any()
        & (like_ids | like_words).all()
        & (count.filter(like_words).sum() / count.sum() < _FEW_WORDS)
    )
    looks = values.with_columns(
        look=pl.col("word").str.extract(f"^({PLACEHOLDER}):?$").fill_null(VALUE), colon=has_colon
    )
    return (
        looks.group_by(place)
        .agg(
            pl.when(look.n_unique() == 1)
            .then(look.first())
            .when(are_ids)
            .then(pl.lit(PLACEHOLDERS["id"]))
            .otherwise(pl.lit(VALUE))
            .alias("name"),
            (count.filter("colon").sum() > count.filter(~pl.col("colon")).sum()).alias("colon"),
        )
        .select(
            *place,
            word=pl.when("colon").then(pl.col("name") + ":").otherwise("name"),
        )
    )
