"""What errors and warnings say on the command line: one line each."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clinia_nb.display.terminal import complain
from clinia_nb.errors import UnknownFieldsWarning, UnreadValuesWarning

if TYPE_CHECKING:
    from collections.abc import Generator


def message_of(error: Exception) -> str:
    """Return what an error says; one of the system, without its number."""
    if not isinstance(error, OSError):
        return str(error)
    problem = error.strerror or str(error)
    return f"{problem}: {error.filename}" if error.filename else problem


@contextmanager
def plain_warnings() -> Generator[None]:
    """Write each warning to standard error once, without the place in the code that gave it."""
    said: set[str] = set()

    def show(message: Warning | str, *_: object, **__: object) -> None:
        if str(message) not in said:
            said.add(str(message))
            complain(str(message))

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        # The notes of the bulk say the same as these warnings.
        warnings.simplefilter("ignore", UnknownFieldsWarning)
        warnings.simplefilter("ignore", UnreadValuesWarning)
        warnings.showwarning = show
        yield
