"""Charts hold against any name, against the settings of Altair's user, and against each other."""

import json
import math
import re
import threading
from contextlib import suppress
from xml.etree import ElementTree as ET

import altair as alt
import polars as pl
import pytest
from support.drawings import draw, drawn
from support.frames import at, frame

import clinia_nb as cnb
from clinia_nb import charts
from clinia_nb.charts._palette import _KNOWN
from clinia_nb.display.tokens import INK, ink_for

# What every JavaScript object has, and texts that are values in its expressions.
OF_OBJECTS = (
    *("constructor", "toString", "__proto__", "hasOwnProperty", "valueOf", "isPrototypeOf"),
    *("toLocaleString", "propertyIsEnumerable", "__defineGetter__", "__lookupSetter__"),
    *("null", "undefined", "NaN", "length", "prototype", "datum.value", "width"),
)
OF_ONE_FRAME = (
    *("bulk_trends", "signature_history"),
    *("contrast_failures", "count_outcomes", "duration_distribution", "failure_heatmap"),
    *("failure_onsets", "failure_signatures", "failure_values", "failures_over_time", "retry_plan"),
    *("summarize_failures", "summarize_timing", "throughput", "timing_over_time"),
)


@pytest.fixture(scope="module")
def named():
    """Receipts whose every text is a name that objects have already."""
    return frame(
        *(
            {
                **dict.fromkeys(("error_type", "type", "action", "error_message"), name),
                "id": f"{name}-{number}",
                "status": "FAILURE" if number % 4 else "SUCCESS",
                "received_at": at(10 * number),
                "completed_at": at(10 * number + 1 + number),
            }
            for number in range(8)
            for name in OF_OBJECTS
        )
    ).with_columns(signature=pl.col("error_message"))


@pytest.fixture(scope="module")
def few():
    return frame(
        *(
            {
                "status": status,
                "error_type": error,
                "type": "clinic",
                "id": str(second),
                "received_at": at(second),
                "completed_at": at(second + 30),
            }
            for second, (status, error) in enumerate(
                [("FAILURE", "NOT_FOUND")] * 3 + [("FAILURE", "INTERNAL")] * 2 + [("SUCCESS", None)]
            )
        )
    )


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - it was drawn here


def texts(svg):
    return [element.text for element in parsed(svg).iter() if element.tag.endswith("text")]


@pytest.mark.parametrize("name", OF_ONE_FRAME)
@pytest.mark.parametrize("width", [None, 350])
def test_names_that_every_object_has_are_drawn_like_others(named, name, width):
    svg = charts.to_svg(drawn(name, named), prefix="a", width=width)
    if name in {"failure_heatmap", "failure_signatures", "summarize_failures"}:
        assert "__proto__" in svg


@pytest.mark.parametrize("column", ["constructor", "__proto__", "toString"])
def test_a_column_may_have_such_a_name_too(named, column):
    renamed = named.with_columns(pl.col("type").alias(column))
    for chart in (charts.summarize_failures, charts.failures_over_time, charts.failure_onsets):
        for width in (None, 200):
            charts.to_svg(chart(renamed, by=column), prefix="a", width=width)


# What charts and summaries call their own columns.
INNER = (
    *("row", "column", "row_place", "column_place", "lane", "kind", "group", "folded", "color"),
    *("hue", "key", "shape", "base", "top", "begins", "ends", "name", "share", "failures"),
    *("receipts", "weight", "slice", "interval", "raw", "value", "code", "part", "series"),
)


@pytest.mark.parametrize("column", INNER)
def test_a_column_named_like_an_inner_one_works_or_is_refused_at_once(few, column):
    joined = few.with_columns(pl.col("type").alias(column))
    assert cnb.explain(cnb.BulkResult.from_receipts(joined, source_key="s", bulk_id="b")).text()
    for chart in ("failures_over_time", "failure_heatmap", "failure_onsets", "summarize_failures"):
        by = (column, "action") if chart == "failure_heatmap" else column
        with suppress(cnb.ColumnClashError):
            charts.to_svg(getattr(charts, chart)(joined, by=by), prefix="a")


def test_such_names_are_drawn_for_attempts(named):
    for chart in (charts.compare_bulks, charts.failing_so_far):
        charts.to_svg(chart(named, named), prefix="a")


def test_a_chart_that_fails_says_so_in_its_place_and_shows_nothing_of_the_data():
    def fail():
        raise ValueError("patient 4711")

    svg = charts.drawn(fail, prefix="a")
    assert texts(svg) == ["This chart could not be drawn (ValueError)."]
    assert "4711" not in svg


# The settings of Altair's user


@pytest.mark.parametrize("name", OF_ONE_FRAME)
def test_no_data_transformer_of_the_user_writes_a_file_or_stops_a_chart(
    few, name, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    before = charts.to_svg(getattr(charts, name)(few), prefix="a")
    with alt.data_transformers.enable("json", max_rows=1):
        chart = getattr(charts, name)(few)
        assert charts.to_svg(chart, prefix="a") == before
        assert "url" not in json.dumps(chart.to_dict()["datasets"])
    with alt.data_transformers.enable("default", max_rows=1):
        assert charts.to_svg(getattr(charts, name)(few), prefix="a") == before
    assert list(tmp_path.iterdir()) == []


def test_a_theme_of_the_user_changes_a_chart_and_not_the_pages_that_are_made(few):
    chart = charts.summarize_failures(few)
    before = charts.to_svg(chart, prefix="a")
    with alt.theme.enable("dark"):
        config = chart.to_dict()["config"]
        assert charts.to_svg(chart, prefix="a") == before
    assert config["background"] == "#333"
    assert config["text"]["color"] == "#e6e9ee"  # light ink on the dark ground


def test_threads_that_draw_leave_the_settings_of_the_user(few):
    with alt.data_transformers.enable("default", max_rows=7):
        drawing = [
            threading.Thread(
                target=charts.to_svg, args=(charts.throughput(few),), kwargs={"prefix": p}
            )
            for p in ("a", "b", "c", "d")
        ]
        for thread in drawing:
            thread.start()
        for thread in drawing:
            thread.join()
        assert alt.data_transformers.options == {"max_rows": 7}


# Altair as its users know it


def test_axes_legends_and_titles_can_be_configured(few):
    chart = charts.failures_over_time(few)
    made = (
        chart.configure_axis(labelFontSize=19)
        .configure_legend(orient="right")
        .configure_title(fontSize=31)
    )
    svg = charts.to_svg(made, prefix="a")
    assert 'font-size="19px"' in svg
    assert 'font-size="31px"' in svg
    assert 'font-size="19px"' not in charts.to_svg(chart, prefix="a")
    assert made.to_dict()["config"]["legend"]["orient"] == "right"


@pytest.mark.parametrize(
    ("name", "encoded"),
    [("summarize_failures", alt.value("#123456")), ("failures_over_time", "group:N")],
)
def test_a_color_can_be_encoded_again(few, name, encoded):
    chart = getattr(charts, name)(few)
    made = chart.encode(color=encoded)
    assert charts.to_svg(made, prefix="a") != charts.to_svg(chart, prefix="a")
    if name == "summarize_failures":
        assert 'fill="#123456"' in charts.to_svg(made, prefix="a")
    colors = [layer["encoding"].get("color") for layer in made.to_dict()["layer"]]
    assert {"value": "#123456"} in colors or {"field": "group", "type": "nominal"} in colors


def test_an_encoding_without_a_type_has_that_of_its_values(few):
    made = charts.summarize_failures(few).encode(color="failures")
    assert made.to_dict()["layer"][0]["encoding"]["color"]["type"] == "quantitative"


def test_charts_side_by_side_keep_their_legends_and_colors(few):
    first, second = charts.failures_over_time(few), charts.throughput(few)
    for both in (alt.hconcat(first, second), first & second, first | first):
        shown = texts(charts.to_svg(both, prefix="a"))
        assert {"NOT_FOUND", "INTERNAL"} <= set(shown)
    shown = charts.to_svg(first & second, prefix="a")
    assert {"Received", "Completed", "In flight at the end"} <= set(texts(shown))
    drawn_colors = set(re.findall(r'fill="(#[0-9a-f]{6})"', shown))
    assert {charts.group_colors(["NOT_FOUND"])["NOT_FOUND"]} <= drawn_colors


@pytest.mark.parametrize("width", [None, 300])
def test_bars_side_by_side_are_as_long_as_alone(few, width):
    chart = charts.summarize_failures(few)
    chart = chart if width is None else chart.properties(width=width)
    alone, both = (charts.to_svg(made, prefix="a") for made in (chart, chart | chart))
    bar = rf'd="M0,0h([\d.]+)v13h[^"]*" fill="{charts.group_colors(["NOT_FOUND"])["NOT_FOUND"]}"'
    lengths = [re.findall(bar, svg) for svg in (alone, both)]
    assert len(lengths[0]) == 1
    assert lengths[1] == lengths[0] * 2


def test_texts_side_by_side_are_light_on_a_dark_theme(few):
    with alt.theme.enable("dark"):
        made = (charts.summarize_failures(few) | charts.failures_over_time(few)).to_dict()
    texts_of = [la["mark"] for la in made["hconcat"][0]["layer"] if la["mark"]["type"] == "text"]
    assert {mark["color"] for mark in texts_of} == {ink_for("dark")[INK]}


@pytest.mark.parametrize("name", OF_ONE_FRAME)
def test_a_bulk_is_drawn_as_its_receipts_are(few, name):
    bulk = cnb.BulkResult.from_receipts(few, source_key="ehr", bulk_id="bk_1")
    made = [charts.to_svg(draw(name, it), prefix="a") for it in (bulk, bulk.receipts)]
    assert made[0] == made[1]


def test_a_rule_of_the_user_joins_the_chart(few):
    rule = alt.Chart(alt.Data(values=[{"a": 1}])).mark_rule().encode(y=alt.value(10))
    made = charts.failures_over_time(few) + rule
    assert len(made.layer) == len(charts.failures_over_time(few).layer) + 1
    assert made.to_dict()["config"]["title"]["anchor"] == "start"


def test_an_interactive_chart_says_what_makes_it_move(few):
    with alt.renderers.enable("default"):
        chart = charts.failures_over_time(few)
        still, moving = (made._repr_mimebundle_() for made in (chart, chart.interactive()))
    still, moving = (b[0] if isinstance(b, tuple) else b for b in (still, moving))
    assert "still picture" not in still["text/html"]
    assert "alt.renderers.enable('jupyter', offline=True)" in moving["text/html"]
    assert "<svg" in moving["text/html"]


# What a page needs


@pytest.mark.parametrize("name", OF_ONE_FRAME)
@pytest.mark.parametrize("width", [320, 700, 1100])
def test_a_chart_has_the_width_that_it_is_given(named, name, width):
    svg = charts.to_svg(drawn(name, named), prefix="a", width=width)
    found = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
    assert found == pytest.approx(width, rel=0.02)


@pytest.mark.parametrize("name", ["failure_onsets", "failure_signatures", "signature_history"])
def test_texts_across_a_chart_fit_a_phone_in_a_wide_font(name):
    words = "the patient of this visit has no open account in the billing system of the ward"
    long = [
        {
            "status": "FAILURE",
            "error_type": f"{kind}_OF_A_SERVICE_BEHIND_ANOTHER_SERVICE",
            "error_message": f"{kind} {words}",
            "source_key": "s",
            "bulk_id": f"bk_{bulk}",
            "received_at": at(1_000 * bulk + second),
        }
        for bulk in range(3)
        for second in range(9)
        for kind in ("REFUSED", "DELAYED")
    ]
    svg = charts.to_svg(getattr(charts, name)(frame(*long)), prefix="a", width=340)
    shown = [text for text in texts(svg) if text]
    assert max(map(len, shown)) <= 340 / 7.2
    assert any(text.endswith("…") for text in shown)


def test_a_heat_map_for_a_phone_has_upright_names_of_columns_and_brief_numbers(few):
    many = pl.concat([few.filter(pl.col("error_type").is_not_null())] * 700)
    wide, narrow = (
        charts.to_svg(charts.failure_heatmap(many), prefix="a", width=width) for width in (700, 340)
    )
    assert "rotate(270)" in narrow
    assert "rotate(270)" not in wide
    shown = [re.findall(r"<text[^>]*>([^<]*)</text>", svg) for svg in (wide, narrow)]
    numbers = [{text for text in texts if re.fullmatch(r"[\d,.]+k?", text)} for texts in shown]
    assert all("," in text for text in numbers[0])
    assert numbers[1]
    assert all(text.endswith("k") for text in numbers[1])
    keys = [set(re.findall(r'data-key="(\d+,\d+)"', svg)) for svg in (wide, narrow)]
    assert keys[0] == keys[1] != set()


def test_plots_over_time_begin_and_end_at_the_same_place(named):
    places = set()
    for name in ("failures_over_time", "failure_onsets", "timing_over_time", "throughput"):
        svg = charts.to_svg(drawn(name, named), prefix="a", width=800)
        left, _, width, _ = map(float, re.search(r'data-plot="([^"]*)"', svg)[1].split())
        places.add((round(left, -1), round(left + width, -1)))
    assert len(places) == 1


def test_marks_have_the_keys_of_their_groups_and_a_page_sees_no_separators(few):
    svg = charts.to_svg(charts.summarize_failures(few), prefix="a")
    marks = {
        element.get("data-key"): element[0].text
        for element in parsed(svg).iter()
        if element.get("data-key")
    }
    groups = charts.leading_groups(few)["group"].to_list()
    assert marks == {
        str(number): f"Error type: {group}\nFailed receipts: {count}\nOf all failures: {share}"
        for number, (group, count, share) in enumerate(
            zip(groups, (3, 2), ("60.0%", "40.0%"), strict=True)
        )
    }
    assert not re.search("[\u2028\u2029]", svg)
    cells = set(
        re.findall(r'data-key="(\d+,\d+)"', charts.to_svg(charts.failure_heatmap(few), prefix="a"))
    )
    assert cells == {"0,0", "1,0"}


def test_no_error_type_has_the_color_of_an_outcome():
    assert not set(_KNOWN.values()) & set(charts.OUTCOME_COLORS.values())
    assert len(set(_KNOWN.values())) == len(_KNOWN)


# Oklab; 0.02 is about what one can just see side by side.
@pytest.mark.parametrize(
    ("view", "frequent", "any_two", "from_outcomes"),
    [
        ("normal", 0.14, 0.09, 0.1),
        ("deutan", 0.075, 0.045, 0.055),
        ("protan", 0.075, 0.04, 0.055),
        ("tritan", 0.06, 0.045, 0.04),
    ],
)
def test_everyone_can_distinguish_error_types(view, frequent, any_two, from_outcomes):
    seen = [_lab(VIEWS[view](_linear(color))) for color in _KNOWN.values()]
    outcomes = [_lab(VIEWS[view](_linear(color))) for color in charts.OUTCOME_COLORS.values()]
    often = list(_KNOWN)[:8]
    assert set(often) == {
        *("NOT_FOUND", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "PERMISSION_DENIED"),
        *("UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "ALREADY_EXISTS"),
    }
    assert _least(seen[:8], seen[:8]) > frequent
    assert _least(seen, seen) > any_two
    assert _least(seen[:8], outcomes[:2]) > from_outcomes
    assert _least(seen, outcomes) > 0.04


@pytest.mark.parametrize("ground", ["#ffffff", ink_for("dark")["#ffffff"]])
def test_colors_of_error_types_contrast_with_light_and_dark_ground(ground):
    below = _luminance(ground)
    for color in _KNOWN.values():
        low, high = sorted((below, _luminance(color)))
        assert (high + 0.05) / (low + 0.05) >= 3


def _luminance(color):
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), _linear(color), strict=True))


def _least(some, others):
    return min(math.dist(one, other) for one in some for other in others if one is not other)


def test_former_names_go_on_working():
    assert charts.OUTCOME_COLOURS is charts.OUTCOME_COLORS
    assert charts.group_colours is charts.group_colors


def _linear(color):
    levels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in levels]


def _times(matrix, vector):
    return [max(0, sum(a * b for a, b in zip(row, vector, strict=True))) for row in matrix]


def _normal(color):
    return color


def _deutan(color):  # Machado, Oliveira and Fernandes (2009), severity 1
    return _times(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.01182, 0.04294, 0.968881]],
        color,
    )  # fmt: skip


def _protan(color):
    return _times(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]],
        color,
    )  # fmt: skip


def _tritan(color):
    return _times(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]],
        color,
    )  # fmt: skip


VIEWS = {"normal": _normal, "deutan": _deutan, "protan": _protan, "tritan": _tritan}


def _lab(color):  # Oklab
    cones = _times(
        [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
         [0.0883024619, 0.2817188376, 0.6299787005]], color,
    )  # fmt: skip
    long, medium, short = (cone ** (1 / 3) for cone in cones)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
