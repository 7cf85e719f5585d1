"""Test the package with each Python of this machine, and with the lowest dependencies it allows.

Run as ``python .ci/versions.py``. Each environment is made in a temporary folder, by the uv of the
Python that runs this. That Python itself is left out: all tests run there.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
TOOLS = ("pytest", "pytest-xdist", "hypothesis", "pandas", "numpy")
# At least one test for each dependency, and none that takes long.
ENGINES = "tests/analysis/test_engines.py"
TESTS = (
    "tests/receipts/test_parse.py",
    "tests/fetch/test_settings.py",
    "tests/fetch/test_client.py",
    "tests/test_bulk.py",
    f"{ENGINES}::test_a_summary_gives_the_same_rows_on_every_engine",
    f"{ENGINES}::test_duckdb_has_the_same_signatures_and_values",
    "tests/analysis/test_failures.py",
    "tests/display",
    "tests/charts/test_trends.py",
    "tests/explorer/test_history.py",
    "tests/explorer/test_value_pick.py",
    "tests/report/test_notebook.py",
)


def find_python(version: str) -> str | None:
    """Return a Python of this version on the path or of pyenv, if there is one that runs."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [shutil.which(f"python{version}"), *root.glob(f"versions/{version}.*/bin/python")]
    for python in filter(None, found):
        asked = [python, "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
        if answer.stdout.strip() == version:
            return str(python)
    return None


def lower_bounds() -> list[str]:
    """Return the lowest version that pyproject.toml allows of each dependency."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    every = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    found = (re.match(r"([\w-]+)>=([\d.]+)", requirement) for requirement in every)
    return sorted({f"{match[1]}=={match[2]}" for match in found if match})


def test(python: str, folder: Path, constraints: list[str]) -> None:
    """Install the package and run the tests in a new environment; raise if one fails."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "-q", "--python", python, folder], check=True)
    inside = folder / "bin" / "python"
    bounds = folder / "constraints.txt"
    bounds.write_text("\n".join(constraints), encoding="utf-8")
    install = [*uv, "pip", "install", "-q", "--python", inside, "-c", bounds]
    subprocess.run([*install, f"{ROOT}[lab,duckdb]", *TOOLS], check=True)
    run = [inside, "-m", "pytest", "-q", "-n2", "-p", "no:cacheprovider", *TESTS]
    subprocess.run(run, cwd=ROOT, check=True, env=os.environ | {"HYPOTHESIS_PROFILE": "quick"})


def main() -> None:
    """Test the lowest dependencies with the lowest Python, and the newest with each other one."""
    pythons = {version: find_python(version) for version in PYTHONS}
    here = "{}.{}".format(*sys.version_info)
    lowest = next(python for python in pythons.values() if python)
    runs = [("the lowest dependencies", lowest, lower_bounds())]
    for version, python in pythons.items():
        if python is None:
            print(f"Python {version} is not on this machine: not tested.")
        elif version != here:
            runs.append((f"Python {version}, the newest dependencies", python, []))
    for name, python, constraints in runs:
        print(f"+ {name} ({python})", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            test(python, Path(folder), constraints)


if __name__ == "__main__":
    main()
