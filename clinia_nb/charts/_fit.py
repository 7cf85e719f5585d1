"""A chart made to fill a width: its texts are broken, clipped and rearranged for it."""

from __future__ import annotations

from typing import Any, cast

from ._looks import LEFT
from ._text import clip, legend_columns, names_in, title_lines

_TITLE, _TEXT = 9.2, 6.6  # pixels for each letter of a title, and of other texts


def fitted(spec: dict[str, Any], width: float) -> dict[str, Any]:
    """Return the specification of a layered chart at a width, labels included, in pixels."""
    made = spec | {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    title = spec.get("title")
    if isinstance(title, dict) and isinstance(cast("dict[str, Any]", title).get("text"), list):
        made["title"] = _broken(cast("dict[str, Any]", title), width)
    made["layer"] = [_with_legend(layer, width) for layer in spec["layer"]]
    made["datasets"] = {
        name: [
            row | {"name": clip(row["name"], int(width / _TEXT))} if "name" in row else row
            for row in rows
        ]
        for name, rows in cast("dict[str, list[dict[str, Any]]]", spec.get("datasets", {})).items()
    }
    return made


def _broken(title: dict[str, Any], width: float) -> dict[str, Any]:
    sizes = {"text": _TITLE, "subtitle": _TEXT}
    whole = title | {"text": [" ".join(map(str.strip, title["text"]))]}
    lines = {
        part: [line for text in whole[part] for line in title_lines(text, int(width / letter), 4)]
        for part, letter in sizes.items()
        if part in title
    }
    return title | lines


def _with_legend(layer: dict[str, Any], width: float) -> dict[str, Any]:
    encoding: dict[str, Any] = layer.get("encoding", {})
    color: dict[str, Any] = encoding.get("color", {})
    legend: dict[str, Any] = color.get("legend") or {}
    names = names_in(str(legend.get("labelExpr")))
    if not names:
        return layer
    columns = legend_columns(names, width - LEFT)
    narrow = color | {"legend": legend | {"columns": columns}}
    return layer | {"encoding": encoding | {"color": narrow}}
