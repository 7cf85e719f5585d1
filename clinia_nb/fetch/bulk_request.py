"""Requests for one bulk of one workspace: its status, a count of what is done, all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinia_nb.bulk import BulkResult
from clinia_nb.errors import BulkNotFoundError, UnreadableAnswerError, bare
from clinia_nb.receipts.parse import count_statuses, read_status, warn_about
from clinia_nb.receipts.stream import AnswerReader
from clinia_nb.receipts.task_ids import another_bulk

from .not_found import likely_mistake, nearest_sample
from .paths import bulk_path, clean_source_key, clean_task_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

    from clinia_nb.receipts.parse import Progress

    from .transport import OnBody, Transport, Watch

_WITH_RECEIPTS = {"withReceipts": "true"}
_MOST_BYTES_OF_A_STATUS = 64 << 20


@dataclass(frozen=True)
class BulkRequest:
    """A bulk to ask for, its ids checked.

    Every method takes `within`, the seconds that the answer may take, and raises what
    `clinia_nb.Client.fetch_bulk` raises.
    """

    transport: Transport
    source_key: str
    bulk_id: str
    kind: str
    workspace: str
    is_sandbox: bool

    @classmethod
    def of(  # noqa: PLR0913 - the ids of a bulk, and where it is
        cls,
        transport: Transport,
        source_key: str,
        bulk_id: str,
        kind: str,
        *,
        workspace: str,
        is_sandbox: bool,
    ) -> Self:
        """Check the ids and return the request.

        Raises
        ------
        InvalidIdError
            One of them is not valid.
        """
        bulk_path(source_key, bulk_id, kind)
        source, task = clean_source_key(source_key), clean_task_id(bulk_id, kind)
        return cls(transport, source, task, kind, workspace, is_sandbox)

    def status(self, *, progress: bool | Watch = False, within: float | None = None) -> str:
        """Ask for the status alone."""
        body = self._get(progress=progress, within=within, most_bytes=_MOST_BYTES_OF_A_STATUS)
        try:
            return read_status(body)
        except UnreadableAnswerError as exc:
            del body  # it may hold health data, and a traceback may show local variables
            raise self._unreadable(exc) from None

    def count(self, *, within: float | None = None) -> Progress:
        """Ask how many operations are done."""
        return count_statuses(self._get(_WITH_RECEIPTS, within=within))

    def fetch(
        self,
        *,
        progress: bool | Watch = False,
        within: float | None = None,
        keep_body: bool = True,
    ) -> BulkResult:
        """Ask for the bulk with its receipts."""
        bulk = self._fetch(progress, within, keep_body=keep_body)
        if another_bulk(bulk.receipts, self.bulk_id):
            # A late answer to an earlier request can be taken for the answer to this one.
            self.transport.start_over()
            bulk = self._fetch(progress, within, keep_body=keep_body)
        other = another_bulk(bulk.receipts, self.bulk_id)
        if other:
            self.transport.start_over()
            raise UnreadableAnswerError(
                f"Asked for bulk {self.bulk_id}, but twice the answer held receipts of bulk "
                f"{other}. Try again; if it persists, report it to Clinia."
            )
        return bulk

    def _fetch(
        self,
        progress: bool | Watch,  # noqa: FBT001 - as the caller passed it
        within: float | None,
        *,
        keep_body: bool,
    ) -> BulkResult:
        """Read the receipts while they arrive."""
        readers: list[AnswerReader] = []  # the last one is that of the last attempt

        def begin() -> Callable[[bytes], None]:
            readers[:] = [AnswerReader(source_key=self.source_key, bulk_id=self.bulk_id)]
            return readers[0].feed

        body = self._get(
            _WITH_RECEIPTS, progress=progress, within=within, on_body=begin, keep_body=keep_body
        )
        if not readers:  # an empty body
            begin()
        try:
            answer = readers[0].finish()
        except UnreadableAnswerError as exc:
            # They hold health data, and a traceback may show local variables.
            del body, readers[:]
            raise self._unreadable(exc) from None
        warn_about(answer, stacklevel=5)
        now = self.transport.pace.now()
        return BulkResult.of_answer(answer, self.source_key, self.bulk_id, self.kind, body, now)

    def _get(  # noqa: PLR0913 - those of `Transport.get`
        self,
        params: Mapping[str, str] | None = None,
        *,
        progress: bool | Watch = False,
        within: float | None = None,
        most_bytes: int | None = None,
        on_body: OnBody | None = None,
        keep_body: bool = True,
    ) -> bytes:
        path = bulk_path(self.source_key, self.bulk_id, self.kind)
        try:
            return self.transport.get(
                path,
                params,
                progress=progress,
                within=within,
                most_bytes=most_bytes,
                on_body=on_body,
                keep_body=keep_body,
            )
        except BulkNotFoundError as exc:
            raise BulkNotFoundError(
                f"{exc} {self._advice(exc)}", status_code=exc.status_code, body=exc.body
            ) from None

    def _unreadable(self, error: UnreadableAnswerError) -> UnreadableAnswerError:
        """Return the error with what was asked, and without the frames that it came through."""
        asked = self.transport.asked(bulk_path(self.source_key, self.bulk_id, self.kind))
        return UnreadableAnswerError(f"{asked}: {bare(error)}")

    def _advice(self, error: BulkNotFoundError) -> str:
        if self.is_sandbox:
            return nearest_sample(self.source_key, self.bulk_id)
        return likely_mistake(
            self.source_key,
            self.bulk_id,
            self.kind,
            workspace=self.workspace,
            message=str(error.body.get("message", "")),
            now=self.transport.pace.now(),
        )
