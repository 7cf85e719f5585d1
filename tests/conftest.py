import pytest
from hypothesis import HealthCheck, settings

# The machines that run the tests are shared: how long an example takes says nothing.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in ("CLINIA_WORKSPACE", "CLINIA_API_KEY", "CLINIA_TOKEN"):
        monkeypatch.delenv(name, raising=False)
