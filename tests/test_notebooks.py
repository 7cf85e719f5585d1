import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


@pytest.mark.filterwarnings("default")
def test_it_runs_from_top_to_bottom_and_exports_with_its_charts(notebook, tmp_path):
    run = nbformat.read(notebook, 4)
    NotebookClient(run, timeout=120, kernel_name="python3").execute()
    nbformat.write(run, tmp_path / notebook.name)
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", notebook.name]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    html = (tmp_path / notebook.with_suffix(".html").name).read_text()
    drawn = html.count("<svg") + html.count("image/svg+xml;base64")
    assert drawn >= sum("cnb.charts." in cell.source for cell in run.cells)
    assert "281 of 2,000 operations failed" in html


def test_it_is_committed_executed_small_and_without_paths_of_a_machine(notebook):
    saved = json.loads(notebook.read_text())
    code = [cell for cell in saved["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert all(output["output_type"] != "error" for cell in code for output in cell["outputs"])
    assert notebook.stat().st_size < 600_000
    assert not re.search(r"/(home|root|work|tmp|Users)/", notebook.read_text())


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs Debian's chromium, as CI has it")
def test_without_its_code_the_export_is_whole_in_a_browser_without_any_outside_load(
    notebook, tmp_path
):
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--no-input"]
    subprocess.run([*command, "--output-dir", tmp_path, notebook], check=True, capture_output=True)
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page()
        page.route(re.compile("^https?:"), lambda route: route.abort())
        page.goto((tmp_path / notebook.with_suffix(".html").name).as_uri())
        page.wait_for_timeout(500)
        cards = page.locator(".clinia-nb .headline")
        assert cards.count() >= 1
        assert cards.first.is_visible()
        marks = page.evaluate(
            "[...document.querySelectorAll('.clinia-chart svg')]"
            ".map(drawn => drawn.querySelectorAll('*').length)"
        )
        code = page.locator(".jp-CodeMirrorEditor, .jp-InputArea-editor").count()
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        browser.close()
    sources = ["".join(cell["source"]) for cell in json.loads(notebook.read_text())["cells"]]
    explorers = sum("cnb.Explorer(" in source for source in sources)
    charts = sum("cnb.charts." in source for source in sources)
    assert len(marks) == charts + 10 * explorers
    assert all(count > 10 for count in marks)
    assert (code, wide) == (0, False)
