"""The notebook that reports a bulk: run by papermill for a bulk, exported, and redacted whole."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import polars as pl
import pytest
from nbclient import NotebookClient
from support.exports import NO_INPUT, export

from clinia_nb import BulkResult, redact_bulk
from clinia_nb.sandbox.samples import list_samples

pytestmark = pytest.mark.slow
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "report.ipynb"
MIXED = next(sample for sample in list_samples() if sample.name == "mixed")


def start(folder):
    """Start papermill as the first cell says; return the process and its file."""
    named = ("-p", "source_key", MIXED.source_key, "-p", "bulk_id", MIXED.bulk_id)
    filled = folder / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", NOTEBOOK, filled]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([*command, *named], **silent), filled


def run_shown():
    """Run the notebook with redaction switched off; return its text."""
    notebook = nbformat.read(NOTEBOOK, 4)
    (tagged,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    tagged.source += f'\nbulk_id = "{MIXED.bulk_id}"\nredacted = False'
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return nbformat.writes(notebook)


def secrets_of(bulk):
    """The ids of the bulk and what its messages quote of records."""
    quoted = bulk.receipts["error_message"].drop_nulls().str.extract_all("'[^']*[A-Z0-9][^']*'")
    values = {value.strip("'") for value in quoted.explode().drop_nulls()}
    ids = pl.concat([bulk.receipts["id"], bulk.receipts["pipeline_execution_id"]]).drop_nulls()
    return {value for value in {*ids, *values} if len(value) > 8}


@pytest.mark.filterwarnings("default")
def test_no_id_and_no_quoted_value_is_anywhere_in_the_redacted_notebook(tmp_path):
    bulk = BulkResult.from_json(
        MIXED.path, source_key=MIXED.source_key, bulk_id=MIXED.bulk_id, kind=MIXED.kind
    )
    secrets = secrets_of(bulk)
    assert len(secrets) > bulk.receipts.height
    process, filled = start(tmp_path)
    shown = run_shown()  # meanwhile
    assert process.wait(120) == 0
    page = export(filled, **NO_INPUT)
    for text in (filled.read_text(encoding="utf-8"), page):
        assert "364 of 2,000 operations failed" in text
        assert [secret for secret in secrets if secret in text] == []
    assert page.count('class="clinia-chart"') == 5
    assert "Not redacted" in shown
    assert any(secret in shown for secret in secrets)


def test_its_parameters_can_be_filled_in():
    cells = nbformat.read(NOTEBOOK, 4).cells
    (tagged,) = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    for name in ("source_key", "bulk_id", "kind", "redacted", "sandbox"):
        assert f"{name} = " in tagged.source
    assert "redacted = True" in tagged.source


def test_its_page_begins_with_what_failed_and_has_no_instructions():
    page = export(NOTEBOOK, **NO_INPUT)
    words = re.sub(r"(?s)<(style|script|head)\b.*?</\1>|<[^>]+>", " ", page).split()
    assert "281 of 2,000 operations failed" in " ".join(words[:30])
    assert "papermill" not in words


def test_it_is_committed_redacted():
    sample = next(sample for sample in list_samples() if sample.name == "outage")
    saved = NOTEBOOK.read_text(encoding="utf-8")
    receipts = json.loads(sample.path.read_bytes())["receipts"]
    assert [receipt["id"] for receipt in receipts if receipt["id"] in saved] == []


@pytest.mark.filterwarnings("ignore::clinia_nb.UnknownFieldsWarning")
def test_a_redacted_bulk_names_nothing_beside_its_receipts():
    body = (
        b'{"status": "Ana 1931 4", "receipts": [{"id": "r1", "Ana Roy": 1, "status": "SUCCESS"}]}'
    )
    bulk = BulkResult.from_json(body, source_key="ehr", bulk_id="bk_1")
    assert "Ana Roy" in bulk.summary.text()
    redacted = redact_bulk(bulk)
    assert redacted.body == b""
    assert "Ana" not in redacted.summary.text()
    assert redacted.receipts["id"].item().startswith("id-")
