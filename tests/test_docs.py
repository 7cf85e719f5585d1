"""The documentation is whole: it builds without a warning and knows every public name."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import clinia_nb as cnb

DOCS = Path(__file__).parents[1] / "docs"


def test_every_public_name_is_in_the_reference():
    reference = "\n".join(page.read_text("utf8") for page in (DOCS / "reference").glob("*.md"))
    documented = set(re.findall(r"auto(?:function|class|data):: (\w+)", reference))
    by_module = {"charts", *dir(cnb.errors)}
    assert set(cnb.__all__) - documented - by_module == set()


@pytest.mark.slow
def test_it_builds_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", DOCS, tmp_path]
    built = subprocess.run(command, check=False, capture_output=True, text=True)
    assert built.stderr == ""
    assert built.returncode == 0
    page = (tmp_path / "reference" / "frame.html").read_text("utf8")
    assert "error_message" in page


def test_the_readme_runs_as_it_stands_on_the_sandbox(tmp_path, monkeypatch):
    """Its bulk is a sample, and each call in its table of calls takes it."""
    monkeypatch.chdir(tmp_path)
    readme = (DOCS.parent / "README.md").read_text("utf8")
    names = {"client": cnb.Client.sandbox(progress=False)}
    for code in re.findall(r"```python\n(.*?)```", readme, re.DOTALL):
        exec(code.replace("cnb.Client()", "client"), names)  # noqa: S102 - our own README
    calls = re.findall(r"`cnb\.(\w+)\(bulk\)`", readme)
    assert {"failure_signatures", "retry_plan"} < set(calls)
    for name in calls:
        assert getattr(cnb, name)(names["bulk"]).height
    assert names["archive"].notes()["note"].to_list() == ["EHR-42"]
