"""What a word at its place looks like: a code, a label, an owner, or what others happened to.

Each is an expression over the columns that `by_frequency` has of words.
"""

from __future__ import annotations

import polars as pl

from .placeholders import PLACEHOLDER, PSEUDONYM
from .word_roles import (
    BEFORE_NAMES,
    BEFORE_REASONS,
    FILLERS,
    GRADES,
    PARTICLES,
    TERMS,
    WITH_DIGITS,
)

_LOWERCASE = r"^\p{Ll}[\p{Ll}\p{M}'’-]*$"  # a name of a field is in camel case
_LETTER = r"^\p{Lu}:?$"  # of a drive, a bank or a channel


def is_code() -> pl.Expr:
    """Find codes of errors: words that keep digits, except formats and types of messages."""
    word = pl.col("word").str.strip_chars(":(")
    is_kind = word.is_in([*TERMS, *WITH_DIGITS]) | word.str.contains(r"(?:^|[_^-])[A-Z][0-9]{2}$")
    return word.str.contains("[0-9]") & ~is_kind


def is_behind() -> pl.Expr:
    """Find words that are more often whom or what it happened to than what happened."""
    before = pl.col("before")
    is_named = before.is_in(BEFORE_NAMES).fill_null(value=False) & ~pl.col("is_verb")
    follows = before.str.ends_with(":").fill_null(value=False)
    return pl.col("is_unknown") | pl.col("is_preposition") | is_named | follows


def is_label() -> pl.Expr:
    """Find words with a colon or a bracket: labels, unless they are unknown or behind others.

    With a number in brackets, a word is a label at the beginning, and elsewhere a host of many.
    """
    token = pl.col("token")
    is_first = (pl.col("place") == 0) & token.str.ends_with("]")
    is_label = is_first | token.str.contains(rf"[:(]$|[:(]{PLACEHOLDER}\)?$")
    return is_label & ~pl.col("is_unknown") & ~pl.col("is_preposition")


def is_owner() -> pl.Expr:
    """Find names behind a preposition: "for Okafor", "of Amara Abadi", "by Ludwig van der Berg".

    These are unknown capitalized words, and the particles between them.
    """
    is_name = pl.col("is_unknown") & pl.col("token").str.contains(r"^\p{Lu}")
    is_particle = pl.col("token").is_in(PARTICLES)
    is_first = is_name & pl.col("is_preposition")
    # A run of names and particles counts from its first name behind a preposition ...
    run = (~(is_name | is_particle)).cum_sum()
    is_begun = is_first.cum_max().over("message", run)
    # ... and a particle only if a name follows it.
    is_followed = is_name.reverse().cum_max().reverse().over("message", run)
    return is_begun & (is_name | (is_particle & is_followed))


def is_grade() -> pl.Expr:
    """Find degrees, colors and single letters: two of them at one place are values."""
    token = pl.col("token")
    return token.str.to_lowercase().is_in(GRADES) | token.str.contains(_LETTER)


def is_statement() -> pl.Expr:
    """Find words that are not values, even where values stand beside them."""
    token = pl.col("token")
    is_named = pl.any_horizontal("is_behind", "is_coined") | token.is_in(FILLERS)
    # S3 and C32 are beds, too.
    is_term = token.is_in([*TERMS, *WITH_DIGITS]) & token.str.contains(r"^\p{L}{2}")
    return (token.str.contains(_LOWERCASE) | is_term) & ~is_named


def is_telling() -> pl.Expr:
    """Find words that say what happened or to what: first ones, verbs, names of standards.

    A pseudonym may stand for one of these.
    """
    token = pl.col("token")
    is_named = token.is_in([*TERMS, *WITH_DIGITS]) | token.str.contains(PSEUDONYM)
    return (pl.col("place") == 0) | pl.col("is_verb") | is_named


def is_reason() -> pl.Expr:
    """Find words behind "failed:", "reason:" and the like: they say why."""
    before = pl.col("before").str.strip_suffix(":")
    return before.is_in(BEFORE_REASONS) & (before != pl.col("before"))
