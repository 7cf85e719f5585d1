"""The example notebooks run, and export to pages that are whole without a network."""

import asyncio
import importlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from support.chromium import launch
from support.drawings import IN_EXPLORER

pytestmark = pytest.mark.slow
NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
FOUND = {
    "01_investigate_a_bulk": ["281 of 2,000 operations failed"],
    "02_find_the_cause": ["281 of 2,000 operations failed", "244 (86.8%) are fixed"],
    "03_timing_and_throughput": ["281 of 2,000 operations failed"],
    "04_many_bulks": ["New: in no bulk before this one", "Back again: in 6 of 28 bulks"],
    "report": ["281 of 2,000 operations failed"],
}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """Run all notebooks side by side and export them at once, as their readers do."""
    folder = tmp_path_factory.mktemp("exports")
    runs = [nbformat.read(path, 4) for path in NOTEBOOKS]

    async def run_all():
        clients = (NotebookClient(run, timeout=300, kernel_name="python3") for run in runs)
        await asyncio.gather(*(client.async_execute() for client in clients))

    asyncio.run(run_all())
    for path, run in zip(NOTEBOOKS, runs, strict=True):
        nbformat.write(run, folder / path.name)
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--no-input"]
    names = [path.name for path in NOTEBOOKS]
    subprocess.run([*command, *names], check=True, capture_output=True, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def browser():
    if not shutil.which("chromium"):
        pytest.skip("needs Debian's chromium, as CI has it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


def test_durations_are_readable_in_frames(notebook):
    assert re.findall(r"\d{4,}µs", notebook.read_text(encoding="utf-8")) == []


def code_of(path):
    return [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]


def charts_in(path):
    """Count the charts: one per cell that draws one, and those of an explorer."""
    sources = ["".join(cell["source"]) for cell in code_of(path)]
    explorers = sum("cnb.Explorer(" in source for source in sources)
    return sum("cnb.charts." in source for source in sources) + IN_EXPLORER * explorers


def kinds_of_outputs(path):
    """What each cell shows: kinds of content, as text can arrive in any number of pieces."""
    return [
        sorted({kind for out in cell["outputs"] for kind in out.get("data", {out["output_type"]})})
        for cell in code_of(path)
    ]


@pytest.mark.filterwarnings("default")
def test_it_runs_from_top_to_bottom_and_gives_what_is_committed(notebook, exports):
    ran = exports / notebook.name
    assert kinds_of_outputs(ran) == kinds_of_outputs(notebook)
    for path in (ran, notebook, ran.with_suffix(".html")):
        text = path.read_text(encoding="utf-8")
        assert [finding for finding in FOUND[notebook.stem] if finding not in text] == []


def test_all_numbered_notebooks_are_in_order_and_many_bulks_is_last():
    assert [path.stem for path in NOTEBOOKS] == list(FOUND)
    numbered = [stem for stem in FOUND if stem[0].isdigit()]
    assert [int(stem[:2]) for stem in numbered] == list(range(1, len(numbered) + 1))
    assert numbered[-1].endswith("many_bulks")


def test_one_cell_switches_to_a_workspace_of_your_own(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    switching = [cell for cell in cells if "cnb.Client(" in "".join(cell["source"])]
    code = [cell for cell in cells if "cnb.Client.sandbox(" in "".join(cell["source"])]
    assert switching
    assert len(code) <= 1


def test_it_uses_public_names_only(notebook):
    for cell in code_of(notebook):
        source = "".join(cell["source"])
        assert not re.search(r"\b_\w+\(|\._\w", source)
        for module, names in re.findall(r"from (clinia_nb[\w.]*) import (.+)", source):
            public = importlib.import_module(module).__all__
            assert {name.strip() for name in names.split(",")} <= set(public)


def test_it_is_committed_executed_small_and_without_paths_of_a_machine(notebook):
    code = code_of(notebook)
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert all(output["output_type"] != "error" for cell in code for output in cell["outputs"])
    assert notebook.stat().st_size < 600_000
    assert not re.search(r"/(home|root|work|tmp|Users)/", notebook.read_text())


def look(browser, page, *, scripts):
    """Open a page without a network; return its picture and what it holds."""
    context = browser.new_context(
        viewport={"width": 1_000, "height": 800}, java_script_enabled=scripts
    )
    tab, wrong = context.new_page(), []
    tab.route(re.compile("^(https?|wss?):"), lambda route: route.abort())
    tab.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    tab.goto(page.as_uri())
    counts = {
        "charts": tab.locator(".clinia-chart:not(.narrow)").count(),
        "drawn": tab.locator(".clinia-chart:not(.narrow) svg").count(),
        "cards": tab.locator(".clinia-nb .headline").count(),
        "overflow": tab.locator("html").evaluate("it => it.scrollWidth - it.clientWidth")
        if scripts
        else 0,
        "inputs": tab.locator(
            ".jp-CodeCell :is(.jp-InputArea, .jp-InputPrompt, .highlight)"
        ).count(),
    }
    for chart in tab.locator(".clinia-chart:not(.narrow) svg").all():
        assert chart.bounding_box()["height"] > 60
        assert chart.locator("path, rect, text, line").count() > 10
    assert tab.locator(".clinia-nb .headline").first.is_visible()
    picture = tab.screenshot(full_page=True)
    context.close()
    assert wrong == []
    return picture, counts


@pytest.mark.filterwarnings("default")
def test_its_page_is_whole_without_a_network_a_script_or_an_input(notebook, exports, browser):
    page = (exports / notebook.name).with_suffix(".html")
    picture, counts = look(browser, page, scripts=True)
    assert counts["charts"] == counts["drawn"] == charts_in(notebook)
    assert counts["cards"] >= 1
    assert counts["inputs"] == 0
    assert counts["overflow"] <= 0
    # Scripts add nothing visible.
    assert look(browser, page, scripts=False)[0] == picture
