"""Find variable parts by their frequency: words that differ while the rest stays the same.

Messages of one template have its words at the same places, and so equally often. The largest set of
words of equal frequency is the core of a message's template. Messages with one core are split
further at places with few, recurring words, such as "opened" and "closed". A place is variable if
its words are many, or mostly new, or known as values: because the same few words stand at a place
of another template too, or because each stands at a variable place elsewhere.

The frequency of words at their places as the key to a template is the idea of S. Yu et al., "Brain:
Log Parsing with Bidirectional Parallel Tree", IEEE Transactions on Services Computing, 2023.
"""

from __future__ import annotations

import polars as pl

from .by_form import PLACEHOLDER, PLACEHOLDERS
from .patterns import OPEN, TOKEN, VALUE, most_specific_first
from .template_texts import texts
from .unknown_words import daemons, unknown_words, verbs
from .word_looks import (
    is_behind,
    is_code,
    is_grade,
    is_label,
    is_owner,
    is_reason,
    is_statement,
    is_telling,
)
from .word_roles import BEFORE_CAUSES, BEFORE_STATES, BEFORE_VALUES, FIXED
from .words_at_places import CROWD, SOME, is_apart, is_said, is_variable, with_words

_RUN = rf"{VALUE}(?: {VALUE})+"
_SENTENCE = 3
_SHARED, _ALIKE = 3, 3 / 4  # so many, and most, words at two places are no coincidence
_WIDESPREAD = 20  # a word at more places says nothing about them
_MOST_SPLITS, _MOST_MERGES = 30, 3


def group(masked: pl.DataFrame) -> pl.DataFrame:
    """Find the templates of masked messages.

    Parameters
    ----------
    masked
        ``masked`` (String, as `by_form.mask` returns it), ``scope`` (String: a template is of one
        scope; which words are values is learned from all) and ``count``: how many messages there
        are. A row per text and scope.

    Returns
    -------
    pl.DataFrame
        ``scope`` and ``pattern`` (String): which messages belong to a template, see
        `patterns.first_match`, the most specific first; ``template`` (String): the most frequent
        message of the group, with a placeholder for each variable word.

    Examples
    --------
    >>> users = ["ann", "bob", "cho", "dee", "eve"]
    >>> messages = [f"no right for {user} to write" for user in users] + ["no such right"]
    >>> masked = pl.DataFrame({"masked": messages, "scope": "", "count": 1})
    >>> group(masked).height
    2
    """
    messages = masked.with_row_index("message").with_columns(
        tokens=pl.col("masked").str.extract_all(TOKEN)
    )
    places = _split(_by_core(_places(messages)))
    for _ in range(_MOST_MERGES):
        places = _generalize(places)
        if not places["variable"].any():
            break
    return _templates(messages, places)


def _places(messages: pl.DataFrame) -> pl.DataFrame:
    """Return one row per message and place, with the token there; all placeholders are one."""
    length, token, before = pl.col("tokens").list.len(), pl.col("token"), pl.col("before")
    tokens = (
        messages.filter(length > 0)
        .select(
            *("message", "count", "scope"),
            length.alias("length"),
            pl.int_ranges(length).alias("place"),
            pl.col("tokens").alias("token"),
        )
        .explode("place", "token")
        .with_columns(
            token.str.replace_all(PLACEHOLDER, VALUE),
            is_list=token == PLACEHOLDERS["list"],
            before=pl.when(pl.col("place") > 0).then(token.shift(1)).str.to_lowercase(),
            word=token.str.replace(f":{PLACEHOLDER}$", ""),  # a host with a port, an image
            is_cause=(pl.col("place") > 1) & token.shift(2).str.to_lowercase().is_in(BEFORE_CAUSES),
        )
    )
    known_verbs, unknown = verbs(tokens["word"]), unknown_words(tokens["word"])
    unknown = unknown.filter(~unknown.is_in(known_verbs.implode()))
    strangers = pl.concat([unknown, daemons(tokens["word"])])
    is_preposition = before.is_in(BEFORE_VALUES).fill_null(value=False) & ~pl.col("is_cause")
    return (
        tokens.with_columns(
            is_unknown=pl.col("word").is_in(unknown.implode()) & (pl.col("place") > 0),
            is_coined=pl.col("word").is_in(unknown.implode()) & pl.col("word").str.contains("-"),
            is_stranger=pl.col("word").is_in(strangers.implode()) & (pl.col("place") == 0),
            is_preposition=is_preposition,
            is_verb=token.is_in(known_verbs.implode()) & ~is_preposition,
            is_fixed=token.is_in(FIXED) | is_code(),
        )
        .with_columns(is_behind=is_behind())
        .with_columns(
            is_value=token == VALUE,
            is_label=is_label(),
            value=pl.lit(None, dtype=pl.String),
            is_grade=is_grade(),
            stands=pl.when(pl.col("is_fixed") | is_statement()).then("token"),
            key=pl.struct("place", "token").hash(),
            is_owner=is_owner(),
            is_telling=is_telling(),
            is_reason=is_reason(),
            is_said=before.is_in(BEFORE_STATES).fill_null(value=False),
        )
        .drop("before", "word", "is_cause", "is_coined")
    )


def _by_core(places: pl.DataFrame) -> pl.DataFrame:
    """Group the messages of a scope that have their length and their core in common."""
    often = pl.len().over("scope", "length", "place", "token")
    cores = (
        places.with_columns(often=often)
        .filter(~pl.col("is_value"))
        .group_by("message", "often")
        .agg(pl.len().alias("words"), pl.col("key").sum())
        .sort("message", "words", "often", descending=[False, True, True])
        .unique("message", keep="first", maintain_order=True)
        .select("message", pl.col("key").alias("core"))
    )
    return places.join(cores, on="message", how="left", maintain_order="left").with_columns(
        group=pl.struct("scope", "length", pl.col("core").fill_null(0)).hash()
    )


def _is_shared(places: pl.DataFrame) -> pl.Expr:
    """Find places most of whose words, at least `_SHARED`, also stand at one other place.

    The same place in messages of another scope may be one of the same sentence, and says nothing.
    """
    where = pl.struct("group", "place").hash()
    few = (
        places.filter(~is_variable() & (pl.col("words") >= _SHARED))
        .select("token", "words", "scope", at=pl.struct("length", "place").hash(), where=where)
        .unique(["token", "where"])
        .filter(pl.len().over("token") <= _WIDESPREAD)
    )
    most = pl.max_horizontal("words", "words_right").first() * _ALIKE
    shared = (
        few.join(few, on="token")
        .filter(
            (pl.col("where") != pl.col("where_right"))
            & ((pl.col("scope") == pl.col("scope_right")) | (pl.col("at") != pl.col("at_right")))
        )
        .group_by("where", "where_right")
        .agg(is_shared=pl.len() >= pl.max_horizontal(most, _SHARED))
        .filter("is_shared")
    )
    return where.is_in(shared["where"].unique().implode())


def _is_last_difference() -> pl.Expr:
    """Find the place of fewest words where otherwise one constant word would be left.

    Messages that share a single word are hardly one event: "claimsd rollback succeeded". If only
    one place is open, few words there are kept if they are not names: "XN-3 > ACK".
    """
    is_open = pl.col("variable") & ~pl.col("some_values")
    constant = ~pl.col("is_value") & (pl.col("words") == 1)
    constants = pl.col("place").filter(constant).n_unique().over("group")
    fewest = pl.col("words").filter(is_open).min().over("group")
    opened = pl.col("place").filter(is_open).n_unique().over("group")
    return (constants <= 1) & is_open & (pl.col("words") == fewest) & ((opened > 1) | is_said())


def _split(places: pl.DataFrame) -> pl.DataFrame:
    """Split groups at the place of fewest words until all that differs is variable; open that."""
    done: list[pl.DataFrame] = []
    for _ in range(_MOST_SPLITS):
        places = with_words(places, ["group", "place"])
        places = places.with_columns(is_apart=is_apart()).with_columns(
            variable=(is_variable() | _is_shared(places)) & ~pl.col("is_apart")
        )
        places = places.with_columns(pl.col("variable") & ~_is_last_difference())
        where = (
            places.filter((pl.col("words") > 1) & ~pl.col("variable"))
            .sort("group", "is_apart", "words", "place", descending=[False, True, False, False])
            .unique("group", keep="first", maintain_order=True)
            .select("group", pl.col("place").alias("split_at"))
        )
        done.append(places.join(where, on="group", how="anti"))
        if where.is_empty():
            break
        fixed = pl.when("is_fixed").then("token")
        others = pl.when(pl.col("fixed_words") > 0).then(fixed).otherwise("stands").hash()
        key = pl.when("is_apart").then(others).otherwise("key")
        places = places.join(where, on="group").with_columns(
            group=pl.struct(
                "group",
                key.filter(pl.col("place") == pl.col("split_at")).first().over("message"),
            ).hash()
        )
        places = places.drop("split_at")
    else:
        done.append(places)
    return _opened(pl.concat(done))


def _opened(places: pl.DataFrame) -> pl.DataFrame:
    return places.with_columns(
        value=pl.when(pl.col("variable") & ~pl.col("is_value")).then("token").otherwise("value"),
        token=pl.when("variable").then(pl.lit(VALUE)).otherwise("token"),
        is_value=pl.col("is_value") | pl.col("variable"),
    ).with_columns(key=pl.struct("place", "token").hash())


def _generalize(places: pl.DataFrame) -> pl.DataFrame:
    """Open places at which templates that are otherwise the same hold many words."""
    constant = (~pl.col("is_value")).cast(pl.UInt32)
    rest = places.with_columns(
        rest=pl.struct(
            "scope", "length", pl.col("key").sum().over("message") - pl.col("key")
        ).hash(),
        constants=constant.sum().over("message") - constant,
        opened=pl.col("value").is_not_null().sum().over("message")
        - pl.col("value").is_not_null().cast(pl.UInt32),
    )
    bare = pl.col("token").str.strip_chars_end(":,;")
    values = places["value"].drop_nulls().str.strip_chars_end(":,;").unique().implode()
    counted = with_words(rest.with_columns(is_known=bare.is_in(values)), ["rest", "place"])
    known = (
        pl.col("is_known").all().over("rest", "place")
        & ~pl.col("is_verb").all().over("rest", "place")
        & (pl.col("words") > 1)
    )
    # Where one word or none is left, only one place is open; where none is, a crowd must be there.
    crowded = (pl.col("words") > CROWD) & (pl.col("length") > 2)  # noqa: PLR2004
    one = (pl.col("constants") == 1) & ~is_said()
    alone = (pl.col("opened") == 0) & (one | crowded)
    safe = (pl.col("constants") > 1) | alone
    safe &= ~is_apart()
    # Many that say the same sentence are hosts, and no parts of a program.
    hosts = pl.col("mostly_labels") & (pl.col("words") > SOME)
    hosts &= (pl.col("opened") == 0) & (pl.col("constants") >= _SENTENCE)
    counted = counted.with_columns(variable=(is_variable() | known | hosts) & safe)
    return _opened(counted.with_columns(pl.col("variable") | _is_anothers()))


def _is_anothers() -> pl.Expr:
    """Find known values and names in messages that are of another template with them open."""
    is_name = pl.any_horizontal("is_known", "is_stranger", "is_unknown")
    is_word = is_name & ~pl.any_horizontal("is_value", "is_fixed", "is_verb", "is_said")
    as_value = pl.struct("place", token=pl.when(is_word).then(pl.lit(VALUE)).otherwise("token"))
    shape, other = (
        pl.struct("scope", "length", key.sum().over("message")).hash()
        for key in (pl.col("key"), as_value.hash())
    )
    return is_word & other.is_in(shape.unique().implode())


def _templates(messages: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return the patterns, and for each the text of the most frequent message of its template."""
    shapes = (
        places.sort("message", "place")
        .group_by("message", maintain_order=True)
        .agg(shape=pl.col("token").str.join(" "))
    )
    patterns = (
        places.join(shapes, on="message")
        .group_by("scope", "shape", "place")
        .agg(pl.col("token").first(), opened=pl.col("value").is_not_null().any())
        .sort("scope", "shape", "place")
        .group_by("scope", "shape")
        .agg(pattern=pl.when("opened").then(pl.lit(OPEN)).otherwise("token").str.join(" "))
        .with_columns(template=pl.col("shape").str.replace_all(_RUN, VALUE))
    )
    written = (
        texts(messages, places.join(shapes, on="message"))
        .join(patterns, on="shape")
        .sort("count", "text", descending=[True, False])
        .unique("template", keep="first", maintain_order=True)
        .select("template", "text")
    )
    return (
        patterns.join(written, on="template")
        .select("scope", "pattern", template="text")
        .sort(most_specific_first())
    )
