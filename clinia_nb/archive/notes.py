"""Problems that somebody has acknowledged, each with a note such as a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from clinia_nb.errors import ArchiveError
from clinia_nb.files import write_file
from clinia_nb.text import nearest

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMA = pl.Schema({"signature": pl.String(), "error_type": pl.String(), "note": pl.String()})


class Note(msgspec.Struct, frozen=True):
    """A note about a problem, which is a signature with its error type."""

    signature: str
    error_type: str | None
    note: str


def read_notes(path: Path) -> list[Note]:
    """Read the notes of an archive; none if there is no file.

    Raises
    ------
    ArchiveError
        The file is damaged.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Note])
    except FileNotFoundError:
        return []
    except (msgspec.MsgspecError, UnicodeDecodeError) as exc:
        raise ArchiveError(f"{path} cannot be read: {exc}. Restore it, or delete it.") from None


def check_problem(problems: pl.DataFrame, signature: str, error_type: str | None) -> None:
    """Check that a catalog has a problem: a note about any other would never be shown.

    Raises
    ------
    ArchiveError
        It is not; the message names the nearest.
    """
    of_type = problems.filter(pl.col("error_type").eq_missing(error_type))["signature"]
    if signature not in of_type:
        raise ArchiveError(
            f"No problem {signature!r} of error type {error_type!r} was saved."
            f"{nearest(signature, of_type)} `history()` lists them with their error types."
        )


def write_note(path: Path, note: Note) -> None:
    """Add a note in place of one about the same problem; an empty note removes it."""
    problem = (note.signature, note.error_type)
    others = [n for n in read_notes(path) if (n.signature, n.error_type) != problem]
    notes = [*others, note] if note.note else others
    body = msgspec.json.format(msgspec.json.encode(notes), indent=1)
    write_file(path, body, private=True, follow_links=False)


def notes_frame(notes: list[Note]) -> pl.DataFrame:
    """Return the notes as a frame, one row per problem."""
    return pl.DataFrame([msgspec.structs.asdict(note) for note in notes], schema=_SCHEMA)
