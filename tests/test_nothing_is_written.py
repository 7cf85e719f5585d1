"""What is looked at leaves no trace on disk: health data is written only where the user says."""

import os
import subprocess
import sys

import pytest

_LOOK = """
import clinia_nb as cnb
from clinia_nb.sandbox.samples import list_samples
client = cnb.Client.sandbox(progress=False)
samples = {sample.name: sample for sample in list_samples()}
bulk = client.fetch_bulk(samples["mixed"].source_key, samples["mixed"].bulk_id)
findings = cnb.explain(bulk)
findings.text(), findings._repr_html_(), bulk._repr_html_(), cnb.redact_bulk(bulk)
chart = cnb.charts.failures_over_time(bulk.receipts)
chart._repr_mimebundle_()
panel = cnb.Explorer(bulk)
panel.static_html()
"""


@pytest.mark.slow
def test_looking_at_a_bulk_writes_no_file(tmp_path):
    home = {name: str(tmp_path) for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMPDIR")}
    subprocess.run(
        [sys.executable, "-B", "-c", _LOOK], cwd=tmp_path, env=os.environ | home, check=True
    )
    assert [str(path) for path in tmp_path.rglob("*")] == []
