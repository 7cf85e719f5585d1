"""With a filter on, everything that is shown is about the selection, or says that it is not."""

import json
import re
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.frames import at, frame

import clinia_nb as cnb
from clinia_nb.explorer.against_rest import compare_with_rest
from clinia_nb.explorer.explorer import Explorer
from clinia_nb.explorer.prepared import Study
from clinia_nb.explorer.receipts_table import as_json, highlighted
from clinia_nb.explorer.selection import EVERYTHING, Selection
from clinia_nb.sandbox.samples import list_samples

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def bulk_of(receipts, status="FAILURE"):
    return cnb.BulkResult("ehr", "bk_1", "relationships", status, receipts, b"")


@pytest.fixture(scope="module")
def receipts():
    """A bulk in whose second half clinics time out, and dates are wrong all the time."""
    rows = []
    for n in range(400):
        row = {"id": f"r{n}", "status": "SUCCESS", "received_at": at(n), "type": "patient"}
        row |= {"type": "clinic"} if n % 2 else {}
        if n >= 200 and n % 2 and n % 3:
            row |= {"status": "FAILURE", "error_type": "INTERNAL", "error_message": "gone away"}
        elif n % 20 == 0:
            row |= {"status": "FAILURE", "error_type": "INVALID_ARGUMENT"}
            row |= {"error_message": f"'{n}' is not a date"}
        rows.append(row)
    return frame(*rows)


@pytest.fixture
def explorer(receipts):
    made = Explorer(bulk_of(receipts))
    made.ask({"act": "ready"})
    yield made
    made.close()


def explorer_part(explorer, name):
    return {shown: html for shown, html, _ in explorer.panel.parts}[name]


def text_of(explorer, name):
    return " ".join(re.sub("<[^>]*>", " ", explorer_part(explorer, name)).split())


def test_a_bulk_at_hand_is_shown_without_fetching(explorer, receipts):
    assert_frame_equal(explorer.receipts, receipts)
    assert "operations failed" in text_of(explorer, "summary")


def test_headline_counts_times_and_problems_follow_the_selection(explorer, receipts):
    wrong = receipts.filter(pl.col("error_type") == "INVALID_ARGUMENT").height
    total = cnb.count_outcomes(receipts)["failed"][0]
    assert f"{total} of 400 operations failed" in text_of(explorer, "summary")
    explorer.ask({"act": "toggle", "column": "error_type", "value": "INVALID_ARGUMENT"})
    assert f"Selection: {wrong} of {wrong} operations failed" in text_of(explorer, "summary")
    assert f"Selection: {wrong} of 400 receipts" in text_of(explorer, "head")
    assert "One problem in the selection" in text_of(explorer, "problems")
    assert "gone away" not in text_of(explorer, "problems")
    assert "Times of the selection" in text_of(explorer, "figures")
    shown = " ".join(text_of(explorer, name) for name, *_ in explorer.panel.parts)
    assert f"{total} " not in shown
    for tab, name in (("failures", "types"), ("failures", "signatures")):
        explorer.ask({"act": "tab", "name": tab})
        if name == "types":
            assert "All error types are shown" in text_of(explorer, name)
        else:
            assert "gone away" not in text_of(explorer, name)
    explorer.ask({"act": "tab", "name": "todo"})
    assert "gone away" not in text_of(explorer, "plan")


def test_a_chart_that_shows_more_than_the_selection_says_so(explorer):
    assert "is highlighted" not in text_of(explorer, "over-time")
    explorer.ask({"act": "narrow", "text": "gone"})
    assert "is highlighted" not in text_of(explorer, "over-time")
    explorer.ask({"act": "brush", "begins": 0, "ends": 4e12})
    assert "The whole time is shown; the selected range" in text_of(explorer, "over-time")


def test_a_search_without_matches_does_not_say_that_nothing_failed(explorer):
    explorer.ask({"act": "narrow", "text": "nowhere to be found"})
    for tab in ("overview", "failures", "todo", "receipts"):
        explorer.ask({"act": "tab", "name": tab})
        shown = " ".join(text_of(explorer, name) for name, *_ in explorer.panel.parts)
        assert shown.count("No receipts match these filters.") == 1
        assert "failed" not in shown
        assert "Nothing to do" not in shown
        assert "<svg" not in "".join(html for _, html, _ in explorer.panel.parts)


def test_while_receipts_are_pending_none_has_failed_so_far():
    waiting = Explorer(bulk_of(frame({"status": "SUCCESS"}, {"status": "PENDING"}), "PENDING"))
    waiting.ask({"act": "ready"})
    for tab in ("failures", "todo"):
        waiting.ask({"act": "tab", "name": tab})
        assert text_of(waiting, waiting.panel.parts[1][0]) == "No receipts failed so far."
    waiting.close()


@pytest.mark.parametrize(("of_samples", "label"), [(True, "Sample"), (False, "")])
def test_only_a_sample_is_called_one(of_samples, label):
    sample = list_samples()[0]
    ids = (sample.source_key, sample.bulk_id) if of_samples else ("ehr", "bk_1")
    shown = cnb.BulkResult(*ids, sample.kind, "SUCCESS", frame({"status": "SUCCESS"}), b"")
    explorer = Explorer(shown)
    form = {name: html for name, html, _ in explorer.panel.form}["choose"]
    assert f'<bdi class="workspace">{label}</bdi>' in form
    explorer.close()


def test_a_selection_without_failures_says_so_once_on_each_tab(explorer):
    explorer.ask({"act": "toggle", "column": "outcome", "value": "succeeded"})
    for tab in ("failures", "todo"):
        explorer.ask({"act": "tab", "name": tab})
        shown = " ".join(text_of(explorer, name) for name, *_ in explorer.panel.parts)
        assert shown.count("No failed receipts match these filters.") == 1
        assert "0 failed receipts" not in shown
    explorer.ask({"act": "tab", "name": "timing"})
    assert "How long receipts took" in text_of(explorer, "durations")


def test_the_status_of_the_bulk_is_held_against_all_receipts_and_not_against_a_selection():
    rows = [{"id": f"r{n}", "status": "SUCCESS", "type": "clinic"} for n in range(3)]
    told = "All 3 receipts succeeded, but the status of the bulk is FAILURE."
    study = Study.of(bulk_of(frame(*rows)))
    assert study.explanation().headline == told
    selection = Selection().toggled("type", "clinic")
    assert study.overview(selection).headline == "All 3 operations succeeded."


def test_a_brushed_time_without_receipts_can_be_brushed_again(explorer):
    explorer.ask({"act": "brush", "begins": 0, "ends": 1000})
    explorer.ask({"act": "tab", "name": "overview"})
    assert "No receipts match these filters." in text_of(explorer, "summary")
    assert "data-brush" in explorer_part(explorer, "over-time")


@pytest.mark.parametrize(
    ("rows", "words"), [(0, "No receipts"), (1, "1 receipt "), (2, "All 2 receipts ")]
)
def test_few_receipts_are_counted_in_plain_words(receipts, rows, words):
    made = Explorer(bulk_of(receipts.head(rows)))
    made.ask({"act": "ready"})
    head = text_of(made, "head") + " "
    assert words in head
    assert ("Click a value" in head) == (rows > 0)
    made.ask({"act": "tab", "name": "timing"})
    shown = " ".join(text_of(made, name) for name, *_ in made.panel.parts)
    assert ("This bulk has no receipts." in shown) == (rows == 0)
    made.close()


def test_what_failures_have_in_common_is_not_said_twice_of_one_problem(explorer):
    [lead] = explorer.showing.study.explanation().leads["condition"].head(1)
    assert text_of(explorer, "problems").count(lead) == 1
    explorer.ask({"act": "toggle", "column": "error_type", "value": "INVALID_ARGUMENT"})
    assert "One problem in the selection" in text_of(explorer, "problems")
    assert 'class="lead"' not in explorer_part(explorer, "problems")


def test_the_static_view_says_whether_it_is_redacted(receipts):
    for bulk, words, other in (
        (bulk_of(receipts), "Not redacted here.", "are pseudonyms"),
        (cnb.redact_bulk(bulk_of(receipts)), "Redacted.", "Not redacted"),
        # A frame does not tell whether it is redacted.
        (
            cnb.BulkResult.from_receipts(cnb.redact(receipts), source_key="ehr", bulk_id="bk_1"),
            "Shown as passed.",
            "edacted here",
        ),
    ):
        made = Explorer(bulk)
        text = " ".join(re.sub("<[^>]*>", " ", made.static_html()).split())
        assert words in text
        assert other not in text
        assert text.index(words) < text.index("operations failed")
        made.close()


def test_a_brushed_time_is_contrasted_with_the_rest(explorer, receipts):
    half = receipts["received_at"][200], receipts["received_at"].max() + timedelta(seconds=1)
    explorer.showing.narrow(EVERYTHING.between(*half))
    words = text_of(explorer, "difference")
    inside = receipts.slice(200)
    failed = cnb.count_outcomes(inside)["failed"][0]
    rest = cnb.count_outcomes(receipts.head(200))["failed"][0]
    assert f"{failed / 200:.1%} of the selected receipts failed" in words
    assert f"{rest / 200:.1%} of the other 200".replace(".0%", "%") in words.replace(".0%", "%")
    internal = inside.filter(pl.col("error_type") == "INTERNAL").height
    assert f"error type = INTERNAL: {internal} of 200 selected receipts" in words
    assert not re.search(r"\b(?:any|no) (?:error.type|signature)\b", words)  # that is the rate
    assert "received from" not in words  # what defines the selection explains nothing


@pytest.mark.parametrize("column", ["type", "error_type"])
def test_what_a_selection_is_made_by_is_not_a_difference(receipts, column):
    study = Study.of(bulk_of(receipts))
    value = study.table[column].drop_nulls()[0]
    found = study.against_rest(Selection().toggled(column, value))
    assert found.selected + found.rest == 400
    names = f"{column} ", column.replace("_", " ")
    assert [one for one in found.differences if one.condition.startswith(names)] == []


def test_columns_of_the_callers_own_tell_a_selection_from_the_rest():
    rows = [{"id": str(n), "status": "SUCCESS", "received_at": at(n)} for n in range(200)]
    wards = pl.Series("ward", ["North" if n < 60 or n == 150 else "South" for n in range(200)])
    table = frame(*rows).with_columns(wards, serial=pl.int_range(200))
    found = Study.of(bulk_of(table)).against_rest(EVERYTHING.between(at(0), at(60)))
    [difference] = found.differences
    assert difference.condition == "ward = North"
    assert (difference.inside, difference.outside) == (60, 1)


def test_differences_are_counted_on_both_sides():
    rows = [{"id": str(n), "status": "SUCCESS", "action": "CREATE"} for n in range(50)]
    rows += [{"id": str(n), "status": "SUCCESS", "action": "DELETE"} for n in range(50, 150)]
    table = Study.of(bulk_of(frame(*rows))).table
    member = pl.Series([n < 40 or n == 100 for n in range(150)])
    found = compare_with_rest(table, EVERYTHING, member)
    assert (found.selected, found.failed, found.rest, found.failed_rest) == (41, 0, 109, 0)
    [difference] = [one for one in found.differences if one.condition == "action = CREATE"]
    assert (difference.inside, difference.outside) == (40, 10)
    assert "40 of 41 selected receipts (97.6%), 9.2% of the rest" in difference.words


def test_a_selection_that_only_fails_more_often_is_not_set_apart_by_how():
    rows = []
    for n in range(400):
        failed = n % 2 if n < 200 else n % 20 == 1
        kind = "INTERNAL" if n % 4 == 1 or n % 40 == 1 else "UNAVAILABLE"
        row = {"id": str(n), "status": "SUCCESS", "received_at": at(n), "type": "clinic"}
        rows.append(row | ({"status": "FAILURE", "error_type": kind} if failed else {}))
    study = Study.of(bulk_of(frame(*rows)))
    found = study.against_rest(EVERYTHING.between(at(0), at(200)))
    assert (found.failed, found.failed_rest) == (100, 10)
    assert found.differences == ()


def test_words_of_a_search_are_combined_and_quotes_keep_them_together(receipts):
    study = Study.of(bulk_of(receipts))
    assert study.count(Selection().searching("away gone")) == study.count(
        Selection().searching('"gone away"')
    )
    assert study.count(Selection().searching('"away gone"')) == 0
    assert study.count(Selection().searching("gone r203")) == 1


def test_failed_receipts_come_first_and_can_be_stepped_through(explorer, receipts):
    explorer.ask({"act": "tab", "name": "receipts"})
    failed = explorer.selected.filter(pl.col("status") == "FAILURE")["id"].to_list()
    study = explorer.state.study
    rows = study.rows(EVERYTHING)
    ids = study.table["id"].gather(rows).to_list()
    assert ids[: len(failed)] == failed
    explorer.ask({"act": "open", "row": int(rows[0])})
    for number in range(1, 30):  # beyond the first page
        explorer.ask({"act": "step", "by": 1})
        assert study.table["id"][explorer.showing.look.opened] == failed[number]
    assert explorer.showing.look.page == 1
    explorer.ask({"act": "step", "by": -1})
    assert study.table["id"][explorer.showing.look.opened] == failed[28]
    assert explorer.selected["id"].to_list() == receipts["id"].to_list()  # the bulk's own order


def test_columns_and_page_size_are_chosen_and_kept_for_the_next_bulk(explorer, receipts):
    explorer.ask({"act": "tab", "name": "receipts"})
    explorer.ask({"act": "column", "name": "task_id"})
    explorer.ask({"act": "size", "value": "50"})
    html = {name: html for name, html, _ in explorer.panel.parts}["table"]
    assert '<th scope="col" class="added">task_id</th>' in html
    assert "Page 1 of 8" in text_of(explorer, "table")
    explorer.state.study = Study.of(bulk_of(receipts.head(10)))
    assert explorer.showing.look.columns == ("task_id",)
    explorer.ask({"act": "column", "name": "task_id"})
    explorer.ask({"act": "column", "name": "nonsense"})
    explorer.ask({"act": "size", "value": "7"})
    assert (explorer.showing.look.columns, explorer.showing.look.size) == ((), 50)


def test_columns_of_the_callers_own_are_offered_and_shown_while_a_bulk_has_them(receipts):
    own = receipts.with_columns(ward=pl.lit("<b>North"), beds=pl.lit([3, 4]))
    explorer = Explorer(bulk_of(own))
    for message in ({"act": "ready"}, {"act": "tab", "name": "receipts"}):
        explorer.ask(message)
    offered = re.findall('name="column-(.*?)"', explorer_part(explorer, "table"))
    assert offered[-3:] == ["error_context", "ward", "beds"]
    for name in ("beds", "ward", "task_id"):
        explorer.ask({"act": "column", "name": name})
    table = explorer_part(explorer, "table")
    assert re.findall('<th scope="col" class="added">(.*?)</th>', table) == [
        "task_id",
        "ward",
        "beds",
    ]
    assert table.count("&lt;b&gt;North") == 25
    assert table.count("[3, 4]") == 25
    explorer.state.study = Study.of(bulk_of(receipts))
    table = explorer_part(explorer, "table")
    assert re.findall('<th scope="col" class="added">(.*?)</th>', table) == ["task_id"]
    explorer.close()


def test_a_receipt_is_copied_as_json_with_its_nested_errors():
    row = {"id": "r", "status": "FAILURE", "received_at": at(0), "error_details": '[{"code": 4}]'}
    study = Study.of(bulk_of(frame(row)))
    copied = json.loads(as_json(study, 0))
    assert copied["error_details"] == [{"code": 4}]
    assert (copied["id"], "outcome" in copied) == ("r", False)


def test_an_error_type_is_found_by_the_search_and_marked_in_its_row(explorer):
    explorer.ask({"act": "tab", "name": "receipts"})
    explorer.ask({"act": "narrow", "text": "internal", "times": None})
    assert explorer.selected["error_message"].unique().to_list() == ["gone away"]
    table = explorer_part(explorer, "table")
    assert '<span class="code"><bdi><mark>INTERNAL</mark></bdi></span>' in table
    assert "error_type:" not in table


def test_a_match_far_into_a_text_is_in_sight():
    pieces = highlighted("x " * 500 + "NEEDLE end", ("needle",))
    assert ("NEEDLE", True) in pieces
    assert sum(len(piece) for piece, _ in pieces) <= 240


def test_a_problem_is_copied_as_markdown_without_syntax_from_the_data(explorer, monkeypatch):
    sent = []
    monkeypatch.setattr(explorer.panel, "send", lambda content, buffers=(): sent.append(content))
    problem = explorer.state.study.explanation().problems[0]
    explorer.ask({"act": "copy", "what": "problem", "signature": problem.signature, "view": "v"})
    [message] = [content for content in sent if "copy" in content]
    assert message["view"] == "v"
    assert message["copy"].startswith("### gone away")
    assert problem.counted in message["copy"]
    receipts = frame(
        {"id": "r", "status": "FAILURE", "error_message": "<img src=x> [a](http://b) `c` *d*"}
    )
    explorer.state.study = Study.of(bulk_of(receipts))
    problem = explorer.state.study.explanation().problems[0]
    explorer.ask({"act": "copy", "what": "problem", "signature": problem.signature})
    title = sent[-1]["copy"].splitlines()[0]
    assert re.findall(r"(?<!\\)[<>\[\]`*]", title) == []


def test_a_wrong_first_argument_is_one_clear_sentence(receipts):
    with pytest.raises(cnb.CliniaError, match=r"BulkResult.from_receipts\(frame\)"):
        Explorer(receipts)


def test_changes_are_followed_until_that_is_ended(explorer):
    heights = []
    end = explorer.on_change(lambda changed: heights.append(changed.selected.height))
    explorer.ask({"act": "narrow", "text": "gone"})
    explorer.ask({"act": "tab", "name": "timing"})
    explorer.ask({"act": "drop"})
    end()
    explorer.ask({"act": "narrow", "text": "gone"})
    assert heights == [explorer.selected.height, 400]


def test_columns_named_as_ours_do_no_harm(receipts):
    odd = receipts.with_columns(row=pl.lit(1), column=pl.lit("a"))
    explorer = Explorer(bulk_of(odd))
    for tab in ("overview", "failures", "receipts"):
        explorer.ask({"act": "tab", "name": tab})
        explorer.ask({"act": "ready"})
        assert "could not be shown" not in "".join(html for _, html, _ in explorer.panel.parts)
    assert explorer.selected.columns[-3:] == ["row", "column", "signature"]
    explorer.close()


@pytest.mark.parametrize("zone", ["utc", "+02:00", "America/Toronto"])
def test_time_zones_work_in_every_tab(receipts, zone):
    explorer = Explorer(bulk_of(receipts), time_zone=zone)
    explorer.ask({"act": "ready"})
    for tab in ("overview", "failures", "timing", "receipts"):
        explorer.ask({"act": "tab", "name": tab})
        assert "could not be shown" not in "".join(html for _, html, _ in explorer.panel.parts)
    explorer.close()


def test_every_button_of_every_tab_asks_for_something_valid(explorer):
    said = []
    explorer.panel.send = lambda content, buffers=(): said.append(content.get("say"))
    for tab in ("overview", "failures", "timing", "todo", "receipts"):
        explorer.ask({"act": "tab", "name": tab})
        html = "".join(html for _, html, _ in (*explorer.panel.parts, *explorer.panel.form))
        messages = {m.replace("&#34;", '"') for m in re.findall(r'data-ask="([^"]*)"', html)}
        for message in {m.replace("&quot;", '"') for m in messages}:
            read = json.loads(
                message.replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
            )
            if read["act"] in {"choose", "size"}:
                continue
            explorer.ask(read)
            explorer.ask({"act": "drop"})
            explorer.ask({"act": "tab", "name": tab})
    assert "That is not possible." not in said
