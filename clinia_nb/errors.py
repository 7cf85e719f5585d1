"""Every exception the package raises.

::

    CliniaError
    ├── SettingsError            workspace or key missing or unusable: set it
    ├── InvalidIdError           a source key, bulk id or kind that is not valid: correct it
    ├── MissingColumnError       a frame lacks a column that is needed: add it
    ├── ColumnClashError         a column has the name of a result column: rename it
    ├── EngineError              another engine holds the receipts and cannot do this
    ├── IntervalError            an interval that is not valid: choose another
    ├── UnreadableAnswerError    cut short, not JSON, of another bulk: see the message
    ├── BodyNotKeptError         a bulk without the bytes of its answer: fetch it again
    ├── CatalogError             not a signature catalog, damaged, or of a newer version
    ├── ArchiveError             an archive, or a bulk in it, that cannot be used: see the message
    ├── StillPendingError        the bulk was not final in time: wait longer
    └── RequestError             a request that failed
        ├── InvalidKeyError      401: use another key
        ├── AccessDeniedError    403: get access
        ├── BulkNotFoundError    404: check the source key, the bulk id and the kind
        ├── RateLimitedError     429, even after retries: wait
        ├── ServerError          5xx, even after retries: wait, then report it
        ├── RequestRefusedError  any other 4xx: read what Clinia says
        ├── RedirectedError      3xx: check the host
        └── UnreachableError     no connection or no answer in time: check host and network

A message says what was asked, what came back and what to do next. It never holds an API key
or a value of a record, because notebooks save tracebacks.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from clinia_nb.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import UnionType


class CliniaError(Exception):
    """Base of every exception that this package raises."""


class SettingsError(CliniaError, ValueError):
    """The workspace or the key is missing, or cannot be used."""


class InvalidIdError(CliniaError, ValueError):
    """A source key, bulk id or kind is not valid; no request was sent."""


class MissingColumnError(CliniaError, ValueError):
    """A frame lacks a column that a function needs.

    Parameters
    ----------
    missing
        The columns that are missing.
    available
        The columns that the frame has.
    """

    def __init__(self, missing: Iterable[str], available: Iterable[str]) -> None:
        self.missing, self.available = tuple(missing), tuple(available)
        # Functions that group by signature add it.
        names = dict.fromkeys((*self.available, "signature"))
        near = [
            other
            for name in self.missing
            for other in get_close_matches(name, names, n=1)
            if other != name
        ]
        hint = f" Did you mean {', '.join(map(repr, near))}?" if near else ""
        super().__init__(
            f"Not found: {', '.join(map(repr, self.missing))}.{hint} "
            f"Available: {', '.join(map(one_line, self.available)) or 'no columns'}."
        )

    def __reduce__(self) -> tuple[type[MissingColumnError], tuple[object, ...]]:
        return type(self), (self.missing, self.available)


class ColumnClashError(CliniaError, ValueError):
    """A column to group by has the name of a column of the result."""


class IntervalError(CliniaError, ValueError):
    """An interval is not valid, or is too short for the span it divides."""


class CatalogError(CliniaError, ValueError):
    """A file that is not a signature catalog, is damaged, or was written by a newer version."""


class UnreadableAnswerError(CliniaError, ValueError):
    """An answer is cut short, not JSON, too large, without a `status`, or about another bulk."""


class EngineError(CliniaError, TypeError):
    """An engine that holds the receipts cannot do what was asked: load them into polars first."""


class ArchiveError(CliniaError):
    """A folder is not a usable archive, or a bulk in it is missing or damaged."""


class BodyNotKeptError(CliniaError, ValueError):
    """A bulk does not hold the bytes of its answer, so they cannot be saved."""


class StillPendingError(CliniaError, TimeoutError):
    """The bulk was still pending when the time limit was reached.

    Attributes
    ----------
    status : str
        The last known status.
    """

    def __init__(self, message: str, *, status: str) -> None:
        self.status = status
        super().__init__(message)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), str(self), {"status": self.status})


class RequestError(CliniaError):
    """A request that failed.

    Attributes
    ----------
    status_code : int or None
        The HTTP status; None if no answer came.
    body : dict
        Clinia's own error, ``{"code", "type", "message", "details"}``; empty if there is none.
        It can name records, so it is kept out of the message.
    retry_after : float or None
        The seconds Clinia asked to wait (with HTTP 429 and 503); None if it did not.
    """

    retry_after: float | None = None

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        self.status_code = status_code
        self.body: dict[str, Any] = dict(body or {})
        super().__init__(message)

    def __reduce__(self) -> tuple[object, ...]:
        keywords = {"status_code": self.status_code, "body": self.body}
        return _rebuild, (type(self), str(self), keywords), {"retry_after": self.retry_after}


class InvalidKeyError(RequestError):
    """Clinia does not know the API key (HTTP 401)."""


class AccessDeniedError(RequestError):
    """The API key lacks a right (HTTP 403)."""


class BulkNotFoundError(RequestError):
    """The source or the bulk does not exist (HTTP 404). Not for 403: that is AccessDeniedError."""


class RateLimitedError(RequestError):
    """Too many requests, even after retries (HTTP 429). `retry_after` says how long to wait."""


class ServerError(RequestError):
    """Clinia failed, even after retries (HTTP 5xx)."""


class RequestRefusedError(RequestError):
    """Clinia refused the request for another reason (any other HTTP 4xx)."""


class RedirectedError(RequestError):
    """The host redirects (HTTP 3xx). Never followed, because the key would be sent along."""


class UnreachableError(RequestError):
    """No connection, or no answer in time, even after retries."""


class DamagedArchiveWarning(UserWarning):
    """Files of an archive cannot be read and are left out."""


class UnreadValuesWarning(UserWarning):
    """Values of an answer could not be read and are null."""


class UnknownFieldsWarning(UserWarning):
    """Receipts have fields without a column in the frame, as newer servers may send."""


_E = TypeVar("_E", bound=BaseException)


def check_type(value: object, allowed: type | UnionType, right: str) -> None:
    """Raise if a value is of another type; the message begins with what was expected.

    The value is not shown: it may be receipts.

    >>> check_type("3", int, "attempts is a number")
    Traceback (most recent call last):
    ...
    TypeError: attempts is a number, not str.
    """
    if not isinstance(value, allowed):
        raise TypeError(f"{right}, not {type(value).__name__}.")


def bare(error: _E) -> _E:
    """Return the error without the frames and errors it came through, which may hold secrets."""
    error.__traceback__ = error.__cause__ = error.__context__ = None
    return error


def _rebuild(cls: type[CliniaError], message: str, keywords: dict[str, Any]) -> CliniaError:
    return cls(message, **keywords)
