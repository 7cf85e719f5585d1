"""The selection, and what a study gives for it: rows, pages, details, code."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.examples import examples
from support.frames import frame, receipts

import clinia_nb as cnb
from clinia_nb.bulk import BulkResult
from clinia_nb.explorer.prepared import PAGE_SIZE, ROW, SORTABLE, Order, Study
from clinia_nb.explorer.sections import code as code_for
from clinia_nb.explorer.selection import PICKABLE, Pick, Selection
from clinia_nb.sandbox.generator import generate_bulk
from clinia_nb.sandbox.samples import list_samples

MIXED = next(sample for sample in list_samples() if sample.name == "mixed")
FIRST = datetime(2026, 3, 9, 21, 4, 17, tzinfo=UTC)
IMPORTS = {
    "import clinia_nb as cnb", "import polars as pl", "from datetime import UTC, datetime",
}  # fmt: skip
HOSTILE = '\'] or True; """ </script> \u202e \\N{BULLET} {x!r}'


def bulk_of(body, **keywords):
    return BulkResult.from_json(body, source_key="s", bulk_id="b", **keywords)


@pytest.fixture(scope="module")
def study():
    return mixed_study()


def kept(values, pick):
    frame = pl.DataFrame({pick.column: values}, schema={pick.column: pl.Categorical})
    return frame.filter(pick.test)[pick.column].to_list()


@pytest.mark.parametrize(
    ("values", "others", "expected"),
    [
        (("A",), False, ["A"]),
        (("A", None), False, ["A", None]),
        ((None,), False, [None]),
        (("A",), True, ["B", None]),
        (("A", None), True, ["B"]),
        ((None,), True, ["A", "B"]),
        (("Z",), False, []),
        ((), False, []),
        ((), True, ["A", "B", None]),
    ],
)
def test_a_pick_keeps_its_values_or_all_others(values, others, expected):
    assert kept(["A", "B", None], Pick("error_type", values, others)) == expected


def test_only_known_columns_are_picked():
    with pytest.raises(cnb.CliniaError, match="error_message"):
        Pick("error_message", ("x",))


def test_a_value_is_toggled_in_and_out_and_columns_are_met_together():
    one = Selection().toggled("error_type", "A").toggled("action", None).toggled("error_type", "B")
    assert one.picks == (Pick("action", (None,)), Pick("error_type", ("A", "B")))
    assert one.toggled("error_type", "A").pick("error_type") == Pick("error_type", ("B",))
    assert one.toggled("action", None).picks == (Pick("error_type", ("A", "B")),)


def test_a_cell_picks_both_columns_and_the_same_cell_again_picks_neither():
    cell = (Pick("error_type", ("A",)), Pick("type", ("t",)))
    before = Selection().toggled("error_type", "B").toggled("action", "CREATE")
    crossed = before.picking(*cell)
    assert crossed.picks == (Pick("action", ("CREATE",)), *cell)
    assert crossed.picking(*cell).picks == (Pick("action", ("CREATE",)),)


def test_a_stretch_of_time_is_ordered_in_utc_and_never_empty():
    later = FIRST + timedelta(minutes=5)
    toronto = FIRST.astimezone(timezone(timedelta(hours=-4)))
    assert Selection().between(later, toronto) == Selection(begins=FIRST, ends=later)
    assert Selection().between(later, toronto).begins.tzinfo is UTC
    assert Selection().between(FIRST, FIRST).ends == FIRST + timedelta(milliseconds=1)
    assert not Selection().between(FIRST, None)


def test_chips_say_each_part_and_removing_all_of_them_leaves_nothing():
    selection = (
        Selection()
        .toggled("error_type", None)
        .picking(Pick("signature", ("a", "b"), others=True))
        .between(FIRST, FIRST + timedelta(minutes=1))
        .searching("  x y ")
    )
    assert [chip.words for chip in selection.chips()] == [
        "error type none",
        "signature other than the 2 leading",
        "received 2026-03-09 21:04:17 to 21:05:17 UTC",
        "contains x y",
    ]
    for chip in selection.chips():
        selection = selection.without(chip.part)
    assert selection == Selection()


def test_the_text_is_found_in_ids_errors_and_details_whatever_the_case():
    body = b"""{"status": "FAILURE", "receipts": [
        {"id": "Needle", "status": "SUCCESS"}, {"id": "2", "status": "SUCCESS"},
        {"id": "3", "status": "FAILURE", "error": {"message": "a NEEDLE"}},
        {"id": "4", "status": "FAILURE", "error": {"details": [{"message": "needles"}]}},
        {"id": "5", "status": "SUCCESS", "pipelineExecution": {"id": "xneedle"}},
        {"id": "6", "status": "FAILURE", "error": {"message": "n.*e", "type": "NEEDLE_LOST"}}]}"""
    study = Study.of(bulk_of(body))
    found = study.selected(Selection().searching("needle"))
    assert found["id"].to_list() == ["Needle", "3", "4", "5", "6"]
    assert study.selected(Selection().searching("n.*e"))["id"].to_list() == ["6"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("école", ["1", "2"]),
        ("ÉCOLE", ["1", "2"]),
        ("ecole", []),
        ("“au nord”", ["1"]),
        ("« au nord » École", ["1"]),
        ("é.o", []),
        ("[É]", ["3"]),
    ],
)
def test_a_search_finds_letters_of_either_case_with_accents_and_any_quotes(text, found):
    messages = {"1": "École au Nord", "2": "Nord, au coin: école", "3": "[é]"}
    rows = frame(*({"id": k, "error_message": v} for k, v in messages.items()))
    study = Study.of(BulkResult.from_receipts(rows, source_key="s", bulk_id="b"))
    selection = Selection().searching(text)
    assert study.selected(selection)["id"].to_list() == found
    names = {"receipts": rows}
    exec(selection.code(), names)  # noqa: S102 - what a user runs
    assert names["selected"]["id"].to_list() == found


def test_a_blank_value_is_not_said_to_be_missing():
    assert Pick("action", ("", None)).words == "action blank or none"


@cache
def mixed_study():
    return Study.of(cnb.Client.sandbox().fetch_bulk(MIXED.source_key, MIXED.bulk_id))


@cache
def few():
    return Study.of(bulk_of(generate_bulk("mixed", receipts=300).body))


@cache
def mixed_values():
    table = mixed_study().table
    return {name: [*table[name].cast(pl.String).unique().sort()] for name in PICKABLE}


@st.composite
def selections(draw):
    columns = draw(st.lists(st.sampled_from(PICKABLE), max_size=3, unique=True))
    picks = [
        Pick(
            name,
            tuple(draw(st.lists(st.sampled_from(mixed_values()[name]), max_size=4))),
            draw(st.booleans()),
        )
        for name in columns
    ]
    times = st.none() | st.integers(0, 3_000_000).map(lambda ms: FIRST + timedelta(milliseconds=ms))
    text = draw(st.sampled_from(["", "3Aiz", "clinic", HOSTILE]))
    return Selection().picking(*picks).between(draw(times), draw(times)).searching(text)


def run(code, **names):
    exec(code, names)  # noqa: S102 - it is what the user is told to run
    return names["selected"]


def shown_code(study, selection, client="cnb.Client.sandbox()"):
    """Return the code, after a check that it uses public names only."""
    code = code_for(study, selection, client)
    assert {line for line in code.splitlines() if "import" in line} <= IMPORTS
    assert set(re.findall(r"cnb\.(\w+)", code)) <= set(cnb.__all__)
    return code


@examples(25)
@given(selection=selections())
def test_the_shown_code_selects_what_the_explorer_selects(selection):
    study = mixed_study()
    assert_frame_equal(run(shown_code(study, selection)), study.selected(selection))


@pytest.mark.parametrize("column", PICKABLE)
@pytest.mark.parametrize("others", [False, True])
def test_every_filter_of_a_column_has_code_that_runs(column, others):
    study = few()
    known = study.table[column].cast(pl.String).drop_nulls().unique().sort()
    for values in [(), (None,), (known[0],), (known[0], known[-1]), (known[0], None)]:
        selection = Selection().picking(Pick(column, values, others))
        selected = run(shown_code(study, selection, client=""), bulk=study.bulk)
        assert_frame_equal(selected, study.selected(selection))


@pytest.mark.parametrize("kind", ["relationships", "resources", "tasks"])
def test_a_bulk_of_any_kind_has_code_that_fetches_it(kind):
    sample = next(sample for sample in list_samples() if sample.kind == kind)
    fetch = cnb.Client.sandbox().fetch_bulk
    study = Study.of(fetch(sample.source_key, sample.bulk_id, kind=sample.kind))
    assert_frame_equal(run(shown_code(study, Selection())), study.selected(Selection()))


@given(selection=selections(), data=st.data())
def test_rows_are_those_of_the_frame_in_any_order(selection, data):
    study = mixed_study()
    order = data.draw(st.builds(Order, st.sampled_from(["", *SORTABLE]), st.booleans()))
    rows = study.rows(selection, order)
    assert sorted(rows) == sorted(study.rows(selection))
    assert study.count(selection) == study.selected(selection).height
    if order.column:
        frame = study.table[rows]
        again = frame.sort(
            order.column, descending=order.descending, nulls_last=True, maintain_order=True
        )
        assert_frame_equal(frame, again)
    pages = [study.page(selection, order, number) for number in range(study.pages(selection))]
    assert pl.concat(pages)[ROW].to_list() == rows.to_list()
    assert all(page.height <= PAGE_SIZE for page in pages)


@examples(40)
@given(receipts=receipts())
def test_what_is_picked_and_what_is_not_add_up_to_all(receipts):
    answer = BulkResult("s", "b", "relationships", "FAILURE", receipts, b"")
    study = Study.of(answer)
    for column in PICKABLE:
        values = tuple(study.table[column].cast(pl.String).unique().sort().head(2))
        picks = Pick(column, values), Pick(column, values, others=True)
        counted = [study.count(Selection().picking(pick)) for pick in picks]
        assert sum(counted) == receipts.height


def test_a_page_beyond_the_last_is_empty_with_all_columns(study):
    page = study.page(Selection(), None, 10_000)
    assert page.columns == [ROW, *study.table.columns]
    assert page.is_empty()
    assert study.pages(Selection().searching(HOSTILE)) == 1


def test_sorting_turns_up_then_down_then_off():
    order = Order().turned("id")
    assert (order, order.turned("id"), order.turned("id").turned("id")) == (
        Order("id"), Order("id", descending=True), Order(),
    )  # fmt: skip
    with pytest.raises(ValueError, match="nonsense"):
        Order("nonsense")


def test_a_detail_has_every_field_and_its_nested_errors_on_lines_of_their_own():
    body = b"""{"status": "FAILURE", "receipts": [{"id": "1", "status": "FAILURE", "error":
        {"code": 400, "details": [{"message": "m", "details": [{"code": 1}]}]}}]}"""
    study = Study.of(bulk_of(body))
    detail = study.detail(0)
    assert list(detail) == study.table.columns
    assert detail["error_details"].splitlines()[1:3] == ["  {", '    "message": "m",']
    with pytest.raises(IndexError):
        study.detail(1)
    with pytest.raises(IndexError):
        study.detail(-1)


def test_a_study_of_nothing_has_one_empty_page():
    study = Study.of(bulk_of(b'{"status": "SUCCESS"}'))
    assert (study.count(Selection()), study.pages(Selection())) == (0, 1)
    assert study.selected(Selection().toggled("type", None)).is_empty()


def test_the_explanation_is_that_of_the_bulk():
    sample = generate_bulk("outage", receipts=2_000)
    bulk = bulk_of(sample.body)
    assert Study.of(bulk).explanation().text() == cnb.explain(bulk).text()
