"""What a failed request becomes: an exception that says what came back and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from clinia_nb.errors import (
    AccessDeniedError,
    BulkNotFoundError,
    InvalidKeyError,
    RateLimitedError,
    RedirectedError,
    RequestError,
    RequestRefusedError,
    ServerError,
    UnreachableError,
    UnreadableAnswerError,
)
from clinia_nb.text import clip, one_line

if TYPE_CHECKING:
    from .exchange import Failure, Head

_REDIRECT, _ERROR, _SERVER_ERROR = 300, 400, 500
_LONGEST_TYPE, _LONGEST_HOST = 60, 100
_BY_STATUS: dict[int, tuple[type[RequestError], str]] = {
    401: (InvalidKeyError, "Check the API key (CLINIA_API_KEY), and that it fits this workspace."),
    403: (AccessDeniedError, "The API key lacks this right: ask your Clinia administrator for it."),
    404: (BulkNotFoundError, "There is no such bulk."),
    429: (RateLimitedError, "Wait, then try again."),
}

_BODY_SAYS = "Clinia refused it: in Python, the error's `body` says why."
_NO_BODY = "Nothing says why. Check the workspace, the network and its proxy."
_NOT_CLINIAS = "The answer has no error of Clinia's: perhaps a proxy or firewall sent it."
_OFTEN_OF_A_PROXY = {401, 403, 404, 407}


def error_of(  # noqa: PLR0913, PLR0917 - what is known of the request
    asked: str,
    head: Head | None,
    failure: Failure | None,
    attempts: int,
    retry_after: float | None,
    most_bytes: int,
) -> RequestError | UnreadableAnswerError:
    """Return the exception for a request that failed."""
    tries = f" ({attempts} attempts)" if attempts > 1 else ""
    if head is not None and head.status_code >= _ERROR:
        return _refused(asked, head, tries, retry_after)
    if head is not None and head.status_code >= _REDIRECT:
        return _redirected(asked, head)
    if failure is not None and failure.too_large:
        return UnreadableAnswerError(
            f"{asked}: the answer is larger than {most_bytes:,} bytes. If that size is expected, "
            "raise the limit with Client(…, max_bytes=…)."
        )
    if failure is not None and failure.cut:
        return UnreadableAnswerError(
            f"{asked}: {failure.problem}{tries}. Try again; if it persists, report it to Clinia."
        )
    problem = failure.problem if failure else "no answer"
    return UnreachableError(
        f"{asked}: {problem}{tries}. Check the workspace, the network and its proxy."
    )


def _refused(asked: str, head: Head, tries: str, retry_after: float | None) -> RequestError:
    code = head.status_code
    error_type, advice = _BY_STATUS.get(code) or _by_class(code, explained=bool(head.error))
    sent = head.error.get("type")
    named = f" {clip(one_line(sent), _LONGEST_TYPE)}" if isinstance(sent, str) else ""
    if not head.error and code in _OFTEN_OF_A_PROXY:
        advice = f"{_NOT_CLINIAS} {advice}"
    waits = f" Clinia asks to wait {retry_after:.15g} s." if retry_after is not None else ""
    error = error_type(
        f"{asked}: HTTP {code}{named}{tries}.{waits} {advice}", status_code=code, body=head.error
    )
    error.retry_after = retry_after
    return error


def _redirected(asked: str, head: Head) -> RequestError:
    target = _host_of(head.headers.get("Location", ""))
    return RedirectedError(
        f"{asked}: redirected to {target} (HTTP {head.status_code}), which is not followed, as "
        "the API key would be sent along. It may be a login page: check the workspace and the "
        "network. If that address is Clinia's, set it as base_url.",
        status_code=head.status_code,
    )


def _by_class(code: int, *, explained: bool) -> tuple[type[RequestError], str]:
    if code >= _SERVER_ERROR:
        return (
            ServerError,
            "Clinia failed: wait and try again; if it persists, report it to Clinia.",
        )
    return RequestRefusedError, _BODY_SAYS if explained else _NO_BODY


def _host_of(location: str) -> str:
    try:
        host = urlsplit(location).hostname
    except ValueError:
        return "an unreadable address"
    return clip(one_line(host), _LONGEST_HOST) if host else "another path of this host"
