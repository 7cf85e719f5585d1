"""Files written whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
import stat
from contextlib import contextmanager
from errno import EACCES, EEXIST, ELOOP, ENOENT
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

_DRAFT = re.compile(r"\..*\.[0-9a-f]{16}\.part", re.DOTALL)


def check_target(
    path: str | Path, *, inputs: Iterable[str | Path] = (), follow_links: bool = True
) -> Path:
    """Return the file that a write to `path` would replace, before any work is done for it.

    Parameters
    ----------
    path
        Where to write. What a link leads to is replaced, not the link.
    inputs
        Files that are read for it; none of them may be replaced.
    follow_links
        With False, a link is refused. A link that another user planted always is.

    Raises
    ------
    OSError
        There is no such folder or it cannot be written to, the path is empty or not a regular
        file, or it is one of the inputs.
    """
    if not str(path):
        raise FileNotFoundError(ENOENT, "The name of the file to write is empty")
    given = Path(path)
    if given.is_symlink() and not (follow_links and _is_ours(given)):
        raise FileExistsError(EEXIST, "Not written, because it is a symbolic link", str(path))
    try:
        target = given.resolve()
    except RuntimeError:  # before Python 3.13
        target = given
    if target.is_symlink():
        raise OSError(ELOOP, "Symbolic links that lead in a circle", str(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(ENOENT, "There is no such folder", str(given.parent))
    if target.exists():
        _check_replaced(target, path, inputs)
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise PermissionError(EACCES, "The folder cannot be written to", str(given.parent))
    return target


def _check_replaced(target: Path, path: str | Path, inputs: Iterable[str | Path]) -> None:
    if not target.is_file():
        raise FileExistsError(EEXIST, "Not a regular file", str(path))
    for read in inputs:
        if Path(read).exists() and target.samefile(read):
            raise FileExistsError(EEXIST, "Input and output are the same file", str(path))


def write_file(
    path: str | Path, content: bytes, *, private: bool, follow_links: bool = True
) -> None:
    """Write a file whole, as `replace_file` does."""
    with replace_file(path, private=private, follow_links=follow_links) as file:
        file.write(content)


@contextmanager
def replace_file(
    path: str | Path, *, private: bool, follow_links: bool = True
) -> Generator[BinaryIO]:
    """Open a draft beside `path` and put it in place once it is complete.

    After an exception the earlier file is unchanged. A file that is replaced keeps its permissions.

    Parameters
    ----------
    path, follow_links
        As in `check_target`.
    private
        Whether a new file is readable by its owner alone, as one with health data must be.

    Raises
    ------
    OSError
        As in `check_target`, or the file cannot be written.
    """
    target = check_target(path, follow_links=follow_links)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    # Nobody can plant a link at a random name, and O_EXCL opens nothing that is there.
    draft = target.with_name(f".{target.name[:80]}.{secrets.token_hex(8)}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(draft, flags, 0o600 if private or mode is not None else 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            draft.chmod(mode)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def remove_drafts(folder: Path) -> None:
    """Remove what killed writers left in a folder; call it only if no other can be active."""
    for path in folder.rglob(".*.part"):
        if _DRAFT.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _is_ours(link: Path) -> bool:
    own = getattr(os, "geteuid", lambda: None)()
    return own is None or link.lstat().st_uid in {own, 0}
