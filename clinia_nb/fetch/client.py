"""`Client` asks Clinia for bulks, over HTTP."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NoReturn

import polars as pl
import requests

from clinia_nb.errors import BulkNotFoundError, RequestRefusedError, SettingsError, bare, check_type

from . import sources
from .bulk_request import BulkRequest
from .pace import Pace
from .retry_policy import RetryPolicy
from .settings import HiddenKey, read_settings
from .transport import Limits, Transport
from .waiting import wait_until_final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clinia_nb.bulk import BulkResult

    from .many import FetchedBulks
    from .transport import Watch


class Client:
    """Asks Clinia for bulks and their receipts.

    Parameters
    ----------
    workspace
        The workspace's id (``acme``) or host (``api.acme.clinia.cloud``); by default from the
        environment variable ``CLINIA_WORKSPACE``.
    api_key
        By default from ``CLINIA_API_KEY``, or ``CLINIA_TOKEN``. No repr, log, traceback or pickle
        shows it.
    base_url
        The address to ask instead of the workspace's host. HTTPS, except on this machine itself.
    session
        The requests session to use, with its proxies and adapters; it does not store the key. By
        default each request has a connection of its own, so that a late answer to one request
        cannot be taken for the answer to another; a session that you pass keeps its connections.
    timeout
        Seconds to wait for a connection, and for the next bytes.
    time_limit
        Seconds for a request in all: connection, headers, body and retries. By default there is no
        limit, so that a large answer arrives for as long as bytes arrive.
    max_bytes
        The largest answer to read, decompressed. The default, 16 GiB, is enough for the receipts of
        the largest bulk that Clinia accepts (5 GB).
    retry
        How often and how long to ask again, see `RetryPolicy`.
    progress
        Whether long downloads and waits show a progress bar.
    pace
        The clock, sleep and random numbers, for tests.

    Raises
    ------
    SettingsError
        Workspace or key are missing or not valid; the message says what to set.

    Examples
    --------
    >>> client = Client.sandbox()
    >>> bulk = client.fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    >>> bulk.status
    'SUCCESS'
    """

    workspace: str = "?"  # until it is known: a repr in a traceback must not fail

    def __init__(  # noqa: PLR0913 - each of them is an option that somebody needs
        self,
        workspace: str | None = None,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = (10, 60),
        time_limit: float | None = None,
        max_bytes: int = 16 << 30,
        retry: RetryPolicy | None = None,
        progress: bool = True,
        pace: Pace | None = None,
    ) -> None:
        # From here on no local variable holds the key: a traceback may show them.
        hidden, api_key = HiddenKey(api_key), None
        try:
            settings = read_settings(workspace, hidden, base_url)
        except SettingsError as exc:
            workspace = base_url = None  # they may hold a password
            raise bare(exc) from None
        check_type(retry, RetryPolicy | None, "retry is a RetryPolicy(attempts=…)")
        own = session is None
        if session is None:
            session = requests.Session()
            # No proxy stands between this machine and itself.
            session.trust_env = not settings.loopback
        self.workspace = settings.workspace
        self.base_url = settings.base_url
        self.is_sandbox = False
        self._progress = progress
        self._pace = pace or Pace()
        limits = Limits(timeout, time_limit, max_bytes)
        self._transport = Transport(
            settings, session, retry or RetryPolicy(), self._pace, limits, keep_alive=not own
        )

    @classmethod
    def sandbox(cls, *, progress: bool = True) -> Client:
        """Return a client of the sample workspace, which needs no key and no network.

        The samples are served over real HTTP by this process, on the loopback interface.

        Examples
        --------
        >>> Client.sandbox()
        Client('sandbox')
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
            As in `fetch_bulk`, also while it waits to ask again.

        Returns
        -------
        pl.DataFrame, shape (sources, 1)
            ``key`` (String), in the order of the answer.

        Raises
        ------
        AccessDeniedError
            The key may not list sources: use the source keys that you know.
        RequestError, UnreadableAnswerError
            As in `fetch_bulk`.

        Examples
        --------
        >>> "ehr-prod" in Client.sandbox().list_sources()["key"]
        True
        """
        ask = partial(self._transport.get, sources.PATH, progress=progress or False)
        try:
            keys = sources.read_pages(ask)
        except BulkNotFoundError as exc:
            raise RequestRefusedError(
                "This workspace does not list its sources (HTTP 404). Type the source key.",
                status_code=exc.status_code,
                body=exc.body,
            ) from None
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

        Examples
        --------
        >>> Client.sandbox().bulk_status("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
        'SUCCESS'
        """
        return self._bulk(source_key, bulk_id, kind).status(progress=progress or False)

    def fetch_bulk(
        self,
        source_key: str,
        bulk_id: str,
        *,
        kind: str = "relationships",
        progress: bool | Watch | None = None,
        keep_body: bool = True,
    ) -> BulkResult:
        """Fetch a bulk with all its receipts.

        Parameters
        ----------
        source_key
            The source that was loaded into.
        bulk_id
            The id that the submission returned, such as ``bk_2wil2vg5uqi08x1aet097gLW8DO``.
        kind
            ``relationships``, ``resources`` or ``tasks``: the endpoint that serves it.
        progress
            Whether a long download shows a bar; by default the client's setting. Or a function that
            is called with the bytes that came so far and, if known, their total, several times a
            second. What it raises ends the download.
        keep_body
            Whether the result keeps the bytes of the answer, for `BulkResult.save_json`. Without
            them it takes about half of the memory.

        Raises
        ------
        InvalidIdError
            Source key, bulk id or kind is not valid; no request was sent.
        InvalidKeyError, AccessDeniedError, BulkNotFoundError, RateLimitedError
            HTTP 401, 403, 404, 429.
        ServerError, RequestRefusedError, RedirectedError, UnreachableError
            Any other failure of the request.
        UnreadableAnswerError
            The answer is cut short, not JSON or too large, has no ``status``, or holds the receipts
            of another bulk.

        Examples
        --------
        >>> client, task = Client.sandbox(), "bk_2wil2vg5uqi08x1aet097gLW8DO"
        >>> bulk = client.fetch_bulk("clinic-registry", task, kind="tasks")
        >>> bulk.receipts["pipeline_status"].to_list()
        ['IN_REVIEW', None]
        """
        show = self._progress if progress is None else progress
        return self._bulk(source_key, bulk_id, kind).fetch(progress=show, keep_body=keep_body)

    def fetch_bulks(
        self,
        bulks: Iterable[tuple[str, str]],
        *,
        kind: str = "relationships",
        workers: int = 4,
    ) -> FetchedBulks:
        """Fetch several bulks, a few at a time, behind one progress bar.

        A bulk that cannot be fetched does not end the rest: its error is collected.

        Parameters
        ----------
        bulks
            Pairs of source key and bulk id.
        kind
            As in `fetch_bulk`, the same for all.
        workers
            How many requests run at once, 1 to 16.

        Returns
        -------
        FetchedBulks
            A sequence of the bulks that were fetched, in the order asked for; its ``errors`` maps
            the other pairs to their exceptions.

        Raises
        ------
        ValueError
            An item is not a pair of texts, or `workers` is out of range; no request was sent.

        Examples
        --------
        >>> client = Client.sandbox(progress=False)
        >>> known = ("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
        >>> fetched = client.fetch_bulks([known, ("docs-example", "bk_unknown")])
        >>> fetched
        FetchedBulks(1 fetched, 1 failed)
        >>> fetched.errors["docs-example", "bk_unknown"].status_code
        404
        """
        from .many import fetch_each

        def fetch(source_key: str, bulk_id: str, watch: Watch) -> BulkResult:
            return self._bulk(source_key, bulk_id, kind).fetch(progress=watch)

        return fetch_each(fetch, bulks, workers=workers, show=self._progress)

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
            Seconds for all of it, the download of the receipts included; None for no limit. The
            first request for the status may always take a second.

        Raises
        ------
        StillPendingError
            The bulk was still pending when the time limit was reached.
        CliniaError
            As in `fetch_bulk`.

        Examples
        --------
        >>> client, bulk_id = Client.sandbox(), "bk_2wil2vg5uqi08x1aet097gLW8DP"
        >>> client.wait_for_bulk("docs-example", bulk_id, timeout=600).status
        'SUCCESS'
        """
        bulk = self._bulk(source_key, bulk_id, kind)
        started = self._pace.monotonic()
        wait_until_final(
            lambda within: bulk.status(within=within),
            (lambda within: bulk.count(within=within)) if self._progress else None,
            pace=self._pace,
            timeout=timeout,
            name=f"bulk {bulk.bulk_id}",
        )
        left = None if timeout is None else max(started + timeout - self._pace.monotonic(), 0.0)
        return bulk.fetch(progress=self._progress, within=left)

    def _bulk(self, source_key: str, bulk_id: str, kind: str) -> BulkRequest:
        return BulkRequest.of(
            self._transport,
            source_key,
            bulk_id,
            kind,
            workspace=self.workspace,
            is_sandbox=self.is_sandbox,
        )

    def __repr__(self) -> str:
        return f"Client({self.workspace!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Client holds an API key and is not pickled. Create a new one.")
