"""What a page can ask for: one typed message for each request, checked before it is used."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec


class _Message(msgspec.Struct, frozen=True, tag_field="act", tag=str.lower):
    """A request, named by its field ``act``."""


class Ready(_Message, frozen=True):
    """A page is there and shows the panel, or its width in pixels has changed.

    A width of 0 is not known yet: it follows once the panel is shown.
    """

    width: float | None = None


class Choose(_Message, frozen=True):
    """Take what was typed or picked from a list, and with `load` load it.

    With `archived` it is loaded from the archive. `turn` numbers the requests of a page.
    """

    source_key: str
    kind: str
    bulk_id: str
    turn: int = 0
    load: bool = False
    archived: bool = False


class Load(_Message, frozen=True):
    """Load the chosen bulk."""


class Wait(_Message, frozen=True):
    """Wait until the chosen bulk is final, then load it."""


class Stop(_Message, frozen=True):
    """Stop loading or waiting."""


class Save(_Message, frozen=True):
    """Save the loaded bulk to the archive."""


class Tab(_Message, frozen=True):
    """Show a tab."""

    name: str


class Toggle(_Message, frozen=True):
    """Add a value of a column to the filter, or take it away."""

    column: str
    value: str | None


class Picked(msgspec.Struct, frozen=True):
    """Values of a column; with `others` all values except these."""

    column: str
    values: list[str | None]
    others: bool = False


class Pick(_Message, frozen=True):
    """Filter by these columns, instead of what was picked of them."""

    picks: list[Picked]


class Brush(_Message, frozen=True):
    """Filter by a stretch of time, in milliseconds since 1970."""

    begins: float
    ends: float


class Narrow(_Message, frozen=True):
    """Filter by the fields of the form; without `times`, these stay as they are."""

    text: str
    times: tuple[str, str] | None = None


class Drop(_Message, frozen=True):
    """Remove a filter: a column's name, ``"time"`` or ``"text"``; without a name, all of them."""

    part: str | None = None


class Sort(_Message, frozen=True):
    """Sort the table by a column: upwards, then downwards, then not at all."""

    column: str


class Page(_Message, frozen=True):
    """Turn to a page of the table, counted from 0."""

    number: int


class Open(_Message, frozen=True):
    """Open the receipt in a row of the bulk, or close it."""

    row: int


class Step(_Message, frozen=True):
    """Open the next failed receipt (1) or the previous one (-1)."""

    by: Literal[1, -1]


class Column(_Message, frozen=True):
    """Show a further column in the table, or hide it."""

    name: str


class Size(_Message, frozen=True):
    """Show so many receipts on a page."""

    value: str


class Code(_Message, frozen=True):
    """Show or hide the code that makes the selection."""


class Copy(_Message, frozen=True):
    """Send a text to the page that asks: a problem as Markdown, or the opened receipt as JSON."""

    what: Literal["problem", "receipt"]
    signature: str | None = None
    view: str = ""


class Download(_Message, frozen=True):
    """Send a file to the page that asks; of one signature if given.

    Receipts, records, their ids, or the records to fix with each wrong value (``"fixes"``).
    """

    what: Literal["selected", "records", "ids", "fixes"]
    form: Literal["csv", "parquet"] = "csv"
    signature: str | None = None
    view: str = ""


Message: TypeAlias = (
    Ready
    | Choose
    | Load
    | Wait
    | Stop
    | Save
    | Tab
    | Toggle
    | Pick
    | Brush
    | Narrow
    | Drop
    | Sort
    | Page
    | Open
    | Step
    | Column
    | Size
    | Code
    | Copy
    | Download
)


def read_message(content: object) -> Message:
    """Check what a page sent.

    Raises
    ------
    msgspec.ValidationError
        There is no such request, or its fields are missing or of another type.

    Examples
    --------
    >>> read_message({"act": "toggle", "column": "outcome", "value": "failed"})
    Toggle(column='outcome', value='failed')
    """
    return msgspec.convert(content, Message)


def written(message: Message) -> str:
    """Write a message as JSON, for an attribute of a button.

    >>> written(Tab("timing"))
    '{"act":"tab","name":"timing"}'
    """
    return msgspec.json.encode(message).decode()
