"""The explorer: choose a source key and a bulk id, and find out what became of the bulk."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import msgspec
import traitlets as t

from clinia_nb.archive import Archive
from clinia_nb.bulk import BulkResult
from clinia_nb.display.html import render
from clinia_nb.display.renderer import start_renderer
from clinia_nb.display.times import Zone
from clinia_nb.errors import CliniaError
from clinia_nb.fetch.client import Client
from clinia_nb.text import one_line

from .answering import answer
from .archived import archived_offers, save
from .choosing import Offer, form_sections, offers
from .history import History, default_path
from .hosts import has_kernel, has_page
from .loader import Loader, State, choose_client
from .look import Look
from .messages import Choose, read_message
from .static_view import static_page
from .view import Showing
from .widget import Panel

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

_QUIET = 2.0  # seconds without a change, after which the static view is drawn again
_WRONG_FIRST = (
    "Explorer() was called with a value of type {}. Call it with a Client, a BulkResult or "
    "nothing; for a frame of receipts use Explorer(BulkResult.from_receipts(frame))."
)
_AT_A_PROMPT = (
    "It opens in a notebook: JupyterLab, Notebook, VS Code, Voilà or marimo. "
    "At a prompt, print(cnb.explain(bulk)) says what failed."
)
_KEPT = History()


class Explorer:
    """Investigate a bulk in a notebook, and continue with its frames in the next cell.

    Choose a source and a bulk, see what failed, where, since when and what to do; click what
    stands out to filter. A notebook that is run without a page, or exported, shows the same as one
    static view.

    Parameters
    ----------
    client
        The client to fetch with; by default one from the environment, or on the sandbox if no
        setting is there. Or a `BulkResult` at hand, such as a saved, filtered or redacted one,
        which is shown at once.
    source_key, bulk_id, kind
        What is chosen at first. With both given the bulk is loaded at once.
    history
        Where the bulks that were loaded are remembered, to be offered again: by default in memory;
        with True in the user's state folder, or in the given file. Ids, status and counts only:
        nothing else is written there.
    archive
        An `Archive`, or its folder. Its bulks are offered too and load from there, problems say
        whether they are new, and *Save to archive* writes the loaded bulk. Nothing is written to it
        otherwise.
    time_zone
        The zone in which times are shown, typed and brushed, such as ``"America/Toronto"``.
        Sentences, figures, frames, files and the shown code stay in UTC, and say so.

    Attributes
    ----------
    bulk : BulkResult or None
        The bulk that was loaded last.
    receipts : pl.DataFrame
        Its receipts.
    selected : pl.DataFrame
        Those that match the filters, in the order of the bulk, with the column ``signature``.

    Raises
    ------
    ValueError
        There is no such time zone.
    CliniaError
        The first argument is neither a client nor a bulk, or `history` is not a history file.

    Examples
    --------
    >>> from clinia_nb import Client
    >>> from clinia_nb.sandbox import list_samples
    >>> sample = list_samples()[0]
    >>> explorer = Explorer(Client.sandbox(), sample.source_key, sample.bulk_id, kind=sample.kind)
    >>> explorer.receipts.height, explorer.selected.height
    (1, 1)
    >>> stop = explorer.on_change(lambda explorer: print(explorer.selected.height))
    >>> explorer.choose("ehr-prod", "relationships", "bk_2wil2vg5uqi08x1aet097gLW8DO")
    >>> [offer.source_key for offer in explorer.offers()][:1]
    ['ehr-prod']
    >>> "1 of 1 operations failed" in explorer.static_html()
    True
    >>> explorer.close()
    """

    def __init__(  # noqa: PLR0913 - all but the first three by name
        self,
        client: Client | BulkResult | None = None,
        source_key: str | None = None,
        bulk_id: str | None = None,
        *,
        kind: str = "relationships",
        history: bool | str | Path = False,
        archive: Archive | str | Path | None = None,
        time_zone: str = "UTC",
    ) -> None:
        zone = Zone(time_zone)
        first: Any = client  # whatever a notebook passes
        if not isinstance(first, Client | BulkResult | None):
            raise CliniaError(_WRONG_FIRST.format(type(first).__name__))
        given, client = (client, None) if isinstance(client, BulkResult) else (None, client)
        problem = ""
        if client is None:
            client, problem = choose_client()
        kept = History(default_path() if history is True else history) if history else _KEPT
        self.client = client
        self.state = State(source_key=source_key or "", bulk_id=bulk_id or "", kind=kind)
        self.state.error = "" if given else problem
        self.panel = Panel(twin=f"clinia-{secrets.token_hex(6)}")
        self.archive = Archive(archive) if isinstance(archive, str | Path) else archive
        self._archived: list[Offer] = []
        self.loader = Loader(client, self.state, kept)
        self.loader.archive = self.archive
        panel = self.panel
        self.showing = Showing(self.loader.start, say=panel.say, hand=panel.hand, give=panel.give)
        sandbox = client is not None and client.is_sandbox
        code = "" if given else "cnb.Client.sandbox()" if sandbox else "cnb.Client()"
        self.showing.look = Look(zone=zone, client=code)
        self._saved: list[Any] = []
        self._views = 0
        self._turn = 0
        self._connect()
        Thread(target=start_renderer, daemon=True).start()
        self.loader.start(self.loader.list_sources())
        self.loader.start(self._list_archive())
        if given:
            self.loader.show(given)
        elif source_key and bulk_id:
            self.loader.load_now()

    def _connect(self) -> None:
        t.dlink((self.state, "study"), (self.showing, "study"))
        t.dlink((self.showing, "parts"), (self.panel, "parts"))
        self.state.observe(self._show_form)
        self._show_form()
        self.panel.on_message(self.ask)
        self.showing.observe(self._freshen, ["study", "look"])
        self.state.observe(self._freshen, "busy")

    def ask(self, message: object) -> None:
        """Do what a page asks for, such as to load a bulk or to filter by a value.

        Parameters
        ----------
        message
            One of `clinia_nb.explorer.messages`, or a dict of its fields with its name as ``act``,
            as pages send it. What is not valid changes nothing; the page says so.

        Examples
        --------
        >>> from clinia_nb import Client
        >>> from clinia_nb.sandbox import list_samples
        >>> sample = list_samples()[2]
        >>> explorer = Explorer(Client.sandbox(), sample.source_key, sample.bulk_id)
        >>> explorer.ask({"act": "toggle", "column": "outcome", "value": "failed"})
        >>> explorer.selected.height
        364
        >>> explorer.close()
        """
        try:
            answer(self, read_message(message))
        except (msgspec.ValidationError, ValueError, IndexError, OverflowError, CliniaError):
            self.panel.say("That is not possible.")

    def _show_form(self, _: object = None) -> None:
        state = self.state
        chosen = {"source_key": state.source_key, "kind": state.kind, "bulk_id": state.bulk_id}
        loaded = state.study.bulk if state.study else None
        current = loaded is not None and (loaded.source_key, loaded.kind, loaded.bulk_id) == (
            *chosen.values(),
        )
        stale = loaded is not None and not current
        sections = form_sections(
            self.client, state, self.offers(), prefix=self.panel.twin, loaded=loaded, stale=stale,
            archive=self.archive is not None,
        )  # fmt: skip
        with self.panel.hold_sync():
            self.panel.form = [[name, html, ""] for name, html in sections.items()]
            self.panel.chosen = chosen | {"turn": self._turn, "stale": stale}

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
        """The receipts that match the filters, with their signatures; all of them without filters.

        Raises
        ------
        CliniaError
            No bulk was loaded yet.
        """
        return self._loaded().selected(self.showing.look.selection)

    def offers(self) -> list[Offer]:
        """Return the bulks to choose from: loaded and archived ones, in the sandbox also samples.

        Those of the chosen source come first.
        """
        return offers(self.client, self.loader.history, self.state.source_key, self._archived)

    def choose(self, source_key: str, kind: str, bulk_id: str) -> None:
        """Set what to load. A bulk belongs to its source: another source clears it."""
        loaded = self.state.study.bulk if self.state.study else None
        if loaded and bulk_id == loaded.bulk_id and source_key != loaded.source_key:
            bulk_id = ""
        with self.state.hold_trait_notifications():
            self.state.source_key, self.state.kind, self.state.bulk_id = source_key, kind, bulk_id

    def take(self, chosen: Choose) -> None:
        """Apply what the page chose, and load it if it asks for that."""
        self._turn = chosen.turn
        self.choose(chosen.source_key, chosen.kind, chosen.bulk_id)
        self._show_form()
        if chosen.load and chosen.archived:
            self.loader.start(self.loader.load_archived())
        elif chosen.load:
            self.loader.start(self.loader.load())

    async def save_to_archive(self) -> None:
        """Write the loaded bulk to the archive, and offer it from there."""
        if self.archive is not None and self.bulk is not None:
            self.panel.say(await save(self.archive, self.bulk))
            await self._list_archive()

    async def _list_archive(self) -> None:
        if self.archive is None:
            return
        try:
            self._archived = await asyncio.to_thread(archived_offers, self.archive)
        except (CliniaError, OSError) as exc:
            self.state.error = f"The archive cannot be listed: {exc}"
        self._show_form()

    def on_change(self, react: Callable[[Explorer], None]) -> Callable[[], None]:
        """Call a function with this explorer whenever its bulk or its selection changes.

        Returns
        -------
        Callable
            Call it to end this.
        """

        def changed(_: object) -> None:
            if self.state.study is not None:
                react(self)

        self.showing.observe(changed, ["study", "selection"])
        return lambda: self.showing.unobserve(changed, ["study", "selection"])

    def close(self) -> None:
        """Stop what is running, and remove the widgets."""
        self.loader.close()
        self.showing.close()
        self.state.unobserve_all()
        self.panel.close()

    def _loaded(self) -> Any:  # noqa: ANN401 - a study: traitlets do not know its type
        if self.state.study is None:
            raise CliniaError("No bulk is loaded yet. Choose one above and press “Load this bulk”.")
        return self.state.study

    def _display_(self) -> Panel:
        """Return the panel: hosts such as marimo show it as it is."""
        return self.panel

    def static_html(self) -> str:
        """Return all that the explorer shows as one HTML fragment, without scripts or buttons."""
        if self.state.study is None:
            return render("explorer/templates/nothing.html.jinja", error=self.state.error)
        return static_page(self.state.study, self.showing.look)

    def _ipython_display_(self) -> None:
        """Show the panel, and the static view for readers without a kernel, which it hides."""
        import IPython.display

        display: Any = getattr(IPython.display, "display")  # noqa: B009 - its types are partly unknown
        # Without a page nobody waits, and nothing runs after the last cell: draw it now.
        now = not has_page()
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
        """Draw the static view again, once nothing has changed for a while."""
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
        shown = f"Explorer({self.bulk!r})" if self.bulk else "Explorer()"
        shown += f": {one_line(self.state.error)}" if self.state.error else ""
        return shown if has_kernel() else f"{shown}\n{_AT_A_PROMPT}"
