import altair as alt
import polars as pl
import pytest

from clinia_nb import charts
from clinia_nb.receipts import SCHEMA, parse_receipts
from clinia_nb.samples import generate_bulk

NAMES = (
    "summarize_failures",
    "failures_over_time",
    "summarize_timing",
    "timing_over_time",
    "throughput",
)


@pytest.fixture(scope="module")
def outage():
    return parse_receipts(generate_bulk("outage").body, source_key="s", bulk_id="b")


@pytest.fixture(autouse=True)
def own_renderer():
    before = alt.renderers.active
    yield
    alt.renderers.enable(before)


def drawn(chart):
    bundle = chart._repr_mimebundle_()
    return (bundle[0] if isinstance(bundle, tuple) else bundle)["image/svg+xml"]


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_drawn_as_svg_with_its_marks(outage, name):
    alt.renderers.enable("default")
    svg = drawn(getattr(charts, name)(outage))
    assert svg.startswith("<svg")
    assert svg.count("<path") > 10
    assert "http://" not in svg.replace("http://www.w3.org", "")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rows", [0, 1])
def test_a_chart_of_nothing_or_of_one_receipt_is_drawn(outage, name, rows):
    alt.renderers.enable("default")
    frame = outage.head(rows)
    assert frame.schema == SCHEMA
    assert drawn(getattr(charts, name)(frame)).startswith("<svg")


@pytest.mark.parametrize("name", NAMES)
def test_a_renderer_that_the_user_chose_is_left_alone(outage, name):
    alt.renderers.enable("png")
    getattr(charts, name)(outage)
    assert alt.renderers.active == "png"


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_stays_small_whatever_the_number_of_error_types(outage, name):
    many = outage.with_columns(
        pl.format("TYPE_{}", pl.int_range(pl.len()) % 500).cast(pl.Categorical).alias("error_type"),
        pl.lit("FAILURE").alias("status"),
    )
    chart = getattr(charts, name)(many)
    assert len(chart.to_json(indent=None)) < 100_000


def test_the_long_tail_of_groups_is_folded_and_said_so(outage):
    many = outage.with_columns(
        pl.format("T{}", pl.int_range(pl.len()) % 30).alias("error_type"),
        pl.lit("FAILURE").alias("status"),
    )
    assert "other (20)" in charts.summarize_failures(many).to_json()


def test_hostile_text_in_a_group_adds_no_markup(outage):
    hostile = outage.with_columns(
        pl.when(pl.col("error_type").is_not_null()).then(pl.lit("</svg><script>x</script>")).alias("error_type")
    )  # fmt: skip
    alt.renderers.enable("default")
    assert "<script>" not in drawn(charts.summarize_failures(hostile))
