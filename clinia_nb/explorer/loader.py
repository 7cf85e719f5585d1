"""Loading for the explorer: it asks for bulks, waits and stops, off the event loop."""

from __future__ import annotations

import asyncio
import os
import random
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
import traitlets as t

from clinia_nb.display.formats import count
from clinia_nb.errors import AccessDeniedError, CliniaError, RequestRefusedError, SettingsError
from clinia_nb.fetch.client import Client
from clinia_nb.fetch.settings import KEYS, WORKSPACE
from clinia_nb.fetch.waiting import Count, Poll, Rest, steps_until_final

from .history import Entry, History
from .prepared import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from clinia_nb.archive import Archive
    from clinia_nb.bulk import BulkResult
    from clinia_nb.fetch.waiting import Step

_Found = TypeVar("_Found")

_MEGABYTE = 1_000_000


class State(t.HasTraits):
    """What the explorer shows: plain values, without a widget among them.

    `progress` says in words what is running, and `fraction` how much of it is done, below 0 if
    that is not known. `study` is the bulk that was loaded last.
    """

    source_key = t.Unicode()
    kind = t.Unicode("relationships")
    bulk_id = t.Unicode()
    sources = t.List(t.Unicode())
    busy = t.Bool(default_value=False)
    progress = t.Unicode()
    fraction = t.Float(-1.0)
    error = t.Unicode()
    study: t.Instance[Any] = t.Instance(Study, allow_none=True)


class _Stopped(BaseException):
    """Ends a download, or a rest before asking again, that nobody waits for anymore."""


class Loader:
    """Asks a client for what the state names, one request at a time: a newer one voids an older.

    All work runs in threads; only the event loop changes the state. Without an event loop, each
    action is over when it returns.
    """

    archive: Archive | None = None

    def __init__(self, client: Client | None, state: State, history: History) -> None:
        self.client, self.state, self.history = client, state, history
        self._turn = 0
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work and return at once; without an event loop, when it is done."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            asyncio.run(self._run_out(work))
            return
        task = loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_out(self, work: Coroutine[Any, Any, None]) -> None:
        await work
        while self._tasks:  # what it started in turn
            await asyncio.gather(*self._tasks)

    def stop(self) -> None:
        """Stop the request that is running; what was loaded before stays."""
        if self.state.busy:
            self._turn += 1
            self._say("Stopped.", busy=False)

    def close(self) -> None:
        """End all work for good."""
        self._turn += 1
        self._closed = True
        for task in self._tasks:
            task.cancel()

    async def list_sources(self) -> None:
        """List the sources; if the key may not list them, the user types one."""
        if self.client is None:
            return
        try:
            ask = partial(self.client.list_sources, progress=self._end_when_closed)
            listed = await _in_thread(partial(_answer, ask))
        except (AccessDeniedError, RequestRefusedError):
            return
        except CliniaError as exc:
            self.state.error = str(exc)
            return
        if listed is not None:
            self.state.sources = listed["key"].to_list()

    def load_now(self) -> None:
        """Load the chosen bulk and wait for it, even within an event loop."""
        turn = self._begin()
        if self.client is None:
            return
        try:
            study = self._study(self._question(self.client.fetch_bulk, progress=False))
        except (CliniaError, MemoryError) as exc:
            self._fail(turn, exc)
        else:
            self._put(turn, study)

    def show(self, bulk: BulkResult) -> None:
        """Show a bulk that is at hand."""
        state = self.state
        with state.hold_trait_notifications():
            state.source_key, state.kind, state.bulk_id = bulk.source_key, bulk.kind, bulk.bulk_id
        state.study = Study.of(bulk, self.archive)

    async def load(self) -> None:
        """Load the chosen bulk."""
        await self._load(self._begin())

    async def load_archived(self) -> None:
        """Load the chosen bulk from the archive, without asking Clinia."""
        if self.archive is None:
            return
        self._turn += 1
        turn, state = self._turn, self.state
        state.error = ""
        self._say("Reading the archive…", busy=True)
        read = partial(self.archive.load, state.source_key, state.bulk_id)
        study = await self._ask(turn, lambda: self._study(read))
        if study is not None and turn == self._turn:
            state.study = study
            self._say("", busy=False)

    async def wait(self) -> None:
        """Wait until the chosen bulk is final, showing how far it is, and load it."""
        turn = self._begin()
        if self.client is None:
            return
        ask_status = partial(self._question(self.client.bulk_status), progress=self._watch(turn))
        fetch = self._question(self.client.fetch_bulk)
        loop = asyncio.get_running_loop()
        steps = steps_until_final(loop.time, random.random)
        step: Step = next(steps)
        while turn == self._turn:
            answer: str | None = None
            match step:
                case Poll():
                    answer = await self._ask(turn, ask_status)
                    if answer != "PENDING":
                        break
                case Count():
                    look = partial(self._study, partial(fetch, progress=self._watch(turn)))
                    study = await self._ask(turn, look)
                    if study is None or turn != self._turn:
                        return
                    self.state.study = study
                    self._tell_counts(study.bulk)
                case Rest(seconds):
                    await asyncio.sleep(seconds)
            step = steps.send(answer)
        if turn == self._turn and self.state.busy:
            await self._load(turn)

    async def _load(self, turn: int) -> None:
        if self.client is None:
            return
        watch = self._watch(turn, asyncio.get_running_loop())
        fetch = self._question(self.client.fetch_bulk)
        bulk = await self._ask(turn, partial(fetch, progress=watch))
        if bulk is None or turn != self._turn:
            return
        self._say(f"{count(bulk.receipts.height)} receipts: grouping their messages…")
        study = await self._ask(turn, lambda: Study.of(bulk, self.archive))
        if study is not None:
            self._put(turn, study)

    async def _ask(self, turn: int, question: Callable[[], _Found]) -> _Found | None:
        """Answer a question in a thread; None if it failed, or nobody waits anymore."""
        try:
            return await _in_thread(partial(_answer, question))
        except Exception as exc:  # noqa: BLE001 - whatever it is, a line and not a traceback
            self._fail(turn, exc)
            return None

    def _study(self, fetch: Callable[[], BulkResult]) -> Study:
        return Study.of(fetch(), self.archive)

    def _watch(
        self, turn: int, loop: asyncio.AbstractEventLoop | None = None
    ) -> Callable[[int, int | None], None]:
        told = -1.0

        def watch(came: int, total: int | None) -> None:
            nonlocal told
            if turn != self._turn:
                raise _Stopped
            if loop is not None and (came - told >= _MEGABYTE or came == total):
                told = came
                loop.call_soon_threadsafe(self._tell_bytes, turn, came, total)

        return watch

    def _end_when_closed(self, *_: object) -> None:
        if self._closed:
            raise _Stopped

    def _tell_bytes(self, turn: int, came: int, total: int | None) -> None:
        if turn != self._turn or not self.state.busy:
            return
        so_far = f"{came / _MEGABYTE:,.1f}"
        if came == total:
            self._say(f"Reading the receipts in {so_far} MB…")
        elif total:
            self._say(f"{so_far} of {total / _MEGABYTE:,.1f} MB", fraction=came / total)
        else:
            self._say(f"{so_far} MB so far")

    def _tell_counts(self, bulk: BulkResult) -> None:
        seen = bulk.summary
        done = seen.receipts - seen.outcomes["pending"]
        words = f"Pending: {count(done)} of {count(seen.receipts)} operations are done"
        words += f", {count(seen.outcomes['failed'])} of them failed"
        if seen.in_review:
            words += f"; {count(seen.in_review)} wait for human review"
        self._say(f"{words}. Asking again until it is final.", done / max(seen.receipts, 1))

    def _question(self, ask: Callable[..., _Found], **options: bool) -> Callable[..., _Found]:
        """Return what asks for the bulk that is chosen now, whatever is chosen later."""
        state = self.state
        return partial(ask, state.source_key, state.bulk_id, kind=state.kind, **options)

    def _begin(self) -> int:
        self._turn += 1
        if self.client is not None:  # without one the error says why, and stays
            self.state.error = ""
            self._say("Asking Clinia…", busy=True)
        return self._turn

    def _say(self, words: str, fraction: float = -1.0, *, busy: bool | None = None) -> None:
        with self.state.hold_trait_notifications():
            self.state.progress, self.state.fraction = words, fraction
            if busy is not None:
                self.state.set_trait("busy", busy)

    def _fail(self, turn: int, exc: Exception) -> None:
        if turn != self._turn:
            return
        words = str(exc)
        if isinstance(exc, MemoryError):
            words = "The answer does not fit into this machine's memory."
        elif not isinstance(exc, CliniaError):  # its text may hold values of records
            words = f"That did not work ({type(exc).__name__}). Please report it."
        self.state.error = words
        self._say("", busy=False)

    def _put(self, turn: int, study: Study) -> None:
        if turn != self._turn or self.client is None:
            return
        bulk = study.bulk
        seen = bulk.summary
        entry = Entry(self.client.workspace, bulk.source_key, bulk.kind, bulk.bulk_id)
        self.history.add(
            msgspec.structs.replace(
                entry, status=bulk.status, receipts=seen.receipts, failed=seen.outcomes["failed"]
            )
        )
        self.state.study = study
        self._say("", busy=False)


async def _in_thread(work: Callable[[], _Found]) -> _Found:
    """Run work in a thread of its own: slow downloads must not use up a pool that others need."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Found] = loop.create_future()

    def settle(found: _Found | None, error: Exception | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(cast("_Found", found))
        else:
            done.set_exception(error)

    def run() -> None:
        found, error = None, None
        try:
            found = work()
        except Exception as exc:  # noqa: BLE001 - raised again where it is awaited
            error = exc
        with suppress(RuntimeError):  # the loop is closed: nobody waits anymore
            loop.call_soon_threadsafe(settle, found, error)

    Thread(target=run, daemon=True).start()
    return await done


def _answer(question: Callable[[], _Found]) -> _Found | None:
    try:
        return question()
    except _Stopped:
        return None


def choose_client() -> tuple[Client | None, str]:
    """Return a client from the environment, or the sandbox's where nothing is set there.

    Returns
    -------
    client
        None where something is set but cannot be used: then the sandbox would be a surprise.
    str
        What is wrong with the settings, and what to set.
    """
    try:
        return Client(), ""
    except SettingsError as exc:
        if any(os.environ.get(name, "").strip() for name in (WORKSPACE, *KEYS)):
            return None, str(exc)
    return Client.sandbox(), ""
