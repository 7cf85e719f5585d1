"""The pictures of the README: ``.venv/bin/pytest -n0 tests/browser/make_pictures.py``.

They are of the samples, in a real JupyterLab, light and dark. Look at them before you commit them.
"""

from pathlib import Path

import clinia_nb as cnb
from clinia_nb.sandbox import list_samples

PICTURES = Path(__file__).parents[2] / "notebooks" / "pictures"
SAMPLES = {sample.name: sample for sample in list_samples()}
SHELL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px; width: 1000px; color-scheme: {scheme};
background: light-dark(#fff, #111); }}</style>{html}"""


def test_the_explorer_on_an_investigation(open_notebook, page):
    mixed = SAMPLES["mixed"]
    page.set_viewport_size({"width": 1600, "height": 1000})
    notebook = open_notebook(
        "import clinia_nb as cnb\n"
        f"cnb.Explorer(source_key={mixed.source_key!r}, bulk_id={mixed.bulk_id!r})"
    )
    if page.locator(".jp-DirListing:visible").count():
        notebook.command("application:toggle-left-area")
    for theme, name in (("Light", "explorer"), ("Dark", "explorer-dark")):
        page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
            f"JupyterLab {theme}",
        )
        notebook.run_all()
        notebook.settled()
        page.wait_for_timeout(1500)
        notebook.panel.scroll_into_view_if_needed()
        box = notebook.panel.bounding_box()
        clip = {"x": box["x"], "y": box["y"], "width": box["width"]}
        seen = page.locator(".jp-WindowedPanel-outer:visible").first.bounding_box()
        clip["height"] = min(box["height"], seen["y"] + seen["height"] - box["y"])
        page.screenshot(path=PICTURES / f"{name}.png", clip=clip)


def test_a_bulk_explained(chromium, tmp_path):
    outage = SAMPLES["outage"]
    bulk = cnb.Client.sandbox(progress=False).fetch_bulk(outage.source_key, outage.bulk_id)
    for scheme, name in (("light", "cause"), ("dark", "cause-dark")):
        file = tmp_path / f"{scheme}.html"
        html = SHELL.format(scheme=scheme, html=cnb.explain(bulk).html())
        file.write_text(html, encoding="utf-8")
        context = chromium.new_context(viewport={"width": 1040, "height": 800}, color_scheme=scheme)
        shown = context.new_page()
        shown.goto(file.as_uri())
        shown.locator(".clinia-nb").screenshot(path=PICTURES / f"{name}.png")
        context.close()


def test_a_report(chromium, tmp_path):
    mixed = SAMPLES["mixed"]
    bulk = cnb.Client.sandbox(progress=False).fetch_bulk(mixed.source_key, mixed.bulk_id)
    file = cnb.write_report(bulk, tmp_path / "report.html")
    for scheme, name in (("light", "report"), ("dark", "report-dark")):
        context = chromium.new_context(viewport={"width": 1000, "height": 900}, color_scheme=scheme)
        shown = context.new_page()
        shown.goto(file.resolve().as_uri())
        shown.screenshot(path=PICTURES / f"{name}.png")
        context.close()
