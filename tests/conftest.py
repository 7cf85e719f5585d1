import pytest
from hypothesis import HealthCheck, settings
from support.clock import KEY, Watch
from support.scripted_server import ScriptedServer

from clinia_nb import Client

# The machines that run the tests are shared: how long an example takes says nothing.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


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
