"""The panel: a widget that shows parts of HTML and tells what was pressed in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import anywidget
import traitlets as t

from clinia_nb.display.html import render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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

    _esm = "".join(
        (_FOLDER / "explorer" / "assets" / name).read_text(encoding="utf-8")
        for name in ("marks.js", "panel.js")
    )
    _css = "\n".join(map(render, _STYLES))
    chosen: t.Dict[str, Any] = t.Dict().tag(sync=True)
    form: t.List[Any] = t.List(t.Any()).tag(sync=True)
    parts: t.List[Any] = t.List(t.Any()).tag(sync=True)
    twin = t.Unicode().tag(sync=True)

    def on_message(self, receive: Callable[[object], None]) -> None:
        """Call a function with each message that a page sends."""

        def react(_: object, content: object, __: object) -> None:
            receive(content)
            self._tell({"answered": True})

        cast("Any", self).on_msg(react)

    def greet(self) -> None:
        """Answer a page that shows the panel: it shows nothing until a kernel answers."""
        self._tell({"hello": True})

    def say(self, words: str) -> None:
        """Show a line below the panel."""
        self._tell({"say": words})

    def hand(self, text: str, view: str = "") -> None:
        """Send a text to the page that asked for it, which copies it."""
        self._tell({"copy": text, "view": view})

    def give(self, name: str, media: str, body: bytes, view: str = "") -> None:
        """Send a file to the page that asked for it, which saves it."""
        said = f"Saved {name} to your downloads."
        self._tell({"file": name, "type": media, "say": said, "view": view}, [body])

    def _tell(self, content: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        cast("Any", self).send(content, list(buffers))  # ipywidgets has no types
