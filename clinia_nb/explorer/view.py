"""What is shown of a study: where one looks, what was pressed there, and the parts drawn for it."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import traitlets as t

from clinia_nb.display.tables import to_csv, to_parquet

from .look import Look
from .prepared import Study
from .problem_markdown import problem_markdown
from .receipts_table import addable, as_json
from .sections import ends_of, head
from .selection import Pick as Filter
from .selection import Selection
from .tabs import SLOW, draw_section, sections_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from clinia_nb.bulk import BulkResult

    from .messages import Copy, Download, Picked

_MOST_CACHED = 100
_WIDTH_STEP = 20  # pixels, by which charts become wider with the page
_KEPT = (
    "tab",
    "client",
    "zone",
    "size",
    "columns",
    "width",
)  # of a look, for any bulk
_CSV, _PARQUET = "text/csv", "application/vnd.apache.parquet"


class Showing(t.HasTraits):
    """The look at a study, and its sections: messages change the look, and sections are redrawn.

    Nothing is drawn before a page is there to show it. Drawing runs in threads; a newer look voids
    an older one.

    Attributes
    ----------
    study
        What is shown.
    look, selection
        Where one looks, and the filters of it.
    parts
        Name, HTML and state of each part, as `Panel` takes them.
    """

    study: t.Instance[Any] = t.Instance(Study, allow_none=True)
    look: t.Instance[Any] = t.Instance(Look, ())
    selection: t.Instance[Any] = t.Instance(Selection, ())
    parts: t.List[Any] = t.List()

    def __init__(
        self,
        start: Callable[[Coroutine[Any, Any, None]], None],
        *,
        say: Callable[[str], None],
        hand: Callable[[str, str], None],
        give: Callable[[str, str, bytes, str], None],
    ) -> None:
        super().__init__()
        self._start, self._say, self._hand, self._give = start, say, hand, give
        self._turn = 0
        self._live = False
        self._cache: dict[Any, str] = {}
        # Two at a time, from the top of the page down: what is in sight is there first. What takes
        # long for an earlier look does not hold up a newer one.
        self._pool, self._slow = ThreadPoolExecutor(2), ThreadPoolExecutor(2)
        self.observe(self._renew, "study")
        self.observe(self._draw_again, ["look", "study"])
        t.dlink((self, "look"), (self, "selection"), _selection)

    def close(self) -> None:
        """Draw no more."""
        self._turn += 1
        self._live = False
        for pool in (self._pool, self._slow):
            pool.shutdown(wait=False, cancel_futures=True)
        self.unobserve_all()

    def narrow(self, selection: Selection) -> None:
        """Look at another selection, from its first page on."""
        if selection == self.look.selection:
            return
        self.look = replace(self.look, selection=selection, page=0, opened=None)

    async def draw(self) -> None:
        """Draw the parts that are looked at and not there yet."""
        self._turn += 1
        turn, study, look = self._turn, self.study, self.look
        if study is None:
            self.parts = []
            return
        wanted = (("head", head), *sections_of(study, look))
        before = {name: html for name, html, _ in self.parts}
        shown: list[list[str]] = []
        missing: list[tuple[str, Callable[[Study, Look], str]]] = []
        for name, part in wanted:
            known = self._cache.get(_key(name, look))
            if known is None:
                missing.append((name, part))
                known, state = before.get(name, ""), "wait" if name in before else "empty"
            else:
                state = ""
            shown.append([name, known, state])
        self.parts = shown
        # What takes long begins last: it would take a core from what is there soon.
        for slow in (False, True):
            parts = (part for part in missing if (part[0] in SLOW) is slow)
            await asyncio.gather(*(self._draw_part(turn, study, look, *part) for part in parts))

    async def _draw_part(
        self, turn: int, study: Study, look: Look, name: str, part: Callable[[Study, Look], str]
    ) -> None:
        def work() -> str:
            # Threads are few: a look that is over by now is not worth one.
            return draw_section(name, part, study, look) if turn == self._turn else ""

        pool = self._slow if name in SLOW else self._pool
        html = await asyncio.get_running_loop().run_in_executor(pool, work)
        if turn == self._turn:
            if len(self._cache) >= _MOST_CACHED:
                self._cache.clear()
            self._cache[_key(name, look)] = html
            self.parts = [[name, html, ""] if old[0] == name else old for old in self.parts]

    def _renew(self, change: Any) -> None:  # noqa: ANN401 - traitlets' own
        self._cache.clear()
        if change.old and change.new and _is_again(change.old.bulk, change.new.bulk):
            look = self.look
            if look.opened is not None and _opened(change.old, look) != _opened(change.new, look):
                self.look = replace(look, opened=None)
            return
        self.parts = []
        kept = {name: getattr(self.look, name) for name in _KEPT}
        self.look = Look(**kept)

    def _draw_again(self, _: object) -> None:
        if self._live:
            self._start(self.draw())

    def wake(self, width: float | None = None) -> None:
        """Draw from now on, for a page of this width; 0 if it does not know its width yet."""
        if width == 0:
            return
        if width is not None:
            self.look = replace(self.look, width=int(width) // _WIDTH_STEP * _WIDTH_STEP)
        if width is None or not self._live:
            self._live = True
            self._draw_again(None)

    def turn_to(self, page: int) -> None:
        """Turn to a page of the table; beyond the last one, to the last."""
        last = self.study.pages(self.look.selection, self.look.size) - 1
        self.look = replace(self.look, page=min(max(page, 0), last), opened=None)

    def open(self, row: int) -> None:
        """Open the receipt of a row, or close it; raise IndexError if there is none."""
        self.study.detail(row)
        self.look = replace(self.look, opened=None if row == self.look.opened else row)

    def toggle_column(self, name: str) -> None:
        """Show a further column in the table, or hide it; one that is not there changes nothing."""
        columns = self.look.columns
        if name in columns:
            columns = tuple(other for other in columns if other != name)
        elif name in addable(self.study):
            columns = (*columns, name)
        self.look = replace(self.look, columns=columns)

    def picked(self, picks: list[Picked]) -> Selection:
        """Return the selection with these picks."""
        filters = (Filter(pick.column, tuple(pick.values), pick.others) for pick in picks)
        return self.look.selection.picking(*filters)

    def step(self, by: int) -> None:
        """Open the next failed receipt, or with -1 the previous one."""
        look, study = self.look, self.study
        if look.opened is None:
            return
        row = study.next_failed(look.selection, look.order, look.opened, by)
        if row is None:
            self._say("There is no further failed receipt." if by > 0 else "This is the first one.")
            return
        place = study.place(look.selection, look.order, row)
        self.look = replace(look, opened=row, page=place // look.size)

    def typed(self, text: str, times: tuple[str, str] | None) -> Selection:
        """Return the selection that the fields of the form describe."""
        selection = self.look.selection.searching(text)
        if times is None:
            return selection
        zone, shown = self.look.zone, ends_of(self.study, self.look.selection)
        # A field that was left alone keeps its moment: a time of the clock can come twice.
        try:
            begins, ends = (
                was if time == zone.field(was) else zone.read(time) if time.strip() else None
                for time, was in zip(times, shown, strict=True)
            )
        except ValueError:
            self._say(f"Write times as {zone.field(shown[0]) or '2026-03-09 21:04:19'}.")
            return self.look.selection
        return selection.between(begins, ends)

    async def copy(self, asked: Copy) -> None:
        """Send a text to the page that asks."""
        study, look = self.study, self.look

        def text() -> str:
            if asked.what == "receipt":
                return as_json(study, look.opened or 0)
            explanation = study.explanation(look.selection)
            problem = next(p for p in explanation.problems if p.signature == asked.signature)
            chips = [chip.words for chip in look.chips]
            return problem_markdown(problem, explanation.overview, chips)

        try:
            self._hand(await asyncio.to_thread(text), asked.view)
        except Exception as exc:  # noqa: BLE001 - whatever it is, a line and not a traceback
            self._say(f"That could not be copied ({type(exc).__name__}).")

    async def download(self, asked: Download) -> None:
        """Send a file to the page that asks."""
        study, selection = self.study, self.look.selection
        self._say("Preparing the download…")
        try:
            name, media, body = await asyncio.to_thread(make_file, study, selection, asked)
        except Exception as exc:  # noqa: BLE001 - whatever it is, a line and not a traceback
            self._say(f"The download failed ({type(exc).__name__}).")
            return
        self._give(name, media, body, asked.view)


def _selection(look: Look) -> Selection:
    return look.selection


def _is_again(old: BulkResult, new: BulkResult) -> bool:
    """Whether one is the other, fetched later: then it is looked at as before."""
    names = attrgetter("source_key", "bulk_id", "kind")
    return names(old) == names(new)


def _opened(study: Study, look: Look) -> list[str | None]:
    return study.table["id"].slice(look.opened or 0, 1).to_list()


def make_file(study: Study, selection: Selection, asked: Download) -> tuple[str, str, bytes]:
    """Make the file that is asked for; return its name, media type and bytes.

    ``"selected"`` is the receipts, ``"records"`` the records that failed among them, with what to
    do about each, ``"ids"`` their ids, and ``"fixes"`` those to fix with each wrong value.
    """
    if asked.signature is not None:
        selection = selection.without("signature").picking(Filter("signature", (asked.signature,)))
    match asked.what:
        case "selected":
            frame = study.selected(selection)
        case "fixes":
            frame = study.fixes(selection)
        case "ids":
            frame = study.records(selection).select("id")
        case "records":
            frame = study.records(selection)
    bulk = study.bulk
    name = f"{bulk.source_key}_{bulk.bulk_id}_{asked.what}.{asked.form}"
    write, media = (to_csv, _CSV) if asked.form == "csv" else (to_parquet, _PARQUET)
    return re.sub(r"[^\w.-]", "_", name), media, write(frame)


def _key(name: str, look: Look) -> Any:  # noqa: ANN401 - anything that can be looked up
    return (name, look if name in {"head", "table"} else (look.selection, look.chart_width))
