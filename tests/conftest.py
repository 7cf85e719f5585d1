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


# What draws charts or pages, or needs a browser, a kernel or a cluster, takes long.
SLOW_FOLDERS = {"browser", "charts", "explorer", "report", "spark"}


def pytest_collection_modifyitems(items):
    for item in items:
        if SLOW_FOLDERS & set(item.path.relative_to(item.config.rootpath).parts[:-1]) and (
            "tests" in item.path.parts
        ):
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
