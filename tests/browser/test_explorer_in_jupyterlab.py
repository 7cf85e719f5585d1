import io
import json
import re
import subprocess
import sys

import polars as pl
import pytest

import clinia_nb as cnb
from clinia_nb.sandbox.samples import list_samples

SAMPLES = {sample.name: sample for sample in list_samples()}
MIXED, PENDING = SAMPLES["mixed"], SAMPLES["pending"]
TITLE = "document.activeElement.querySelector('title').textContent"
CELLS = ("import clinia_nb as cnb\nexplorer = cnb.Explorer()\nexplorer",)
MARKS = """() => [...document.querySelectorAll("figure.chart svg, .clinia-chart svg")].map(
    svg => svg.checkVisibility() && svg.querySelectorAll("path, rect, line, text").length)"""


@pytest.fixture(scope="module")
def opened(open_notebook):
    return open_notebook(*CELLS)


@pytest.fixture
def notebook(opened, page, wrong, request, tmp_path):
    """The one notebook, run again: to open another takes ten times as long."""
    page.set_viewport_size({"width": 1280, "height": 1000})
    opened.run_all()
    failed = request.session.testsfailed
    yield opened
    if request.session.testsfailed > failed:
        page.screenshot(path=tmp_path / "last.png")  # for those who look for why
    happened, wrong[:] = wrong[:], []
    assert happened == []


@pytest.fixture
def mixed(notebook):
    notebook.choose(MIXED.source_key, MIXED.bulk_id)
    notebook.settled()
    return notebook


def height(notebook):
    return int(notebook.run("print(explorer.selected.height)"))


def failures_of(title):
    return int(re.search(r"Failed receipts: ([\d,]+)", title)[1].replace(",", ""))


def title_of(mark):
    return mark.locator("title").text_content()


# Each problem of the mixed sample: what failed exactly, where, and what to do about it.
PROBLEMS = [
    ("resource clinic with id", "pipeline_definition_id = clinic.2", "Load the missing records"),
    ("period.end 18 · period.start 16 · validFrom 11", "No pattern found", "Fix the data"),
    ("already exists", "action = CREATE", "Already exists"),
    ("registry-2 6 · registry-6 6", "No pattern found", "Retry unchanged"),
    ("does not allow a target of profile clinic 10", "clinic-offers-service", "Fix the model"),
    ("may not write location-part-of-organization of", "St. Mary's Hospital 12", "Request access"),
]
IN_SIGHT = """e => { const box = e.getBoundingClientRect();
    const at = document.elementFromPoint(box.x + 40, box.y + Math.min(box.height - 4, 60));
    return box.top >= 0 && box.bottom <= innerHeight && e.contains(at); }"""


def test_each_problem_is_understood_within_four_gestures(notebook):
    notebook.page.set_viewport_size({"width": 1400, "height": 900})
    notebook.panel.get_by_role("button", name="List of bulks").click()  # 1
    option = notebook.panel.get_by_role("option", name="A mix of failures")
    assert "submitted 2026-03-09" in option.inner_text()
    option.click()  # 2
    notebook.settled()
    found = notebook.part("problems").locator("li")
    assert found.count() == 6
    assert notebook.part("summary").locator(".headline").is_visible()
    for problem, (values, where, advice) in zip(found.all(), PROBLEMS, strict=True):
        problem.scroll_into_view_if_needed()  # 3, if it is not there already
        assert problem.evaluate(IN_SIGHT)
        text = " ".join(problem.inner_text().split())
        for words in (values, where, advice, "When Throughout, 2026-03-09 21:0"):
            assert words in text
        for name in ("Only these", "Copy as Markdown", "Download these records"):
            assert problem.get_by_role("button", name=name).is_visible()
    value = found.nth(1).get_by_role("button", name="period.end")
    value.click()  # 4
    notebook.settled()
    assert height(notebook) == 18
    assert "Selection: 18 of 2,000 receipts" in notebook.part("head").inner_text()
    assert "18 failures" in notebook.part("problems").inner_text()
    assert "364" not in notebook.part("summary").inner_text()


WHOLE = """() => {
    const box = e => e.getBoundingClientRect();
    const seen = box(document.querySelector(".jp-NotebookPanel .jp-WindowedPanel-outer"));
    const inside = ({ left, right, top, bottom }) =>
        top >= seen.top && bottom <= seen.bottom && left >= seen.left && right <= seen.right;
    const problems = [...document.querySelectorAll(".explorer:not(.static) .problems > li")];
    return problems.filter(
        li => [li, ...li.querySelectorAll("dd, button")].every(e => inside(box(e)))).length;
}"""


@pytest.mark.parametrize(("width", "file_browser"), [(1400, True), (1000, False)])
def test_leading_problems_are_whole_above_the_fold(mixed, width, file_browser):
    page = mixed.page
    page.set_viewport_size({"width": width, "height": 900})
    files = page.locator(".jp-DirListing:visible")
    if files.count() != file_browser:
        mixed.command("application:toggle-left-area")
    files.wait_for(state="visible" if file_browser else "hidden")
    page.locator(".jp-CodeCell .jp-InputArea").first.scroll_into_view_if_needed()
    assert page.locator(".jp-CodeCell .jp-InputArea").first.is_visible()  # nothing was scrolled
    page.wait_for_function(f"({WHOLE})() >= 3")
    if not file_browser:
        mixed.command("application:toggle-left-area")
    text = mixed.panel.inner_text()
    assert text.count("NOT_FOUND") == 1 + mixed.part("over-time").inner_text().count("NOT_FOUND")
    assert text.count("18.2%") == 1


def test_an_hour_that_is_brushed_is_explained_against_the_rest(mixed):
    outage = SAMPLES["outage"]
    mixed.choose(outage.source_key, outage.bulk_id)
    mixed.part("problems").get_by_text("A burst").first.wait_for()
    mixed.settled()
    assert mixed.run("print(explorer.bulk.bulk_id)").strip() == outage.bulk_id
    assert "Below is still" not in mixed.part("progress").inner_text()
    brush(mixed, 0.35, 0.6)
    mixed.settled()
    words = mixed.part("difference").inner_text()
    assert re.search(r"[\d.]+% of the selected receipts failed, [\d.]+% of the other", words)
    assert re.search(r"error type = \w+: \d+ of \d+ selected receipts", words)


def brush(notebook, begins, ends):
    chart = notebook.part("over-time").locator("svg")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    y = box["y"] + box["height"] * 0.6
    notebook.page.mouse.move(box["x"] + box["width"] * begins, y)
    notebook.page.mouse.down()
    notebook.page.mouse.move(box["x"] + box["width"] * ends, y, steps=5)
    notebook.page.mouse.up()
    notebook.part("head").get_by_text("Selection:").wait_for()


CUT = """e => { const box = e.getBoundingClientRect();
    let cut = 0;
    for (let at = e.parentElement; !at.matches(".jp-WindowedPanel-viewport"); at = at.parentElement)
        if (getComputedStyle(at).overflowY !== "visible")
            cut = Math.max(cut, box.bottom - at.getBoundingClientRect().bottom);
    return cut; }"""


def test_a_list_of_bulks_and_one_of_columns_are_whole_where_the_panel_is_short(notebook):
    notebook.panel.get_by_role("button", name="List of bulks").click()
    menu = notebook.panel.locator(".menu.bulks")
    assert menu.bounding_box()["height"] > 300
    assert menu.evaluate(CUT) <= 0
    menu.get_by_role("option", name="documentation's own example").click()
    notebook.settled()
    notebook.tab("Receipts")
    notebook.panel.locator("details.columns summary").click()
    sheet = notebook.panel.locator("details.columns .sheet")
    assert sheet.evaluate(CUT) <= 0
    for name in ("status", "error_code"):
        sheet.get_by_label(name, exact=True).check()
        notebook.settled()
        assert sheet.is_visible()  # several are chosen in turn
    assert notebook.part("table").locator("th").count() == 6


def test_escape_closes_a_list_of_columns_then_clears_then_closes_a_receipt(mixed):
    mixed.tab("Receipts")
    mixed.panel.get_by_role("searchbox").fill("clinic")
    mixed.part("head").get_by_text("contains clinic").wait_for()
    mixed.settled()
    mixed.panel.locator("details.columns summary").click()
    mixed.page.keyboard.press("Escape")
    mixed.panel.locator(".sheet").wait_for(state="hidden")
    assert "contains clinic" in mixed.part("head").inner_text()
    mixed.page.keyboard.press("Escape")
    mixed.part("head").get_by_text("All 2,000 receipts").wait_for()
    mixed.settled()
    mixed.part("table").locator("tr[data-ask]").first.click()
    mixed.part("table").locator("dl").wait_for()
    mixed.page.keyboard.press("Escape")
    mixed.part("table").locator("dl").wait_for(state="detached")


def test_escape_takes_back_a_brushed_stretch_of_time(mixed):
    brush(mixed, 0.6, 0.35)
    mixed.page.keyboard.press("Escape")
    mixed.part("head").get_by_text("Selection:").wait_for(state="detached")


def test_old_figures_are_dimmed_until_the_chosen_bulk_is_there_also_after_an_error(mixed):
    opacity = "e => Number(getComputedStyle(e).opacity)"
    tabpanel = mixed.panel.locator(".panel")
    assert tabpanel.evaluate(opacity) == 1
    mixed.choose(MIXED.source_key, "bk_unknown")
    mixed.panel.get_by_role("alert").first.wait_for()
    assert tabpanel.evaluate(opacity) < 0.5
    assert MIXED.bulk_id in mixed.part("progress").inner_text()
    mixed.choose(MIXED.source_key, MIXED.bulk_id)
    mixed.settled()
    mixed.page.wait_for_function("() => !document.querySelector('.explorer.stale')")
    assert tabpanel.evaluate(opacity) == 1


def test_a_pending_bulk_is_waited_for_with_counts_while_the_kernel_is_free(notebook):
    notebook.choose(PENDING.source_key, PENDING.bulk_id)
    notebook.settled()
    assert notebook.run("print(explorer.bulk.status)") == "PENDING\n"
    notebook.panel.get_by_role("button", name="Wait until done").click()
    notebook.part("progress").get_by_text("operations are done").wait_for()
    assert notebook.run("print(6 * 7)") == "42\n"
    assert notebook.page.evaluate("document.activeElement.textContent") == "Stop"
    notebook.panel.get_by_role("button", name="Stop", disabled=True).wait_for()
    notebook.settled()
    assert notebook.run("print(explorer.bulk.status)") == "FAILURE\n"
    assert "PENDING" not in notebook.part("summary").inner_text()


def test_a_bar_and_a_stretch_of_time_narrow_everything_down(mixed):
    mixed.tab("Failures")
    bar = mixed.part("types").locator(".mark").first
    expected = failures_of(title_of(bar))
    bar.click()
    mixed.settled()
    mixed.part("head").get_by_text("error type NOT_FOUND").wait_for()
    assert height(mixed) == expected
    signatures = mixed.part("signatures").locator("tbody tr")
    assert signatures.count() == 1

    chart = mixed.part("over-time").locator("svg")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    y = box["y"] + box["height"] * 0.6
    mixed.page.mouse.move(box["x"] + box["width"] * 0.3, y)
    mixed.page.mouse.down()
    mixed.page.mouse.move(box["x"] + box["width"] * 0.5, y, steps=5)
    mixed.page.mouse.up()
    mixed.part("head").get_by_text("received 2026-03-09").wait_for()
    mixed.settled()
    narrowed = height(mixed)
    assert 0 < narrowed < expected
    span = "s = explorer.selected['received_at']; print((s.max() - s.min()).total_seconds())"
    assert 200 < float(mixed.run(span)) < 400
    assert mixed.part("over-time").locator(".band").bounding_box()["width"] > 100
    assert f"Selection: {narrowed} of 2,000 receipts" in mixed.part("head").inner_text()

    mixed.part("head").get_by_role("button", name="Remove filter: error type").click()
    mixed.settled()
    assert height(mixed) > narrowed
    mixed.part("head").get_by_role("button", name="Remove filter: received").click()
    mixed.settled()
    assert height(mixed) == 2_000


def test_a_heat_map_cell_picks_both_and_a_signature_row_itself(mixed):
    mixed.tab("Failures")
    cell = mixed.part("heatmap").locator(".mark").nth(2)
    expected = failures_of(title_of(cell))
    cell.click()
    mixed.settled()
    assert height(mixed) == expected
    assert mixed.panel.locator(".chip").count() == 2
    cell.click()
    mixed.settled()
    mixed.part("signatures").locator("tbody button").nth(1).click()
    mixed.settled()
    assert height(mixed) == 45


def test_the_table_pages_sorts_searches_and_opens(mixed):
    mixed.tab("Receipts")
    table = mixed.part("table")
    first = table.locator("tbody tr").first.inner_text()
    table.get_by_role("button", name="Next").click()
    table.get_by_text("Page 2 of 80").wait_for()
    assert table.locator("tbody tr").count() == 25
    assert table.locator("tbody tr").first.inner_text() != first
    table.get_by_role("button", name="Took").click()
    table.get_by_role("button", name="Took").click()
    table.locator("th[aria-sort=descending]").wait_for()
    assert "31.0 s" in table.locator("tbody tr").first.inner_text()
    mixed.panel.get_by_role("searchbox").fill('"no date"')
    table.get_by_text("Page 1 of").wait_for()
    mixed.part("head").get_by_text("contains").wait_for()
    mixed.settled()
    assert mixed.panel.locator(".chip").count() == 1
    assert height(mixed) == 45
    assert mixed.panel.get_by_role("searchbox").input_value() == '"no date"'
    assert table.locator("mark").first.inner_text() == "no date"
    table.locator("tbody tr .error").first.click()  # the whole row opens
    detail = table.locator(".detail")
    detail.get_by_text('"message"').first.wait_for()
    detail.get_by_role("button", name="Copy as JSON").click()
    mixed.page.get_by_text("Copied.").wait_for()
    copied = json.loads(mixed.page.evaluate("navigator.clipboard.readText()"))
    assert copied["id"] in mixed.run("print(explorer.selected['id'].to_list())")
    assert isinstance(copied["error_details"], list)
    detail.get_by_role("button", name="Next failed").click()
    mixed.settled()
    assert copied["id"] not in detail.inner_text()
    mixed.page.keyboard.press("Escape")
    mixed.part("head").get_by_text("All 2,000 receipts").wait_for()


def test_the_selection_downloads_as_the_kernel_has_it(mixed, tmp_path):
    mixed.tab("Failures")
    mixed.part("types").locator(".mark").first.click()
    mixed.settled()
    for form, read in (("CSV", pl.read_csv), ("Parquet", pl.read_parquet)):
        with mixed.page.expect_download() as download:
            mixed.panel.get_by_role("button", name=f"receipts as {form}").click()
        body = download.value.path().read_bytes()
        ids = read(io.BytesIO(body))["id"].to_list()
        assert repr(ids) == mixed.run("print(explorer.selected['id'].to_list())").strip()
    mixed.panel.get_by_role("button", name="Show code").click()
    code = mixed.panel.locator(".code-box code").inner_text()
    assert mixed.run(f"{code}\nprint(selected.equals(explorer.selected))") == "True\n"


def test_the_keyboard_alone_suffices(notebook):
    page = notebook.page
    notebook.panel.get_by_label("Source key").focus()
    page.keyboard.type(MIXED.source_key)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type(MIXED.bulk_id)
    page.keyboard.press("Enter")
    notebook.settled()
    assert page.evaluate("document.activeElement.name") == "bulk_id"
    page.get_by_role("status").get_by_text("All 2,000 receipts").wait_for()
    reach(page, "[role=tab]")
    page.keyboard.press("ArrowRight")
    notebook.settled()
    assert page.evaluate("document.activeElement.textContent") == "Failures"
    reach(page, ".mark")
    expected = failures_of(page.evaluate(TITLE))
    for key in "abdd":  # with which JupyterLab adds and deletes cells
        page.keyboard.press(key)
    assert page.locator(".jp-CodeCell").count() == 1
    page.keyboard.press("Enter")
    notebook.part("head").locator(".chip").wait_for()
    notebook.settled()
    assert height(notebook) == expected
    assert page.evaluate("document.activeElement.matches('.mark')")
    page.keyboard.press(" ")
    notebook.part("head").locator(".chip").wait_for(state="detached")
    notebook.settled()
    assert height(notebook) == 2_000
    page.keyboard.press("ArrowDown")
    second = page.evaluate(TITLE)
    assert "INVALID_ARGUMENT" in second
    page.keyboard.press("Tab")  # each chart is one stop
    assert not page.evaluate("document.activeElement.matches('.part-types .mark')")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(TITLE) == second


def test_times_are_typed_and_pages_turned_by_keyboard(mixed):
    page = mixed.page
    mixed.tab("Receipts")
    mixed.panel.get_by_label("Received from").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("2026-03-09 21:10:00")
    page.keyboard.press("Enter")
    mixed.part("head").get_by_text("received 2026-03-09 21:10:00").wait_for()
    mixed.settled()
    first = "print(explorer.selected['received_at'].min())"
    assert mixed.run(first).startswith("2026-03-09 21:10:")
    last = "print(explorer.selected.height - explorer.receipts.filter(explorer.receipts["
    last += "'received_at'] >= explorer.selected['received_at'].min()).height)"
    assert mixed.run(last) == "0\n"
    reach(page, "[name=next]")
    page.keyboard.press("Enter")
    mixed.part("table").get_by_text("Page 2 of").wait_for()
    mixed.settled()
    assert page.evaluate("document.activeElement.textContent") == "Next"
    reach(page, "button[data-ask*=open]")
    page.keyboard.press("Enter")
    mixed.part("table").get_by_role("button", name="Close").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"


def test_ctrl_s_saves_the_notebook_while_the_focus_is_in_the_panel(mixed):
    page = mixed.page
    mixed.panel.get_by_role("tab", name="Failures").focus()
    own = f"/api/contents/{mixed.path.name}"  # JupyterLab saves its workspace now and then

    def is_saved(answer):
        return answer.request.method == "PUT" and own in answer.url

    with page.expect_response(is_saved) as saved:
        page.keyboard.press("Control+s")
    assert saved.value.ok


def test_what_was_pressed_keeps_the_focus_while_a_bulk_loads(mixed):
    page = mixed.page
    load = mixed.panel.get_by_role("button", name="Reload this bulk")
    load.focus()
    for key in ("Enter", " "):
        page.keyboard.press(key)
        mixed.settled()
        mixed.panel.get_by_role("button", name="Stop", disabled=True).wait_for()
        assert page.evaluate("document.activeElement.name") == "load"


def test_every_tab_fits_a_page_of_900_pixels_and_is_the_panel_of_its_tab(mixed):
    mixed.page.set_viewport_size({"width": 900, "height": 1000})
    mixed.command("application:toggle-left-area")
    for name in ("Overview", "Failures", "Timing", "What to do", "Receipts"):
        mixed.tab(name)
        panel = mixed.panel.get_by_role("tabpanel", name=name)
        assert panel.is_visible()
        tab = mixed.panel.get_by_role("tab", name=name)
        assert tab.get_attribute("aria-controls") == panel.get_attribute("id")
        wider = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)"
        parts = mixed.panel.locator(".wide, figure.chart, .bar, table, .part")
        assert parts.evaluate_all(wider) == []
    mixed.command("application:toggle-left-area")


def reach(page, selector):
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(selector)


def test_an_error_is_a_line_and_the_last_bulk_stays(mixed):
    mixed.choose(MIXED.source_key, "bk_unknown")
    alert = mixed.part("progress").get_by_role("alert")
    alert.wait_for()
    assert "HTTP 404 NOT_FOUND" in alert.inner_text()
    assert mixed.run("print(explorer.bulk.bulk_id)").strip() == MIXED.bulk_id
    assert mixed.part("summary").is_visible()


def test_in_jupyterlab_it_is_there_once_and_in_the_export_with_every_chart(mixed, chromium):
    page = mixed.page
    saved = "() => document.querySelectorAll('.clinia-chart svg').length > 5"
    page.wait_for_function(saved)  # the static view, which is hidden
    drawn = page.evaluate(MARKS)
    assert sum(map(bool, drawn)) == 1
    assert all(count > 10 for count in drawn if count)
    mixed.command("docmanager:save")
    page.wait_for_timeout(500)
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", mixed.path.name]
    subprocess.run(command, check=True, capture_output=True, cwd=mixed.path.parent)
    offline = chromium.new_context()  # nbconvert's own page asks for MathJax
    offline.route(re.compile("^https?:"), lambda route: route.abort())
    export = offline.new_page()
    export.goto(mixed.path.with_suffix(".html").as_uri())
    export.locator(".clinia-nb .headline").wait_for()
    marks = [count for count in export.evaluate(MARKS) if count]  # those for a phone are hidden
    assert len(marks) == 10
    assert all(count > 10 for count in marks)
    assert export.locator(".explorer:visible").count() == 1
    assert export.get_by_role("button").count() == 0
    offline.close()


def test_after_a_restart_of_the_kernel_the_panel_says_that_it_is_disconnected(mixed):
    page = mixed.page
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    note = mixed.panel.get_by_text("Disconnected: the kernel was stopped or restarted")
    note.wait_for()
    assert "Run this cell again" in note.inner_text()


def test_jupyterlab_shows_whole_charts_and_no_walls_of_words_before_anything_is_run(
    shown, page, open_notebook
):
    explorer = cnb.Explorer(cnb.Client.sandbox(), MIXED.source_key, MIXED.bulk_id)
    page.set_viewport_size({"width": 1400, "height": 900})
    open_notebook("1", shown=explorer.static_html() + "".join(shown))
    explorer.close()
    charts = page.locator(".jp-OutputArea figure.clinia-chart")
    charts.first.wait_for()
    assert charts.locator("svg").count() == 0  # it is not trusted
    assert page.locator("figure.clinia-chart img:visible").count() == 11
    assert not "".join(charts.all_inner_texts()).strip()
    widths = page.locator(".part-signatures thead th").evaluate_all(
        "heads => heads.map(e => e.getBoundingClientRect().width)"
    )
    assert widths[0] > 2 * max(widths[1:4])
