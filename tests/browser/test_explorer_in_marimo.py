"""The explorer, a chart and an explanation in a real marimo server, with a dark theme."""

import pytest
from support.hosts import serve_host

from clinia_nb.sandbox.samples import list_samples

MIXED = next(sample for sample in list_samples() if sample.name == "mixed")
APP = f"""
import marimo
app = marimo.App()

@app.cell
def _():
    import clinia_nb as cnb
    import marimo as mo
    return cnb, mo

@app.cell
def _(cnb, mo):
    get_selected, set_selected = mo.state(None)
    explorer = cnb.Explorer()
    stop = explorer.on_change(lambda explorer: set_selected(explorer.selected))
    explorer
    return (get_selected,)

@app.cell
def _(get_selected, mo):
    selected = get_selected()
    mo.md("Nothing yet." if selected is None else f"{{selected.height}} receipts are selected.")
    return

@app.cell
def _(cnb):
    bulk = cnb.Client.sandbox().fetch_bulk("{MIXED.source_key}", "{MIXED.bulk_id}")
    cnb.charts.summarize_failures(bulk)
    return (bulk,)

@app.cell
def _(bulk, cnb):
    cnb.explain(bulk)
    return
"""
DARK = '[display]\ntheme = "dark"\n'
# How much lighter than what is behind it the text of an element is: 1 is not at all, 21 the most.
CONTRAST = """element => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const light = color => {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(
            c => c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const style = getComputedStyle(element);
    let behind = element;
    const clear = "rgba(0, 0, 0, 0)";
    const up = e => e.parentElement ?? e.getRootNode().host;
    while (behind && getComputedStyle(behind).backgroundColor === clear) behind = up(behind);
    const ink = light(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
    const ground = light(behind ? getComputedStyle(behind).backgroundColor : "white");
    return [(Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05), ground];
}"""


@pytest.fixture(scope="module")
def app(tmp_path_factory, page):
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("app")
    settings = home / ".config" / "marimo" / "marimo.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(DARK)
    (folder / "app.py").write_text(APP)
    options = ("app.py", "--headless", "--no-token", "--port", "{port}")
    with serve_host(("marimo", "run"), *options, home=home, folder=folder) as url:
        page.goto(url)
        yield page
        page.goto("about:blank")


def test_it_loads_a_bulk_and_a_cell_follows_what_is_selected(app, wrong, tmp_path):
    panel = app.locator(".clinia-nb.explorer:visible")
    app.get_by_text("Nothing yet.").wait_for()
    panel.get_by_label("Source key").fill(MIXED.source_key)
    panel.get_by_label("Bulk id").fill(MIXED.bulk_id)
    panel.get_by_role("button", name="Load this bulk").click()
    panel.get_by_text("364 of 2,000 operations failed").first.wait_for()
    app.get_by_text("2000 receipts are selected.").wait_for()
    panel.get_by_role("tab", name="Failures").click()
    panel.locator("[data-part=types] .mark").first.click()
    panel.locator(".chip").wait_for()
    app.get_by_text("199 receipts are selected.").wait_for()
    app.screenshot(path=tmp_path / "marimo.png")
    assert wrong == []


def test_charts_and_explanations_are_readable_in_dark(app, wrong, tmp_path):
    chart = app.locator("figure.clinia-chart").last
    chart.scroll_into_view_if_needed()
    assert chart.locator("svg").bounding_box()["height"] > 100
    texts = [*chart.locator("svg text").all(), *app.locator(".clinia-nb dt:visible").all()]
    app.screenshot(path=tmp_path / "marimo.png")
    contrasts = [text.evaluate(CONTRAST) for text in texts]
    assert len(contrasts) > 10
    assert min(contrast for contrast, _ in contrasts) > 4.5
    assert max(ground for _, ground in contrasts) < 0.1  # as dark as the page
    assert wrong == []
