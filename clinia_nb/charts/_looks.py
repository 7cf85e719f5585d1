"""How charts look: defaults that give way to whatever the user of a chart sets.

A chart has no ``config`` of its own, because Altair refuses to layer or concatenate charts that
have one. The defaults join its specification when it is drawn: so ``configure_axis``, a theme of
the user, or a dark background change it as they would any other chart.
"""

from __future__ import annotations

import copy
import re
from typing import Any, cast

import altair as alt

from clinia_nb.display.formats import harmless
from clinia_nb.display.tokens import DIM, FONT, INK, LINE, ink_for, reink

LEFT = 46  # pixels beside a plot over time, for the labels of its values
_INKS: dict[str, Any] = {
    "font": FONT,
    "style": {"guide-label": {"fill": INK}, "guide-title": {"fill": DIM}},
    "axis": {"gridColor": LINE, "domainColor": LINE, "tickColor": LINE},
    "title": {"color": INK, "subtitleColor": DIM},
    "text": {"color": INK},
    "view": {"stroke": LINE},
}
_LOOKS: dict[str, Any] = {
    "background": "white",  # that of Vega; some hosts have another, on which dark text is invisible
    "axis": {
        "labelFontSize": 12,
        "labelLimit": 0,  # Vega clips within a character, which vl-convert then cannot read
        "labelFontWeight": "normal",
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 10,
        "domain": False,
        "grid": False,
        "ticks": False,
    },
    # The plots of charts over time begin at the same place.
    "axisY": {"minExtent": LEFT},
    "axisX": {"labelFlush": True},
    "legend": {
        "labelFontSize": 12,
        "labelLimit": 0,
        "orient": "top",
        "direction": "horizontal",
        "columnPadding": 26,
        "rowPadding": 4,
        "symbolType": "square",
        "symbolSize": 110,
        "symbolStrokeWidth": 0,
        "symbolOpacity": 1,
        "offset": 14,
        "title": None,
    },
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "fontSize": 15,
        "fontWeight": 600,
        "offset": 14,
        "subtitleFontSize": 12,
        "subtitlePadding": 5,
    },
    "text": {"fontSize": 12},
    "view": {"strokeOpacity": 0},
}
_DARK_BELOW = 0.4


class SummaryChart(alt.LayerChart):
    """A layered Altair chart whose looks are defaults, and whose layers can be encoded again."""

    def to_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - as Altair's
        """Return the specification as Altair would, with the looks of this package below it."""
        context: dict[str, Any] = kwargs.get("context") or {}
        spec = super().to_dict(*args, **kwargs)
        return with_looks(spec, _LOOKS) if context.get("top_level", True) else _within(spec)

    def __repr__(self) -> str:
        described: Any = cast("Any", self).description
        words = harmless(described) if isinstance(described, str) else "of a summary"
        return (
            f"Chart: {words}\nA prompt cannot draw it: chart.save('chart.svg') writes a"
            " picture, and a notebook shows it."
        )

    def _display_(self) -> Any:  # noqa: ANN401 - what marimo can show
        """Return what other hosts show; for an interactive chart, what marimo draws itself.

        Without this marimo draws every chart itself, in colors that do not suit its dark theme.
        """
        from IPython.display import HTML

        from ._renderer import RENDERER, whole_figure

        spec = self.to_dict()
        if is_interactive(spec) or alt.renderers.active != RENDERER:
            return alt.LayerChart.from_dict(spec)
        return HTML(whole_figure(spec))

    def own_spec(self) -> dict[str, Any]:
        """Return the specification without the user's theme and data transformer, unchecked."""
        context: dict[str, Any] = {"top_level": False, "pre_transform": False, "datasets": {}}
        spec = super().to_dict(validate=False, context=context)
        named = spec.get("datasets", {}) | context["datasets"]
        return with_looks(spec | {"datasets": named}, _LOOKS)

    def encode(self, *args: Any, **kwargs: Any) -> SummaryChart:  # noqa: ANN401 - as Altair's
        """Replace channels in the layers that have them; other channels are set for all layers."""
        wanted = _channels(cast("Any", alt.Chart()).encode(*args, **kwargs))
        made = self.copy(deep=True)
        for layer in cast("list[Any]", made.layer):
            for name in wanted.keys() & _channels(layer).keys():
                layer.encoding[name] = _typed(wanted[name], layer)
        replaced = {name for layer in cast("list[Any]", self.layer) for name in _channels(layer)}
        rest = {name: it for name, it in wanted.items() if name not in replaced}
        return cast("SummaryChart", super(SummaryChart, made).encode(**rest)) if rest else made


def _within(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a chart's specification for its place in a layout of charts.

    Vega's signal ``width`` is not that of the chart there, and its theme leaves texts black.
    """
    theme = cast("dict[str, Any]", (alt.theme.get() or dict)())
    ink: str = with_looks(theme, _LOOKS)["config"]["text"]["color"]
    layers = [_placed(layer, spec.get("width"), ink) for layer in spec["layer"]]
    return spec | {"layer": layers if ink == INK else reink(layers, ink_for("dark"))}


def _placed(layer: dict[str, Any], width: object, ink: str) -> dict[str, Any]:
    made = copy.deepcopy({name: part for name, part in layer.items() if name != "data"})
    if ink != INK and made["mark"]["type"] == "text":
        made["mark"] = {"color": ink} | made["mark"]
    scale: dict[str, Any] = made["encoding"].get("x", {}).get("scale") or {}
    bounds: list[Any] = scale.get("range", []) if isinstance(width, (int, float)) else []
    for bound in cast("list[dict[str, str]]", [it for it in bounds if isinstance(it, dict)]):
        bound["expr"] = bound["expr"].replace("width", f"{width:g}")
    return made | ({"data": layer["data"]} if "data" in layer else {})


def is_interactive(spec: dict[str, Any]) -> bool:
    """Return whether something can be selected or moved in a chart or one of its layers."""
    charts = [spec, *spec.get("layer", [])]
    return any("select" in param for chart in charts for param in chart.get("params", []))


def _channels(chart: Any) -> dict[str, Any]:  # noqa: ANN401 - Altair's own
    """Return the channels that a chart encodes."""
    if chart.encoding is alt.Undefined:
        return {}
    every: dict[str, Any] = chart.encoding._kwds  # noqa: SLF001 - Altair lists them nowhere else
    return {name: channel for name, channel in every.items() if channel is not alt.Undefined}


def _typed(channel: Any, layer: Any) -> Any:  # noqa: ANN401 - Altair's own
    """Complete a shorthand such as ``"outcome"`` by the type of the values of that field."""
    field = getattr(channel, "shorthand", None)
    if not isinstance(field, str) or ":" in field:
        return channel
    rows = cast("list[dict[str, Any]]", layer.data.values)
    value = next((row[field] for row in rows if row.get(field) is not None), "")
    made = channel.copy()
    made.shorthand = f"{field}:{'Q' if isinstance(value, (int, float)) else 'N'}"
    return made


def with_looks(spec: dict[str, Any], looks: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a specification with the package's typeface, inks and `looks` as its defaults."""
    given = _below(_theme_of(spec), spec.get("config") or {})
    background = str(spec.get("background") or given.get("background") or "")
    defaults = _below(_INKS, looks or {})
    if _is_dark(background):
        defaults = reink(defaults, ink_for("dark"))
        spec = reink(spec, ink_for("dark")) if looks else spec
    return spec | {"config": _below(defaults, given)}


def _theme_of(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of the theme that the user has enabled, which Vega only names."""
    options: dict[str, Any] = spec.get("usermeta", {}).get("embedOptions") or {}
    if not options.get("theme"):
        return {}
    import vl_convert

    themes = cast("dict[str, dict[str, Any]]", vl_convert.get_themes())
    return themes.get(options["theme"], {})


def _below(defaults: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    merged = dict(defaults)
    for name, value in given.items():
        old = merged.get(name)
        both = isinstance(old, dict) and isinstance(value, dict)
        merged[name] = (
            _below(cast("dict[str, Any]", old), cast("dict[str, Any]", value)) if both else value
        )
    return merged


def _is_dark(color: str) -> bool:
    """Return whether a color that is written as ``#rgb`` or ``#rrggbb`` (or black) is dark."""
    digits = {"black": "000"}.get(color.lower(), color.removeprefix("#"))
    if not re.fullmatch(r"[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}", digits):
        return False
    size = len(digits) // 3
    levels = [int(digits[at : at + size], 16) / (16**size - 1) for at in range(0, 3 * size, size)]
    return sum(levels) / 3 < _DARK_BELOW
