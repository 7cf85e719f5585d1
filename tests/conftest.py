import os

# Workers of pytest-xdist share the cores: threads of polars on top would only wait for each other.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

import pytest
from support.clock import KEY, Watch
from support.examples import load_profile
from support.scripted_server import ScriptedServer

from clinia_nb import Client


def pytest_configure(config):
    is_quick = "not slow" in config.getoption("markexpr")
    load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("quick" if is_quick else "ci"))


# What draws charts or pages, masks or archives whole bulks, or needs a browser, a kernel or a
# cluster, takes long.
SLOW_FOLDERS = {"archive", "browser", "charts", "explorer", "redaction", "report", "spark"}
SLOW_FILES = {
    *("test_cli", "test_cli_archive", "test_comparison", "test_every_output", "test_prompts"),
    *("test_planted", "test_values"),
}


def pytest_collection_modifyitems(items):
    for item in items:
        *folders, _ = item.path.relative_to(item.config.rootpath).parts
        is_slow = SLOW_FOLDERS & set(folders) or item.path.stem in SLOW_FILES
        if folders[:1] == ["tests"] and is_slow:
            item.add_marker(pytest.mark.slow)


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
