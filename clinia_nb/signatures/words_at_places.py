"""What the words at a place are together: values, or what tells templates apart.

Each is an expression over the columns that `with_words` adds.
"""

from __future__ import annotations

import polars as pl

# So many words at one place still tell templates apart: behind others; any; verbs; labels.
_PAIR, _FEW, SOME, _LABELS = 2, 3, 6, 20
CROWD = 10
_OFTEN = 200  # from so many messages on, a listed word that is seen once is not a value
_NEW_WORDS = 1 / 3  # of the words at a place, for these to count as ever new


def with_words(places: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Count the words at each place of each group, and those of them that occur once."""
    once = pl.col("count").sum().over(*by, "token") == 1
    return places.with_columns(once=once).with_columns(
        words=pl.col("token").n_unique().over(by),
        words_once=pl.col("once").sum().over(by),
        messages=pl.col("count").sum().over(by),
        names_once=(pl.col("once") & pl.col("is_unknown")).sum().over(by),
        only_owners=(pl.col("is_owner") & ~pl.col("is_value")).all().over(by),
        only_strangers=pl.col("is_stranger").all().over(by),
        some_values=pl.col("is_value").any().over(by),
        some_lists=pl.col("is_list").any().over(by),  # beside a list, a word is a list of one
        fixed_words=pl.col("token").filter("is_fixed").n_unique().over(by),
        mostly_fixed=(pl.col("is_fixed").mean() > 0.5).over(by),  # noqa: PLR2004
        only_grades=pl.col("is_grade").all().over(by),
        statements=pl.col("stands").drop_nulls().n_unique().over(by),
        mostly_labels=(pl.col("is_label").mean() > 0.5).over(by),  # noqa: PLR2004 - most
        mostly_telling=(pl.col("is_telling").mean() > 0.5).over(by),  # noqa: PLR2004
        mostly_reasons=(pl.col("is_reason").mean() > 0.5).over(by),  # noqa: PLR2004
        mostly_behind=(pl.col("is_behind").mean() > 0.5).over(by),  # noqa: PLR2004
    )


def is_variable() -> pl.Expr:
    """Find places that take values, by the words that stand there: see `with_words`."""
    words = pl.col("words")
    # Among few messages, any word may be seen once.
    is_often = pl.col("messages") >= _OFTEN
    is_new = (pl.col("names_once") > 0) | (~is_often & (pl.col("words_once") > 0))
    is_ever_new = pl.col("words_once") / words > _NEW_WORDS
    return (
        pl.when(pl.col("only_owners"))
        .then(statement=True)
        .when(words == 1)
        .then(statement=False)
        .when(pl.col("some_values") | pl.col("only_grades"))
        .then(statement=True)
        .when(pl.col("only_strangers"))  # names of hosts and programs: "claimsd rollback succeeded"
        .then(words > _PAIR)
        .when(pl.col("mostly_labels"))
        .then(words > _LABELS)
        .when(pl.col("mostly_reasons"))
        .then((words > SOME) | (pl.col("names_once") > 0) | is_ever_new)
        .when(pl.col("mostly_behind"))
        .then((words > _PAIR) | is_new)
        .when(pl.col("mostly_telling"))
        .then((words > SOME) | ((words > _FEW) & is_ever_new))
        .otherwise(words > _FEW)
    )


def is_said() -> pl.Expr:
    """Find last places of few words that are not names and rarely new: they say what happened.

    If one of them is not a value and one was seen again, more may be new.
    """
    words, once = pl.col("words"), pl.col("words_once")
    is_new = (once / words > _NEW_WORDS) & ((pl.col("statements") == 0) | (once == words))
    is_name = pl.any_horizontal("mostly_behind", "only_grades", "some_values")
    is_last = pl.col("place") == pl.col("length") - 1
    return is_last & (words <= SOME) & ~is_new & ~is_name


def is_apart() -> pl.Expr:
    """Find places where words that are never values stand beside others."""
    only = pl.col("statements") == pl.col("words") - 1
    few = only & pl.col("statements").is_between(1, _FEW)
    beside = pl.col("words") <= pl.when(pl.col("fixed_words") > 1).then(CROWD).otherwise(_FEW)
    fixed = (pl.col("fixed_words") > 0) & (pl.col("mostly_fixed") | beside)
    apart = fixed | (pl.col("some_values") & few)
    return (pl.col("words") > 1) & apart & ~pl.col("some_lists")
