"""The list of sources, read page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec

from clinia_nb.errors import UnreadableAnswerError
from clinia_nb.receipts.not_an_answer import HEAD, problem_of
from clinia_nb.text import clip, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "/catalog/v1/sources"
_PAGE_SIZE = 100
_MOST_PAGES = 1_000


class _Source(msgspec.Struct):
    key: str


class _Meta(msgspec.Struct, rename="camel"):
    num_pages: int = 1


class _Sources(msgspec.Struct):
    data: list[_Source]
    meta: _Meta = msgspec.field(default_factory=_Meta)


def read_pages(ask: Callable[[dict[str, str]], bytes]) -> list[str]:
    """Return the keys of all pages, in the order of the answers.

    Parameters
    ----------
    ask
        Asks for a page, by its query.

    Raises
    ------
    UnreadableAnswerError
        A page has another shape, or there are too many.
    """
    keys: list[str] = []
    for page in range(1, _MOST_PAGES + 1):
        found, pages = _read(ask({"page": str(page), "perPage": str(_PAGE_SIZE)}))
        keys += found
        if page >= pages:
            return keys
    raise UnreadableAnswerError(f"The list of sources has more than {_MOST_PAGES:,} pages.")


def _read(body: bytes) -> tuple[list[str], int]:
    """Read a page of sources. Its shape is inferred from a sibling endpoint, or a bare array."""
    shape: Any = _Sources | list[_Source]
    try:
        read = cast("_Sources | list[_Source]", msgspec.json.decode(body, type=shape))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        problem = f"It has an unexpected shape: {clip(one_line(str(exc)))}."
        if not body.lstrip().startswith((b"{", b"[")):
            problem = problem_of(body[:HEAD], "").sentence
    else:
        if isinstance(read, list):
            return [source.key for source in read], 1
        return [source.key for source in read.data], read.meta.num_pages
    del body  # whatever it holds, no traceback shows it
    raise UnreadableAnswerError(f"The list of sources cannot be read. {problem}")
