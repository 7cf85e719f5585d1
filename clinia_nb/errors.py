"""Every exception the package raises.

::

    CliniaError
    ├── SettingsError            workspace or key missing or unusable: set it
    ├── InvalidIdError           a source key, bulk id or kind that cannot be right: mend it
    ├── MissingColumnError       a frame without a column that is needed: mend it
    ├── ColumnClashError         a column named like one of the answer: rename it
    ├── IntervalError            an interval that cannot be used: choose another
    ├── UnreadableAnswerError    cut short, not JSON, or no `status`: fetch again, or report it
    ├── ArchiveError             an archive, or a bulk in it, that cannot be used: see the message
    ├── StillPendingError        the bulk was not final in time: wait longer, or review
    └── RequestError             a request that was not answered as hoped
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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class CliniaError(Exception):
    """Base of every exception that this package raises."""


class SettingsError(CliniaError, ValueError):
    """The workspace or the key is missing, or cannot be used."""


class InvalidIdError(CliniaError, ValueError):
    """A source key, bulk id or kind that cannot be right, so that nothing was asked."""


class MissingColumnError(CliniaError, ValueError):
    """A frame lacks a column that a function needs.

    Parameters
    ----------
    missing
        The columns that are not there.
    available
        The columns that are.
    """

    def __init__(self, missing: Iterable[str], available: Iterable[str]) -> None:
        self.missing, self.available = tuple(missing), tuple(available)
        near = [m for name in self.missing for m in get_close_matches(name, self.available, n=1)]
        hint = f" Did you mean {', '.join(map(repr, near))}?" if near else ""
        super().__init__(
            f"Not found: {', '.join(map(repr, self.missing))}.{hint} "
            f"Available: {', '.join(self.available) or 'no columns'}."
        )

    def __reduce__(self) -> tuple[type[MissingColumnError], tuple[object, ...]]:
        return type(self), (self.missing, self.available)


class ColumnClashError(CliniaError, ValueError):
    """A column to group by has the name of a column of the answer."""


class IntervalError(CliniaError, ValueError):
    """An interval that is no interval, or that is too short for the span it divides."""


class UnreadableAnswerError(CliniaError, ValueError):
    """An answer that is cut short, not JSON, or without the `status` that every answer has."""


class ArchiveError(CliniaError):
    """A folder is not a usable archive, or a bulk in it is missing or damaged."""


class StillPendingError(CliniaError, TimeoutError):
    """The bulk was not final when the time to wait was over.

    Attributes
    ----------
    status : str
        The status at the last look.
    """

    def __init__(self, message: str, *, status: str) -> None:
        self.status = status
        super().__init__(message)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), str(self), {"status": self.status})


class RequestError(CliniaError):
    """A request that was not answered as hoped.

    Attributes
    ----------
    status_code : int or None
        The HTTP status; None where no answer came.
    body : dict
        Clinia's own error, ``{"code", "type", "message", "details"}``; empty where there is none.
        It can name records: it is kept out of the message.
    """

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
        return _rebuild, (type(self), str(self), keywords)


class InvalidKeyError(RequestError):
    """Clinia does not know the API key (HTTP 401)."""


class AccessDeniedError(RequestError):
    """The API key lacks a right (HTTP 403)."""


class BulkNotFoundError(RequestError):
    """The source or the bulk does not exist (HTTP 404). Not for 403: that is AccessDeniedError."""


class RateLimitedError(RequestError):
    """Too many requests, even after retries (HTTP 429).

    Attributes
    ----------
    retry_after : float or None
        The seconds Clinia asked to wait; None where it did not say.
    """

    retry_after: float | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return *super().__reduce__(), {"retry_after": self.retry_after}


class ServerError(RequestError):
    """Clinia failed, even after retries (HTTP 5xx)."""


class RequestRefusedError(RequestError):
    """Clinia refused the request for another reason (any other HTTP 4xx)."""


class RedirectedError(RequestError):
    """The host sends us elsewhere (HTTP 3xx), which is never followed: the key would go along."""


class UnreachableError(RequestError):
    """No connection, or no answer in time, even after retries."""


class DamagedArchiveWarning(UserWarning):
    """Files of an archive cannot be read and are left out."""


class UnreadValuesWarning(UserWarning):
    """Values of an answer could not be read: they are null, the rest is there."""


class UnknownFieldsWarning(UserWarning):
    """Receipts have fields that the frame has no column for, as newer servers may send."""


def _rebuild(cls: type[CliniaError], message: str, keywords: dict[str, Any]) -> CliniaError:
    return cls(message, **keywords)
