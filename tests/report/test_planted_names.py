"""Names planted wherever the API can send text are found nowhere in what is redacted."""

import io
import json
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient
from support.examples import examples
from support.names import NAMES

from clinia_nb import BulkResult, redact_bulk
from clinia_nb.report.report import Findings

TEMPLATES = [
    "practitioner {name} could not be found",
    "no access for {name}",
    "{name}: not active",
    'patient "{name}" is missing',
    "account of {mail} expired",
]


def receipt(number, name, template):
    mail = f"{name.split()[0].lower()}@host"
    return {
        "id": f"r{number}", "type": name.replace(" ", ""), "targetType": "RESOURCE",
        "action": "CREATE", "status": "FAILURE", "taskId": name,
        "receivedAt": f"2026-03-09T12:{number // 60:02}:{number % 60:02}Z",
        "pipelineExecution": {"id": name, "pipelineDefinitionId": name, "status": name},
        "error": {
            "type": name.replace(" ", "_").upper(), "code": 404,
            "message": template.format(name=name, mail=mail),
            "details": [{"message": f"{name} unknown", mail: name, name: {"who": [name, mail]}}],
            "applicationErrorCode": name, "additionalContext": {"field": name, name: 1},
        },
    }  # fmt: skip


def bulk_about(names, templates, records):
    receipts = [
        receipt(len(names) * turn + place, name, templates[place % len(templates)])
        for turn in range(records)
        for place, name in enumerate(names)
    ]
    body = json.dumps({"status": "FAILURE", "receipts": receipts}).encode()
    return BulkResult.from_json(body, source_key="ehr", bulk_id="bk_1")


def leaked(names, text):
    parts = {part for name in names for part in name.split() if len(part) > 1}
    return [part for part in parts if part in text or part.lower() in text]


def assert_nobody_is_named(bulk, names):
    redacted = redact_bulk(bulk)
    frame = io.BytesIO()
    redacted.receipts.write_ndjson(frame)
    page = Findings(bulk).html()
    cell = redacted._repr_html_()
    for text in (frame.getvalue().decode(), page, cell, repr(redacted)):
        assert leaked(names, text) == []


@pytest.mark.parametrize("people", [1, 2, 5, 12, 20])
def test_names_in_every_script_are_found_nowhere(people):
    for start in range(0, len(NAMES), 20):
        names = NAMES[start : start + 20][:people]
        assert_nobody_is_named(bulk_about(names, TEMPLATES, 12), names)


@examples(4)
@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=20, unique=True),
    st.lists(st.sampled_from(TEMPLATES), min_size=1, max_size=3, unique=True),
    st.sampled_from([1, 12]),
)
def test_names_of_one_to_twenty_people_are_found_nowhere(names, templates, records):
    assert_nobody_is_named(bulk_about(names, templates, records), names)


def test_a_notebook_that_was_run_names_nobody(tmp_path):
    names = NAMES[::3]
    bulk_about(names, TEMPLATES, 12).save_json(tmp_path / "answer.json")
    path = Path(__file__).parent.parent.parent / "notebooks" / "report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    fetching = next(cell for cell in notebook.cells if "fetch_bulk" in cell.source)
    fetching.source = (
        "import polars as pl\nimport clinia_nb as cnb\n"
        'bulk = cnb.BulkResult.from_json("answer.json", source_key="ehr", bulk_id="bk_1")\n'
        "bulk = cnb.redact_bulk(bulk)"
    )
    NotebookClient(notebook, resources={"metadata": {"path": tmp_path}}).execute()
    text = nbformat.writes(notebook)
    assert "20 operations" in text or "could not be found" in text
    assert leaked(names, json.dumps(json.loads(text), ensure_ascii=False)) == []
