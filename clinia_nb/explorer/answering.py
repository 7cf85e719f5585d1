"""What the explorer does for each message of a page: one `match`, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import messages as ask
from .receipts_table import page_size
from .svg_buttons import from_ms
from .tabs import SECTIONS

if TYPE_CHECKING:
    from .explorer import Explorer

_WITHOUT_BULK = (ask.Choose, ask.Load, ask.Wait, ask.Stop, ask.Ready)


def answer(explorer: Explorer, message: ask.Message) -> None:  # noqa: C901, PLR0912 - one case each
    """Do what a message asks for; raise CliniaError or ValueError if it names what is not there."""
    if explorer.bulk is None and not isinstance(message, _WITHOUT_BULK):
        return
    loader, view, look = explorer.loader, explorer.showing, explorer.showing.look
    match message:
        case ask.Ready(width):
            explorer.panel.greet()
            view.wake(width)
        case ask.Choose():
            explorer.take(message)
        case ask.Load():
            loader.start(loader.load())
        case ask.Wait():
            loader.start(loader.wait())
        case ask.Stop():
            loader.stop()
        case ask.Save() if explorer.archive is not None:
            loader.start(explorer.save_to_archive())
        case ask.Tab(name) if name in SECTIONS:
            view.look = replace(look, tab=name)
        case ask.Toggle(column, value):
            view.narrow(look.selection.toggled(column, value))
        case ask.Pick(picks):
            view.narrow(view.picked(picks))
        case ask.Brush(begins, ends):
            view.narrow(look.selection.between(from_ms(begins), from_ms(ends)))
        case ask.Narrow(text, times):
            view.narrow(view.typed(text, times))
        case ask.Drop(part):
            view.narrow(look.selection.without(part))
        case ask.Sort(column):
            view.look = replace(look, order=look.order.turned(column), page=0, opened=None)
        case ask.Page(number):
            view.turn_to(number)
        case ask.Size(value):
            view.look = replace(look, size=page_size(value), page=0, opened=None)
        case ask.Column(name):
            view.toggle_column(name)
        case ask.Open(row):
            view.open(row)
        case ask.Step(by):
            view.step(by)
        case ask.Code():
            view.look = replace(look, code=not look.code)
        case ask.Copy():
            loader.start(view.copy(message))
        case ask.Download():
            loader.start(view.download(message))
        case _:  # a tab or an archive that is not there
            pass
