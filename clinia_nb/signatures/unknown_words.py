"""Words that are in no list: names, ids made of letters, and terms of one system only."""

from __future__ import annotations

import polars as pl

from clinia_nb.words import any_case, listed

from .by_form import IDEOGRAPHS, PLACEHOLDER_RUN, encode_placeholders, show_placeholders
from .patterns import OPEN, PATTERN, VALUE, most_specific_first
from .placeholders import PLAIN_WORD, PSEUDONYM
from .word_roles import VERBS, WITH_DIGITS

_LETTER = rf"[\p{{L}}\p{{M}}_--[{IDEOGRAPHS}]]"
_NAMED = "|".join(map(pl.escape_regex, WITH_DIGITS))
_WORD = rf"\b(?:{_NAMED})\b|[{IDEOGRAPHS}]+|{_LETTER}(?:(?:{_LETTER}|['’-])*{_LETTER})?"
_PLAIN = rf"^[\p{{L}}\p{{M}}--[{IDEOGRAPHS}]](?:[\p{{L}}\p{{M}}'’-]*[\p{{L}}\p{{M}}])$"
# Acronyms and names in camel case are of programs more often than of people. What redaction shows
# as the pseudonym of a word was a word of a signature.
_OF_PROGRAMS = rf"^\p{{Lu}}{{2,}}$|\p{{Ll}}\p{{Lu}}|^{PLAIN_WORD}{PSEUDONYM}$"


def unknown_words(tokens: pl.Series) -> pl.Series:
    """Return the distinct tokens that are a single word which no list holds.

    Parameters
    ----------
    tokens
        Words and other tokens of messages (String).

    Examples
    --------
    >>> unknown_words(pl.Series(["clinic", "of", "Okafor", "ward-7", "NOT", "is-closed"])).to_list()
    ['Okafor']
    """
    token = pl.col("token")
    words = tokens.drop_nulls().unique().alias("token").to_frame()
    plain = words.filter(token.str.contains(_PLAIN) & ~token.str.contains(_OF_PROGRAMS))
    plain = plain.filter(~_is_listed(token))
    return plain.filter(~_is_inflected(token))["token"]


def daemons(tokens: pl.Series) -> pl.Series:
    """Return the distinct tokens that end like the name of a daemon, and that no list holds.

    Examples
    --------
    >>> daemons(pl.Series(["claimsd", "send", "failed", "Okafor"])).to_list()
    ['claimsd']
    """
    token = pl.col("token")
    words = tokens.drop_nulls().unique().alias("token").to_frame()
    named = words.filter(token.str.contains(r"^\p{Ll}{2,}[\p{Ll}--e]d$"))
    return named.filter(~_is_listed(token))["token"]


def _is_inflected(token: pl.Expr) -> pl.Expr:
    """Test whether a lowercase word is a form of a listed verb or noun: uploads, retrying."""
    stems = (
        token.str.replace("(?:s|ed|ing|er)$", ""),
        token.str.replace("(?:es|d|ing|r)$", ""),
        token.str.replace("(?:ed|ing)$", "e"),
        token.str.replace("ie[sd]$", "y"),
        token.str.replace("^(?:un|dis|re|pre)", ""),
    )
    is_lowercase = token.str.contains(r"^\p{Ll}{4,}$")
    return is_lowercase & _is_any_known(*stems)


def _is_any_known(*words: pl.Expr) -> pl.Expr:
    """Test whether one of several words is listed; the list is made ready once for all of them."""
    known = pl.element().is_in(any_case().implode())
    return pl.concat_list(words).list.eval(known).list.any()


def verbs(tokens: pl.Series) -> pl.Series:
    """Return the distinct tokens that are lowercase verbs, or have the form of one.

    Examples
    --------
    >>> verbs(pl.Series(["write", "writes", "closed", "clinic", "of", "Closed"])).sort().to_list()
    ['closed', 'write', 'writes']
    """
    token = pl.col("token")
    forms = (
        *(token + ending for ending in ("ed", "ing", "d")),
        *(token.str.replace("e?s?$", "") + ending for ending in ("ed", "ing")),
    )
    words = tokens.drop_nulls().unique().alias("token").to_frame()
    lowercase = words.filter(token.str.contains(r"^\p{Ll}{2,}$"))
    is_known_form = token.is_in(VERBS) | token.str.contains("(?:ed|ing)$")
    return lowercase.filter(is_known_form | _is_any_known(*forms))["token"]


def without_names(templates: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
    """Open templates at words that may name a person: unknown, and seen once or as a value.

    Parameters
    ----------
    templates
        ``pattern``, ``signature`` and ``scope`` (String).
    messages
        ``folded``, ``signature`` (String) and ``count`` of the messages behind the templates.

    Returns
    -------
    pl.DataFrame
        `templates`, with a placeholder for each such word.
    """
    names = _names(messages)
    shown = templates.select(
        encode_placeholders(pl.col("signature")), "pattern", "scope", before="pattern"
    ).with_row_index("row")
    texts = _hidden(shown.select("row", text="signature"), f"{_WORD}|(?s:.)", names, "")
    patterns = _hidden(shown.select("row", text="pattern"), r"\S+", names, " ")
    # With few words left, a pattern would match what it has nothing to do with: "<any> crashed".
    pattern = pl.col("pattern")
    words = pattern.str.count_matches(rf"[^ {OPEN}{VALUE}]+")
    runs = pattern.str.count_matches(rf"{OPEN}(?: {OPEN})*")
    is_telling = (words > 1) & (words >= runs)
    return (
        shown.with_columns(
            pattern=patterns, signature=texts.str.replace_all(PLACEHOLDER_RUN, "${1}")
        )
        .filter((pattern == pl.col("before")) | is_telling)
        .with_columns(show_placeholders(pl.col("signature")))
        .unique(PATTERN, keep="first", maintain_order=True)
        .sort(most_specific_first())
        .select(*templates.columns)
    )


def _names(messages: pl.DataFrame) -> pl.Series:
    """Return in lower case the unknown words that were seen once, or that some signature hides."""
    words = messages.with_row_index("row").select(
        "row",
        "count",
        word=pl.col("folded").str.extract_all(_WORD).list.unique(),
        shown=pl.col("signature").str.extract_all(_WORD),
    )
    is_hidden = ~pl.col("word").is_in(pl.col("shown"))
    seen = words.explode("word").drop_nulls("word").with_columns(is_hidden=is_hidden)
    seen = seen.with_columns(key=pl.col("word").str.to_lowercase())
    counts = seen.group_by("key").agg(
        pl.col("word").unique(), pl.col("count").sum(), pl.col("is_hidden").any()
    )
    doubtful = counts.filter((pl.col("count") == 1) | pl.col("is_hidden")).explode("word")
    # Words of these lists are names as well: "May" is one more often than "may".
    is_name_too = pl.col("key").is_in(listed("function_words", "lowercase").implode())
    may_name = is_name_too & (pl.col("count") == 1) & pl.col("word").str.contains(r"^\p{Lu}\p{Ll}")
    return doubtful.filter(may_name | ~_is_listed(pl.col("word")))["key"].unique()


def _hidden(texts: pl.DataFrame, pieces: str, names: pl.Series, separator: str) -> pl.Series:
    """Replace the pieces of texts that hold a name: of a signature words, of a pattern tokens."""
    code = OPEN if separator else VALUE
    piece = pl.col("piece")
    words = piece.str.extract_all(_WORD)
    is_name = words.list.eval(pl.element().str.to_lowercase().is_in(names.implode())).list.any()
    return (
        texts.select("row", piece=pl.col("text").str.extract_all(pieces))
        .explode("piece")
        .with_columns(pl.when(is_name).then(pl.lit(code)).otherwise(piece).alias("piece"))
        .group_by("row", maintain_order=True)
        .agg(piece.str.join(separator))["piece"]
    )


def _is_listed(token: pl.Expr) -> pl.Expr:
    """Test whether all parts of a word are listed: is-closed, NOT_FOUND, birthDate."""
    parts = (
        token.str.replace_all(r"(\p{Ll})(\p{Lu})", "${1}_${2}")
        .str.to_lowercase()
        .str.replace_all(r"['’-]", "_")
        .str.split("_")
    )
    known = pl.concat([any_case(), listed("function_words", "lowercase"), pl.Series([""])])
    return (
        token.is_in(listed("fhir", "as_written").implode())
        | parts.list.eval(pl.element().is_in(known.implode())).list.all()
    )
