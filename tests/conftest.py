import os
import sys
from functools import cache
from pathlib import Path

# Else each of a hundred processes would compile the package and its tests anew.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    sys.dont_write_bytecode = False
# What takes long to load has a stand-in, here and in the processes that tests start.
sys.path.insert(0, str(Path(__file__).parent / "support" / "stand_ins"))
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [sys.path[0], os.environ.get("PYTHONPATH")])
)
# Else each letter of a chart is measured with a font that is read from the disk anew.
os.environ["FONTCONFIG_FILE"] = str(Path(__file__).parent / "support" / "fonts" / "fonts.conf")
# Workers of pytest-xdist share the cores: threads of polars on top would only wait for each other.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

import pytest
from support.clock import KEY, Watch
from support.examples import load_profile
from support.scripted_server import ScriptedServer

from clinia_nb import Client


def pytest_configure():
    load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_xdist_auto_num_workers():
    """One more than there are cores: who waits for a browser or a kernel uses none."""
    return (os.cpu_count() or 1) + 1


# What takes most processor time for what it adds to a quick run. Single tests that do have the mark
# `slow` themselves; those in these files that do not have the mark `quick`.
SLOW = {
    *("analysis/test_engines", "analysis/test_planted", "archive", "browser"),
    *("charts/test_charts", "charts/test_robust", "charts/test_trends"),
    *("explorer/test_archive", "explorer/test_explorer", "explorer/test_scope"),
    *("explorer/test_selection", "fetch/test_many", "fetch/test_time_limits"),
    *("findings/test_comparison", "findings/test_every_output"),
    *("findings/test_values", "redaction/test_redact", "report", "sandbox/test_server", "spark"),
    *("test_cli_archive", "test_notebooks", "test_nothing_is_written", "test_prompts"),
}
# A file runs on one worker: the longest first, so that none is left over at the end.
LONGEST = (
    *("browser/test_explorer_in_jupyterlab", "browser/test_report_page", "spark"),
    *("report/test_report", "explorer/test_explorer", "test_notebooks", "charts/test_charts"),
    *("browser/test_explorer_in_other_hosts", "browser", "redaction/test_redact", "test_cli"),
    *("report", "findings", "analysis/test_retry", "explorer", "charts", "analysis/test_engines"),
    *("archive", "analysis/test_contrast", "test_prompts", "analysis", "test_bulk", "fetch"),
    "signatures",
)


def pytest_collection_modifyitems(items):
    items.sort(key=_rank)
    for item in items:
        places = _places(item.path, item.config.rootpath)
        if not SLOW.isdisjoint(places) and not item.get_closest_marker("quick"):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish():
    if "altair" in sys.modules:
        from support.altair_checks import check_once

        check_once()


def _rank(item):
    places = _places(item.path, item.config.rootpath)
    return next((at for at, place in enumerate(LONGEST) if place in places), len(LONGEST))


@cache
def _places(path, root):
    """Return the file of a test and its folders, as from `tests`; nothing for a doctest."""
    path = path.relative_to(root)
    if path.parts[0] != "tests":
        return set()
    place = path.with_suffix("").relative_to("tests")
    return {place.as_posix(), *(folder.as_posix() for folder in place.parents)}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in ("CLINIA_WORKSPACE", "CLINIA_API_KEY", "CLINIA_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def serve():
    started = []

    def start(*steps):
        started.append(ScriptedServer(*steps))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def client_of(watch):
    clients = []

    def make(server, **options):
        options = {"timeout": (2, 0.3), "pace": watch.pace, "progress": False} | options
        url = server if isinstance(server, str) else server.url
        clients.append(Client(base_url=url, api_key=KEY, **options))
        return clients[-1]

    yield make
    for client in clients:
        client._transport.session.close()
