"""The example notebooks run, and export to pages that are whole without a network."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow
NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """Run all notebooks side by side and export them at once, as their readers do."""
    folder = tmp_path_factory.mktemp("exports")
    runs = [nbformat.read(path, 4) for path in NOTEBOOKS]

    async def run_all():
        clients = (NotebookClient(run, timeout=120, kernel_name="python3") for run in runs)
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
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        yield started
        started.close()


def code_of(path):
    return [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]


def charts_in(path):
    """How many charts are shown: one per cell that asks for one, ten in an explorer."""
    sources = ["".join(cell["source"]) for cell in code_of(path)]
    explorers = sum("cnb.Explorer(" in source for source in sources)
    return sum("cnb.charts." in source for source in sources) + 10 * explorers


def kinds_of_outputs(path):
    """What each cell gives: kinds of content, of which streams of text come in any pieces."""
    return [
        sorted({kind for out in cell["outputs"] for kind in out.get("data", {out["output_type"]})})
        for cell in code_of(path)
    ]


@pytest.mark.filterwarnings("default")
def test_it_runs_from_top_to_bottom_and_gives_what_is_committed(notebook, exports):
    ran = exports / notebook.name
    assert kinds_of_outputs(ran) == kinds_of_outputs(notebook)
    for path in (ran, notebook, ran.with_suffix(".html")):
        assert "281 of 2,000 operations failed" in path.read_text()


def test_it_is_committed_executed_small_and_without_paths_of_a_machine(notebook):
    code = code_of(notebook)
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert all(output["output_type"] != "error" for cell in code for output in cell["outputs"])
    assert notebook.stat().st_size < 600_000
    assert not re.search(r"/(home|root|work|tmp|Users)/", notebook.read_text())


def look(browser, page, *, scripts):
    """Open a page with no host to be reached; give what is to be seen of it, and its counts."""
    context = browser.new_context(
        viewport={"width": 1_000, "height": 800}, java_script_enabled=scripts
    )
    tab, wrong = context.new_page(), []
    tab.route(re.compile("^(https?|wss?):"), lambda route: route.abort())
    tab.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    tab.goto(page.as_uri())
    counts = {
        "charts": tab.locator(".clinia-chart").count(),
        "drawn": tab.locator(".clinia-chart svg").count(),
        "cards": tab.locator(".clinia-nb .headline").count(),
        "overflow": tab.locator("html").evaluate("it => it.scrollWidth - it.clientWidth")
        if scripts
        else 0,
        "inputs": tab.locator(
            ".jp-CodeCell :is(.jp-InputArea, .jp-InputPrompt, .highlight)"
        ).count(),
    }
    for chart in tab.locator(".clinia-chart svg").all():
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
    # What scripts and other hosts would add is nothing that is seen.
    assert look(browser, page, scripts=False)[0] == picture
