"""The explorer in Notebook 7 and in Voilà."""

import re

import nbformat
import pytest
from support.hosts import TOKEN, serve_host, write_settings

from clinia_nb.sandbox.samples import list_samples

MIXED = next(sample for sample in list_samples() if sample.name == "mixed")
CELL = "import clinia_nb as cnb\nexplorer = cnb.Explorer()\nexplorer"
HEADLINE = "364 of 2,000 operations failed"

# What the hosts themselves do wrong, with any notebook.
OF_HOSTS = re.compile("cdn.jsdelivr.net/npm/@fortawesome|reading 'schema'")


@pytest.fixture
def folders(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "folder"
    home.mkdir()
    folder.mkdir()
    write_settings(home)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "explore.ipynb")
    return home, folder


def load(page):
    """Load a bulk in the explorer that is in sight, and return it."""
    panel = page.locator(".clinia-nb.explorer:visible")
    panel.get_by_label("Source key").fill(MIXED.source_key)
    panel.get_by_label("Bulk id").fill(MIXED.bulk_id)
    panel.get_by_role("button", name="Load this bulk").click()
    panel.get_by_text(HEADLINE).first.wait_for()
    panel.get_by_role("tab", name="Failures").click()
    panel.locator("[data-part=types] .mark").first.wait_for()
    return panel


def ours(wrong):
    return [event for event in wrong if not OF_HOSTS.search(event)]


def test_notebook_7_keeps_its_shortcuts_apart_and_shows_an_explorer_at_full_size(
    folders, page, wrong, tmp_path
):
    home, folder = folders
    options = ("--no-browser", "--allow-root", "--ServerApp.port={port}")
    options += (f"--IdentityProvider.token={TOKEN}",)
    with serve_host(("notebook",), *options, home=home, folder=folder) as url:
        address = f"{url}/notebooks/explore.ipynb?token={TOKEN}"
        page.goto(address)
        wait_for_kernel(page, f"{url}/api/kernels?token={TOKEN}")
        page.locator(".jp-CodeCell .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        panel = load(page)
        assert panel.bounding_box()["width"] > 1000
        panel.get_by_role("tab", name="Failures").focus()
        page.keyboard.type("ddabx")  # with which Notebook deletes and adds cells
        assert panel.is_visible()
        page.wait_for_function("() => document.querySelectorAll('.clinia-chart svg').length > 5")
        assert is_whole(page)
        page.keyboard.press("Control+s")
        wait_for_size(page, folder / "explore.ipynb", 100_000)

        for kernel in page.request.get(f"{url}/api/kernels?token={TOKEN}").json():
            page.request.delete(f"{url}/api/kernels/{kernel['id']}?token={TOKEN}")
        page.goto(address)
        saved = page.locator(".clinia-nb.static:visible")
        saved.wait_for()
        page.wait_for_timeout(1_000)  # after which Notebook has chosen a height
        page.screenshot(path=tmp_path / "reopened.png")
        assert saved.bounding_box()["width"] > 1000
        assert is_whole(page)
        assert HEADLINE in saved.inner_text()
        page.goto("about:blank")
    assert ours(wrong) == []


def is_whole(page):
    """Tell whether the first output is as high as what it holds."""
    height, whole = page.evaluate(
        "() => { const output = document.querySelector('.jp-Cell-outputArea');"
        " return [output.clientHeight, output.scrollHeight] }"
    )
    return height == whole > 1_800  # from 1,820 pixels on Notebook scrolls an output


def wait_for_kernel(page, address):
    """Wait until the page has a kernel that is connected and idle."""
    for _ in range(300):
        states = [
            (k["execution_state"], k["connections"]) for k in page.request.get(address).json()
        ]
        if states and states[0][0] == "idle" and states[0][1]:
            return page.wait_for_timeout(1_000)
        page.wait_for_timeout(100)
    raise AssertionError(states)


def wait_for_size(page, file, size):
    for _ in range(100):
        if file.stat().st_size > size:
            return
        page.wait_for_timeout(100)
    raise AssertionError(file.stat().st_size)


def test_voila_loads_a_bulk(folders, page, wrong):
    home, folder = folders
    options = ("explore.ipynb", "--no-browser", "--port={port}", "--Voila.ip=127.0.0.1")
    with serve_host(("voila",), *options, home=home, folder=folder) as url:
        page.goto(url)
        panel = load(page)
        assert panel.bounding_box()["width"] > 800
        page.goto("about:blank")
    assert ours(wrong) == []
