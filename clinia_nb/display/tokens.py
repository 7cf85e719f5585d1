"""The inks that depend on the ground a chart stands on, and the typeface."""

from __future__ import annotations

from typing import Any, Literal, cast

Ground = Literal["auto", "light", "dark"]

# vl-convert has the metrics of Liberation Sans, and so of Arial: texts do not run into each other.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# What charts are made with; for another ground these are looked up in `_INKS`.
INK, DIM, LINE, PAPER, TINT = "#1c2430", "#56616f", "#d8dde4", "#ffffff", "#eef1f4"
_LIGHT = (INK, DIM, LINE, PAPER, TINT)
_DARK = ("#e6e9ee", "#a3adba", "#39414d", "#14181f", "#232a34")
_NAMES = ("ink", "dim", "line", "paper", "tint")
_GROUNDS: dict[str, dict[str, str]] = {
    "light": dict(zip(_LIGHT, _LIGHT, strict=True)),
    "dark": dict(zip(_LIGHT, _DARK, strict=True)),
    # By the page's own variables, where it sets them.
    "auto": {
        light: f"var(--{name}, light-dark({light}, {dark}))"
        for name, light, dark in zip(_NAMES, _LIGHT, _DARK, strict=True)
    },
}
# What the API sent is never under such a key, so a name that looks like an ink stays what it is.
_INKED = ("color", "Color", "fill", "stroke", "value")
_DATA = ("data", "datasets")


def ink_for(ground: Ground) -> dict[str, str]:
    """Give what each ink is on a ground.

    Raises
    ------
    ValueError
        There is no such ground.
    """
    if ground not in _GROUNDS:
        raise ValueError(f"No ground {ground!r}. Available: {', '.join(map(repr, _GROUNDS))}.")
    return _GROUNDS[ground]


def reink(part: Any, inks: dict[str, str]) -> Any:  # noqa: ANN401 - any part of a chart's JSON
    """Give a chart's specification with other inks.

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
