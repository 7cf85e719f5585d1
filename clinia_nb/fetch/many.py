"""Several bulks fetched at once: a few at a time, with one progress bar, errors collected."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, cast, overload

from clinia_nb.bulk import BulkResult
from clinia_nb.errors import CliniaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .transport import Watch

_MOST_WORKERS = 16
_TICK = 0.1
_BAR_AFTER = 1.0
_PAIR = 2

Pair = tuple[str, str]


class FetchedBulks(Sequence[BulkResult]):
    """The bulks that were fetched, in the order asked for, and the errors of the others.

    Attributes
    ----------
    errors : dict
        From (source key, bulk id) to the exception; empty if all were fetched.
    """

    def __init__(self, bulks: Sequence[BulkResult], errors: Mapping[Pair, CliniaError]) -> None:
        self._bulks = tuple(bulks)
        self.errors = dict(errors)

    @overload
    def __getitem__(self, index: int) -> BulkResult: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[BulkResult, ...]: ...
    def __getitem__(self, index: int | slice) -> BulkResult | tuple[BulkResult, ...]:
        return self._bulks[index]

    def __len__(self) -> int:
        return len(self._bulks)

    def __repr__(self) -> str:
        return f"FetchedBulks({len(self._bulks):,} fetched, {len(self.errors):,} failed)"


class _GivenUp(BaseException):
    """Ends the downloads that nobody waits for anymore."""


def fetch_each(
    fetch: Callable[[str, str, Watch], BulkResult],
    bulks: Iterable[Pair],
    *,
    workers: int,
    show: bool,
) -> FetchedBulks:
    """Fetch bulks with a function, `workers` at a time; see `clinia_nb.Client.fetch_bulks`."""
    pairs = [_checked(pair) for pair in bulks]
    if not 1 <= workers <= _MOST_WORKERS:
        raise ValueError(f"workers is {workers}; it must be 1 to {_MOST_WORKERS}.")
    stopped = threading.Event()

    def watch(_came: int, _total: int | None) -> None:
        if stopped.is_set():
            raise _GivenUp

    def one(pair: Pair) -> BulkResult | CliniaError | None:
        try:
            watch(0, None)
            return fetch(*pair, watch)
        except CliniaError as exc:
            return exc
        except _GivenUp:
            return None

    with ThreadPoolExecutor(workers, thread_name_prefix="clinia-nb") as pool:
        running = {pair: pool.submit(one, pair) for pair in pairs}
        try:
            _show_progress(list(running.values()), show=show)
        except BaseException:  # an interrupt ends the other downloads as well
            stopped.set()
            raise
    results = {pair: future.result() for pair, future in running.items()}
    return FetchedBulks(
        [result for result in results.values() if isinstance(result, BulkResult)],
        {pair: result for pair, result in results.items() if isinstance(result, CliniaError)},
    )


def _checked(pair: Any) -> Pair:  # noqa: ANN401 - whatever was passed
    if isinstance(pair, str) or not isinstance(pair, Sequence):
        items: tuple[Any, ...] = ()
    else:
        items = tuple(cast("Sequence[Any]", pair))
    if len(items) != _PAIR or not all(isinstance(item, str) for item in items):
        raise ValueError("bulks is a list of pairs of text: [(source_key, bulk_id), …].")
    return items


def _show_progress(futures: Sequence[Future[Any]], *, show: bool) -> None:
    """Wait for all of them; after a second, with a bar. An exception of one ends the wait."""
    begun = time.monotonic()
    bar: Any = None
    waiting = set(futures)
    try:
        while waiting:
            done, waiting = wait(waiting, timeout=_TICK, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
            if bar is None and show and time.monotonic() - begun > _BAR_AFTER:
                from tqdm.auto import tqdm

                bar = tqdm(total=len(futures), desc="Fetching bulks", unit=" bulks", leave=False)
            if bar is not None:
                bar.update(len(futures) - len(waiting) - bar.n)
    finally:
        if bar is not None:
            bar.close()
