"""Colors and typefaces that cells, charts, explorer and report share."""

from __future__ import annotations

from typing import Any, Literal, cast

Ground = Literal["auto", "light", "dark"]

OUTCOME_COLORS = {
    "succeeded": "#2a9d78",
    "failed": "#d9541e",
    "cancelled": "#8b95a1",
    "pending": "#b98a00",
    "other": "#a06cb5",
}
# The outcome whose color the status of a bulk or receipt has.
STATUS_OUTCOMES = {
    "SUCCESS": "succeeded",
    "FAILURE": "failed",
    "PENDING": "pending",
    "CANCELLED": "cancelled",
}

# CSS takes these names without quotes.
PAGE_FONT = "system-ui, Segoe UI, Liberation Sans, Arial, sans-serif"
# vl-convert has the metrics of Liberation Sans, and so of Arial: texts do not run into each other.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# What charts are made with; for another ground these are looked up in `_GROUNDS`.
INK, DIM, LINE, PAPER, TINT = "#1c2430", "#56616f", "#d8dde4", "#ffffff", "#eef1f4"
_LIGHT = (INK, DIM, LINE, PAPER, TINT)
_DARK = ("#e6e9ee", "#a3adba", "#39414d", "#14181f", "#232a34")
_NAMES = ("ink", "dim", "line", "paper", "tint")
_JUPYTER = (
    "content-font-color1",
    "content-font-color2",
    "border-color2",
    "layout-color0",
    "layout-color2",
)
_CODE = (
    "editor-foreground",
    "descriptionForeground",
    "widget-border",
    "editor-background",
    "editorWidget-background",
)
_GROUNDS: dict[str, dict[str, str]] = {
    "light": dict(zip(_LIGHT, _LIGHT, strict=True)),
    "dark": dict(zip(_LIGHT, _DARK, strict=True)),
    # The page's own variables, if it sets them.
    "auto": {
        light: f"var(--{name}, light-dark({light}, {dark}))"
        for name, light, dark in zip(_NAMES, _LIGHT, _DARK, strict=True)
    },
}
# CSS that sets the variables: as the notebook's theme does, and for paper.
PAGE_INKS = " ".join(
    f"--{name}: var(--jp-{jupyter}, var(--vscode-{code}, light-dark({light}, {dark})));"
    for name, jupyter, code, light, dark in zip(_NAMES, _JUPYTER, _CODE, _LIGHT, _DARK, strict=True)
)
PRINT_INKS = " ".join(f"--{name}: {light};" for name, light in zip(_NAMES, _LIGHT, strict=True))
OUTCOME_INKS = " ".join(f"--{name}: {color};" for name, color in OUTCOME_COLORS.items())
# What the API sent is never under such a key, so a name that looks like a color stays what it is.
_INKED = ("color", "Color", "fill", "stroke", "value")
_DATA = ("data", "datasets")


def ink_for(ground: Ground) -> dict[str, str]:
    """Return the color that each ink has on a ground.

    Raises
    ------
    ValueError
        There is no such ground.
    """
    if ground not in _GROUNDS:
        raise ValueError(f"No ground {ground!r}. Available: {', '.join(map(repr, _GROUNDS))}.")
    return _GROUNDS[ground]


def reink(part: Any, inks: dict[str, str]) -> Any:  # noqa: ANN401 - any part of a chart's JSON
    """Return a chart's specification with other inks.

    >>> reink({"color": INK, "title": {"color": DIM, "text": INK}}, ink_for("dark"))
    {'color': '#e6e9ee', 'title': {'color': '#a3adba', 'text': '#1c2430'}}
    """
    if isinstance(part, list):
        return [reink(item, inks) for item in cast("list[Any]", part)]
    if not isinstance(part, dict):
        return part
    spec = cast("dict[str, Any]", part)
    return {
        key: inks[value]
        if key.endswith(_INKED) and isinstance(value, str) and value in inks
        else value
        if key in _DATA
        else reink(value, inks)
        for key, value in spec.items()
    }
