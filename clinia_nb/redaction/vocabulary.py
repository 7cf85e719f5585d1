"""The words that may be shown: those that are known to name nobody.

The lists are files in `clinia_nb.words`, whose README describes their origin. Every other word is
masked, no matter how many records share it: many records may be about one person.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.signatures.by_form import (
    CODE_WORD,
    IDEOGRAPHS,
    LONGEST,
    PLACEHOLDER,
    PSEUDONYM_LETTERS,
    encode_placeholders,
    show_placeholders,
)
from clinia_nb.signatures.placeholders import CAPITAL_WORD, PLAIN_WORD
from clinia_nb.signatures.word_roles import WITH_DIGITS
from clinia_nb.words import any_case, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .pseudonyms import Pseudonyms

# Whatever does not separate words is part of one: letters of every script, digits, and also
# symbols and invisible characters, with which a name can be written too.
_NOT_IN_WORDS = r"\p{P}\p{Z}\p{Cc}\p{Sm}\p{Sc}\p{Sk}\x{E000}-\x{E00F}"
_DOTTED = [word for word in WITH_DIGITS if "." in word]  # TLSv1.2
_WORD = (
    rf"\b(?:{'|'.join(_DOTTED).replace('.', '[.]')})\b"
    rf"|[{IDEOGRAPHS}]+|(?:[^{_NOT_IN_WORDS}{IDEOGRAPHS}]|_)+"
)
# Between ideographs there are no spaces: letters there would run into what is beside them.
_IDEOGRAPHIC = dict(zip(PSEUDONYM_LETTERS, "あいうえおかきくけこさしすせそた", strict=True))
_BETWEEN = rf"[{_NOT_IN_WORDS}--_]+"
_PLACEHOLDER_BEHIND = rf"^\s.*{PLACEHOLDER}"
_INDEX = r"(\p{L})\[[0-9]{1,2}\]"  # of an element: address[0].city
_ABBREVIATED = r"^\p{Lu}\p{Ll}{0,3}$"
_SEVERAL = r"[\p{L}\p{M}]\s+\p{L}"
_OF_PROGRAMS = r"\p{Ll}\p{Lu}|^\p{Lu}{2,}\p{Ll}?$"  # more often than of people
# Beginnings of surnames, which camel case must not take apart: DeCode, LaForm.
_SURNAME = r"^(?:D[aeiu]|Des|Del|L[aeio]|Les|V[ao]n|Der|El|Al|Ma?c|O|Ben|St)\p{Lu}"


class Vocabulary:
    """The words that are known to name nobody, and those that the user adds.

    Parameters
    ----------
    keep
        Words, and texts all of whose words, are shown as well. Upper and lower case count.

    Raises
    ------
    TypeError
        `keep` holds something other than text.
    """

    def __init__(self, keep: Iterable[str] = ()) -> None:
        given = [keep] if isinstance(keep, str) else list(keep)
        if not all(isinstance(text, str) for text in given):  # pyright: ignore[reportUnnecessaryIsInstance] -- users may pass anything
            raise TypeError("keep must be a list of words, such as ['Mosaiq', 'clinic.2'].")
        self.kept = pl.Series(given, dtype=pl.String)
        words = self.kept.str.extract_all(_WORD).explode().drop_nulls()
        # The number of a kept "clinic.2" says nothing about other numbers.
        self._words = words.filter(words.str.contains(r"\p{L}"))

    def extended(self, *values: pl.Series) -> Vocabulary:
        """Return a vocabulary that has these values as well, but none of their words."""
        extended = copy(self)
        extended.kept = pl.concat([self.kept, *(value.alias("") for value in values)])
        return extended

    def names_nobody(self, values: pl.Series) -> pl.Series:
        """Return whether each value (String) may be shown; see the function of this name."""
        texts = values.cast(pl.String).alias("text").to_frame()
        distinct = texts.drop_nulls().unique().with_row_index("place")
        tokens = self._tokens(distinct.with_columns(pl.col("text").str.replace_all(_INDEX, "${1}")))
        known = tokens.group_by("place").agg(pl.col("known").all(), pl.col("is_sure").any())
        # "will" and "field" are words, and "will field" may be a person.
        several = pl.col("text").str.contains(_SEVERAL)
        distinct = distinct.join(known, on="place").select(
            "text", pl.col("known") & (pl.col("is_sure") | ~several)
        )
        return (
            texts.join(distinct, on="text", how="left", maintain_order="left")
            .with_columns(known=pl.col("known") | pl.col("text").is_in(self.kept.implode()))
            # A text without words names nobody.
            .select(
                pl.when(pl.col("text").is_not_null()).then(pl.col("known").fill_null(value=True))
            )
            .to_series()
            .alias("names_nobody")
        )

    def mask(self, signatures: pl.Series, pseudonyms: Pseudonyms) -> pl.Series:
        """Replace each word of signatures (String) that may name somebody.

        A pseudonym such as ``word-bkfdmtrqvhcgnp`` takes its place, or ``codeWord-bkfdmtrqvhcgnp``
        of an acronym or camel case: to `message_signatures` that is a word of the same form, so
        that different signatures stay different.
        """
        texts = signatures.alias("text").to_frame().with_row_index("place")
        tokens = self._tokens(texts.with_columns(encode_placeholders(pl.col("text"))))
        unknown = tokens.select(pl.when(~pl.col("known")).then("token")).to_series()
        masked = (
            tokens.with_columns(pseudonym=pseudonyms.of(unknown))
            .with_columns(
                shown=pl.when(pl.col("token").str.contains(f"[{IDEOGRAPHS}]"))
                .then(pl.col("pseudonym").str.replace_many(_IDEOGRAPHIC))
                .when(pl.col("token").str.contains(_OF_PROGRAMS))
                .then(pl.format(CODE_WORD + "{}", "pseudonym"))
                .when(pl.col("token").str.contains(r"\p{Lu}"))
                .then(pl.format(CAPITAL_WORD + "{}", "pseudonym"))
                .otherwise(pl.format(PLAIN_WORD + "{}", "pseudonym"))
                .fill_null(pl.col("token"))
            )
            .group_by("place", maintain_order=True)
            .agg(pl.col("shown").str.join(""))
            .with_columns(show_placeholders(pl.col("shown").str.head(LONGEST)))
        )
        return texts.join(masked, on="place", how="left", maintain_order="left")["shown"]

    def _tokens(self, texts: pl.DataFrame) -> pl.DataFrame:
        """Return one row per word and per text between words, and whether it may be shown."""
        tokens = texts.select(
            "place", token=pl.col("text").str.extract_all(f"{_WORD}|{_BETWEEN}")
        ).explode("token")
        earlier, before, behind, further = (_beside(at) for at in (2, 1, -1, -2))
        starts = before.str.contains("[.:;!?(]").fill_null(value=True) & ~(
            # "J. An" and "Dr. An" go on with a name.
            before.str.starts_with(".") & earlier.str.contains(_ABBREVIATED)
        ).fill_null(value=False)
        # A word alone begins no sentence: it may be a name.
        goes_on = behind.str.contains(_PLACEHOLDER_BEHIND) | (
            behind.str.contains(r"^[\s'’]") & further.is_not_null()
        )
        tokens = tokens.with_columns(
            token=pl.col("token").fill_null(""), starts=starts & goes_on.fill_null(value=False)
        )
        distinct = (
            tokens.select("token", "starts")
            .unique()
            .with_columns(is_sure=self._is_sure())
            .with_columns(known=pl.col("is_sure") | _is_plain())
        )
        compound = distinct.filter(
            ~pl.col("known") & pl.col("token").str.contains(r"^[\p{L}\p{M}_]+$")
        ).filter(_is_compound(pl.col("token")))
        distinct = distinct.with_columns(
            pl.col("known") | pl.col("token").is_in(compound["token"].implode())
        )
        tokens = tokens.join(distinct, on=["token", "starts"], how="left", maintain_order="left")
        # "Do Nguyen" begins with a name as well: a capital that only a sentence explains.
        names = (
            (pl.col("token").str.contains(r"^\p{Lu}") & pl.col("starts") & ~pl.col("is_sure"))
            & behind.str.contains(r"^\s+$")
            & further.str.contains(r"^\p{Lu}")
            & ~pl.col("known").shift(-2)
        )
        return tokens.with_columns(pl.col("known") & ~names.fill_null(value=False))

    def _is_sure(self) -> pl.Expr:
        """Return whether a word names nobody, in whatever text it stands."""
        token = pl.col("token")
        as_written = pl.concat([listed("fhir", "as_written"), self._words])
        return (
            token.str.to_lowercase().is_in(any_case().implode())
            | token.is_in(as_written.implode())
            | token.is_in(_DOTTED)
        )


def names_nobody(values: pl.Series, *, keep: Iterable[str] = ()) -> pl.Series:
    """Return whether values may be shown in a redacted output: every word is known to name nobody.

    Known are the vocabulary of error messages, health data and databases in English, French and
    German, and the resources and elements of FHIR R4, except what is a person's name too. Digits
    are never known, except in words such as ``HL7`` and ``sha256``, and as the index of an element:
    ``name[0].given``. Of several words, one at least must be no name in any case.

    Parameters
    ----------
    values
        Texts.
    keep
        Words, and whole values, that are to be shown as well. Upper and lower case count.

    Returns
    -------
    pl.Series
        ``names_nobody`` (Boolean); null where there is no value.

    Examples
    --------
    >>> values = pl.Series(["period.start", "Anna Roy", "practitioner-works-at-clinic", "12", None])
    >>> names_nobody(values).to_list()
    [True, False, True, False, None]
    >>> names_nobody(pl.Series(["Mosaiq export"]), keep=["Mosaiq"]).to_list()
    [True]
    """
    return Vocabulary(keep).names_nobody(values)


def _is_plain() -> pl.Expr:
    """Return whether a token is punctuation, or a word that names nobody as it is written."""
    token = pl.col("token")
    lowered = token.str.to_lowercase()
    is_title = token.str.slice(1) == lowered.str.slice(1)
    is_plain = (pl.col("starts") & is_title) | (token == lowered)
    return (
        token.str.contains(f"^{_BETWEEN}$|^_*$")
        | token.is_in(listed("lowercase").implode())
        | (is_plain & lowered.is_in(listed("function_words").implode()))
    )


def _beside(at: int) -> pl.Expr:
    """Return the token that stands so many before this one in the same text, or null."""
    is_same = pl.col("place") == pl.col("place").shift(at)
    return pl.when(is_same).then(pl.col("token").shift(at))


def _is_compound(token: pl.Expr) -> pl.Expr:
    """Return whether a word is several known ones: birthDate, NOT_FOUND."""
    parts = (
        token.str.replace_all(r"(\p{Lu}+)(\p{Lu}\p{Ll})", "${1}_${2}")
        .str.replace_all(r"(\p{Ll})(\p{Lu})", "${1}_${2}")
        .str.to_lowercase()
        .str.strip_chars("_")
        .str.split("_")
    )
    all_ = listed("english", "french", "german", "lowercase", "function_words").implode()
    # "field" is a word and "Field" a surname: one part at least must not be a name.
    some = parts.list.eval(pl.element().is_in(any_case().implode())).list.any()
    return (
        (parts.list.len() > 1)
        & parts.list.eval(pl.element().is_in(all_)).list.all()
        & (some | token.str.contains(r"^\p{Ll}"))
        & ~token.str.contains(_SURNAME)
    )
