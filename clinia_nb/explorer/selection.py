"""What an investigation is narrowed down to: picked values, a stretch of time, a text.

A selection filters a frame, says itself in words, and writes itself as polars code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.display import formats
from clinia_nb.display.times import Zone
from clinia_nb.errors import CliniaError
from clinia_nb.receipts.fields import used_for

from .value_pick import ValueColumn

if TYPE_CHECKING:
    from collections.abc import Iterable

PICKABLE = ("outcome", "signature", *used_for("pick"))
SEARCHED = used_for("search")
_LONGEST_SEARCH = 500
_MOST_NAMED = 3
_WORDS = re.compile(r'["“”„«]\s*([^"“”„«»]+?)\s*["“”»]|(\S+)')


@dataclass(frozen=True)
class Pick:
    """Values of one column: those that are kept, or with `others` those that are not.

    Examples
    --------
    >>> frame = pl.DataFrame({"action": ["CREATE", "UPSERT", None]})
    >>> frame.filter(Pick("action", ("CREATE", None)).test)["action"].to_list()
    ['CREATE', None]
    >>> Pick("action", ("CREATE", None)).words
    'action CREATE or none'
    """

    column: str
    values: tuple[str | None, ...]
    others: bool = False

    def __post_init__(self) -> None:
        if self.column not in PICKABLE and self.of_value is None:
            raise CliniaError(f"Not to be picked: {self.column!r}. One of {', '.join(PICKABLE)}.")
        # Order and repetition mean nothing: equal picks are to be equal.
        known = sorted({value for value in self.values if value is not None})
        object.__setattr__(self, "values", (*known, *([None] if None in self.values else [])))

    @property
    def of_value(self) -> ValueColumn | None:
        """The place of a signature that is picked from, if it is one."""
        return ValueColumn.read(self.column)

    @property
    def test(self) -> pl.Expr:
        """The filter, never null."""
        known = [value for value in self.values if value is not None]
        if self.of_value:
            return self.of_value.test(known)
        column = pl.col(self.column)
        # A list of nothing but null has no type that polars could compare.
        kept = column.is_in(known) if known else pl.lit(value=False)
        kept = kept.fill_null(value=None in self.values)
        if not known:
            kept = column.is_null() if None in self.values else kept
        return ~kept if self.others else kept

    @property
    def code(self) -> str:
        """The filter as polars code, for a frame of receipts with signatures."""
        column = "cnb.outcome()" if self.column == "outcome" else f"pl.col({self.column!r})"
        if not self.others and len(self.values) == 1:
            value = self.values[0]
            return f"{column}.is_null()" if value is None else f"{column} == {value!r}"
        known = [value for value in self.values if value is not None]
        kept = f"{column}.is_in({known!r}).fill_null({None in self.values})"
        return f"~{kept}" if self.others else kept

    @property
    def words(self) -> str:
        """What is picked, as a person would say it."""
        if self.of_value:
            return self.of_value.words([value for value in self.values if value is not None])
        name = self.column.replace("_", " ")
        if self.others:
            return f"{name} other than the {len(self.values)} leading"
        named = [_named(value) for value in self.values[:_MOST_NAMED]]
        more = len(self.values) - len(named)
        return f"{name} {' or '.join(named)}{f' or {more} more' if more else ''}"


@dataclass(frozen=True)
class Selection:
    """Which receipts are looked at: those that pass every pick, the stretch of time and the text.

    Attributes
    ----------
    picks
        At most one for each column.
    begins, ends
        The stretch of `received_at`, from `begins` up to but not including `ends`; both or none.
    text
        Words, each of which must be in an id, a message or details; letters of either case.
        Words within double quotes are searched for together. Empty for all.

    Examples
    --------
    >>> selection = Selection().toggled("error_type", "NOT_FOUND")
    >>> [chip.words for chip in selection.chips()]
    ['error type NOT_FOUND']
    >>> selection.toggled("error_type", "NOT_FOUND") == Selection()
    True
    """

    picks: tuple[Pick, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None
    text: str = ""

    def __bool__(self) -> bool:
        return self != Selection()

    def pick(self, column: str) -> Pick | None:
        """Return what is picked of a column."""
        return next((pick for pick in self.picks if pick.column == column), None)

    def picking(self, *picks: Pick) -> Selection:
        """Pick these instead of what was picked of their columns; nothing where it was the same."""
        columns = {pick.column for pick in picks}
        rest = tuple(pick for pick in self.picks if pick.column not in columns)
        same = all(self.pick(pick.column) == pick for pick in picks)
        return replace(self, picks=rest if same else (*rest, *picks))

    def toggled(self, column: str, value: str | None) -> Selection:
        """Add a value to those picked of a column, or take it away."""
        before = self.pick(column)
        if before is None or before.others:
            return self.picking(Pick(column, (value,)))
        kept = tuple(other for other in before.values if other != value)
        values = kept if len(kept) < len(before.values) else (*kept, value)
        rest = self.without(column)
        return rest.picking(Pick(column, values)) if values else rest

    @property
    def parts_of_failures(self) -> tuple[str, ...]:
        """The parts that are about errors or outcomes: what did not fail has nothing to match."""
        named = [
            pick.column
            for pick in self.picks
            if pick.of_value or pick.column in {"outcome", "error_type", "signature"}
        ]
        return (*named, *(["text"] if self.text else []))

    def between(self, begins: datetime | None, ends: datetime | None) -> Selection:
        """Keep a stretch of time, whichever end is given first; with None, all of it."""
        if begins is None or ends is None:
            return replace(self, begins=None, ends=None)
        first, last = sorted((begins.astimezone(UTC), ends.astimezone(UTC)))
        return replace(self, begins=first, ends=max(last, first + timedelta(milliseconds=1)))

    def searching(self, text: str) -> Selection:
        """Search for words; surrounding blanks are dropped."""
        return replace(self, text=text.strip()[:_LONGEST_SEARCH])

    def without(self, part: str | None) -> Selection:
        """Leave out a part: a column's name, ``"time"`` or ``"text"``; None for all of them."""
        if part is None:
            return EVERYTHING
        if part == "time":
            return self.between(None, None)
        if part == "text":
            return self.searching("")
        return replace(self, picks=tuple(pick for pick in self.picks if pick.column != part))

    @property
    def parts(self) -> tuple[Selection, ...]:
        """The selection taken apart: each part filters by one column, by time or by text.

        >>> Selection(text="no date").toggled("action", "CREATE").parts
        (Selection(picks=(Pick(column='action', values=('CREATE',), others=False),), begins=None,
        ends=None, text=''), Selection(picks=(), begins=None, ends=None, text='no date'))
        """
        parts = [
            *(Selection((pick,)) for pick in self.picks),
            Selection(begins=self.begins, ends=self.ends),
            Selection(text=self.text),
        ]
        return tuple(part for part in parts if part)

    @property
    def tests(self) -> list[pl.Expr]:
        """The filters, for a frame with the columns ``signature`` and ``outcome``."""
        tests = [pick.test for pick in self.picks]
        if self.begins and self.ends:
            received = pl.col("received_at")
            tests.append(received.is_between(pl.lit(self.begins), pl.lit(self.ends), "left"))
        for method, pattern, options in map(_search, self.words):
            found = getattr(pl.col(SEARCHED).cast(pl.String).str, method)(pattern, **options)
            tests.append(pl.any_horizontal(found).fill_null(value=False))
        return tests

    @property
    def words(self) -> tuple[str, ...]:
        """The words that are searched for, each of which must be found; quotes keep some together.

        >>> Selection(text='clinic "no date" x').words
        ('clinic', 'no date', 'x')
        """
        return tuple(quoted or word for quoted, word in _WORDS.findall(self.text))

    def chips(self, zone: Zone | None = None) -> list[Chip]:
        """Say what is filtered, each part to be removed on its own; times in UTC or a zone."""
        chips = [Chip(pick.column, pick.words) for pick in self.picks]
        if self.begins and self.ends:
            stretch = (zone or Zone()).stretch(self.begins, self.ends)
            chips.append(Chip("time", f"received {stretch}"))
        if self.text:
            chips.append(Chip("text", f"contains {formats.clip(self.text, 60)}"))
        return chips

    def code(self, *, receipts: Iterable[str] = ()) -> str:
        """Write polars code that selects the same.

        Parameters
        ----------
        receipts
            Lines of code that make the frame ``receipts``.
        """
        imports = ["import clinia_nb as cnb"]
        adding, tests = self._code_of_picks()
        if self.begins and self.ends:
            imports = ["from datetime import UTC, datetime", "", *imports]
            first, last = (_datetime(moment) for moment in (self.begins, self.ends))
            tests.append(f"pl.col('received_at').is_between({first}, {last}, 'left')")
        for method, pattern, options in map(_search, self.words):
            given = ", ".join([repr(pattern), *(f"{name}={on}" for name, on in options.items())])
            texts = f"pl.col({list(SEARCHED)!r}).cast(pl.String)"
            tests.append(f"pl.any_horizontal({texts}.str.{method}({given}))")
        if any("pl." in test for test in tests):
            imports.append("import polars as pl")
        lines = [*imports, "", *receipts, "selected = cnb.with_signatures(receipts)"]
        if adding:
            lines += [*adding, "selected = selected"]
        if tests:
            lines[-1] += ".filter("
            lines += [*(f"    {test}," for test in tests), ")"]
        return "\n".join(lines)

    def _code_of_picks(self) -> tuple[list[str], list[str]]:
        """Return lines that add columns to ``selected``, and the filters."""
        adding: list[str] = []
        tests: list[str] = []
        for pick in self.picks:
            if pick.of_value is None:
                tests.append(pick.code)
                continue
            known = [value for value in pick.values if value is not None]
            line, test = pick.of_value.code(known, f"values_{len(adding) + 1}")
            adding.append(line)
            tests.append(test)
        return adding, tests


@dataclass(frozen=True)
class Chip:
    """A part of a selection, as `Selection.without` takes it, and its words."""

    part: str
    words: str


def _search(word: str) -> tuple[str, str | list[str], dict[str, bool]]:
    """Return which method of texts finds a word in either case, with what, and its options."""
    if word.isascii():  # half the time, but it knows the case of ASCII letters alone
        return "contains_any", [word], {"ascii_case_insensitive": True}
    return "contains", f"(?i){pl.escape_regex(word)}", {}


def _named(value: str | None) -> str:
    if value is None:
        return "none"
    return formats.clip(value, 80) if value.strip() else "blank"


def _datetime(moment: datetime) -> str:
    parts = [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second]
    parts += [moment.microsecond] if moment.microsecond else []
    return f"datetime({', '.join(map(str, parts))}, tzinfo=UTC)"


EVERYTHING = Selection()
