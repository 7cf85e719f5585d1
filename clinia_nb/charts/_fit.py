"""A chart made to fill a width: its texts are broken, clipped and rearranged for it."""

from __future__ import annotations

from itertools import chain
from typing import Any, cast

from ._looks import LEFT
from ._name_axes import name_axis, upright_axis
from ._text import clip, legend_columns, name_expression, names_in, title_lines

# Pixels for each letter of a title, and of other texts, in a wide font such as DejaVu Sans.
_TITLE, _TEXT = 9.2, 7.2
_MARGIN = 8
_SYMBOL = 30  # of a legend, with the room around it
_ONE_LINE = ("name", "words")  # fields of texts that are drawn across a lane
# Below this width names of a grid's columns stand upright, and those of its rows are short.
_UPRIGHT, _ROW_LETTERS, _COLUMN_LETTERS = 520, 17, 26


def fitted(spec: dict[str, Any], width: float) -> dict[str, Any]:
    """Return the specification of a layered chart at a width, labels included, in pixels."""
    made = spec | {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    title = spec.get("title")
    if isinstance(title, dict) and isinstance(cast("dict[str, Any]", title).get("text"), list):
        made["title"] = _broken(cast("dict[str, Any]", title), width)
    made["layer"] = [_with_legend(layer, width) for layer in spec["layer"]]
    if width < _UPRIGHT:
        rows = cast("dict[str, list[dict[str, Any]]]", spec.get("datasets", {})).values()
        made["layer"] = _upright(made["layer"], list(chain.from_iterable(rows)))
    letters = int((width - _MARGIN) / _TEXT)
    made["datasets"] = {
        name: [
            row | {part: clip(row[part], letters) for part in _ONE_LINE if part in row}
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
    short = [clip(name, int((width - LEFT - _SYMBOL) / _TEXT)) for name in names]
    columns = legend_columns(short, width - LEFT)
    fitting = {"columns": columns, "labelExpr": name_expression(short)}
    narrow = color | {"legend": legend | fitting}
    return layer | {"encoding": encoding | {"color": narrow}}


def _upright(layers: list[dict[str, Any]], cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the layers of a grid of rows and columns with names and numbers for narrow columns."""
    rows, columns = (_names(cells, name) for name in ("row", "column"))
    if not columns:
        return layers
    beside = name_axis(rows, columns=_ROW_LETTERS, lines=2).to_dict()
    above = upright_axis(columns, columns=_COLUMN_LETTERS).to_dict()
    made: list[dict[str, Any]] = []
    for layer in layers:
        encoding: dict[str, Any] = layer["encoding"]
        axes = {"x": encoding["x"] | {"axis": above}, "y": encoding["y"] | {"axis": beside}}
        brief = {"text": {"field": "brief", "type": "nominal"}} if "text" in encoding else {}
        made.append(layer | {"encoding": encoding | axes | brief})
    return made


def _names(cells: list[dict[str, Any]], name: str) -> list[str]:
    """Return the names of a grid's rows or columns, in order; none if the chart is not a grid."""
    place = f"{name}_place"
    found = {cell[place]: cell[name] for cell in cells if place in cell and name in cell}
    return [found[place] for place in sorted(found)]
