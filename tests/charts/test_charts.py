import base64
import json
import random
import re
from datetime import timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import altair as alt
import polars as pl
import pytest
from hypothesis import given
from support.bulks import generated
from support.drawings import OF_ATTEMPTS, draw, drawn, picture, spec
from support.examples import examples
from support.frames import at, frame, receipts, receipts_of_all_ages, took
from support.planted import several_outages

from clinia_nb import charts
from clinia_nb.analysis.contrast import contrast_failures
from clinia_nb.analysis.failures import summarize_failures
from clinia_nb.analysis.onsets import failure_onsets
from clinia_nb.analysis.retry import retry_records
from clinia_nb.analysis.timing import throughput
from clinia_nb.display.renderer import draw_json
from clinia_nb.errors import IntervalError
from clinia_nb.receipts.outcome import failed
from clinia_nb.receipts.parse import SCHEMA, parse_receipts
from clinia_nb.signatures.sign import with_signatures

CHARTS = (
    "bulk_trends",
    "contrast_failures",
    "count_outcomes",
    "duration_distribution",
    "failure_heatmap",
    "failure_onsets",
    "failure_signatures",
    "failure_values",
    "failures_over_time",
    "retry_plan",
    "signature_history",
    "summarize_failures",
    "summarize_timing",
    "throughput",
    "timing_over_time",
)
OVER_TIME = ("failure_onsets", "failures_over_time", "throughput", "timing_over_time")
HOSTILE = (
    "</svg></script><script>alert(1)</script>",
    '" onload="alert(1)',
    "<img src=x onerror=alert(1)>",
    "خطأ في التحقق \u202eabc",
    "🏥🚑" * 200,
    "x" * 10_000,
    "a\x00b\x07\x1b[31m\n\u2028c",
    "",
    "   ",
    "{{datum}} ${x} \\' ]",
    'url(#clip1) id="clip1"',
    "other (3)",
    "#1c2430",
    None,
)  # fmt: skip


def sample(scenario):
    body = generated(scenario).body
    return parse_receipts(body, source_key="s", bulk_id="b")


@pytest.fixture(scope="module")
def mixed():
    return sample("mixed")


@pytest.fixture(scope="module")
def outage():
    return sample("outage")


@pytest.fixture(scope="module")
def hostile(mixed):
    texts = pl.Series([HOSTILE[row % len(HOSTILE)] for row in range(mixed.height)], dtype=pl.String)
    return mixed.with_columns(
        texts.cast(pl.Categorical).alias("error_type"),
        texts.cast(pl.Categorical).alias("type"),
        texts.alias("error_message"),
        pl.lit("FAILURE").cast(pl.Categorical).alias("status"),
    )


@pytest.fixture(scope="module")
def many(mixed):
    """Many receipts, each of 10,000 error types, types and messages as often as another."""
    tiled = pl.concat([mixed] * 30)
    number = pl.int_range(pl.len()) % 10_000
    return tiled.with_columns(
        pl.format("🏥 ERROR WITH A LONG NAME {}", number).cast(pl.Categorical).alias("error_type"),
        pl.format("relationship-number-{}", number).cast(pl.Categorical).alias("type"),
        pl.format("🏥🚑 problem <{}> of a long name", number).alias("signature"),
        pl.lit("FAILURE").cast(pl.Categorical).alias("status"),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def own_renderer():
    before = alt.renderers.active
    alt.renderers.enable("default")
    yield
    alt.renderers.enable(before)


def shown(chart):
    bundle = chart._repr_mimebundle_()
    return bundle[0] if isinstance(bundle, tuple) else bundle


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - it was drawn here


def rows(chart, *fields):
    """Return the rows of the first data of a chart that has these fields."""
    for data in chart.to_dict(validate=False)["datasets"].values():
        if data and set(fields) <= set(data[0]):
            return [tuple(row[field] for field in fields) for row in data]
    raise AssertionError(fields)


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


# What a cell shows


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
def test_a_cell_shows_a_chart_as_svg_with_its_marks_and_loads_nothing(outage, name):
    bundle = shown(drawn(name, outage))
    page = Page(bundle["text/html"])
    assert list(bundle) == ["text/html"] or set(bundle) == {"text/html", "text/plain"}
    assert page.tags.count("svg") == 1
    assert page.tags.count("path") + page.tags.count("rect") > 1
    assert "script" not in page.tags
    outside = [value for name, value in page.attributes if name in {"href", "src", "xlink:href"}]
    assert all(value.startswith("data:image/svg+xml;base64,") for value in outside)


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
def test_a_picture_on_white_stands_by_where_styles_and_svg_are_taken_out(mixed, name):
    chart = drawn(name, mixed)
    page = Page(shown(chart)["text/html"])
    alternatives = [value for name, value in page.attributes if name == "alt"]
    assert alternatives == [chart.description]
    (source,) = (value for name, value in page.attributes if name == "src")
    picture = base64.b64decode(source.split(",")[1]).decode()
    assert parsed(picture).attrib["role"] == "img"
    assert "var(" not in picture


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
def test_a_renderer_that_the_user_chose_is_left_alone(outage, name):
    alt.renderers.enable("png")
    draw(name, outage)
    assert alt.renderers.active == "png"


def test_a_chart_of_the_users_own_is_drawn_in_the_inks_of_the_page(outage):
    draw("throughput", outage)
    own = alt.Chart(pl.DataFrame({"a": ["x"], "b": [1]})).mark_bar().encode(x="b:Q", y="a:N")
    html = shown(own.configure_axis(labelFontSize=17))["text/html"]
    svg = html[html.index("<svg") : html.index("</svg>")]
    assert "var(--ink" in svg
    assert 'font-size="17px"' in svg
    assert 'fill="#000"' not in svg


# The same everywhere


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
@pytest.mark.parametrize("height", [0, 1])
def test_nothing_and_one_receipt_are_drawn(mixed, name, height):
    chart = draw(name, mixed.filter(failed()).head(height))
    assert isinstance(chart, alt.LayerChart)
    parsed(charts.to_svg(chart, prefix="a"))
    if not height:
        told = (
            "No receipt",
            "No durations",
            "No value",
            "There are no",
            "No record",
            "Nothing sets",
            "After attempt 1: 0",
        )
        assert any(words in chart.description for words in told)


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
def test_marks_are_described_in_words_or_not_at_all(mixed, name):
    svg = picture(name, mixed)
    titles = [e.text for e in parsed(svg).iter() if e.tag.endswith("title")]
    for line in "\n".join(titles).splitlines():
        name, _, words = line.partition(": ")
        assert not re.match("[a-z]", name)  # not the name of a field
        assert words
        assert "; " not in name


@pytest.mark.parametrize("width", [340, 720, 1340])
def test_the_figures_of_the_longest_bar_fit_at_any_width(mixed, width):
    svg = charts.to_svg(charts.summarize_failures(mixed), prefix="a", width=width)
    [(text, x)] = re.findall(r"translate\(([\d.]+),[^>]*>([\d,]+ · [\d.]+%)<", svg)[:1]
    assert float(text) + 7 * len(x) <= width


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
def test_a_chart_stays_small_whatever_there_is_of_receipts_and_kinds(many, name):
    assert len(drawn(name, many).to_json(indent=None)) < 100_000


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
def test_a_chart_of_hostile_texts_is_small_xml_without_their_markup(hostile, name):
    chart = drawn(name, hostile)
    assert len(chart.to_json(indent=None)) < 100_000
    svg = charts.to_svg(chart, prefix="h")
    allowed = {"svg", "g", "path", "rect", "line", "text", "tspan", "title", "defs", "clipPath"}
    elements = list(parsed(svg).iter())
    assert {element.tag.split("}")[1] for element in elements} <= allowed
    assert not any(key.startswith("on") for element in elements for key in element.attrib)
    assert max(len(element.text or "") for element in elements) < 1_000


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
def test_a_chart_can_be_layered_put_beside_another_and_made_selectable(mixed, name):
    chart = drawn(name, mixed)
    mark = alt.Chart(pl.DataFrame({"a": [1]})).mark_rule().encode(x=alt.value(10))
    picked = alt.selection_point(name="picked", fields=["group"])
    for made in (chart + mark, alt.vconcat(chart, chart), chart.add_params(picked)):
        parsed(charts.to_svg(made, prefix="a"))
    assert '"name": "picked"' in chart.add_params(picked).to_json()


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
def test_on_dark_ground_no_ink_of_white_ground_is_left(mixed, name):
    chart = drawn(name, mixed)
    before = spec(name, mixed)
    light, dark = (charts.to_svg(chart, prefix="a", ground=ground) for ground in ("light", "dark"))
    assert '"#1c2430"' in light
    assert not re.search('"(#1c2430|#56616f|#d8dde4|#ffffff|white)"', dark)
    assert '"#14181f"' in dark
    assert chart.to_dict(validate=False) == before
    assert charts.themed(chart, "dark").to_dict()["background"] == "#14181f"


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
def test_marks_can_be_picked_and_time_be_brushed(mixed, name):
    chart = drawn(name, mixed)
    before = spec(name, mixed)
    picked, brushed = charts.pickable(chart, field=["group", "x"]), charts.brushable(chart)
    by_mark, by_time = picked.to_dict(), brushed.to_dict()
    assert by_mark["params"][0]["select"]["type"] == "point"
    assert by_time["params"][0]["select"]["type"] == "interval"
    assert by_mark["params"][0]["select"]["fields"] == ["group", "x"]
    faded = [layer["encoding"].get("fillOpacity") for layer in by_mark["layer"]]
    assert {"condition": {"param": "picked", "value": 1}, "value": 0.3} in faded
    assert chart.to_dict(validate=False) == before
    for made in (picked, brushed):
        parsed(charts.to_svg(made, prefix="a"))


@pytest.mark.parametrize("name", [*CHARTS, *OF_ATTEMPTS])
@pytest.mark.parametrize("ground", ["auto", "light", "dark"])
def test_a_themed_chart_is_a_chart_that_draws_the_same(mixed, name, ground):
    chart = drawn(name, mixed)
    themed = charts.themed(chart, ground)
    assert isinstance(themed, alt.LayerChart)
    assert charts.to_svg(themed, prefix="a", ground=ground) == picture(name, mixed, ground)


def test_a_name_that_looks_like_an_ink_is_not_changed():
    receipts_frame = frame({"status": "FAILURE", "error_type": "#1c2430", "received_at": at(0)})
    svg = charts.to_svg(charts.summarize_failures(receipts_frame), prefix="a", ground="dark")
    assert ">#1c2430<" in svg


def test_an_unknown_ground_is_refused(mixed):
    with pytest.raises(ValueError, match="'light', 'dark', 'auto'"):
        charts.themed(charts.count_outcomes(mixed), "gray")


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_a_saved_chart_stands_alone(mixed, tmp_path, suffix):
    charts.summarize_failures(mixed).save(tmp_path / f"chart.{suffix}")
    saved = (tmp_path / f"chart.{suffix}").read_bytes()
    assert saved.startswith({"svg": b"<svg", "png": b"\x89PNG"}[suffix])
    assert b"var(--" not in saved


@examples(8)
@given(receipts() | receipts_of_all_ages())
def test_any_receipts_can_be_drawn(receipts_frame):
    for name in (*CHARTS, *OF_ATTEMPTS):
        assert type(draw(name, receipts_frame).to_dict()) is dict


@examples(15)
@given(receipts())
def test_bars_add_up_to_all_failures(receipts_frame):
    number = receipts_frame.filter(failed()).height
    groups = charts.leading_groups(receipts_frame, by=["type", "error_type"], most=2)
    assert groups["failures"].sum() == number
    assert groups["group"].n_unique() == groups.height
    if number:
        cells = rows(charts.failure_heatmap(receipts_frame, most=1), "row", "column", "failures")
        assert sum(failures for *_, failures in cells) == number


# SVG


def test_equal_charts_give_equal_bytes_and_other_prefixes_other_ids(outage):
    clipped = charts.throughput(outage).properties(view={"cornerRadius": 3})
    clipped.layer[0].mark.clip = True
    one = charts.to_svg(clipped, prefix="one")
    draw_json.cache_clear()
    again, other = (charts.to_svg(clipped, prefix=prefix) for prefix in ("one", "other"))
    ids = re.findall(r'id="([^"]+)"', one)
    assert one == again
    assert ids
    assert all(name.startswith("one-") for name in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", one)) <= set(ids)
    assert not set(ids) & set(re.findall(r'id="([^"]+)"', other))


def test_svg_scales_and_describes_what_it_shows(mixed):
    svg = charts.to_svg(charts.summarize_failures(mixed), prefix="a")
    root = parsed(svg).attrib
    assert root["role"] == "img"
    assert root["aria-label"].startswith("364 failed receipts by error type. NOT_FOUND: 199")
    assert root["width"] == "100%"
    assert "height" not in root
    assert re.fullmatch(r"0 0 \d+ \d+", root["viewBox"])


def test_a_mark_shows_its_figures_at_the_pointer(mixed):
    svg = charts.to_svg(charts.summarize_failures(mixed), prefix="a")
    titles = [element.text for element in parsed(svg).iter() if element.tag.endswith("title")]
    told = "Error type: NOT_FOUND\nFailed receipts: 199\nOf all failures: 54.7%"
    assert titles.count(told) == 1


@pytest.mark.parametrize("prefix", ["", "1a", 'a"b', "a b", "é"])
def test_a_prefix_that_is_not_an_id_is_refused(mixed, prefix):
    with pytest.raises(ValueError, match="letters, digits"):
        charts.to_svg(charts.count_outcomes(mixed), prefix=prefix)


# Colors


def test_an_error_type_has_one_color_in_every_chart(mixed):
    found, leading = [], charts.leading_groups(mixed)
    for name in ("summarize_failures", "failures_over_time", "failure_signatures"):
        color = spec(name, mixed)["layer"][0]["encoding"]["color"]
        scale, names = color["scale"], [row[0] for row in leading.select("group").iter_rows()]
        assert scale["domain"] == list(range(len(names)))
        found.append(dict(zip(names, scale["range"], strict=True)))
    assert found[0] == found[1] == found[2]
    assert found[0]["NOT_FOUND"] == charts.group_colors(["NOT_FOUND"])["NOT_FOUND"]


def test_colors_do_not_depend_on_order_and_are_unlike_while_there_are_enough():
    names = ["INTERNAL", "NOT_FOUND", *(f"OWN_{number}" for number in range(10))]
    colors = charts.group_colors(names)
    assert charts.group_colors(names[::-1]) == colors
    assert len(set(colors.values())) == len(names)
    assert set(charts.group_colors([*names, "x"]).values()) <= set(colors.values())


def test_colors_of_the_whole_stay_those_of_a_part():
    part = frame({"status": "FAILURE", "error_type": "OWN", "received_at": at(0)})
    made = charts.failures_over_time(part, colors={"OWN": "#123456"})
    assert made.to_dict()["layer"][0]["encoding"]["color"]["scale"]["range"] == ["#123456"]


# One by one


def test_outcomes_are_named_with_their_counts_and_the_smallest_is_visible():
    receipts_frame = frame(*[{"status": "SUCCESS"}] * 999, {"status": "FAILURE"})
    made = rows(charts.count_outcomes(receipts_frame), "outcome", "receipts", "begin", "end")
    assert [row[:2] for row in made] == [("succeeded", 999), ("failed", 1)]
    assert made[1][3] - made[1][2] > 0.005


def test_the_long_tail_is_folded_and_named_as_such(many):
    made = rows(charts.summarize_failures(many), "group", "failures")
    assert len(made) == 11
    assert made[-1] == ("other (9,990)", 60_000 - 60)


def test_a_tail_of_one_is_not_folded():
    receipts_frame = frame(*({"status": "FAILURE", "error_type": name} for name in "ABC"))
    made = rows(charts.summarize_failures(receipts_frame, most=2), "group")
    assert made == [("A",), ("B",), ("C",)]


def test_texts_that_look_the_same_stay_apart():
    names = [None, "no error type", "a\nb", "a b"]
    receipts_frame = frame(*({"status": "FAILURE", "error_type": name} for name in names))
    groups = charts.leading_groups(receipts_frame)
    assert sorted(groups["group"]) == ["a b", "a b (2)", "no error type", "no error type (2)"]


def test_bars_follow_the_summary(mixed):
    summary = summarize_failures(mixed, by="type")
    expected = [(name, number) for name, number in summary.select("type", "failures").iter_rows()]
    assert rows(charts.summarize_failures(mixed, by="type"), "group", "failures") == expected


def test_cells_of_the_heat_map_are_counts_of_both():
    receipts_frame = frame(
        *[{"status": "FAILURE", "error_type": "A", "type": "x"}] * 2,
        {"status": "FAILURE", "error_type": "A", "type": None},
        {"status": "FAILURE", "error_type": "B", "type": "x"},
    )
    made = rows(charts.failure_heatmap(receipts_frame), "row", "column", "failures")
    assert made == [("A", "x", 2), ("A", "no type", 1), ("B", "x", 1)]


def test_leads_are_drawn_with_their_rates_and_excess(mixed):
    lead = contrast_failures(mixed).row(0, named=True)
    chart = charts.contrast_failures(mixed)
    assert rows(chart, "group", "inside", "outside", "excess") == [
        (lead["condition"], lead["failure_rate"], lead["failure_rate_outside"], lead["excess"])
    ]


def test_values_are_ranked_at_their_places_and_the_others_counted():
    texts = [f"no clinic 'c{number}' here" for number in (1, 1, 1, 2, 2, 3, 4, 5, 6, 7)]
    receipts_frame = frame(*({"status": "FAILURE", "error_message": text} for text in texts))
    made = rows(charts.failure_values(receipts_frame, most=2), "value", "failures", "share")
    assert [row[:2] for row in made] == [("c1", 3), ("c2", 2), ("other (5)", 5)]
    assert [row[2] for row in made] == pytest.approx([0.3, 0.2, 0.5])


def test_values_that_never_repeat_are_not_drawn():
    texts = [f"no clinic 'c{number}' here" for number in range(12)]
    receipts_frame = frame(*({"status": "FAILURE", "error_message": text} for text in texts))
    assert "No value repeats" in charts.failure_values(receipts_frame).description


def test_a_chart_without_leads_says_so():
    even = frame(*[{"status": "FAILURE", "type": "x"}, {"status": "SUCCESS", "type": "x"}] * 20)
    assert "Nothing sets the failures apart." in charts.contrast_failures(even).to_json()


def test_a_chart_without_leads_says_so_of_receipts_in_duckdb_too():
    duckdb = pytest.importorskip("duckdb")
    even = frame(*[{"status": "FAILURE", "type": "x"}, {"status": "SUCCESS", "type": "x"}] * 20)
    held = duckdb.from_arrow(even.drop("duration").to_arrow())
    assert charts.contrast_failures(held).description.endswith("Nothing sets the failures apart.")


@pytest.mark.parametrize(
    ("failures", "words"), [(0, "No receipts failed."), (4, "Too few failures to tell.")]
)
def test_without_leads_a_chart_says_what_there_is_to_compare(failures, words):
    few = frame(*[{"status": "FAILURE"}] * failures, *[{"status": "SUCCESS"}] * 30)
    assert charts.contrast_failures(few).description.endswith(words)


def test_the_burst_of_the_outage_is_marked_where_it_was(outage):
    chart = charts.failure_onsets(outage)
    (lane, *_) = rows(chart, "kind", "shape", "burst", "burst_ends")
    (planted,) = (c for c in generated("outage").causes if c.name == "outage")
    assert lane[0] == "INTERNAL"
    assert lane[1] == "a burst"  # it ended, though single failures came after it
    assert abs(lane[2] / 1_000 - planted.begins.timestamp()) < 5
    assert abs(lane[3] / 1_000 - planted.ends.timestamp()) < 5


def test_every_burst_has_a_line():
    planted = several_outages(random.Random(5)).receipts
    (onset,) = failure_onsets(planted, by="error_type").rows(named=True)
    begins = [at_ms.timestamp() * 1_000 for at_ms in onset["all_begin"]]
    chart = charts.failure_onsets(planted, by="error_type")
    assert [begin for (begin,) in rows(chart, "burst")] == begins
    assert {shape.split(",")[0] for (shape,) in rows(chart, "shape")} == {f"{len(begins)} bursts"}
    assert len(begins) > 1


def test_recommendations_count_each_record_once(mixed):
    made = rows(charts.retry_plan(mixed), "recommendation", "records")
    counted = retry_records(mixed)["recommendation"].cast(pl.String).value_counts()
    assert dict(made) == dict(counted.iter_rows())


def test_durations_without_a_place_on_a_log_scale_are_counted_in_a_note():
    seconds = [0.1, 1, 10, 0, -1]
    receipts_frame = frame(
        *({"status": "SUCCESS", "received_at": at(0), "completed_at": at(s)} for s in seconds)
    )
    chart = charts.duration_distribution(receipts_frame)
    assert (
        sum(
            number
            for (number,) in rows(
                chart,
                "receipts",
            )
        )
        == 3
    )
    assert "Left out: 2 with zero or negative duration" in chart.description
    (smallest, *_) = rows(chart, "shortest", "longest")
    assert smallest[0] == pytest.approx(0.1)
    assert smallest[1] > smallest[0]


@pytest.mark.parametrize(
    "seconds", [[0.8], [0.011, 0.014], [2.2, 2.6, 3.1], [61, 88], [4_000, 4_900], [90_000]]
)
@pytest.mark.parametrize("name", ["duration_distribution", "timing_over_time"])
def test_an_axis_of_durations_has_labels_however_alike_they_are(name, seconds):
    ended = ({"status": "SUCCESS", "received_at": at(0), "completed_at": at(s)} for s in seconds)
    encoding = draw(name, frame(*ended)).to_dict()["layer"][0]
    encoding = encoding.get("layer", [encoding])[0]["encoding"]
    axis, scale = next(
        (channel["axis"], channel["scale"])
        for channel in encoding.values()
        if isinstance(channel, dict) and channel.get("scale", {}).get("type") == "log"
    )
    low, high = scale["domain"]
    assert len([tick for tick in axis["values"] if low <= tick <= high]) >= 2


@pytest.mark.parametrize("span", [0.02, 0.3, 1.7, 4.4])
def test_an_axis_within_seconds_has_its_milliseconds(span):
    svg = charts.to_svg(charts.failures_over_time(failing_at(0, span)), prefix="a")
    labels = [e.text for e in parsed(svg).iter() if e.tag.endswith("text")]
    times = [text for text in labels if re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3}", text or "")]
    assert len(set(times)) >= 3
    assert times == sorted(times)


def test_percentiles_are_marked():
    receipts_frame = frame(
        *({"status": "SUCCESS", "received_at": at(0), "completed_at": at(s)} for s in range(1, 101))
    )
    text = charts.duration_distribution(receipts_frame).to_json()
    assert all(label in text for label in ("p50 50.0 s", "p95 1 min 35 s", "p99 1 min 39 s"))


def test_flows_are_drawn_per_interval_and_the_last_one_ends_where_it_does(outage):
    expected = throughput(outage)
    made = rows(charts.throughput(outage), "begins", "received", "completed", "in_flight")
    assert [row[1:] for row in made[:-1]] == expected.drop("interval_start").rows()
    assert made[-1][1:] == made[-2][1:]
    assert made[-1][0] - made[-2][0] == 30_000


def test_steps_of_a_comparison_leave_out_what_never_failed(outage):
    chart = charts.compare_bulks(outage, sample("retry"))
    assert rows(chart, "step", "change", "records")[0] == (1, "fixed", 244)
    assert "1,719 that failed neither before nor after are left out" in chart.description
    made = rows(charts.failing_so_far(outage, sample("retry")), "attempt", "records")
    assert made == [(1, 281), (2, 37)]


def test_one_attempt_is_not_compared(outage):
    with pytest.raises(TypeError, match="One attempt"):
        charts.compare_bulks(outage)


# Time


def failing_at(*seconds):
    return frame(*({"status": "FAILURE", "received_at": at(s)} for s in seconds))


def test_times_are_utc_and_said_so():
    chart = charts.failures_over_time(failing_at(0, 60))
    assert rows(chart, "begins")[0] == (at(0).timestamp() * 1_000,)
    assert chart.to_dict()["layer"][0]["encoding"]["x"]["title"] == "2025-05-06, UTC"


@pytest.mark.parametrize("name", OVER_TIME)
def test_times_are_in_the_zone_asked_for(mixed, name):
    chart = getattr(charts, name)
    here, there = chart(mixed), chart(mixed, time_zone="America/Toronto")
    begins, shifted = (rows(made, "begins")[0][0] for made in (here, there))
    assert shifted - begins == -4 * 3_600_000
    assert "EDT (UTC−04:00)" in json.dumps(there.to_dict(), ensure_ascii=False)


def test_the_offset_is_that_of_the_moment():
    summer = charts.utc_offset(at(0), "Europe/Paris")
    winter = charts.utc_offset(at(0) + timedelta(days=210), "Europe/Paris")
    assert (summer, winter) == (timedelta(hours=2), timedelta(hours=1))


@pytest.mark.parametrize("name", OVER_TIME)
@pytest.mark.parametrize("zone", ["Mars/Olympus", "", None])
def test_an_unknown_zone_is_refused(mixed, name, zone):
    with pytest.raises(ValueError, match="is not a known time zone"):
        getattr(charts, name)(mixed, time_zone=zone)


@pytest.mark.parametrize("name", OVER_TIME)
def test_more_intervals_than_can_be_drawn_are_refused(mixed, name):
    with pytest.raises(IntervalError, match=r"more than the 200 .* such as '30s'"):
        getattr(charts, name)(mixed, every="1s")


def test_failures_without_a_time_are_left_out_and_counted():
    receipts_frame = pl.concat([failing_at(0, 1), frame({"status": "FAILURE"})])
    chart = charts.failures_over_time(receipts_frame)
    assert sum(number for (number,) in rows(chart, "failures")) == 2
    assert "1 without a time are left out" in chart.description


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("failure_onsets", "No failed receipt has a known time."),
        ("failures_over_time", "No failed receipt has a known time."),
        ("throughput", "No receipts have a time."),
        ("duration_distribution", "No durations are known."),
        ("summarize_timing", "No durations are known."),
        ("timing_over_time", "No durations are known."),
    ],
)
def test_without_any_time_a_chart_says_that_times_are_missing(name, words):
    untimed = [{"id": str(number), "status": "FAILURE"} for number in range(9)]
    chart = draw(name, frame(*untimed, {"id": "a", "status": "SUCCESS"}))
    assert chart.description.endswith(words)


def test_an_interval_without_receipts_is_a_gap_in_the_durations():
    receipts_frame = frame(
        *(
            {"status": "SUCCESS", "received_at": at(s), "completed_at": at(s) + took(1)}
            for s in (0, 100)
        )
    )
    chart = charts.timing_over_time(receipts_frame, every="10s")
    first, second = (at(s).timestamp() * 1_000 for s in (0, 100))
    assert rows(chart, "begins", "completed", "p50") == [(first, 1, 1.0), (second, 1, 1.0)]
    # A line per run of intervals: each ends where its last interval does.
    assert rows(chart, "begins", "run") == [
        (first, 0), (first + 10_000, 0), (second, 1), (second + 10_000, 1)
    ]  # fmt: skip


@pytest.mark.parametrize("every", ["100us", "1d", "1w", "1mo"])
def test_short_and_long_intervals_are_drawn(every):
    chart = charts.failures_over_time(failing_at(0, 0.001), every=every)
    parsed(charts.to_svg(chart, prefix="a"))


def test_signatures_are_found_once_where_the_frame_has_them(mixed):
    signed = with_signatures(mixed)
    assert charts.failure_signatures(signed).to_dict() == charts.failure_signatures(mixed).to_dict()


def test_a_schema_of_receipts_is_all_that_is_needed():
    lazy = pl.LazyFrame(schema=SCHEMA)
    assert "There are no receipts" in charts.count_outcomes(lazy).description
