"""Which bulks were loaded: ids, status and counts, never anything of their records."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from clinia_nb.errors import CliniaError
from clinia_nb.files import write_file

_MOST = 200
_writing = Lock()  # two explorers may share a file


class Entry(msgspec.Struct, frozen=True):
    """A bulk that was looked at, named as it is asked for."""

    workspace: str
    source_key: str
    kind: str
    bulk_id: str
    status: str = ""
    receipts: int = 0
    failed: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """What names the bulk, without what became of it."""
        return self.workspace, self.source_key, self.kind, self.bulk_id


class History:
    """The bulks that were looked at, newest first.

    Clinia cannot list bulk ids, so they are offered again. They are kept for as long as this
    process lives, and on disk only where a file is given.

    Parameters
    ----------
    path
        A file to keep them in beyond this process, readable by its owner alone. If it cannot be
        written, they are kept in memory.

    Raises
    ------
    CliniaError
        The path is something else: a folder, a link, or a file that is not a history. It is left
        as it is.

    Examples
    --------
    >>> history = History()
    >>> history.add(Entry("acme", "ehr", "relationships", "bk_1"))
    >>> history.add(Entry("acme", "ehr", "relationships", "bk_2"))
    >>> [entry.bulk_id for entry in history.entries]
    ['bk_2', 'bk_1']
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = None if path is None else Path(path)
        self._entries: list[Entry] = []
        if self.path is not None and not _is_ours(self.path):
            raise CliniaError(
                f"history={str(path)!r} is not a history file of clinia_nb. "
                "Name a file that does not exist yet, or remove this one."
            )

    @property
    def entries(self) -> list[Entry]:
        """All of them, newest first."""
        if self.path is not None:
            self._entries = _read(self.path)
        return list(self._entries)

    def add(self, entry: Entry) -> None:
        """Put a bulk first."""
        with _writing:
            # Read again: another notebook may have written meanwhile.
            others = [known for known in self.entries if known.names != entry.names]
            self._entries = [entry, *others][:_MOST]
            if self.path is not None and not _write(self.path, self._entries):
                self.path = None

    def of(self, workspace: str, source_key: str = "") -> list[Entry]:
        """Return those of a workspace, and of a source where one is named; newest first."""
        return [
            entry
            for entry in self.entries
            if entry.workspace == workspace and source_key in {"", entry.source_key}
        ]


def default_path() -> Path:
    """Return where a history is kept by those who want one on disk."""
    from platformdirs import user_state_path

    return user_state_path("clinia-nb", appauthor=False) / "history.json"


def _is_ours(path: Path) -> bool:
    """Whether a path is free or a history; only such a file may be replaced."""
    try:
        if path.is_symlink():
            return False
        if not path.exists():
            return True
        msgspec.json.decode(path.read_bytes() if path.is_file() else b"", type=list[Entry])
    except PermissionError:
        return True  # it cannot be replaced either
    except (OSError, msgspec.MsgspecError, UnicodeError):
        return False
    return True


def _read(path: Path) -> list[Entry]:
    try:
        if path.is_symlink() or not path.is_file():  # a pipe would never end
            return []
        return msgspec.json.decode(path.read_bytes(), type=list[Entry])
    except (OSError, msgspec.MsgspecError, UnicodeError):
        return []


def _write(path: Path, entries: list[Entry]) -> bool:
    """Write the entries; return whether that worked."""
    body: Any = msgspec.json.format(msgspec.json.encode(entries), indent=1)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, body, private=True, follow_links=False)
        return True
    return False
