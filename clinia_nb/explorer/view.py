"""What is shown of a study: where one looks, what was pressed there, and the parts drawn for it."""

# traitlets come without types.

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import polars as pl
import traitlets as t

from clinia_nb.display.html import render
from clinia_nb.display.tables import to_csv, to_parquet
from clinia_nb.errors import CliniaError

from .prepared import Study
from .sections import EXPLAINED, PARTS, WHOLE_BULK, Look, ends_of, head, parts_of
from .selection import Pick, Selection
from .svg_buttons import from_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from clinia_nb.bulk import BulkResult

_MOST_CACHED = 100
_CSV, _PARQUET = "text/csv", "application/vnd.apache.parquet"


class Showing(t.HasTraits):
    """The look at a study, and its parts; actions change the look, and parts are drawn anew.

    Nothing is drawn before a page is there to show it. Drawing runs in threads; a newer look voids
    an older one.

    Attributes
    ----------
    study
        What is shown.
    look
        Where one looks.
    parts
        Name, HTML and state of each part, as `Panel` takes them.
    """

    study: t.Instance[Any] = t.Instance(Study, allow_none=True)
    look: t.Instance[Any] = t.Instance(Look, ())
    parts: t.List[Any] = t.List()

    def __init__(
        self,
        start: Callable[[Coroutine[Any, Any, None]], None],
        *,
        say: Callable[[str], None],
        give: Callable[[str, str, bytes], None],
    ) -> None:
        super().__init__()
        self._start, self._say, self._give = start, say, give
        self._turn = 0
        self._live = False
        self._cache: dict[Any, str] = {}
        # Two at a time, from the top of the page down: what is in sight is there first.
        self._pool = ThreadPoolExecutor(2)
        self.observe(self._renew, "study")
        self.observe(self._draw_again, ["look", "study"])

    def act(self, action: str, arguments: list[Any]) -> None:
        """Do what was asked for in the page. What makes no sense is let go."""
        do: Callable[..., None] | None = getattr(self, f"_on_{action}", None)
        if do is None or (self.study is None and action != "ready"):
            return
        try:
            do(*arguments)
        except (TypeError, ValueError, IndexError, OverflowError, CliniaError):
            self._say("That cannot be done.")

    def close(self) -> None:
        """Draw no more."""
        self._turn += 1
        self._live = False
        self._pool.shutdown(wait=False)
        self.unobserve_all()

    def narrow(self, selection: Selection) -> None:
        """Look at another selection, from its first page on."""
        self.look = replace(self.look, selection=selection, page=0, opened=None)

    async def draw(self) -> None:
        """Draw the parts that are looked at and not there yet."""
        self._turn += 1
        turn, study, look = self._turn, self.study, self.look
        if study is None:
            self.parts = []
            return
        wanted = (("head", head), *parts_of(study, look.tab))
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
        await asyncio.gather(*(self._draw_part(turn, study, look, *part) for part in missing))

    async def _draw_part(
        self, turn: int, study: Study, look: Look, name: str, part: Callable[[Study, Look], str]
    ) -> None:
        def work() -> str:
            # Threads are few: a look that is over by now is not worth one.
            return part(study, look) if turn == self._turn else ""

        pool = None if name in EXPLAINED else self._pool  # what takes long delays nothing else
        try:
            html = await asyncio.get_running_loop().run_in_executor(pool, work)
        except Exception as exc:  # noqa: BLE001 - one part that fails must not take the others along
            html = render(
                "explorer/templates/failed.html.jinja", name=name, kind=type(exc).__name__
            )
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
        self.look = Look(tab=self.look.tab, client=self.look.client, zone=self.look.zone)

    def _draw_again(self, _: object) -> None:
        if self._live:
            self._start(self.draw())

    def _on_ready(self) -> None:
        self._live = True
        self._draw_again(None)

    def _on_tab(self, tab: str) -> None:
        if tab in PARTS:
            self.look = replace(self.look, tab=tab)

    def _on_toggle(self, column: str, value: str | None) -> None:
        self.narrow(self.look.selection.toggled(column, value))

    def _on_pick(self, *picks: list[Any]) -> None:
        chosen = [Pick(column, tuple(values), bool(others)) for column, values, others in picks]
        self.narrow(self.look.selection.picking(*chosen))

    def _on_brush(self, begins: float, ends: float) -> None:
        self.narrow(self.look.selection.between(from_ms(begins), from_ms(ends)))

    def _on_narrow(self, text: object, times: list[str] | None) -> None:
        if not isinstance(text, str):
            raise TypeError(text)
        selection = self.look.selection.searching(text)
        if times is not None:
            zone, shown = self.look.zone, ends_of(self.study, self.look.selection)
            # A field that was left alone keeps its moment: a time of the clock can come twice.
            begins, ends = (
                was if time == zone.field(was) else zone.read(time) if time else None
                for time, was in zip(times, shown, strict=True)
            )
            selection = selection.between(begins, ends)
        if selection != self.look.selection:
            self.narrow(selection)

    def _on_drop(self, part: str) -> None:
        self.narrow(self.look.selection.without(part))

    def _on_clear(self) -> None:
        self.narrow(Selection())

    def _on_sort(self, column: str) -> None:
        self.look = replace(self.look, order=self.look.order.turned(column), page=0, opened=None)

    def _on_page(self, number: int) -> None:
        last = self.study.pages(self.look.selection) - 1
        self.look = replace(self.look, page=min(max(int(number), 0), last), opened=None)

    def _on_open(self, row: int | None) -> None:
        opened = None if row is None or row == self.look.opened else int(row)
        if opened is not None:
            self.study.detail(opened)  # where there is none, nothing changes
        self.look = replace(self.look, opened=opened)

    def _on_code(self) -> None:
        self.look = replace(self.look, code=not self.look.code)

    def _on_download(self, what: str, form: str) -> None:
        self._start(self._download(self.study, self.look.selection, what, form))

    async def _download(self, study: Study, selection: Selection, what: str, form: str) -> None:
        self._say("Preparing the download…")
        try:
            name, kind, body = await asyncio.to_thread(make_file, study, selection, what, form)
        except Exception as exc:  # noqa: BLE001 - whatever it is, a line and not a traceback
            self._say(f"The download could not be made ({type(exc).__name__}).")
            return
        self._give(name, kind, body)


def _is_again(old: BulkResult, new: BulkResult) -> bool:
    """Whether one is the other, fetched later: then it is looked at as before."""
    names = attrgetter("source_key", "bulk_id", "kind")
    return names(old) == names(new)


def _opened(study: Study, look: Look) -> list[str | None]:
    return study.table["id"].slice(look.opened or 0, 1).to_list()


def make_file(study: Study, selection: Selection, what: str, form: str) -> tuple[str, str, bytes]:
    """Make a file of what is selected; give its name, media type and bytes.

    Parameters
    ----------
    what
        ``"selected"`` for the receipts, ``"records"`` for what failed among them and is to be sent
        again, ``"ids"`` for the ids of the signature that `form` then is.
    form
        ``"csv"`` or ``"parquet"``.
    """
    if what == "ids":
        plan = study.explanation.plan.filter(pl.col("signature") == form)
        frame, what, form = plan.select(id=pl.col("ids").explode()), "ids", "csv"
    elif what == "records":
        frame = study.records(selection)
    else:
        frame = study.selected(selection)
    name = re.sub(r"[^\w.-]", "_", f"{study.bulk.source_key}_{study.bulk.bulk_id}_{what}.{form}")
    write, kind = (to_csv, _CSV) if form == "csv" else (to_parquet, _PARQUET)
    return name, kind, write(frame)


def _key(name: str, look: Look) -> Any:  # noqa: ANN401 - anything that can be looked up
    if name in WHOLE_BULK:
        return name
    return (name, look if name in {"head", "table"} else look.selection)
