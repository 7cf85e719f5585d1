"""The explorer: choose a source key and a bulk id, and see what became of the bulk."""

# ipywidgets and traitlets come without types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownLambdaType=false, reportPrivateUsage=false

from __future__ import annotations

import asyncio
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w
import traitlets as t

from .errors import AccessDeniedError, CliniaError, SettingsError
from .fetch import Client
from .ids import KINDS
from .samples import list_samples

if TYPE_CHECKING:
    from collections.abc import Coroutine

    import polars as pl

    from .bulk import BulkResult


class State(t.HasTraits):
    """What the explorer shows: plain values, without a widget among them."""

    source_key = t.Unicode()
    kind = t.Unicode("relationships")
    bulk_id = t.Unicode()
    sources = t.List(t.Unicode())
    busy = t.Bool(default_value=False)
    error = t.Unicode()
    bulk: t.Instance[Any] = t.Instance(object, allow_none=True)


class Explorer:
    """Choose a source and a bulk id by widgets, and go on with the frame in the next cell.

    Parameters
    ----------
    client
        Whom to ask; by default a `Client` from the environment, or on the sandbox where no
        workspace is set.
    source_key, bulk_id, kind
        What is chosen at first. With both given the bulk is loaded at once.

    Attributes
    ----------
    bulk : BulkResult or None
        The bulk that was loaded last.
    receipts : pl.DataFrame
        Its receipts.

    Examples
    --------
    >>> from clinia_nb import Client
    >>> sample = list_samples()[0]
    >>> explorer = Explorer(Client.sandbox(), sample.source_key, sample.bulk_id, kind=sample.kind)
    >>> explorer.receipts.height
    1
    >>> explorer.close()
    """

    def __init__(
        self,
        client: Client | None = None,
        source_key: str | None = None,
        bulk_id: str | None = None,
        *,
        kind: str = "relationships",
    ) -> None:
        self.client = client if client is not None else _default_client()
        self.state = State(source_key=source_key or "", bulk_id=bulk_id or "", kind=kind)
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._list_sources()
        self.view = _View(self)
        if source_key and bulk_id:
            self.load_now()

    @property
    def bulk(self) -> BulkResult | None:
        """The bulk that was loaded last; None before."""
        return self.state.bulk

    @property
    def receipts(self) -> pl.DataFrame:
        """The receipts of the bulk that was loaded last.

        Raises
        ------
        CliniaError
            None was loaded yet.
        """
        if self.bulk is None:
            raise CliniaError("No bulk is loaded yet. Choose one above and press Load.")
        return self.bulk.receipts

    def load_now(self) -> None:
        """Load the chosen bulk and wait for it; an error is shown in the widget."""
        turn = self._begin()
        self._finish(turn, self._fetch(*self._chosen()))

    async def load(self) -> None:
        """Load the chosen bulk off the event loop. A newer load voids an older one."""
        turn = self._begin()
        self._finish(turn, await asyncio.to_thread(self._fetch, *self._chosen()))

    def start_load(self) -> None:
        """Begin to load and return at once; without an event loop, load and wait."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.load_now()
        else:
            self._keep(loop, self.load())

    def close(self) -> None:
        """End what is under way and take the widgets down."""
        self._turn += 1
        for task in self._tasks:
            task.cancel()
        self.state.unobserve_all()
        self.view.close()

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        # Readers without a kernel, such as a code host, show the HTML instead of the widgets.
        static = self.bulk.summary.html() if self.bulk else "<p>Choose a bulk and press Load.</p>"
        return {**self.view.bundle(), "text/html": static}

    def _chosen(self) -> tuple[str, str, str]:
        return self.state.source_key, self.state.bulk_id, self.state.kind

    def _list_sources(self) -> None:
        try:
            self.state.sources = self.client.list_sources()["key"].to_list()
        except AccessDeniedError:
            self.state.sources = []  # the key may not list sources: they are typed instead
        except CliniaError as exc:
            self.state.error = str(exc)

    def _fetch(self, source_key: str, bulk_id: str, kind: str) -> BulkResult | CliniaError:
        try:
            # No bar: this runs in a thread, and only the event loop may touch widgets.
            return self.client.fetch_bulk(source_key, bulk_id, kind=kind, progress=False)
        except CliniaError as exc:
            return exc.with_traceback(None)

    def _begin(self) -> int:
        self._turn += 1
        self.state.set_trait("error", "")
        self.state.set_trait("busy", True)  # noqa: FBT003 - a trait's value
        return self._turn

    def _finish(self, turn: int, outcome: BulkResult | CliniaError) -> None:
        if turn != self._turn:
            return
        if isinstance(outcome, CliniaError):
            self.state.error = str(outcome)
        else:
            self.state.bulk = outcome
        self.state.busy = False

    def _keep(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, None]) -> None:
        task = loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _View:
    """The widgets: they show the state and call the explorer's actions, and decide nothing."""

    def __init__(self, explorer: Explorer) -> None:
        self.state = state = explorer.state
        self.client = explorer.client
        wide = w.Layout(width="340px")
        described = {"description_width": "90px"}
        self.source = w.Combobox(
            description="Source key", placeholder="ehr-prod", layout=wide, style=described
        )
        self.kind = w.Dropdown(
            options=KINDS,
            description="Kind",
            layout=w.Layout(width="220px"),
            style={"description_width": "45px"},
        )
        self.bulk_id = w.Combobox(
            description="Bulk id",
            placeholder="bk_…",
            layout=w.Layout(width="440px"),
            style=described,
        )
        self.button = w.Button(description="Load", button_style="primary", icon="search")
        self.banner = w.HTML(self._banner())
        self.message = w.HTML()
        self.result = w.HTML()
        for name, widget in (("source_key", self.source), ("kind", self.kind)):
            t.link((state, name), (widget, "value"))
        t.link((state, "bulk_id"), (self.bulk_id, "value"))
        t.dlink((state, "sources"), (self.source, "options"), tuple)
        self.button.on_click(lambda _: explorer.start_load())
        for show, names in (
            (self._show_progress, ["busy", "error"]),
            (self._show_bulk, ["bulk"]),
            (self._offer_bulks, ["source_key"]),
        ):
            state.observe(show, names)
            show()
        self.root = w.VBox(
            [
                self.banner,
                w.HBox([self.source, self.kind], layout=w.Layout(flex_flow="row wrap")),
                w.HBox([self.bulk_id, self.button], layout=w.Layout(flex_flow="row wrap")),
                self.message,
                self.result,
            ]
        )

    def _show_progress(self, _: object = None) -> None:
        state = self.state
        self.button.disabled = state.busy
        self.button.description = "Loading…" if state.busy else "Load"
        self.message.value = (
            f'<div role="alert" style="color: #c0440f">{escape(state.error)}</div>'
            if state.error
            else ""
        )

    def _show_bulk(self, _: object = None) -> None:
        self.result.value = self.state.bulk.summary.html() if self.state.bulk else ""

    def _offer_bulks(self, _: object = None) -> None:
        if self.client.is_sandbox:
            self.bulk_id.options = tuple(
                sample.bulk_id
                for sample in list_samples()
                if self.state.source_key in {"", sample.source_key}
            )

    def _banner(self) -> str:
        named = f"<b>Workspace {escape(self.client.workspace)}</b>"
        if not self.client.is_sandbox:
            return named
        return (
            f"{named} · sample data on this machine. For your own, set CLINIA_WORKSPACE and "
            "CLINIA_API_KEY and restart the kernel."
        )

    def bundle(self) -> dict[str, Any]:
        """Give the widgets as a notebook shows them."""
        return dict(self.root._repr_mimebundle_() or {})

    def close(self) -> None:
        """Take the widgets down."""
        for widget in (*self.root.children, self.root):
            widget.close()


def _default_client() -> Client:
    try:
        return Client()
    except SettingsError:
        return Client.sandbox()
