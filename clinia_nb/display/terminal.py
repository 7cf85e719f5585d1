"""Output to terminals, files and pipes: in any encoding, and quiet when the reader is gone."""

from __future__ import annotations

import codecs
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from clinia_nb.text import harmless, one_line

if TYPE_CHECKING:
    from typing import TextIO

_HANDLER = "clinia_nb.plain"
# What our own sentences use beyond ASCII, for encodings that lack it.
_PLAIN = {
    "…": "...",
    "·": "-",
    "–": "-",
    "−": "-",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "×": "x",
    "→": "->",
    "≥": ">=",
    "≤": "<=",
    "\u00a0": " ",
    "\u202f": " ",
}


def prepare_output() -> None:
    """Let standard output and error take any text: characters that they lack are replaced."""
    codecs.register_error(_HANDLER, _replaced)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_HANDLER)


def write_out(text: str, stream: TextIO | None = None) -> None:
    """Write lines, to standard output by default, without control sequences for a terminal.

    When the other end of a pipe is closed, this and all later output is dropped.
    """
    out = sys.stdout if stream is None else stream
    try:
        out.write(harmless(text) + "\n")
        out.flush()
    except BrokenPipeError:
        _drop_output(out)


def complain(message: str) -> None:
    """Write one line to standard error, after the name of the command."""
    write_out(f"clinia-nb: {one_line(message)}", sys.stderr)


def write_page(page: str) -> None:
    """Write a page to standard output, exactly, in UTF-8."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(page.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _drop_output(sys.stdout)


def _drop_output(stream: TextIO) -> None:
    # Otherwise the interpreter would fail to flush when it ends.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character, "?") for character in text), error.end
