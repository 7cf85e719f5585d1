from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings
from scripted_server import ScriptedServer

from clinia_nb import Client
from clinia_nb.transport import Pace

# The machines that run the tests are shared: how long an example takes says nothing.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

KEY = "sk-3f9c1b77e0a24d58"
NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in ("CLINIA_WORKSPACE", "CLINIA_API_KEY", "CLINIA_TOKEN"):
        monkeypatch.delenv(name, raising=False)


class Watch:
    """Time that passes only by sleeping, and is written down."""

    def __init__(self):
        self.seconds = 0.0
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.seconds += seconds

    @property
    def pace(self):
        return Pace(
            sleep=self.sleep, monotonic=lambda: self.seconds, chance=lambda: 0.5, now=lambda: NOW
        )


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
