"""The folder of an archive: its marker file, its lock and its permissions."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from clinia_nb.errors import ArchiveError
from clinia_nb.files import remove_drafts, write_file

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

FORMAT = 1
_MARKER = "clinia-archive.json"
_LOCK = ".lock"
_LOCK_SECONDS = 60


class _Format(msgspec.Struct):
    format: int


class _Marker(msgspec.Struct, frozen=True):
    format: int
    redacted: bool
    key: str | None = None


def is_redacted(folder: Path) -> bool:
    """Return whether a folder is an archive of redacted bulks."""
    found = _read_marker(folder)
    return found is not None and found.redacted


def _read_marker(folder: Path) -> _Marker | None:
    marker = folder / _MARKER
    if not marker.exists():
        return None
    content = marker.read_bytes()
    try:
        # A newer version may have written other members.
        if (newer := msgspec.json.decode(content, type=_Format).format) > FORMAT:
            raise ArchiveError(
                f"{folder} has format {newer}; this version of clinia_nb reads up to {FORMAT}. "
                "Update clinia_nb."
            )
        return msgspec.json.decode(content, type=_Marker)
    except (msgspec.MsgspecError, UnicodeDecodeError) as exc:
        raise ArchiveError(f"{marker} cannot be read: {exc}. Restore it from a backup.") from None


@dataclass(frozen=True)
class Storage:
    """A folder that is, or will be, an archive.

    Attributes
    ----------
    folder
        Where it is.
    redacted
        Whether its bulks are redacted.
    key
        A fingerprint of the key, which does not reveal it; None to read only.
    """

    folder: Path
    redacted: bool
    key: str | None

    def check(self) -> None:
        """Refuse a folder that is not an archive, or one that this version cannot use."""
        found = _read_marker(self.folder)
        if found is None:
            if self.folder.exists() and not self._is_free():
                raise ArchiveError(
                    f"{self.folder} is not an archive: it has no {_MARKER}. Use a new folder, an "
                    "empty one, or an existing archive."
                )
            return
        if found.redacted != self.redacted:
            has = "redacted" if found.redacted else "not redacted"
            how = "with redact=True and its key" if found.redacted else "without redact=True"
            raise ArchiveError(f"The bulks in {self.folder} are {has}: open it {how}.")
        if self.key is not None and found.key not in {None, self.key}:
            raise ArchiveError(
                f"The bulks in {self.folder} are redacted with another key: a record would have "
                "another pseudonym in what you save. Open it with the key of the first save."
            )

    @contextmanager
    def locked(self) -> Generator[None]:
        """Make the folder an archive if it is new, and keep other writers out."""
        from filelock import FileLock, Timeout

        self.make_private(self.folder)
        try:
            with FileLock(self.folder / _LOCK, timeout=_LOCK_SECONDS, mode=0o600):
                self._make_archive()
                remove_drafts(self.folder)  # of writers that were killed
                yield
        except Timeout:
            raise ArchiveError(
                f"Another program has been writing to {self.folder} for {_LOCK_SECONDS} seconds. "
                f"Try again; if none is running, delete {self.folder / _LOCK}."
            ) from None

    def _is_free(self) -> bool:
        # The first writer may still be at work, or was killed.
        own = (_LOCK, _MARKER, f".{_MARKER}")
        return self.folder.is_dir() and all(
            path.name.startswith(own) for path in self.folder.iterdir()
        )

    def _make_archive(self) -> None:
        if (self.folder / _MARKER).exists():
            self.check()
        else:
            marker = msgspec.json.encode(_Marker(FORMAT, self.redacted, self.key))
            write_file(self.folder / _MARKER, marker, private=True, follow_links=False)

    def make_private(self, folder: Path) -> None:
        """Make a folder of the archive for its owner alone; folders that exist stay as they are."""
        missing: list[Path] = []
        at = folder
        while not at.exists():
            missing.append(at)
            at = at.parent
        for path in reversed(missing):
            is_ours = path == self.folder or self.folder in path.parents
            path.mkdir(mode=0o700 if is_ours else 0o777, exist_ok=True)
