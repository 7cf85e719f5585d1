import ast
import importlib
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import FunctionType

import pytest

import clinia_nb as cnb

ROOT = Path(__file__).parent.parent

PUBLIC = {
    "Archive", "ArchiveError", "BodyNotKeptError", "DamagedArchiveWarning", "EngineError",
    "bulk_trends", "signature_history", "trend_changes",
    "AccessDeniedError", "BulkNotFoundError", "BulkResult", "Client", "CliniaError",
    "ColumnClashError", "Explorer", "IntervalError", "InvalidIdError", "InvalidKeyError",
    "MissingColumnError", "RateLimitedError", "RedirectedError", "RequestError",
    "RequestRefusedError", "ServerError", "SettingsError", "StillPendingError",
    "UnknownFieldsWarning", "UnreachableError", "UnreadValuesWarning", "UnreadableAnswerError",
    "Comparison", "Explanation", "compare_bulks", "contrast_failures", "explain", "failure_onsets",
    "failure_signatures", "lead_filter", "message_signatures", "retry_plan", "retry_records",
    "with_signatures", "charts", "count_outcomes", "failures_over_time", "fetch_receipts",
    "parse_receipts", "redact", "summarize_failures", "summarize_timing", "throughput",
    "timing_over_time", "write_report", "failed", "outcome", "redact_bulk", "RetryPolicy",
    "show_settings",
    "failure_values", "records_to_fix", "with_values",
    "write_csv",
    "CatalogError", "SignatureCatalog",
}  # fmt: skip


FOR_OTHER_FOLDERS = {"BulkResult.of_answer", "Explorer.take", "Explorer.save_to_archive"}


def test_the_public_names_are_kept():
    assert set(cnb.__all__) == PUBLIC
    assert dir(cnb) == sorted(PUBLIC)
    for name in PUBLIC:
        assert getattr(cnb, name) is not None


@pytest.mark.parametrize("module", [cnb, cnb.charts])
def test_type_checkers_know_that_functions_of_receipts_take_a_bulk(module):
    functions = [getattr(module, name) for name in module.__all__]
    taking = [f for f in functions if "receipts" in getattr(f, "__annotations__", ())]
    assert len(taking) > 10
    narrow = {f.__name__ for f in taking if f.__annotations__["receipts"] != "Receipts"}
    assert narrow <= {"BulkResult"}


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("receipts", "parse_receipts"), ("receipts", "SCHEMA"),
        ("signatures", "with_signatures"), ("signatures", "failure_signatures"),
        ("charts", "failures_over_time"), ("explorer", "Explorer"),
        ("report", "write_report"), ("report", "redact_bulk"),
    ],
)  # fmt: skip
def test_dotted_paths_that_people_used_go_on_working(module, name):
    assert getattr(importlib.import_module(f"clinia_nb.{module}"), name) is not None


def test_every_private_module_is_protected_by_an_import_contract():
    private = {
        f"clinia_nb.{path.parent.name}.{path.stem}"
        for path in (ROOT / "clinia_nb").glob("*/_*.py")
        if path.stem != "__init__"
    }
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    protected = [name for one in contracts for name in one.get("protected_modules", [])]
    assert sorted(protected) == sorted(private)


def test_files_and_functions_stay_short():
    """A file over 350 lines, or a function over 50 without its docstring, hides an idea."""
    for path in (ROOT / "clinia_nb").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 350, path.name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                documented = ast.get_docstring(node, clean=False) is not None
                first = node.body[0].end_lineno + 1 if documented else node.lineno
                assert node.end_lineno - first < 50, (path.name, node.name)


def test_help_on_what_can_be_called_shows_an_example():
    called = {name: getattr(cnb, name) for name in PUBLIC if is_called(name)}
    assert [name for name, each in called.items() if ">>> " not in each.__doc__] == []
    methods = {
        (name, method): f"{getattr(each, method).__doc__}{each.__doc__}"
        for name, each in called.items()
        for method, body in vars(each).items()
        if isinstance(each, type) and isinstance(body, FunctionType | classmethod)
        if not method.startswith("_") and f"{name}.{method}" not in FOR_OTHER_FOLDERS
    }
    assert len(methods) > 30
    assert [
        (name, method)
        for (name, method), shown in methods.items()
        if not re.search(rf">>> .*\b{method}\(|\.\.\. .*\b{method}\(", shown)
    ] == []


def is_called(name):
    one = getattr(cnb, name)
    return callable(one) and not (isinstance(one, type) and issubclass(one, Exception))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        cnb.nonsense  # noqa: B018


def test_importing_leaves_the_heavy_libraries_out():
    heavy = ("altair", "ipywidgets", "vl_convert", "IPython", "jinja2", "tqdm")
    code = f"import sys, clinia_nb; print([m for m in {heavy!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.slow
def test_the_wheel_holds_samples_notebooks_templates_and_types(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {"clinia_nb/py.typed", "clinia_nb/display/templates/base.css"}
    expected |= {f"clinia_nb/_samples/{p.name}" for p in (ROOT / "data" / "samples").iterdir()}
    expected |= {f"clinia_nb/_notebooks/{p.name}" for p in (ROOT / "notebooks").glob("*.ipynb")}
    assert expected <= names
    assert not [name for name in names if "tests" in name]
