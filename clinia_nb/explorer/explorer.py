"""The explorer: choose a source key and a bulk id, and find out what became of the bulk."""

# ipywidgets and traitlets come without types.

from __future__ import annotations

import asyncio
import os
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING, Any

import traitlets as t

from clinia_nb.charts.svg import warm_up
from clinia_nb.display.formats import moment
from clinia_nb.display.html import render
from clinia_nb.display.times import Zone
from clinia_nb.errors import CliniaError
from clinia_nb.fetch.paths import KINDS
from clinia_nb.receipts.ksuid import ksuid_time
from clinia_nb.sandbox.samples import list_samples

from .history import Entry, History, default_path
from .loader import Loader, State, choose_client
from .sections import Look
from .static_view import static_page
from .view import Showing
from .widget import Panel

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from clinia_nb.bulk import BulkResult
    from clinia_nb.fetch.client import Client

_EARLIEST = datetime(2017, 1, 1, tzinfo=UTC)
_QUIET = 2.0  # seconds without a change, after which the static view is drawn anew
_KEPT = History()


class Explorer:
    """Investigate a bulk by widgets, and go on with its frames in the next cell.

    Choose a source and a bulk id, see what failed, where, since when and what to do; press what
    stands out to narrow down. A notebook that is run without a page, or exported, shows the same as
    one static view.

    Parameters
    ----------
    client
        Whom to ask; by default a `Client` from the environment, or on the sandbox where no
        setting is there. Settings that cannot be used are told, and nothing is asked.
    source_key, bulk_id, kind
        What is chosen at first. With both given the bulk is loaded at once.
    history
        Where the ids of bulks that were looked at are kept, to be offered again. By default for
        as long as this process lives; with True in the user's state folder, or in the file that is
        given. Ids only: nothing else is ever written.
    time_zone
        In which times are shown, typed and brushed, such as ``"America/Toronto"``. Sentences,
        figures, frames, files and the shown code stay in UTC, and say so.

    Attributes
    ----------
    bulk : BulkResult or None
        The bulk that was loaded last.
    receipts : pl.DataFrame
        Its receipts.
    selected : pl.DataFrame
        Those that pass the filters, in the order of the bulk, with one more column, ``signature``.

    Raises
    ------
    ValueError
        There is no such time zone.

    Examples
    --------
    >>> from clinia_nb import Client
    >>> sample = list_samples()[0]
    >>> explorer = Explorer(Client.sandbox(), sample.source_key, sample.bulk_id, kind=sample.kind)
    >>> explorer.receipts.height, explorer.selected.height
    (1, 1)
    >>> explorer.close()
    """

    def __init__(  # noqa: PLR0913 - all but the first three by name
        self,
        client: Client | None = None,
        source_key: str | None = None,
        bulk_id: str | None = None,
        *,
        kind: str = "relationships",
        history: bool | str | Path = False,
        time_zone: str = "UTC",
    ) -> None:
        zone = Zone(time_zone)
        client, problem = (client, "") if client is not None else choose_client()
        kept = History(default_path() if history is True else history) if history else _KEPT
        self.client = client
        self.state = State(source_key=source_key or "", bulk_id=bulk_id or "", kind=kind)
        self.state.error = problem
        self.panel = Panel(twin=f"clinia-{secrets.token_hex(6)}")
        self.loader = Loader(client, self.state, kept)
        self.showing = Showing(self.loader.start, say=self.panel.say, give=self.panel.give)
        self.showing.look = Look(zone=zone)
        if client is not None and client.is_sandbox:
            self.showing.look = replace(self.showing.look, client="cnb.Client.sandbox()")
        self._saved: list[Any] = []
        self._views = 0
        self._turn: list[Any] = []
        self._connect()
        Thread(target=warm_up, daemon=True).start()
        self.loader.start(self.loader.list_sources())
        if source_key and bulk_id:
            self.loader.load_now()

    def _connect(self) -> None:
        t.dlink((self.state, "study"), (self.showing, "study"))
        t.dlink((self.showing, "parts"), (self.panel, "parts"))
        self.state.observe(self._show_form)
        self._show_form()
        self.panel.on_act(self._act)
        self.showing.observe(self._freshen, ["study", "look"])
        self.state.observe(self._freshen, "busy")

    def _act(self, action: str, arguments: list[Any]) -> None:
        loader = self.loader
        if action == "choose" and [type(given) for given in arguments[:3]] == [str] * 3:
            self._turn = arguments[3:]
            self.choose(*arguments[:3])
            self._show_form()
        elif action == "load":
            loader.start(loader.load())
        elif action == "wait":
            loader.start(loader.wait())
        elif action == "stop":
            loader.stop()
        else:
            if action == "ready":
                self.panel.greet()
            self.showing.act(action, arguments)

    def _show_form(self, _: object = None) -> None:
        state, client, study = self.state, self.client, self.state.study
        told = {
            "prefix": self.panel.twin,
            "kinds": KINDS,
            "connected": client is not None,
            "workspace": client.workspace if client else None,
            "sandbox": client is not None and client.is_sandbox,
            "sources": state.sources,
            "offers": list(self.offers()),
            "busy": state.busy,
            "progress": state.progress,
            "fraction": state.fraction,
            "error": state.error,
            "loaded": study is not None,
            "pending": study is not None and study.bulk.status == "PENDING",
        }
        parts = ("banner", "choose", "lists", "progress")
        with self.panel.hold_sync():
            self.panel.form = [
                [n, render(f"explorer/templates/{n}.html.jinja", **told), ""] for n in parts
            ]
            self.panel.chosen = {
                "source_key": state.source_key,
                "kind": state.kind,
                "bulk_id": state.bulk_id,
                "turn": next(iter(self._turn), 0),
            }

    @property
    def bulk(self) -> BulkResult | None:
        """The bulk that was loaded last; None before."""
        return self.state.study.bulk if self.state.study else None

    @property
    def receipts(self) -> pl.DataFrame:
        """The receipts of the bulk that was loaded last.

        Raises
        ------
        CliniaError
            None was loaded yet.
        """
        return self._loaded().bulk.receipts

    @property
    def selected(self) -> pl.DataFrame:
        """The receipts that pass the filters, with their signatures; all of them without any.

        Raises
        ------
        CliniaError
            No bulk was loaded yet.
        """
        return self._loaded().selected(self.showing.look.selection)

    def offers(self) -> dict[str, Entry]:
        """Give the bulks to choose from by the words that offer them.

        Those looked at come first, the newest before all; in the sandbox the samples follow.
        """
        if self.client is None:
            return {}
        source_key, place = self.state.source_key, self.client.workspace
        known = self.loader.history.of(place, source_key)
        titles: dict[str, str] = {}
        if self.client.is_sandbox:
            samples = [s for s in list_samples() if source_key in {"", s.source_key}]
            titles = {sample.bulk_id: sample.title for sample in samples}
            known += [Entry(place, s.source_key, s.kind, s.bulk_id) for s in samples]
        return {_offer(entry, titles.get(entry.bulk_id, "")): entry for entry in known}

    def choose(self, source_key: str, kind: str, bulk_id: str) -> None:
        """Take what was typed or chosen. A bulk id as it was offered says the rest as well."""
        entry = self.offers().get(bulk_id)
        if entry is not None:
            source_key, kind, bulk_id = entry.source_key, entry.kind, entry.bulk_id
        with self.state.hold_trait_notifications():
            self.state.source_key, self.state.kind, self.state.bulk_id = source_key, kind, bulk_id

    def close(self) -> None:
        """End what is under way and take the widgets down."""
        self.loader.close()
        self.showing.close()
        self.state.unobserve_all()
        self.panel.close()

    def _loaded(self) -> Any:  # noqa: ANN401 - a study, which traitlets do not tell
        if self.state.study is None:
            raise CliniaError("No bulk is loaded yet. Choose one above and press Load.")
        return self.state.study

    def static_html(self) -> str:
        """Give all that the explorer shows as one HTML fragment, without scripts or buttons."""
        if self.state.study is None:
            return render("explorer/templates/nothing.html.jinja", error=self.state.error)
        return static_page(self.state.study, self.showing.look)

    def _ipython_display_(self) -> None:
        """Show the panel, and the static view for readers without a kernel, which it hides."""
        from IPython.display import display

        # Without a page nobody waits, and nothing runs after the last cell: draw it now.
        now = not _has_page()
        drawn = self._static_bundle() if now else {"text/html": "", "text/plain": repr(self)}
        self._saved.append(display(drawn, raw=True, display_id=True))
        if not now:
            self._freshen(None)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.panel.model_id}
        display({"application/vnd.jupyter.widget-view+json": view, "text/plain": ""}, raw=True)

    def _freshen(self, _: object) -> None:
        self._views += 1
        if self._saved:
            self.loader.start(self._freshen_later(self._views))

    async def _freshen_later(self, view: int) -> None:
        """Draw the static view anew, once nothing has changed for a while."""
        await asyncio.sleep(_QUIET)
        if view != self._views or self.state.busy:  # a bulk that is waited for changes all the time
            return
        bundle = await asyncio.to_thread(self._static_bundle)
        if view == self._views:
            for saved in self._saved:
                saved.update(bundle, raw=True)

    def _static_bundle(self) -> dict[str, str]:
        html = f'<div class="{self.panel.twin}">{self.static_html()}</div>'
        return {"text/html": html, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"Explorer({self.bulk!r})" if self.bulk else "Explorer()"


def _offer(entry: Entry, title: str) -> str:
    submitted = ksuid_time(entry.bulk_id.removeprefix("bk_"))
    # Ids may be chosen freely: one that decodes to another age is no generated one.
    known = submitted is not None and submitted > _EARLIEST
    parts = [entry.bulk_id, f"submitted {moment(submitted)}" if known else "", title]
    return " · ".join(part for part in (*parts, f"{entry.kind} into {entry.source_key}") if part)


def _has_page() -> bool:
    """Whether the cell was surely run from a page: a Jupyter server names the kernel's session.

    Programs that run notebooks say the user's name, which pages leave blank.
    """
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    header = shell.get_parent().get("header", {}) if hasattr(shell, "get_parent") else {}
    return "JPY_SESSION_NAME" in os.environ and not header.get("username")
