"""`Client`: what Clinia says of a bulk, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import msgspec
import polars as pl
import requests

from clinia_nb.bulk import BulkResult
from clinia_nb.errors import BulkNotFoundError, RequestRefusedError, UnreadableAnswerError
from clinia_nb.receipts.parse import count_statuses, read_status

from .pace import Pace
from .paths import bulk_path, clean_source_key, clean_task_id
from .retry_policy import RetryPolicy
from .settings import HiddenKey, read_settings
from .transport import Transport
from .waiting import wait_until_final

if TYPE_CHECKING:
    from clinia_nb.receipts.parse import Progress

    from .transport import Watch

_SOURCES = "/catalog/v1/sources"
_WITH_RECEIPTS = {"withReceipts": "true"}
_PAGE_SIZE = 100
_MOST_PAGES = 1_000


class Client:
    """Asks Clinia for bulks and their receipts.

    Parameters
    ----------
    workspace
        The workspace's id (``acme``) or host (``api.acme.clinia.cloud``); by default from the
        environment variable ``CLINIA_WORKSPACE``.
    api_key
        By default from ``CLINIA_API_KEY``, or ``CLINIA_TOKEN``. It shows nowhere: no repr, log,
        traceback or pickle holds it.
    base_url
        Where to ask instead of the workspace's host. HTTPS, except on this very machine.
    session
        The requests session to use, with its proxies and adapters; it is not given the key.
    timeout
        Seconds to wait for a connection, and for the next bytes.
    retry
        How often and how long to ask again after lost connections and HTTP 429, 502, 503, 504.
    progress
        Whether long downloads and waits show a progress bar.
    pace
        Time and chance, for tests.

    Raises
    ------
    SettingsError
        Workspace or key are missing or cannot be used; the message names what to set.

    Examples
    --------
    >>> client = Client.sandbox()
    >>> bulk = client.fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    >>> bulk.status
    'SUCCESS'
    """

    workspace: str = "?"  # until it is known: a repr in a traceback must not fail

    def __init__(  # noqa: PLR0913 - each of them a knob that somebody needs
        self,
        workspace: str | None = None,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = (10, 60),
        retry: RetryPolicy | None = None,
        progress: bool = True,
        pace: Pace | None = None,
    ) -> None:
        # From here on no local variable holds the key in the clear: a traceback may show them.
        hidden, api_key = HiddenKey(api_key or ""), None
        settings = read_settings(workspace, hidden, base_url)
        if session is None:
            session = requests.Session()
            # No proxy stands between this machine and itself.
            session.trust_env = not settings.loopback
        self.workspace = settings.workspace
        self.base_url = settings.base_url
        self.is_sandbox = False
        self._progress = progress
        self._pace = pace or Pace()
        self._transport = Transport(settings, session, timeout, retry or RetryPolicy(), self._pace)

    @classmethod
    def sandbox(cls, *, progress: bool = True) -> Client:
        """Give a client of the sample workspace: no key, no network.

        The samples are served over real HTTP by this process, on the loopback interface.
        """
        from clinia_nb.sandbox.server import shared_sandbox

        served = shared_sandbox()
        client = cls("sandbox", api_key=served.api_key, base_url=served.base_url, progress=progress)
        client.is_sandbox = True
        return client

    def list_sources(self, *, progress: Watch | None = None) -> pl.DataFrame:
        """List the sources of the workspace.

        Parameters
        ----------
        progress
            Called as by `fetch_bulk`, also while it waits to ask again: what it raises ends that.

        Returns
        -------
        pl.DataFrame, shape (sources, 1)
            ``key`` (String), in the order of the answer.

        Raises
        ------
        AccessDeniedError
            The key may not list sources: then source keys are typed instead.
        RequestError, UnreadableAnswerError
            As in `fetch_bulk`.

        Examples
        --------
        >>> "ehr-prod" in Client.sandbox().list_sources()["key"]
        True
        """
        keys: list[str] = []
        for page in range(1, _MOST_PAGES + 1):
            found, pages = self._sources_page(page, progress)
            keys += found
            if page >= pages:
                break
        else:
            raise UnreadableAnswerError(f"The list of sources has more than {_MOST_PAGES:,} pages.")
        return pl.DataFrame({"key": keys}, schema={"key": pl.String})

    def bulk_status(
        self,
        source_key: str,
        bulk_id: str,
        *,
        kind: str = "relationships",
        progress: Watch | None = None,
    ) -> str:
        """Ask for the status of a bulk alone, which is cheap for any size.

        Parameters and errors are those of `fetch_bulk`; `progress` is as in `list_sources`.

        Returns
        -------
        str
            ``SUCCESS``, ``PENDING``, ``FAILURE`` or ``CANCELLED``.
        """
        path = bulk_path(source_key, bulk_id, kind)
        return read_status(self._transport.get(path, progress=progress or False))

    def fetch_bulk(
        self,
        source_key: str,
        bulk_id: str,
        *,
        kind: str = "relationships",
        progress: bool | Watch | None = None,
    ) -> BulkResult:
        """Fetch a bulk with all its receipts.

        Parameters
        ----------
        source_key
            The source that was loaded into.
        bulk_id
            What the submission answered with, such as ``bk_2wil2vg5uqi08x1aet097gLW8DO``.
        kind
            ``relationships``, ``resources`` or ``tasks``: the endpoint that serves it.
        progress
            Whether a long download shows a bar; by default as the client was told. Or a function,
            which is called for every part with the bytes that came and, where known, their total.

        Raises
        ------
        InvalidIdError
            Source key, bulk id or kind cannot be right; nothing was asked.
        InvalidKeyError, AccessDeniedError, BulkNotFoundError, RateLimitedError
            HTTP 401, 403, 404, 429.
        ServerError, RequestRefusedError, RedirectedError, UnreachableError
            Any other failure of the request.
        UnreadableAnswerError
            The answer is cut short, is not JSON, or has no ``status``.

        Examples
        --------
        >>> client, task = Client.sandbox(), "bk_2wil2vg5uqi08x1aet097gLW8DO"
        >>> bulk = client.fetch_bulk("clinic-registry", task, kind="tasks")
        >>> bulk.receipts["pipeline_status"].to_list()
        ['IN_REVIEW', None]
        """
        path = bulk_path(source_key, bulk_id, kind)
        show = self._progress if progress is None else progress
        body = self._transport.get(path, _WITH_RECEIPTS, progress=show)
        return BulkResult.from_json(
            body,
            source_key=clean_source_key(source_key),
            bulk_id=clean_task_id(bulk_id, kind),
            kind=kind,
            fetched_at=self._pace.now(),
        )

    def wait_for_bulk(
        self,
        source_key: str,
        bulk_id: str,
        *,
        kind: str = "relationships",
        timeout: float | None = None,
    ) -> BulkResult:
        """Wait until a bulk is final, then fetch it.

        The status alone is polled, at growing intervals. With a progress bar the receipts are also
        counted now and then, at most for a twentieth of the time: the status does not say how
        many operations are done, nor whether what remains waits for a human review.

        Parameters
        ----------
        source_key, bulk_id, kind
            As in `fetch_bulk`.
        timeout
            Seconds to wait at the most; None for no bound.

        Raises
        ------
        StillPendingError
            The bulk was not final in time.
        CliniaError
            As in `fetch_bulk`.
        """
        path = bulk_path(source_key, bulk_id, kind)

        def status(within: float | None) -> str:
            return read_status(self._transport.get(path, within=within))

        def count(within: float | None) -> Progress:
            return count_statuses(self._transport.get(path, _WITH_RECEIPTS, within=within))

        wait_until_final(
            status,
            count if self._progress else None,
            pace=self._pace,
            timeout=timeout,
            name=f"bulk {bulk_id.strip()}",
        )
        return self.fetch_bulk(source_key, bulk_id, kind=kind)

    def _sources_page(self, page: int, progress: Watch | None) -> tuple[list[str], int]:
        params = {"page": str(page), "perPage": str(_PAGE_SIZE)}
        try:
            body = self._transport.get(_SOURCES, params, progress=progress or False)
        except BulkNotFoundError as exc:
            error = RequestRefusedError(
                "This workspace does not list its sources (HTTP 404). Type the source key.",
                status_code=exc.status_code,
                body=exc.body,
            )
        else:
            return _read_sources(body)
        raise error

    def __repr__(self) -> str:
        return f"Client({self.workspace!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Client holds an API key: it is not pickled. Make a new one there.")


def fetch_receipts(
    source_key: str,
    bulk_id: str,
    *,
    kind: str = "relationships",
    client: Client | None = None,
) -> pl.DataFrame:
    """Fetch the receipts of a bulk, by a client from the environment.

    Parameters and errors are those of `Client.fetch_bulk`; the frame is that of `parse_receipts`.
    """
    return (client or Client()).fetch_bulk(source_key, bulk_id, kind=kind).receipts


class _Source(msgspec.Struct):
    key: str


class _Meta(msgspec.Struct, rename="camel"):
    num_pages: int = 1


class _Sources(msgspec.Struct):
    data: list[_Source]
    meta: _Meta = msgspec.field(default_factory=_Meta)


def _read_sources(body: bytes) -> tuple[list[str], int]:
    """Read a page of sources. Its shape is inferred from a sibling endpoint, or a bare array."""
    shape: Any = _Sources | list[_Source]
    try:
        read: _Sources | list[_Source] = msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as exc:
        problem = str(exc)
    else:
        if isinstance(read, list):
            return [source.key for source in read], 1
        return [source.key for source in read.data], read.meta.num_pages
    raise UnreadableAnswerError(f"The list of sources is not as expected: {problem}.")
