"""The table of receipts: failed ones first, with the error that matters, and one in full."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import msgspec
import polars as pl

from clinia_nb.display import formats
from clinia_nb.display.html import render
from clinia_nb.receipts.fields import JSON_COLUMNS, SCHEMA

from .prepared import PAGE_SIZES, ROW, indented
from .selection import PICKABLE, SEARCHED

if TYPE_CHECKING:
    from .look import Look
    from .prepared import Study

# The columns of the table, and by what each can be sorted.
SHOWN = {
    "time": {"received_at": "Received", "outcome": "Outcome"},
    "what": {"id": "Id", "type": "Type", "action": "Action"},
    "error": {"error_type": "Error type", "error_message": "Message"},
    "took": {"duration": "Took"},
}
# Columns that are shown without being chosen, or are not worth a column: the rest can be added.
_NOT_ADDED = {"source_key", "bulk_id", "error_details", "signature"}.union(*SHOWN.values())
OUTCOMES = {None: "All", "failed": "Failed", "pending": "Pending"}
_LONGEST = 240
_DEEPEST = 20
_BEFORE_MATCH = 60
_BARS = 24


def table(study: Study, look: Look) -> str:
    """Show a page of the receipts, and one of them in full."""
    chosen = look.selection
    pages = study.pages(chosen, look.size)
    page = min(look.page, pages - 1)
    rows = study.page(chosen, look.order, page, size=look.size).to_dicts()
    pick = chosen.pick("outcome")
    more = addable(study)
    added = [name for name in more if name in look.columns]
    return render(
        "explorer/templates/table.html.jinja",
        rows=[row | _told(row, look) | {"row": row[ROW]} for row in rows],
        columns=SHOWN,
        more=more,
        added=added,
        sizes=PAGE_SIZES,
        outcomes=OUTCOMES,
        outcome=pick.values[0] if pick and len(pick.values) == 1 and not pick.others else None,
        all_outcomes=pick is None,
        distributions=_distributions(study, look) if look.live and rows else {},
        detail=None if look.opened is None else _detail(study, look.opened),
        pickable=PICKABLE,
        json_columns=JSON_COLUMNS,
        page=page,
        pages=pages,
        count=study.count(chosen),
        look=look,
    )


def addable(study: Study) -> list[str]:
    """Return the columns that can be added to the table: those of receipts, then the caller's own.

    >>> from clinia_nb import Client
    >>> from clinia_nb.sandbox import list_samples
    >>> from .prepared import Study
    >>> sample = list_samples()[0]
    >>> bulk = Client.sandbox().fetch_bulk(sample.source_key, sample.bulk_id, kind=sample.kind)
    >>> addable(Study.of(bulk))[:3]
    ['target_type', 'status', 'completed_at']
    """
    columns = study.table.columns
    known = [name for name in SCHEMA if name in columns]
    own = [name for name in columns if name not in SCHEMA]
    return [name for name in (*known, *own) if name not in _NOT_ADDED]


def page_size(text: str) -> int:
    """Read how many receipts a page shows; raise ValueError if that is not offered."""
    return PAGE_SIZES[PAGE_SIZES.index(int(text))]


def _told(row: dict[str, Any], look: Look) -> dict[str, Any]:
    """Return a row's error in words, and where else a word that is searched for was found."""
    messages = [row.get("error_message") or "", *_nested(row.get("error_details"))]
    error = " › ".join(dict.fromkeys(text.strip() for text in messages if text.strip()))
    words = look.selection.words
    shown = {"id", "error_type", "error_message", "error_details", *look.columns}
    found = [
        (name, row[name])
        for name in SEARCHED
        if name not in shown and row.get(name) and _pattern(words).search(row[name])
    ]
    return {
        "kind": highlighted(row.get("error_type") or "", words, 80),
        "error": highlighted(error, words),
        "name": highlighted(row.get("id") or "no id", words, 60),
        "found": [(name, highlighted(text, words)) for name, text in found],
    }


def _nested(details: str | None) -> list[str]:
    """Return the messages of nested errors, the outermost first.

    >>> _nested('[{"message": "bad", "details": [{"message": "no date"}]}]')
    ['bad', 'no date']
    """
    if not details:
        return []
    try:
        left: list[Any] = [msgspec.json.decode(details)]
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return []
    messages: list[str] = []
    while left and len(messages) < _DEEPEST:
        item = left.pop(0)
        if isinstance(item, list):
            left = [*cast("list[Any]", item), *left]
        elif isinstance(item, dict):
            members = cast("dict[str, Any]", item)
            if isinstance(members.get("message"), str):
                messages.append(members["message"])
            left = [*(value for value in members.values() if isinstance(value, list)), *left]
    return messages


def highlighted(
    text: str, words: tuple[str, ...], longest: int = _LONGEST
) -> list[tuple[str, bool]]:
    """Shorten a text around the first word that is found in it; return it in pieces.

    Each piece comes with whether it is one of the words.

    >>> highlighted("no <clinic>", ("clinic",))
    [('no <', False), ('clinic', True), ('>', False)]
    """
    line = " ".join(text.split())
    pattern = _pattern(words)
    first = pattern.search(line)
    if first and first.start() > longest - _BEFORE_MATCH:
        line = "…" + line[first.start() - _BEFORE_MATCH :]
    pieces = enumerate(pattern.split(formats.clip(line, longest)))
    return [(formats.harmless(piece), bool(number % 2)) for number, piece in pieces if piece]


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"({'|'.join(map(re.escape, words)) or '(?!)'})", re.IGNORECASE)


def _detail(study: Study, row: int) -> dict[str, Any]:
    known = study.detail(row)
    return {"row": row} | {name: value for name, value in known.items() if value is not None}


def as_json(study: Study, row: int) -> str:
    """Write one receipt as indented JSON; nested errors as JSON within it."""
    frame = study.table[row].drop("outcome")
    fields: dict[str, Any] = frame.with_columns(
        pl.col(pl.Duration).dt.total_microseconds() / 1_000_000
    ).row(0, named=True)
    for name in JSON_COLUMNS:
        if fields.get(name):
            try:
                fields[name] = msgspec.json.decode(fields[name])
            except (msgspec.MsgspecError, RecursionError, UnicodeError):
                continue  # it stays a text
    given = {name: value for name, value in fields.items() if value is not None}
    return indented(msgspec.json.encode(given).decode()) or ""


def _distributions(study: Study, look: Look) -> dict[str, list[float]]:
    """Return small histograms of the selection, as shares of their highest bar."""
    times = (
        study.lazy(look.selection)
        .select("received_at", "duration")
        .select(
            time=pl.col("received_at").dt.epoch("ms"),
            took=(1 + pl.col("duration").dt.total_milliseconds().clip(0)).log(),
        )
    )
    drawn: dict[str, list[float]] = {}
    for name, values in times.collect().to_dict().items():
        known = values.drop_nulls()
        if known.n_unique() < 2:  # noqa: PLR2004 - one value has no shape
            continue
        counts = known.hist(bin_count=_BARS)["count"]
        drawn[name] = (counts / counts.max()).to_list()
    return drawn
