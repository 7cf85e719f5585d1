"""The panel: a widget that shows parts of HTML and tells what was pressed in them."""

# anywidget and traitlets come with few types.

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets as t

from clinia_nb.display.html import render

if TYPE_CHECKING:
    from collections.abc import Callable

_FOLDER = Path(__file__).parents[1]
_STYLES = (
    "display/templates/base.css",
    "display/templates/problems.css",
    "findings/templates/explanation.css",
    "explorer/assets/explorer.css",
)


class Panel(anywidget.AnyWidget):
    """Shows parts of HTML, one below the other, and tells which action was asked for.

    Attributes
    ----------
    chosen
        The values of the fields of the form, by name, and as ``turn`` the number of the request
        that they answer: the page knows of none but its latest.
    form, parts
        Name, HTML, and state: ``""``, ``"wait"`` where it is of before, ``"empty"`` where it is
        not there yet. What does not change is left alone in the page.
    twin
        The class of elements that the panel, once live, stands for: they are hidden.
    """

    _esm = (_FOLDER / "explorer" / "assets" / "panel.js").read_text(encoding="utf-8")
    _css = "\n".join(map(render, _STYLES))
    chosen: t.Dict[str, Any] = t.Dict().tag(sync=True)
    form: t.List[Any] = t.List().tag(sync=True)
    parts: t.List[Any] = t.List().tag(sync=True)
    twin = t.Unicode().tag(sync=True)

    def on_act(self, act: Callable[[str, list[Any]], None]) -> None:
        """Call a function with the name of an action and its arguments, whenever one is asked."""

        def receive(_: object, content: dict[str, Any], __: object) -> None:
            act(str(content.get("act")), list(content.get("arg") or []))

        self.on_msg(receive)

    def greet(self) -> None:
        """Answer a page that shows the panel: it shows nothing until a kernel is there."""
        self.send({"hello": True})

    def say(self, words: str) -> None:
        """Say something below the panel."""
        self.send({"say": words})

    def give(self, name: str, kind: str, body: bytes) -> None:
        """Give a file to the browser, which saves it."""
        self.send({"file": name, "type": kind, "say": f"{name} is in your downloads."}, [body])
