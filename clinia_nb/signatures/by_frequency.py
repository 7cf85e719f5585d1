"""The variable parts that show by their frequency: words that differ where the rest is the same.

Messages of one template have its words at the same places, and so equally often. Of the words of a
message, the largest set of equal frequency is the heart of its template; messages of one heart are
split further where they hold few, recurring words, as "opened" and "closed". A place is variable
where its words are many, or ever new, or known as values: because the same few stand at a place of
another template too, or because each stands at a variable place elsewhere.

The frequency of words at their places as the key to a template is the idea of S. Yu et al., "Brain:
Log Parsing with Bidirectional Parallel Tree", IEEE Transactions on Services Computing, 2023.
"""

from __future__ import annotations

import polars as pl

from .by_form import IDEOGRAPHS, PLACEHOLDER, PLACEHOLDER_RUN, PLACEHOLDERS, WORD

_TOKEN = (
    rf"{PLACEHOLDER}|[{IDEOGRAPHS}]+"
    rf"|[{WORD}](?:(?:[{WORD}.$'’/\\@#~-]|::)*[{WORD}])?[:(]?"
)
_VALUE = PLACEHOLDERS["value"]
_RUN = rf"{_VALUE}(?: {_VALUE})+"
# A word behind one of these is more often whom or what it happened to than what happened.
_BEFORE_VALUES = (
    *("for", "by", "to", "from", "on", "in", "at", "of", "with", "via", "using", "as"),
    *("user", "host", "node", "queue", "zone", "reason"),
    *("von", "nach", "für", "bei", "mit", "auf", "durch", "de", "du", "des", "à", "au", "par"),
    *("pour", "sur", "dans", "avec", "vers"),
)
# So many words at one place still tell templates apart: any; recurring ones; labels and calls.
_FEW, _SOME, _LABELS = 3, 6, 20
_NEW_WORDS = 1 / 3  # of the words at a place, for these to count as ever new
_CROWD = 10
_SHARED = 3  # so many words at two places are no coincidence
_MOST_SPLITS, _MOST_MERGES = 30, 3


def group(masked: pl.DataFrame) -> pl.Series:
    """Give each masked message its template: the same text for all of one group.

    Parameters
    ----------
    masked
        ``masked`` (String, unique, as `clinia_nb.masking.mask` gives it) and ``count``: how often
        it came.

    Returns
    -------
    pl.Series
        ``template`` (String), in the order of `masked`: of the group's most frequent message, with
        a mark for each variable word.

    Examples
    --------
    >>> users = ["ann", "bob", "cho", "dee", "eve"]
    >>> messages = [f"no right for {user} to write" for user in users] + ["no such right"]
    >>> group(pl.DataFrame({"masked": messages, "count": 1})).unique(maintain_order=True).len()
    2
    """
    messages = masked.with_row_index("message").with_columns(
        tokens=pl.col("masked").str.extract_all(_TOKEN)
    )
    places = _split(_by_heart(_places(messages)))
    for _ in range(_MOST_MERGES):
        places = _generalize(places)
        if not places["variable"].any():
            break
    return _templates(messages, places)


def _places(messages: pl.DataFrame) -> pl.DataFrame:
    """Give one row per message and place, with the token there; all marks are one."""
    before = pl.col("token").shift(1).over("message")
    return (
        messages.filter(pl.col("tokens").list.len() > 0)
        .select(
            *("message", "count"),
            pl.col("tokens").list.len().alias("length"),
            pl.int_ranges(pl.col("tokens").list.len()).alias("place"),
            pl.col("tokens").alias("token"),
        )
        .explode("place", "token")
        .with_columns(pl.col("token").str.replace_all(PLACEHOLDER, _VALUE))
        .with_columns(
            is_value=pl.col("token") == _VALUE,
            is_label=pl.col("token").str.contains("[:(]$"),
            value=pl.lit(None, dtype=pl.String),
            is_behind=(
                before.str.ends_with(":") | before.str.to_lowercase().is_in(_BEFORE_VALUES)
            ).fill_null(value=False),
            key=pl.struct("place", "token").hash(),
        )
    )


def _by_heart(places: pl.DataFrame) -> pl.DataFrame:
    """Put messages into one group where they have their length and their heart in common."""
    often = pl.len().over("length", "place", "token")
    hearts = (
        places.with_columns(often=often)
        .filter(~pl.col("is_value"))
        .group_by("message", "often")
        .agg(pl.len().alias("words"), pl.col("key").sum())
        .sort("message", "words", "often", descending=[False, True, True])
        .unique("message", keep="first", maintain_order=True)
        .select("message", pl.col("key").alias("heart"))
    )
    return places.join(hearts, on="message", how="left", maintain_order="left").with_columns(
        group=pl.struct("length", pl.col("heart").fill_null(0)).hash()
    )


def _is_variable() -> pl.Expr:
    """Tell places that take values, by the words that stand there: see `_with_words`."""
    words = pl.col("words")
    return (
        pl.when(words == 1)
        .then(statement=False)
        .when(pl.col("some_values"))
        .then(statement=True)
        .when(pl.col("mostly_labels"))
        .then(words > _LABELS)
        .when(pl.col("mostly_behind"))
        .then(words > 1)
        .otherwise((words > _SOME) | ((words > _FEW) & (pl.col("words_once") / words > _NEW_WORDS)))
    )


def _is_shared() -> pl.Expr:
    """Tell places whose very words, and they are some, stand at a place of another group too."""
    words = pl.when(~_is_variable()).then(
        pl.col("token").hash().unique().sum().over("group", "place")
    )
    groups = pl.struct("group", "place").n_unique().over(words)
    return words.is_not_null() & (pl.col("words") >= _SHARED) & (groups > 1)


def _with_words(places: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Add what stands at each place of each group: how many words, how many of them once."""
    once = pl.col("count").sum().over(*by, "token") == 1
    return places.with_columns(once=once).with_columns(
        words=pl.col("token").n_unique().over(by),
        words_once=pl.col("once").sum().over(by),
        some_values=pl.col("is_value").any().over(by),
        mostly_labels=(pl.col("is_label").mean() > 0.5).over(by),  # noqa: PLR2004 - most
        mostly_behind=(pl.col("is_behind").mean() > 0.5).over(by),  # noqa: PLR2004
    )


def _split(places: pl.DataFrame) -> pl.DataFrame:
    """Split groups at the place of fewest words until what differs is variable; mark that."""
    done: list[pl.DataFrame] = []
    for _ in range(_MOST_SPLITS):
        places = _with_words(places, ["group", "place"])
        places = places.with_columns(variable=_is_variable() | _is_shared())
        where = (
            places.filter((pl.col("words") > 1) & ~pl.col("variable"))
            .sort("group", "words", "place")
            .unique("group", keep="first", maintain_order=True)
            .select("group", pl.col("place").alias("split_at"))
        )
        done.append(places.join(where, on="group", how="anti"))
        if where.is_empty():
            break
        places = places.join(where, on="group").with_columns(
            group=pl.struct(
                "group",
                pl.col("key").filter(pl.col("place") == pl.col("split_at")).first().over("message"),
            ).hash()
        )
        places = places.drop("split_at")
    else:
        done.append(places)
    return _marked(pl.concat(done))


def _marked(places: pl.DataFrame) -> pl.DataFrame:
    return places.with_columns(
        value=pl.when(pl.col("variable") & ~pl.col("is_value")).then("token").otherwise("value"),
        token=pl.when("variable").then(pl.lit(_VALUE)).otherwise("token"),
        is_value=pl.col("is_value") | pl.col("variable"),
    ).with_columns(key=pl.struct("place", "token").hash())


def _generalize(places: pl.DataFrame) -> pl.DataFrame:
    """Mark places at which templates that are otherwise the same hold many words."""
    constant = (~pl.col("is_value")).cast(pl.UInt32)
    rest = places.with_columns(
        rest=pl.struct("length", pl.col("key").sum().over("message") - pl.col("key")).hash(),
        constants=constant.sum().over("message") - constant,
    )
    values = places["value"].drop_nulls().unique().implode()
    told = _with_words(rest.with_columns(is_known=pl.col("token").is_in(values)), ["rest", "place"])
    known = pl.col("is_known").all().over("rest", "place") & (pl.col("words") > 1)
    # Where no word would be left, only a crowd of words is a value.
    crowded = (pl.col("words") > _CROWD) & (pl.col("length") > 2)  # noqa: PLR2004
    safe = (pl.col("constants") > 0) | crowded
    return _marked(told.with_columns(variable=(_is_variable() | known) & safe))


def _templates(messages: pl.DataFrame, places: pl.DataFrame) -> pl.Series:
    groups = (
        places.sort("message", "place")
        .group_by("message", maintain_order=True)
        .agg(pl.col("token").str.join(" ").str.replace_all(_RUN, _VALUE).alias("group"))
    )
    texts = (
        messages.join(groups, on="message", how="left", maintain_order="left")
        .join(_rewritten(messages, places), on="message", how="left", maintain_order="left")
        .with_columns(pl.coalesce("group", "masked"), pl.coalesce("text", "masked"))
    )
    best = (
        texts.sort("count", "text", descending=[True, False])
        .unique("group", keep="first", maintain_order=True)
        .select("group", pl.col("text").alias("template"))
    )
    return texts.join(best, on="group", how="left", maintain_order="left")["template"]


def _rewritten(messages: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Put marks for variable words into the masked messages, and leave all else as it stands."""
    gaps = pl.col("masked").str.replace_all(_TOKEN, "\0").str.split("\0")
    pieces = (
        messages.select(
            "message",
            pl.col("tokens").alias("word"),
            gaps.list.head(pl.col("tokens").list.len()),
            gaps.list.last().alias("end"),
            pl.int_ranges(pl.col("tokens").list.len()).alias("place"),
        )
        .explode("word", "masked", "place")
        .join(places.select("message", "place", "is_value"), on=["message", "place"])
        .sort("message", "place")
    )
    word = (
        pl.when(pl.col("is_value") & ~pl.col("word").str.contains(PLACEHOLDER))
        .then(pl.lit(_VALUE))
        .otherwise("word")
    )
    return (
        pieces.group_by("message", maintain_order=True)
        .agg(text=(pl.col("masked") + word).str.join("") + pl.col("end").first())
        .with_columns(pl.col("text").str.replace_all(PLACEHOLDER_RUN, "${1}"))
    )
