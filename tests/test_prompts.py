"""What the Python prompt and IPython show."""

import subprocess
import sys

import pytest

from clinia_nb import Client, Explorer
from clinia_nb.sandbox.samples import list_samples

MIXED = next(sample for sample in list_samples() if sample.name == "mixed")
TYPED = f"""import clinia_nb as cnb
bulk = cnb.Client.sandbox().fetch_bulk("{MIXED.source_key}", "{MIXED.bulk_id}")
bulk
cnb.explain(bulk)
print(cnb.explain(bulk))
cnb.charts.summarize_failures(bulk)
cnb.Explorer(bulk)
"""
PROMPTS = {
    "python": ("-q", "-i"),
    "ipython": (
        "-m",
        "IPython",
        "--simple-prompt",
        "--no-banner",
        "--HistoryManager.enabled=False",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("options", PROMPTS.values(), ids=PROMPTS)
def test_a_prompt_shows_something_worth_reading(options, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    command = [sys.executable, *options]
    done = subprocess.run(
        command, input=TYPED, capture_output=True, text=True, timeout=120, check=True
    )
    shown = done.stdout
    assert "status='FAILURE', receipts=2,000" in shown
    assert "Explanation('364 of 2,000 operations failed" in shown
    assert "Load the missing records first" in shown  # the whole text
    assert "Chart: 364 failed receipts by error type. NOT_FOUND: 199" in shown
    assert "chart.save('chart.svg') writes a picture" in shown
    assert "It opens in a notebook: JupyterLab" in shown
    assert "Traceback" not in shown + done.stderr


@pytest.mark.quick
def test_an_explorer_says_at_a_prompt_why_it_shows_no_bulk():
    shown = repr(Explorer(Client.sandbox(progress=False), MIXED.source_key, "bk_other"))
    assert shown.startswith("Explorer(): GET ")
    assert "There is no such bulk." in shown
