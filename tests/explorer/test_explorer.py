"""The explorer without a browser: actions as a page sends them, state and parts as it shows."""

import asyncio
import io
import json
import re
import threading
import time
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import get_args

import nbformat
import polars as pl
import pytest
from nbclient import NotebookClient
from polars.testing import assert_frame_equal
from support.clock import KEY
from support.drawings import IN_EXPLORER
from support.exports import export
from support.scripted_server import Step

import clinia_nb as cnb
from clinia_nb.explorer import loader as exploring
from clinia_nb.explorer import sections, tabs
from clinia_nb.explorer.explorer import Explorer
from clinia_nb.explorer.history import History
from clinia_nb.explorer.messages import Message
from clinia_nb.explorer.prepared import Order, Study
from clinia_nb.explorer.selection import Pick, Selection
from clinia_nb.fetch import waiting
from clinia_nb.fetch.pace import Pace
from clinia_nb.sandbox.samples import list_samples

MESSAGES = get_args(Message)
SAMPLES = {sample.name: sample for sample in list_samples()}
MIXED = SAMPLES["mixed"]
GOOD = Step(body=b'{"status": "SUCCESS", "receipts": [{"id": "r1", "status": "SUCCESS"}]}')
HALF = b'{"id": "r1", "status": "SUCCESS"}, {"id": "r2", "status": "PENDING"}'
PENDING = Step(body=b'{"status": "PENDING", "receipts": [%s]}' % HALF)
SOURCES = Step(body=b'[{"key": "ehr"}]')
UNKNOWN = Step(404, b'{"code": 404, "type": "NOT_FOUND", "message": "m"}')
HOSTILE = '</script><img src=x onerror=alert(1)> " onload="x \u202e\' ' + "y" * 10_000


class Read(HTMLParser):
    """Reads what a browser would see: tags, their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.marks = [], "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "title" and "mark" in self.tags[-1][1].get("class", "").split():
            self.marks.append(self.tags[-1][1] | {"title": ""})
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data
        if self.tags and self.tags[-1][0] == "title" and self.marks:
            self.marks[-1]["title"] = self.marks[-1]["title"] or data

    def asks(self, name):
        """Return what can be asked for by buttons of this name: their attributes and messages."""
        found = [(a, json.loads(a["data-ask"])) for _, a in self.tags if "data-ask" in a]
        return [(a, message) for a, message in found if message["act"] == name]


def ask(explorer, act, *values):
    """Ask as a page does: the fields of the message in their order."""
    [message] = [kind for kind in MESSAGES if kind.__struct_config__.tag == act]
    named = dict(zip(message.__struct_fields__, values, strict=False))
    explorer.ask({"act": act} | named)


@pytest.fixture
def explore(monkeypatch):
    made = []
    monkeypatch.setattr("clinia_nb.explorer.explorer._KEPT", History())

    def make(*arguments, **keywords):
        made.append(Explorer(*arguments, **keywords))
        return made[-1]

    yield make
    for explorer in made:
        explorer.close()


@pytest.fixture
def mixed(explore):
    explorer = explore(source_key=MIXED.source_key, bulk_id=MIXED.bulk_id)
    ask(explorer, "ready")
    return explorer


@pytest.fixture(scope="module")
def steady():
    """An explorer for tests that change nothing about it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clinia_nb.explorer.explorer._KEPT", History())
        explorer = Explorer(cnb.Client.sandbox(), MIXED.source_key, MIXED.bulk_id)
    ask(explorer, "ready")
    yield explorer
    explorer.close()


@pytest.fixture
def sent(monkeypatch):
    """What is sent to the page beside the state: messages with their buffers."""
    found = []
    monkeypatch.setattr(
        "clinia_nb.explorer.widget.Panel.send",
        lambda _, message, buffers=(): found.append((message, list(buffers))),
    )
    return found


def form(explorer):
    return Read("".join(html for _, html, _ in explorer.panel.form))


def part(explorer, name):
    return Read({shown: html for shown, html, _ in explorer.panel.parts}[name])


def told(explorer):
    return {name: html for name, html, _ in explorer.panel.form}["progress"]


def seen(explorer, name):
    """Return what a trait of the state was, from now on, one after the other."""
    values = []
    explorer.state.observe(lambda change: values.append(change.new), name)
    return values


# Choose and load


def test_without_settings_it_explores_the_sandbox_and_says_what_to_set(explore):
    explorer = explore()
    assert explorer.client.is_sandbox
    assert "CLINIA_API_KEY" in form(explorer).text
    offered = form(explorer).asks("choose")
    assert {"ehr-prod", "clinic-registry"} <= {message["source_key"] for _, message in offered}
    assert {message["bulk_id"] for _, message in offered} >= {s.bulk_id for s in list_samples()}
    for words in ("A mix of failures", "submitted 2026-03-09 21:04:17 UTC"):
        assert words in form(explorer).text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"CLINIA_WORKSPACE": "acme"}, "Not set: the API key (CLINIA_API_KEY"),
        ({"CLINIA_TOKEN": "k"}, "Not set: the workspace (CLINIA_WORKSPACE"),
        ({"CLINIA_WORKSPACE": "a b", "CLINIA_API_KEY": "k"}, "The workspace is not valid"),
        ({"CLINIA_WORKSPACE": "acme", "CLINIA_API_KEY": "k y"}, "The API key contains spaces"),
    ],
)
def test_settings_that_cannot_be_used_are_told_and_not_the_sandbox(
    explore, monkeypatch, settings, said
):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    explorer = explore(source_key="s", bulk_id="bk_1")
    ask(explorer, "load")
    ask(explorer, "wait")
    assert said in Read(told(explorer)).text
    assert "Not connected" in form(explorer).text
    assert (explorer.client, explorer.bulk) == (None, None)


def test_before_anything_is_loaded_there_are_no_frames(explore):
    for name in ("receipts", "selected"):
        with pytest.raises(cnb.CliniaError, match="Load this bulk"):
            getattr(explore(), name)


def test_what_was_typed_is_loaded(explore):
    explorer = explore()
    ask(explorer, "choose", MIXED.source_key, "relationships", MIXED.bulk_id)
    ask(explorer, "load")
    assert explorer.bulk.bulk_id == MIXED.bulk_id
    assert explorer.receipts.height == 2_000
    assert not explorer.state.busy


def test_a_bulk_that_is_picked_from_the_list_is_loaded_at_once(explore):
    explorer = explore()
    sample = SAMPLES["in_review"]
    [message] = [m for _, m in form(explorer).asks("choose") if m["bulk_id"] == sample.bulk_id]
    explorer.ask(message | {"turn": 7})
    assert explorer.bulk.bulk_id == sample.bulk_id
    chosen = {"source_key": sample.source_key, "kind": sample.kind, "bulk_id": sample.bulk_id}
    assert explorer.panel.chosen == chosen | {"turn": 7, "stale": False}


def test_bulks_that_were_loaded_are_offered_newest_first_with_their_outcome(
    explore, serve, client_of
):
    client = client_of(serve(SOURCES, GOOD))
    explorer = explore(client)
    for bulk_id in ("bk_1", "bk_2wil2vg5uqi08x1aet097gLW8DO", "bk_1"):
        ask(explorer, "choose", "ehr", "resources", bulk_id)
        ask(explorer, "load")
    assert [
        (offer.bulk_id, offer.outcome, str(offer.submitted)) for offer in explorer.offers()
    ] == [
        ("bk_1", "SUCCESS, 0 of 1 failed", "None"),
        (
            "bk_2wil2vg5uqi08x1aet097gLW8DO",
            "SUCCESS, 0 of 1 failed",
            "2025-05-06 11:47:51+00:00",
        ),
    ]
    ask(explorer, "choose", "other", "resources", "bk_3")
    ask(explorer, "load")
    ask(explorer, "choose", "ehr", "resources", "")
    sources = [offer.source_key for offer in explorer.offers()]
    assert sources == ["ehr", "ehr", "other"]


def test_another_source_clears_the_bulk_and_the_old_figures_are_stale_until_another_is_loaded(
    mixed,
):
    assert not mixed.panel.chosen["stale"]
    assert "Reload this bulk" in form(mixed).text
    ask(mixed, "choose", "ehr-staging", "relationships", MIXED.bulk_id)
    assert (mixed.panel.chosen["bulk_id"], mixed.panel.chosen["stale"]) == ("", True)
    assert f"Below is still {MIXED.bulk_id}. Press" in Read(told(mixed)).text
    assert "Load this bulk" in form(mixed).text
    ask(mixed, "choose", "ehr-staging", "relationships", "bk_unknown")
    ask(mixed, "load")
    assert mixed.state.error
    assert Read(told(mixed)).text.strip().endswith(f"Below is still {MIXED.bulk_id}.")
    assert mixed.panel.chosen["stale"]
    ask(mixed, "choose", MIXED.source_key, "relationships", MIXED.bulk_id)
    ask(mixed, "load")
    assert not mixed.panel.chosen["stale"]


def test_a_history_is_on_disk_only_where_that_was_asked_for(explore, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    chosen = {"source_key": MIXED.source_key, "bulk_id": MIXED.bulk_id}
    explore(**chosen)
    assert list(tmp_path.iterdir()) == []
    explore(**chosen, history=True)
    explore(**chosen, history=tmp_path / "mine.json")
    kept = (tmp_path / "state" / "clinia-nb" / "history.json").read_text()
    assert kept == (tmp_path / "mine.json").read_text()
    assert [list(entry.values()) for entry in json.loads(kept)] == [
        ["sandbox", MIXED.source_key, "relationships", MIXED.bulk_id, "FAILURE", 2_000, 364]
    ]


def test_an_error_is_one_line_and_the_last_good_bulk_stays(explore, serve, client_of):
    explorer = explore(client_of(serve(SOURCES, GOOD, UNKNOWN)), "ehr", "bk_1")
    ask(explorer, "choose", "ehr", "relationships", "bk_<b>")
    ask(explorer, "load")
    read = Read(told(explorer))
    roles = [attributes.get("role") for tag, attributes in read.tags if tag == "div"]
    assert roles == ["alert", None]  # the error, and which bulk is still below
    assert "HTTP 404 NOT_FOUND" in read.text
    assert "Most likely the bulk id" in read.text
    assert "b" not in [tag for tag, _ in read.tags]
    assert explorer.bulk.bulk_id == "bk_1"
    assert not explorer.state.busy


@pytest.mark.parametrize("bulk_id", ["", "s_1", "a/b"])
def test_an_id_that_cannot_be_right_is_told_without_asking(explore, serve, client_of, bulk_id):
    server = serve(SOURCES, GOOD)
    explorer = explore(client_of(server))
    ask(explorer, "choose", "ehr", "relationships", bulk_id)
    ask(explorer, "load")
    assert "bulk" in explorer.state.error
    assert len(server.requests) == 1


def test_a_fault_of_ours_is_a_line_too(explore, monkeypatch):
    explorer = explore()
    monkeypatch.setattr(exploring.Study, "of", lambda *_: 1 / 0)
    ask(explorer, "choose", MIXED.source_key, "relationships", MIXED.bulk_id)
    ask(explorer, "load")
    assert explorer.state.error == "That did not work (ZeroDivisionError). Please report it."
    assert not explorer.state.busy


@pytest.mark.parametrize("code", [403, 404])
def test_where_sources_are_not_listed_they_are_typed(explore, serve, client_of, code):
    explorer = explore(client_of(serve(Step(code, b"{}"), GOOD)), "ehr", "bk_1")
    assert (explorer.state.sources, explorer.state.error) == ([], "")
    assert explorer.receipts.height == 1


def test_a_newer_load_voids_an_older_one(explore, serve, client_of):
    explorer = explore(client_of(serve(SOURCES, GOOD)))

    async def both():
        for bulk_id in ("bk_old", "bk_new"):
            ask(explorer, "choose", "ehr", "relationships", bulk_id)
            ask(explorer, "load")
            await asyncio.sleep(0)
        await asyncio.gather(*explorer.loader._tasks)

    studies = seen(explorer, "study")
    asyncio.run(both())
    assert [study.bulk.bulk_id for study in studies] == ["bk_new"]
    assert not explorer.state.busy


def test_a_bulk_that_is_ready_too_late_is_let_go(explore):
    explorer = explore(source_key=MIXED.source_key, bulk_id=MIXED.bulk_id)
    study, explorer.state.study = explorer.state.study, None
    older, newer = explorer.loader._begin(), explorer.loader._begin()
    explorer.loader._put(older, study)
    assert (explorer.state.study, explorer.state.busy) == (None, True)
    explorer.loader._put(newer, study)
    assert (explorer.state.study, explorer.state.busy) == (study, False)


def test_it_tells_the_bytes_that_come_then_the_receipts(explore, serve, client_of):
    body = GOOD.body[:-1] + b" " * 4_000_000 + b"}"
    explorer = explore(client_of(serve(SOURCES, Step(body=body))))
    words, busy = seen(explorer, "progress"), seen(explorer, "busy")
    ask(explorer, "choose", "ehr", "relationships", "bk_1")
    ask(explorer, "load")
    assert words[0] == "Asking Clinia…"
    assert [word for word in words if word.endswith(" of 4.0 MB")][-1] == "3.1 of 4.0 MB"
    assert words[-3:] == [
        "Reading the receipts in 4.0 MB…", "1 receipts: grouping their messages…", "",
    ]  # fmt: skip
    assert busy == [True, False]


def test_stop_lets_go_of_a_load_at_once(explore, serve, client_of):
    explorer = explore(client_of(serve(SOURCES, Step(stall=True))))
    ask(explorer, "choose", "ehr", "relationships", "bk_1")

    async def stopped():
        ask(explorer, "load")
        await asyncio.sleep(0.05)
        assert explorer.state.busy
        ask(explorer, "stop")
        return explorer.state.busy

    assert asyncio.run(stopped()) is False
    assert Read(told(explorer)).text.strip() == "Stopped."
    assert (explorer.bulk, explorer.state.error) == (None, "")


def test_downloads_that_hang_leave_threads_for_others(explore, monkeypatch):
    released, fetch = threading.Event(), cnb.Client.fetch_bulk

    def hanging(client, source_key, bulk_id, **options):
        if bulk_id == "bk_slow":
            released.wait(60)
        return fetch(client, source_key, bulk_id, **options)

    monkeypatch.setattr(cnb.Client, "fetch_bulk", hanging)
    explorer = explore()

    async def loads():
        for _ in range(40):  # more than the pool of an event loop has
            ask(explorer, "choose", MIXED.source_key, "relationships", "bk_slow")
            ask(explorer, "load")
            await asyncio.sleep(0.01)
            ask(explorer, "stop")
        ask(explorer, "choose", MIXED.source_key, "relationships", MIXED.bulk_id)
        ask(explorer, "load")
        for _ in range(1_500):
            await asyncio.sleep(0.01)
            if explorer.bulk is not None:
                break
        released.set()

    asyncio.run(loads())
    assert explorer.bulk.bulk_id == MIXED.bulk_id


@pytest.mark.parametrize("end", ["stop", "close"])
@pytest.mark.parametrize("action", ["load", "wait"])
def test_a_rest_before_asking_again_ends_with_what_it_was_for(
    explore, serve, client_of, end, action
):
    server = serve(SOURCES, Step(503, headers={"Retry-After": "100"}))
    explorer = explore(client_of(server, pace=Pace()))
    ask(explorer, "choose", "ehr", "relationships", "bk_1")

    async def ended():
        ask(explorer, action)
        for _ in range(6_000):
            if len(server.requests) == 2:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        ask(explorer, "stop") if end == "stop" else explorer.close()
        return time.monotonic()

    stopped = asyncio.run(ended())  # which waits for threads
    assert time.monotonic() - stopped < 5
    assert (len(server.requests), explorer.state.error) == (2, "")


def test_a_stopped_download_does_not_go_on(explore):
    explorer = explore()
    watch = explorer.loader._watch(explorer.loader._begin())
    watch(1, None)
    ask(explorer, "stop")
    with pytest.raises(exploring._Stopped):
        watch(2, None)
    assert exploring._answer(lambda: watch(3, None)) is None


def test_a_pending_bulk_is_waited_for_with_live_counts(explore, serve, client_of, monkeypatch):
    monkeypatch.setattr(waiting, "_FIRST_INTERVAL", 0.01)
    server = serve(SOURCES, PENDING, PENDING, PENDING, Step(), GOOD)
    explorer = explore(client_of(server))
    words, studies = seen(explorer, "progress"), seen(explorer, "study")
    ask(explorer, "choose", "ehr", "relationships", "bk_1")
    ask(explorer, "wait")
    counted = "Pending: 1 of 2 operations are done, 0 of them failed."
    assert any(word.startswith(counted) for word in words)
    assert {"PENDING", "SUCCESS"} == {study.bulk.status for study in studies}
    assert [study.table.height for study in studies][::-1][:2] == [1, 2]
    assert explorer.bulk.status == "SUCCESS"
    assert not explorer.state.busy


def test_closing_ends_a_wait(explore, serve, client_of, monkeypatch):
    monkeypatch.setattr(waiting, "_FIRST_INTERVAL", 0.01)
    server = serve(SOURCES, PENDING)
    explorer = explore(client_of(server))
    ask(explorer, "choose", "ehr", "relationships", "bk_1")

    async def closed():
        ask(explorer, "wait")
        await asyncio.sleep(0.1)
        explorer.close()
        await asyncio.sleep(0.1)
        asked = len(server.requests)
        await asyncio.sleep(0.2)
        return asked, len(explorer.loader._tasks)

    asked, tasks = asyncio.run(closed())
    assert (len(server.requests), tasks) == (asked, 0)


def test_the_loop_stays_free_while_a_bulk_loads(explore):
    explorer = explore()
    ask(explorer, "choose", MIXED.source_key, "relationships", MIXED.bulk_id)

    async def ticked():
        ask(explorer, "load")
        await asyncio.sleep(0)
        ticks = 0
        while explorer.state.busy:
            await asyncio.sleep(0.001)
            ticks += 1
        return ticks

    assert asyncio.run(ticked()) > 5


# See and narrow down


def test_nothing_is_drawn_before_a_page_is_there(explore, sent):
    explorer = explore(source_key=MIXED.source_key, bulk_id=MIXED.bulk_id)
    assert explorer.panel.parts == []
    ask(explorer, "ready")
    assert sent[0] == ({"hello": True}, [])
    assert [name for name, *_ in explorer.panel.parts] == [
        "head", "summary", "problems", "over-time", "figures",
    ]  # fmt: skip
    assert {state for *_, state in explorer.panel.parts} == {""}


@pytest.mark.parametrize("name", list(SAMPLES))
@pytest.mark.parametrize("tab", list(tabs.SECTIONS))
def test_every_tab_is_drawn_for_every_sample(explore, name, tab):
    sample = SAMPLES[name]
    explorer = explore(source_key=sample.source_key, bulk_id=sample.bulk_id, kind=sample.kind)
    ask(explorer, "tab", tab)
    ask(explorer, "ready")
    drawn = {name: html for name, html, state in explorer.panel.parts if state == ""}
    failed = explorer.bulk.summary.outcomes["failed"]
    expected = [name for name, _ in tabs.SECTIONS[tab]]
    if not failed and tab in {"failures", "todo"}:
        expected = ["none"]
    elif not failed:
        expected = [name for name in expected if name != "over-time"]
    assert list(drawn) == ["head", *expected]
    assert "could not be shown" not in "".join(drawn.values())


def counted(title):
    return int(re.search(r"Failed receipts: ([\d,]+)", title)[1].replace(",", ""))


@pytest.mark.parametrize("name", ["types", "heatmap"])
def test_pressing_a_mark_selects_the_failures_that_it_stands_for(mixed, name):
    ask(mixed, "tab", "failures")
    marks = part(mixed, name).marks
    assert len(marks) >= 6
    total = 0
    for mark in marks:
        mixed.ask(json.loads(mark["data-ask"]))
        failed = mixed.selected.filter(pl.col("status") == "FAILURE").height
        assert failed == counted(mark["title"])
        on = [m["title"] for m in part(mixed, name).marks if m["aria-pressed"] == "true"]
        assert on == [mark["title"]]
        ask(mixed, "drop")
        total += failed
    assert total == 364


def test_the_folded_group_of_a_chart_selects_all_that_are_in_it(explore):
    rows = [
        {"id": str(i), "status": "FAILURE", "error": {"type": f"T{i % 14}", "message": "m"}}
        for i in range(100)
    ]
    body = json.dumps({"status": "FAILURE", "receipts": rows}).encode()
    explorer = explore()
    explorer.state.study = Study.of(cnb.BulkResult.from_json(body, source_key="s", bulk_id="b"))
    ask(explorer, "tab", "failures")
    ask(explorer, "ready")
    mark = part(explorer, "types").marks[-1]
    explorer.ask(json.loads(mark["data-ask"]))
    assert "other (" in mark["title"]
    assert explorer.selected.height == counted(mark["title"])
    assert explorer.showing.look.selection.pick("error_type").others


def test_the_most_frequent_of_many_error_types_have_colors_of_their_own(explore):
    rows = [
        {"id": f"{kind}-{i}", "status": "FAILURE", "error": {"type": f"Kind{kind}", "message": "m"}}
        for kind in range(60)
        for i in range(60 - kind)
    ]
    body = json.dumps({"status": "FAILURE", "receipts": rows}).encode()
    explorer = explore()
    explorer.state.study = Study.of(cnb.BulkResult.from_json(body, source_key="s", bulk_id="b"))
    ask(explorer, "tab", "failures")
    ask(explorer, "ready")
    colors = [mark["fill"] for mark in part(explorer, "types").marks]
    assert len(colors) == 11
    assert len(set(colors)) == 11


def test_a_signature_row_an_outcome_and_a_stretch_of_time_narrow_everything_down(mixed):
    ask(mixed, "tab", "failures")
    _, toggle = part(mixed, "signatures").asks("toggle")[0]
    mixed.ask(toggle)
    first, last = mixed.selected["received_at"].min(), mixed.selected["received_at"].max()
    middle = first + (last - first) / 2
    ask(mixed, "brush", middle.timestamp() * 1000, first.timestamp() * 1000)
    expected = cnb.with_signatures(mixed.receipts).filter(
        pl.col("signature") == toggle["value"],
        pl.col("received_at") >= first,
        pl.col("received_at")
        < middle.replace(microsecond=middle.microsecond // 1000 * 1000)
        + timedelta(milliseconds=round(middle.microsecond % 1000 / 1000)),
    )
    assert_frame_equal(mixed.selected, expected)
    assert 0 < expected.height < 199
    head = part(mixed, "head")
    assert f"Selection: {expected.height} of 2,000 receipts" in " ".join(head.text.split())
    drops = [message for _, message in head.asks("drop") if "part" in message]
    assert [message["part"] for message in drops] == ["signature", "time"]
    ask(mixed, "tab", "overview")
    _, outcome = part(mixed, "summary").asks("toggle")[0]
    assert (outcome["column"], outcome["value"]) == ("outcome", "failed")
    for message in drops:
        mixed.ask(message)
    assert mixed.selected.height == 2_000


def test_the_brushed_stretch_shows_in_the_chart_of_all_the_time(mixed):
    begins = datetime(2026, 3, 9, 21, 10, tzinfo=UTC)
    before = part(mixed, "over-time")
    ask(mixed, "brush", begins.timestamp() * 1e3, (begins.timestamp() + 300) * 1e3)
    read = part(mixed, "over-time")
    [(_, svg)] = [(t, a) for t, a in read.tags if "data-brush" in a]
    left, _, width, _, first, last = json.loads(svg["data-brush"])
    [band] = [a for tag, a in read.tags if tag == "rect" and a.get("class") == "band"]
    begin = first + (float(band["x"]) - left) / width * (last - first)
    assert begin == pytest.approx(begins.timestamp() * 1e3, abs=50)
    assert float(band["width"]) / width * (last - first) == pytest.approx(300e3, abs=50)
    titles = [a["data-brush"] for _, a in before.tags if "data-brush" in a]
    assert json.loads(titles[0]) == [left, *json.loads(svg["data-brush"])[1:]]


def test_text_and_times_are_narrowed_by_the_form(mixed):
    ask(mixed, "narrow", " upstream ", None)
    assert mixed.selected.height == 29
    ask(mixed, "narrow", "", ["2026-03-09T21:10:00", "2026-03-09T21:12:00.500"])
    assert mixed.showing.look.selection == Selection(
        begins=datetime(2026, 3, 9, 21, 10, tzinfo=UTC),
        ends=datetime(2026, 3, 9, 21, 12, 0, 500_000, UTC),
    )
    before = mixed.showing.look.selection
    ask(mixed, "narrow", "", ["soon", "2026-03-09 21:12"])
    assert mixed.showing.look.selection == before
    ask(mixed, "narrow", "", ["", ""])
    assert mixed.selected.height == 2_000


def test_times_are_shown_typed_and_brushed_in_the_zone_of_the_reader(explore):
    chosen = {"source_key": MIXED.source_key, "bulk_id": MIXED.bulk_id}
    explorer = explore(**chosen, time_zone="America/Toronto")
    ask(explorer, "ready")
    begins, ends = (datetime(2026, 3, 9, 21, minute, tzinfo=UTC) for minute in (10, 12))
    fields = ["2026-03-09T17:10:00", "2026-03-09T17:12"]
    ask(explorer, "narrow", "", fields)
    assert explorer.showing.look.selection == Selection(begins=begins, ends=ends)
    head = part(explorer, "head")
    assert "received 2026-03-09 17:10:00 to 17:12:00 EDT" in head.text
    shown = [a["value"] for _, a in head.tags if a.get("class") == "moment"]
    assert shown == ["2026-03-09 17:10:00.000", "2026-03-09 17:12:00.000"]
    assert "EDT (UTC−04:00)" in part(explorer, "over-time").text
    assert "tzinfo=UTC" in sections.code(explorer.state.study, explorer.showing.look.selection)
    ask(explorer, "tab", "receipts")
    first = explorer.selected.filter(pl.col("status") == "FAILURE")["received_at"][0]
    assert f"17:{first:%M:%S}" in part(explorer, "table").text
    assert f"21:{first:%M:%S}" not in part(explorer, "table").text
    static = explorer.static_html()
    assert "received 2026-03-09 17:10:00 to 17:12:00 EDT" in static
    assert "EDT (UTC−04:00)" in static
    ask(explorer, "choose", MIXED.source_key, "relationships", SAMPLES["outage"].bulk_id)
    assert explorer.showing.look.zone.name == "America/Toronto"


@pytest.mark.parametrize(("tab", "name"), [("overview", "over-time"), ("timing", "flow")])
@pytest.mark.parametrize("zone", ["America/Toronto", "Asia/Kathmandu"])
def test_a_brush_selects_what_was_under_it_also_where_the_clocks_change(explore, zone, tab, name):
    received = [datetime(2025, 11, 2, 4, tzinfo=UTC) + timedelta(minutes=i) for i in range(240)]
    rows = [
        {"id": str(i), "status": "FAILURE", "error": {"type": "T", "message": "m"}}
        | {
            "receivedAt": f"{moment:%FT%TZ}",
            "completedAt": f"{moment + timedelta(seconds=1):%FT%TZ}",
        }
        for i, moment in enumerate(received)
    ]
    body = json.dumps({"status": "FAILURE", "receipts": rows}).encode()
    explorer = explore(time_zone=zone)
    bulk = cnb.BulkResult.from_json(body, source_key="s", bulk_id="b")
    explorer.state.study = Study.of(bulk)
    ask(explorer, "tab", tab)
    ask(explorer, "ready")
    [svg] = [a for _, a in part(explorer, name).tags if "data-brush" in a]
    left, _, width, _, first, last = json.loads(svg["data-brush"])
    half = first + (last - first) / 2
    ask(explorer, "brush", first, half)
    middle = datetime.fromtimestamp(half / 1000, UTC)
    assert explorer.selected["received_at"].to_list() == [t for t in received if t < middle]
    assert 100 < explorer.selected.height < 140
    # What is brushed is drawn where it was brushed.
    read = part(explorer, name)
    [band] = [a for tag, a in read.tags if tag == "rect" and a.get("class") == "band"]
    assert float(band["x"]) == pytest.approx(left, abs=0.01)
    assert float(band["width"]) == pytest.approx(width / 2, abs=0.01)
    # A field that was not touched keeps its moment, though its time of the clock comes twice.
    begins, ends = datetime(2025, 11, 2, 6, 30, tzinfo=UTC), datetime(2025, 11, 2, 7, tzinfo=UTC)
    explorer.showing.narrow(Selection(begins=begins, ends=ends))
    typed = [a["value"] for _, a in part(explorer, "head").tags if a.get("class") == "moment"]
    later = explorer.showing.look.zone.field(ends + timedelta(minutes=5))
    ask(explorer, "narrow", "", [typed[0], later])
    expected = Selection(begins=begins, ends=ends + timedelta(minutes=5))
    assert explorer.showing.look.selection == expected


@pytest.mark.parametrize("zone", ["Mars/Olympus", ""])
def test_a_zone_that_is_none_is_an_error_at_once(explore, zone):
    with pytest.raises(ValueError, match="is not a known time zone"):
        explore(time_zone=zone)


def test_the_table_pages_sorts_and_opens_in_the_kernel(mixed):
    ask(mixed, "tab", "receipts")
    ask(mixed, "toggle", "outcome", "failed")
    assert "Page 1 of 15" in part(mixed, "table").text
    ask(mixed, "sort", "duration")
    ask(mixed, "sort", "duration")
    assert mixed.showing.look.order == Order("duration", descending=True)
    ask(mixed, "page", 99)
    assert "Page 15 of 15" in part(mixed, "table").text
    rows = part(mixed, "table").asks("open")
    assert len(rows) == 2 * (364 - 14 * 25)  # the id, and the whole row
    mixed.ask(rows[-1][1])
    row = mixed.selected.sort("duration", descending=True, nulls_last=True, maintain_order=True)
    detail = part(mixed, "table").text
    assert row["id"][-1] in detail
    assert row["task_id"][-1] in detail
    ask(mixed, "sort", "id")
    assert mixed.showing.look.page == 0


def test_a_receipt_opens_with_its_nested_errors(mixed):
    ask(mixed, "tab", "receipts")
    table = mixed.state.study.table
    number = table.with_row_index().filter(pl.col("error_details").is_not_null())["index"][0]
    ask(mixed, "open", number)
    assert '"message": ' in part(mixed, "table").text
    ask(mixed, "open", number)
    assert mixed.showing.look.opened is None


@pytest.mark.parametrize(
    "message",
    [
        {"act": "toggle", "column": "error_message", "value": "x"}, {"act": "toggle"},
        {"act": "pick", "picks": [["type"]]}, {"act": "pick", "picks": ["x"]},
        {"act": "brush", "begins": "a", "ends": "b"},
        {"act": "brush", "begins": 1e300, "ends": 2e300},
        {"act": "brush", "begins": float("nan"), "ends": 1},
        {"act": "narrow", "text": "", "times": ["now", "then"]},
        {"act": "narrow", "text": None, "times": None}, {"act": "sort", "column": "nonsense"},
        {"act": "page", "number": "x"}, {"act": "open", "row": 2_000}, {"act": "open", "row": -1},
        {"act": "open", "row": "x"}, {"act": "tab", "name": "nonsense"}, {"act": "nonsense"},
        {"act": "__init__"}, {"act": "choose"}, {"act": "download", "what": "all"},
        {"act": "choose", "source_key": 1, "kind": 2, "bulk_id": 3}, {}, [], None, "load", 7,
    ],
)  # fmt: skip
def test_what_is_not_valid_changes_nothing(steady, message):
    before = steady.showing.look, steady.panel.parts, steady.panel.chosen
    steady.ask(message)
    assert (steady.showing.look, steady.panel.parts, steady.panel.chosen) == before


def test_another_bulk_begins_without_the_filters_of_the_last(mixed):
    ask(mixed, "toggle", "outcome", "failed")
    other = SAMPLES["outage"]
    ask(mixed, "choose", other.source_key, other.kind, other.bulk_id)
    ask(mixed, "load")
    assert not mixed.showing.look.selection
    assert mixed.bulk.bulk_id == mixed.panel.chosen["bulk_id"] == other.bulk_id
    assert "281 of 2,000 operations failed" in part(mixed, "summary").text


def test_a_bulk_that_is_fetched_again_is_looked_at_as_before(mixed):
    ask(mixed, "toggle", "outcome", "failed")
    ask(mixed, "tab", "receipts")
    ask(mixed, "page", 3)
    mixed.ask(part(mixed, "table").asks("open")[0][1])
    look = mixed.showing.look
    ask(mixed, "load")
    assert mixed.showing.look == look
    assert look.opened is not None
    before = mixed.state.study
    mixed.state.study = replace(before, table=before.table.reverse())
    assert mixed.showing.look == replace(look, opened=None)
    assert "Page 4 of 15" in part(mixed, "table").text


def test_one_part_that_fails_leaves_the_others(mixed, monkeypatch):
    broken = (("types", lambda *_: 1 / 0), *tabs.SECTIONS["failures"][1:])
    monkeypatch.setitem(tabs.SECTIONS, "failures", broken)
    ask(mixed, "tab", "failures")
    assert "could not be shown: types (ZeroDivisionError)" in part(mixed, "types").text
    assert part(mixed, "signatures").asks("toggle")
    static = mixed.static_html()
    assert "could not be shown: types (ZeroDivisionError)" in static
    assert "does not exist in source" in static


def test_a_newer_look_voids_an_older_one(mixed):
    async def both():
        for name in ("failed", "succeeded"):
            ask(mixed, "toggle", "outcome", name)
        await asyncio.gather(*mixed.loader._tasks)

    asyncio.run(both())
    assert mixed.showing.look.selection.picks == (Pick("outcome", ("failed", "succeeded")),)
    assert "2,000" in part(mixed, "head").text


@pytest.mark.parametrize("tab", tabs.SECTIONS)
def test_what_takes_long_begins_when_the_rest_is_there(mixed, monkeypatch, tab):
    waited = []

    def noted(name, section):
        def draw(study, look):
            missing = {other for other, _, state in mixed.showing.parts if state}
            waited.append((name, missing - tabs.SLOW))
            return section(study, look)

        return name, draw

    sections_of_tab = tuple(noted(*one) for one in tabs.SECTIONS[tab])
    monkeypatch.setitem(tabs.SECTIONS, tab, sections_of_tab)
    ask(mixed, "tab", tab)
    ask(mixed, "toggle", "error_type", "NOT_FOUND")
    assert {name for name, _ in waited} == {name for name, _ in sections_of_tab}
    assert all(not missing for name, missing in waited if name in tabs.SLOW)


# Take along


def test_the_shown_code_runs_and_gives_the_same_frame(mixed):
    ask(mixed, "toggle", "error_type", "NOT_FOUND")
    ask(mixed, "code")
    text = part(mixed, "head").text
    names = {}
    exec(text[text.index("import") : text.index("Copy code")], names)  # noqa: S102
    assert_frame_equal(names["selected"], mixed.selected)


@pytest.mark.parametrize("what", ["selected", "records"])
def test_the_selection_is_given_to_the_browser_and_not_written_here(
    mixed, sent, tmp_path, monkeypatch, what
):
    monkeypatch.chdir(tmp_path)
    ask(mixed, "toggle", "error_type", "NOT_FOUND")
    for form in ("csv", "parquet"):
        ask(mixed, "download", what, form)
    (csv, [text]), (parquet, [binary]) = [entry for entry in sent if entry[1]]
    assert csv["file"] == f"ehr-prod_{MIXED.bulk_id}_{what}.csv"
    assert (csv["type"], parquet["type"]) == ("text/csv", "application/vnd.apache.parquet")
    frame = pl.read_parquet(io.BytesIO(binary))
    assert pl.read_csv(io.BytesIO(text)).height == frame.height > 100
    if what == "selected":
        assert_frame_equal(frame, mixed.selected)
    else:
        records = cnb.retry_records(mixed.receipts)
        kept = mixed.selected.cast({"type": pl.String})
        assert_frame_equal(frame, records.join(kept, on=["id", "type"], how="semi"))
    assert list(tmp_path.iterdir()) == []


def test_the_ids_of_one_problem_are_given(mixed, sent):
    ask(mixed, "tab", "todo")
    downloads = [download for _, download in part(mixed, "plan").asks("download")]
    download = next(download for download in downloads if download["what"] == "ids")
    mixed.ask(download)
    [(message, [body])] = [entry for entry in sent if entry[1]]
    plan = cnb.retry_plan(mixed.receipts).row(0, named=True)
    assert (download["what"], download["signature"]) == ("ids", plan["signature"])
    assert pl.read_csv(io.BytesIO(body))["id"].to_list() == plan["ids"]
    assert message["file"].endswith("_ids.csv")


def test_the_records_to_fix_are_given_with_their_wrong_values(mixed, sent):
    ask(mixed, "toggle", "error_type", "INVALID_ARGUMENT")
    ask(mixed, "download", "fixes", "csv")
    [(message, [body])] = [entry for entry in sent if entry[1]]
    assert message["file"].endswith("_fixes.csv")
    rows = pl.read_csv(io.BytesIO(body), infer_schema=False)
    kept = cnb.records_to_fix(mixed.receipts).join(mixed.selected, on="id", how="semi")
    assert rows.select("id", "value").rows() == kept.select("id", "value").rows()
    assert {"period.end", "period.start", "validFrom"} <= set(rows["value"])


def test_a_value_of_a_problem_is_a_button_that_filters(mixed):
    asked = [asked for _, asked in part(mixed, "problems").asks("toggle")]
    press = next(asked for asked in asked if asked["value"] == "period.end")
    mixed.ask(press)
    messages = mixed.selected["error_details"]
    assert len(messages) == 18
    assert messages.str.contains("period.end", literal=True).all()
    mixed.ask(press)
    assert mixed.selected.height == mixed.receipts.height


# What comes from the API is text


def test_hostile_texts_stay_texts_in_every_part_and_in_the_static_view(explore):
    error = {"type": HOSTILE, "message": HOSTILE, "code": 4, "details": [{"message": HOSTILE}]}
    receipt = {"id": HOSTILE, "type": HOSTILE, "action": HOSTILE, "status": "FAILURE"}
    receipt |= {"error": error, "taskId": HOSTILE, "receivedAt": "2026-01-01T00:00:00Z"}
    body = json.dumps({"status": HOSTILE, "receipts": [receipt, receipt | {"id": None}]}).encode()
    bulk = cnb.BulkResult.from_json(body, source_key=HOSTILE, bulk_id=HOSTILE)
    explorer = explore()
    explorer.state.study = Study.of(bulk)
    explorer.state.error = explorer.state.source_key = HOSTILE
    explorer.state.sources = [HOSTILE]
    ask(explorer, "ready")
    shown = [explorer.static_html(), *(html for _, html, _ in explorer.panel.form)]
    for selection in (Selection(), Selection().toggled("type", HOSTILE).searching(HOSTILE)):
        explorer.showing.narrow(selection)
        for tab in tabs.SECTIONS:
            ask(explorer, "tab", tab)
            ask(explorer, "open", 0)
            shown += [html for _, html, _ in explorer.panel.parts]
            ask(explorer, "open", 0)
    for html in shown:
        for tag, attributes in Read(html).tags:
            assert tag not in {"script", "iframe"}
            assert tag != "img" or attributes["src"].startswith("data:image/svg+xml;base64,")
            assert not [name for name in attributes if name.startswith("on")]
        assert "could not be shown" not in html


# Without a page


CELLS = (
    f"""import os
import clinia_nb as cnb
cnb.Explorer(None, {MIXED.source_key!r}, {MIXED.bulk_id!r})""",
    """os.environ["CLINIA_API_KEY"] = "sk-3f9c1b77" + "e0a24d58"
os.environ["CLINIA_WORKSPACE"] = "http://127.0.0.1:9"
client = cnb.Client(timeout=(0.1, 0.1), retry=None)
cnb.Explorer(client)""",
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A notebook of two explorers that was run without a page, and its file."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    path = tmp_path_factory.mktemp("saved") / "n.ipynb"
    nbformat.write(notebook, path)
    return notebook, path


@pytest.mark.filterwarnings("default")
def test_run_without_a_page_the_export_shows_all_of_it_once(saved):
    notebook, path = saved
    html = export(path)
    [static, live] = notebook.cells[0].outputs
    assert set(static.data) == {"text/html", "text/plain"}
    assert set(live.data) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert static.data["text/html"].count("<svg") == 2 * IN_EXPLORER  # for a page, for a phone
    assert html.count("Failed receipts over time, by when they were received") >= 1
    assert html.count("364 of 2,000 operations failed (18.2%)") == 1
    assert "<button" not in static.data["text/html"]
    assert len(static.data["text/html"]) < 1_000_000
    state = json.dumps(notebook.metadata.get("widgets", {}))
    assert '"parts": []' in state


def test_where_a_host_takes_styles_and_svg_out_the_static_view_has_pictures(mixed):
    html = mixed.static_html()
    for taken in (r"<style>.*?</style>", r"<svg.*?</svg>", r' (style|class)="[^"]*"'):
        html = re.sub(taken, "", html, flags=re.DOTALL)
    read = Read(html)
    pictures = [a for tag, a in read.tags if tag == "img"]
    assert len(pictures) == 10
    for a in pictures:
        kind, body = a["src"].split(",")
        svg = Read(b64decode(body).decode())
        assert kind == "data:image/svg+xml;base64"
        assert float(svg.tags[0][1]["width"]) > 500
        assert [tag for tag, _ in svg.tags].count("path") > 10
        assert not [a for _, a in svg.tags if "var(" in str(a)]
        assert len(a["alt"]) > 20
    hidden = [tag for tag, a in read.tags if "hidden" in a]
    assert hidden == ["div", "div"] * IN_EXPLORER  # each for a page and for a phone
    assert "364 of 2,000 operations failed" in read.text


@pytest.mark.filterwarnings("default")
def test_no_key_is_in_what_a_notebook_saves(saved):
    notebook, path = saved
    assert "Explorer" in notebook.cells[1].outputs[0].data["text/plain"]
    assert KEY not in path.read_text()


def test_the_static_view_has_no_heading_without_content(explore):
    bulk = cnb.BulkResult.from_json(PENDING.body, source_key="s", bulk_id="b")
    html = explore(client=bulk).static_html()
    assert re.findall("<h2>(.*?)</h2>", html) == ["Overview", "Failures", "Timing", "Receipts"]
    assert html.count("No receipts failed so far.") == 1


def test_before_a_bulk_is_loaded_the_static_view_says_so(explore):
    assert "No bulk is loaded" in explore().static_html()
