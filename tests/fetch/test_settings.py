import pytest

import clinia_nb as cnb
from clinia_nb.fetch.settings import read_settings

KEY = "sk-1"


@pytest.mark.parametrize(
    ("workspace", "url"),
    [
        ("acme", "https://api.acme.clinia.cloud"),
        (" acme ", "https://api.acme.clinia.cloud"),
        ("acme.clinia.cloud", "https://acme.clinia.cloud"),
        ("api.acme.clinia.cloud", "https://api.acme.clinia.cloud"),
        ("https://api.acme.clinia.cloud/", "https://api.acme.clinia.cloud"),
    ],
)
def test_a_workspace_is_an_id_or_a_host(workspace, url):
    assert cnb.Client(workspace, api_key=KEY).base_url == url


@pytest.mark.parametrize("name", ["CLINIA_API_KEY", "CLINIA_TOKEN"])
def test_settings_come_from_the_environment(monkeypatch, name):
    monkeypatch.setenv("CLINIA_WORKSPACE", "acme")
    monkeypatch.setenv(name, KEY)
    assert repr(cnb.Client()) == "Client('acme')"


def test_arguments_go_before_the_environment(monkeypatch):
    monkeypatch.setenv("CLINIA_WORKSPACE", "acme")
    monkeypatch.setenv("CLINIA_API_KEY", KEY)
    assert cnb.Client("other").workspace == "other"


@pytest.mark.parametrize(
    ("given", "named", "unnamed"),
    [
        ({}, ["CLINIA_WORKSPACE", "CLINIA_API_KEY", "CLINIA_TOKEN"], []),
        ({"CLINIA_WORKSPACE": "acme"}, ["CLINIA_API_KEY"], ["CLINIA_WORKSPACE"]),
        ({"CLINIA_TOKEN": KEY}, ["CLINIA_WORKSPACE"], ["CLINIA_API_KEY"]),
        ({"CLINIA_WORKSPACE": " ", "CLINIA_TOKEN": KEY}, ["CLINIA_WORKSPACE"], []),
    ],
)
def test_what_is_missing_is_named_and_how_to_go_on_without(given, named, unnamed):
    with pytest.raises(cnb.SettingsError, match=r"Client\.sandbox\(\)") as caught:
        read_settings(None, None, None, given)
    for name in named:
        assert name in str(caught.value)
    for name in unnamed:
        assert name not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.acme.clinia.cloud",
        "http://127.evil.example",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "https://",
        "api.acme",
        "https://user:pw@api.acme.clinia.cloud",
        "https://api.acme.clinia.cloud?x=1",
        "https://api.acme.clinia.cloud#x",
        "https://[::1",
        "https://host:port",
    ],
)
def test_only_https_is_spoken_and_only_to_a_plain_address(url):
    with pytest.raises(cnb.SettingsError) as caught:
        cnb.Client(base_url=url, api_key=KEY)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "127.8.9.1"])
def test_this_very_machine_may_be_asked_without_tls(host):
    assert cnb.Client(base_url=f"http://{host}", api_key=KEY).base_url == f"http://{host}"


@pytest.mark.parametrize("workspace", ["a b", "acme/x", "-", "a..b", "acme:1", "é"])
def test_an_invalid_workspace_is_refused(workspace):
    with pytest.raises(cnb.SettingsError, match="workspace is not valid"):
        cnb.Client(workspace, api_key=KEY)


@pytest.mark.parametrize("key", ["a b", "a\nX-Other: 1", "sécret", "a\x00b"])
def test_an_invalid_key_is_refused_without_showing_it(key):
    with pytest.raises(cnb.SettingsError, match="API key") as caught:
        cnb.Client("acme", api_key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        (
            {"CLINIA_WORKSPACE": "acme", "CLINIA_API_KEY": "sk-9"},
            [
                ("workspace", "acme", "CLINIA_WORKSPACE"),
                ("host", "api.acme.clinia.cloud", "CLINIA_WORKSPACE"),
                ("API key", "set, not shown", "CLINIA_API_KEY"),
            ],
        ),
        (
            {"CLINIA_WORKSPACE": "https://user:sk-9@h.example", "CLINIA_TOKEN": "sk-9"},
            [
                ("workspace", "not valid", "CLINIA_WORKSPACE"),
                ("host", "not valid", "CLINIA_WORKSPACE"),
                ("API key", "set, not shown", "CLINIA_TOKEN"),
            ],
        ),
    ],
)
def test_settings_are_shown_with_their_source_and_never_the_key(given, rows):
    shown = cnb.show_settings(given)
    assert shown.rows() == rows
    assert "sk-9" not in str(shown.rows())


def test_settings_that_are_missing_or_not_valid_name_the_variable_to_set(monkeypatch):
    assert cnb.show_settings().rows() == [
        ("workspace", "not set", "CLINIA_WORKSPACE"),
        ("host", "not set", "CLINIA_WORKSPACE"),
        ("API key", "not set", "CLINIA_API_KEY"),
    ]
    monkeypatch.setenv("CLINIA_TOKEN", "a b")
    assert cnb.show_settings().row(2) == ("API key", "not valid", "CLINIA_TOKEN")
