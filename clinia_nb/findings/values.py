"""The values of a problem in words: each placeholder of a signature with its values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from clinia_nb.analysis.values import FIELD_WORD, MOST_VALUES
from clinia_nb.display import formats
from clinia_nb.signatures.by_form import PLACEHOLDER_NAMES, PSEUDONYM

if TYPE_CHECKING:
    import polars as pl

_LONGEST = 60  # characters that are shown of a value
_MOST_FIELDS = 6  # JSON paths that are shown of a problem
_NAMES_FIELD = re.compile(rf"\.(?:{FIELD_WORD}|path|location)s?(?:\[\])?$", re.IGNORECASE)
_PLACEHOLDER = re.compile(f"(<(?:{'|'.join(PLACEHOLDER_NAMES)})>)")
_PSEUDONYM = re.compile(f"^<([a-z]+:{PSEUDONYM})>$")
_BRIEF = 5  # letters of a pseudonym among others: two of eight agree in one of 37,000 places
_MOST_MASKED = 4  # of pseudonyms in one place: more only tell that failures are spread
_MOSTLY = 0.5


@dataclass(frozen=True)
class Place:
    """One placeholder of a signature, or one field of its nested errors, with its values.

    Attributes
    ----------
    placeholder : str
        Such as ``<name>``, or a JSON path such as ``details[].field``.
    position : int or None
        Which placeholder of the signature, from 0; None for a field of nested errors.
    context : str
        The placeholder with the words around it.
    values : tuple of (str, int)
        The values with their failures, most frequent first: all of them up to `MOST_VALUES`,
        otherwise the leading one.
    distinct, failures : int
        The number of values, and the failures of the whole problem.
    """

    placeholder: str
    position: int | None
    context: str
    values: tuple[tuple[str, int], ...]
    distinct: int
    failures: int

    @property
    def only(self) -> str | None:
        """The value that every failure of the problem has here; None if there are several."""
        value, count = self.values[0]
        return shown(value) if self.distinct == 1 and count == self.failures else None

    @property
    def counts(self) -> tuple[tuple[str, str], ...]:
        """The values and their failures, formatted, if they are few and not just pseudonyms."""
        if self.distinct > MOST_VALUES or (self._is_masked and self.distinct > 1):
            return ()
        return tuple((brief(value), formats.count(count)) for value, count in self.values)

    @property
    def number(self) -> str:
        """How many values there are, and the leading one if it is most of them."""
        value, count = self.values[0]
        number = f"{formats.count(self.distinct)} different"
        most = count > _MOSTLY * self.failures
        return f"{number}, mostly {shown(value)} {formats.count(count)}" if most else number

    @property
    def summary(self) -> str:
        """What stands for many values: their number, and how failures are split if some recur.

        Of a few that are masked, the beginnings of their pseudonyms tell them apart.
        """
        if self.distinct > MOST_VALUES or not self._is_masked or self.values[0][1] == 1:
            return self.number
        return f"{formats.count(self.distinct)} different: {self._split}"

    @property
    def _split(self) -> str:
        most, others = self.values[:_MOST_MASKED], self.values[_MOST_MASKED:]
        parts = [f"{brief(value)} {formats.count(count)}" for value, count in most]
        if others:
            number = formats.counted(len(others), "other")
            parts.append(f"{number} {formats.count(sum(count for _, count in others))}")
        return " · ".join(parts)

    @property
    def _is_masked(self) -> bool:
        return all(_PSEUDONYM.match(value) for value, _ in self.values)

    @property
    def words(self) -> str:
        """The values in one line of text."""
        if self.only is not None:
            return self.only
        return " · ".join(f"{value} {count}" for value, count in self.counts) or self.summary


def shown(value: str) -> str:
    """Return a value as it is shown: on one line, clipped, with a visible sign for empty text.

    >>> shown("a  b"), shown("<name:bkfdmtrqvhcgnp>"), shown("")
    ('a b', 'name:bkfdmtrqvhcgnp', '(empty)')
    """
    return _PSEUDONYM.sub(r"\1", formats.clip(value, _LONGEST)) or "(empty)"


def brief(value: str) -> str:
    """Return a value as it is shown among others: a pseudonym by its first letters.

    >>> brief("<name:bkfdmtrqvhcgnp>"), brief("a  b")
    ('name:bkfdm…', 'a b')
    """
    if not _PSEUDONYM.match(value):
        return shown(value)
    kind, letters = shown(value).split(":")
    return f"{kind}:{letters[:_BRIEF]}…"


def title_pieces(signature: str, places: tuple[Place, ...]) -> tuple[str | Place, ...]:
    """Return a signature in pieces: its text, and its places.

    Placeholders whose values are not known stay in the text.
    """
    known = {place.position: place for place in places}
    pieces: list[str | Place] = []
    for index, piece in enumerate(_PLACEHOLDER.split(signature)):
        place = known.get(index // 2) if index % 2 else None
        if place is None and pieces and isinstance(pieces[-1], str):
            pieces[-1] += piece
        elif piece:
            pieces.append(place or piece)
    return tuple(pieces)


def title(signature: str, places: tuple[Place, ...]) -> str:
    """Return a signature as text, with its values in place of its placeholders."""
    return "".join(
        piece if isinstance(piece, str) else piece.only or f"<{piece.words}>"
        for piece in title_pieces(signature, places)
    )


@dataclass(frozen=True)
class Fields:
    """The fields of nested errors that are shown of a problem, and how many others there are."""

    shown: tuple[Place, ...]
    others: int

    @property
    def more(self) -> str:
        """The number of the others in words; empty if all are shown."""
        return f"and {formats.counted(self.others, 'more field')}" if self.others else ""

    @property
    def lines(self) -> list[str]:
        """A line of text for each field, and one for the others."""
        shown = [f"{place.placeholder}: {place.words}" for place in self.shown]
        return [*shown, self.more] if self.more else shown


def fields_of(places: tuple[Place, ...]) -> Fields:
    """Return the fields of nested errors that say something the title does not.

    Of many, those that name a field are shown first, then those of few values, then of one. They
    stay in their order.
    """
    titled = {place.values for place in places if place.position is not None}
    fields = [place for place in places if place.position is None and place.values not in titled]
    best = sorted(fields, key=_says_little)[:_MOST_FIELDS]
    return Fields(tuple(field for field in fields if field in best), len(fields) - len(best))


def _says_little(field: Place) -> int:
    if _NAMES_FIELD.search(field.placeholder):
        return 0
    if field.distinct == 1:
        return 2
    return 1 if field.counts else 3


def places_by_signature(values: pl.DataFrame) -> dict[str, tuple[Place, ...]]:
    """Return the places of each signature, in order, from `leading_values`."""
    found: dict[str, list[Place]] = {}
    keys = itemgetter("signature", "position", "placeholder")
    for (signature, position, placeholder), rows in groupby(values.iter_rows(named=True), keys):
        leading, *others = rows
        place = Place(
            placeholder=placeholder,
            position=position,
            context=leading["context"],
            values=tuple((row["value"], row["failures"]) for row in (leading, *others)),
            distinct=leading["distinct"],
            failures=round(leading["failures"] / leading["share"]),
        )
        found.setdefault(signature, []).append(place)
    return {signature: tuple(places) for signature, places in found.items()}
