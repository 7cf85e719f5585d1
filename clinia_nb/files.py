"""Files written whole or not at all."""

from __future__ import annotations

from errno import EEXIST, ENOENT
from pathlib import Path


def target_of(path: str | Path) -> Path:
    """Give the file that a report at a path replaces, or raise OSError where it could not."""
    target = Path(path).resolve()  # what a link leads to is replaced, not the link
    if not target.parent.is_dir():
        raise FileNotFoundError(ENOENT, "There is no such folder", str(Path(path).parent))
    if target.exists() and not target.is_file():
        # Whoever may, would put a file in the place of a device.
        raise FileExistsError(EEXIST, "There is something that is no file", str(path))
    return target
