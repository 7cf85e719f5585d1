"""A real JupyterLab and Debian's Chromium, which reaches no other host."""

import shutil

import nbformat
import pytest
from support.chromium import launch
from support.hosts import TOKEN, serve_host, write_settings

import clinia_nb as cnb
from clinia_nb.sandbox.samples import list_samples

WAIT = 60_000
RUN = """async (code) => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const asked = kernel.requestExecute({ code, store_history: false });
    let said = "";
    asked.onIOPub = ({ header, content }) => {
        if (header.msg_type === "stream") said += content.text;
        if (header.msg_type === "error") said += "ERROR " + content.evalue;
    };
    await asked.done;
    return said;
}"""


def pytest_collection_modifyitems(items):
    missing = pytest.mark.skip(reason="needs Debian's chromium: apt-get install chromium")
    for item in (item for item in items if item.nodeid.startswith("tests/browser/")):
        item.add_marker(pytest.mark.slow)
        if not shutil.which("chromium"):
            item.add_marker(missing)


@pytest.fixture(scope="module")
def shown():
    """Return the HTML of a chart and of an explanation."""
    mixed = next(sample for sample in list_samples() if sample.name == "mixed")
    bulk = cnb.Client.sandbox().fetch_bulk(mixed.source_key, mixed.bulk_id)
    chart = cnb.charts.summarize_failures(bulk)._repr_mimebundle_()["text/html"]
    return chart, cnb.explain(bulk)._repr_html_()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Start JupyterLab in a folder of its own; give its address and that folder."""
    home = tmp_path_factory.mktemp("home")
    root = tmp_path_factory.mktemp("notebooks")
    write_settings(home)
    options = ("--no-browser", "--allow-root", "--ServerApp.port={port}")
    options += (f"--ServerApp.root_dir={root}", f"--IdentityProvider.token={TOKEN}")
    options += ("--LabApp.expose_app_in_browser=True",)
    with serve_host(("jupyter", "lab"), *options, home=home, folder=root) as url:
        yield url, root


@pytest.fixture(scope="module")  # while it is open, no other module can open one of its own
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def wrong():
    """What must not happen in the page: outside requests, errors of scripts, dialogs."""
    return []


@pytest.fixture(scope="module")
def page(chromium, wrong):
    """A page that asks no other host, and writes down what is wrong."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 1000}, accept_downloads=True,
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    page = context.new_page()

    def only_here(route):
        if not route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "file:")):
            wrong.append(f"asked for {route.request.url}")
            route.abort()
        else:
            route.continue_()

    def leave(dialog):
        if dialog.type == "beforeunload":
            return dialog.accept()
        wrong.append(f"dialog: {dialog.message}")
        return dialog.dismiss()

    context.route("**/*", only_here)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("dialog", leave)
    page.set_default_timeout(WAIT)
    yield page
    context.close()


class Notebook:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page, path):
        self.page, self.path = page, path
        self.panel = page.locator(".clinia-nb.explorer:visible")

    def run(self, code):
        """Run code in its kernel; give what it prints."""
        return self.page.evaluate(RUN, code)

    def run_all(self):
        """Run its cells, and wait until what they showed before is gone."""
        self.page.evaluate(
            "() => document.querySelectorAll('.explorer').forEach(e => e.classList.add('former'))"
        )
        self.command("notebook:run-all-cells")
        self.page.locator(".clinia-nb.explorer:visible:not(.former) form").first.wait_for()
        self.page.locator(".former").first.wait_for(state="detached")

    def command(self, name):
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)

    def part(self, name):
        return self.panel.locator(f"[data-part={name}]")

    def settled(self):
        """Wait until every part is drawn, also for what was asked just now."""
        self.run("pass")  # the kernel answers in turn: what was clicked before has arrived
        self.page.wait_for_timeout(100)
        self.page.wait_for_function(
            "() => { const parts = [...document.querySelectorAll('.explorer [data-part]')];"
            " return parts.length > 4 && parts.every(p => p.ariaBusy === 'false'); }"
        )

    def tab(self, name):
        self.panel.get_by_role("tab", name=name).click()
        self.panel.get_by_role("tab", name=name, selected=True).wait_for()
        self.settled()

    def choose(self, source_key, bulk_id):
        self.panel.get_by_label("Source key").fill(source_key)
        self.panel.get_by_label("Bulk id").fill(bulk_id)
        self.panel.locator("button.first").click()


@pytest.fixture(scope="module")
def open_notebook(lab, page):
    url, root = lab
    opened = []

    def make(*cells, name="explore.ipynb", shown=""):
        """Open a notebook; `shown` is what its first cell showed, which nobody trusts yet."""
        notebook = nbformat.v4.new_notebook()
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        if shown:
            data = {"text/html": shown}
            notebook.cells[0].outputs = [nbformat.v4.new_output("display_data", data=data)]
        path = root / f"{len(list(root.iterdir()))}-{name}"
        nbformat.write(notebook, path)
        page.goto(f"{url}/lab/tree/{path.name}?token={TOKEN}&reset")
        page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
        page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status"
            " === 'idle'"
        )
        opened.append(Notebook(page, path))
        return opened[-1]

    yield make
    for notebook in opened:
        notebook.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget?.sessionContext?.shutdown()"
        )
