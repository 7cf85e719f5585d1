"""Where to ask and with which key: from arguments or the environment, the key kept out of sight."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from clinia_nb.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

WORKSPACE, KEYS = "CLINIA_WORKSPACE", ("CLINIA_API_KEY", "CLINIA_TOKEN")
KEY_HEADER = "X-Clinia-API-Key"

_LABEL = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?")
_TRY = "To look around without any, use Client.sandbox()."


class HiddenKey:
    """An API key that signs requests and shows nowhere: no repr, attribute or pickle holds it."""

    __slots__ = ("__reveal",)

    def __init__(self, key: str) -> None:
        text = key.strip()
        self.__reveal = lambda: text

    def __bool__(self) -> bool:
        return bool(self.__reveal())

    @property
    def usable(self) -> bool:
        """Whether it is of characters that a key and a header can have."""
        return re.fullmatch(r"[\x21-\x7e]+", self.__reveal()) is not None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request, as an ``auth`` of requests does."""
        request.headers[KEY_HEADER] = self.__reveal()
        return request

    def masked(self, text: str) -> str:
        """Replace the key wherever it stands in a text that came back."""
        return text.replace(self.__reveal(), "***")

    def __repr__(self) -> str:
        return "HiddenKey(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "An API key is not pickled or copied. Make a new Client where it is needed."
        )


@dataclass(frozen=True)
class Settings:
    """Where to ask, and the key to sign with."""

    workspace: str
    base_url: str
    key: HiddenKey = field(repr=False)

    @property
    def loopback(self) -> bool:
        """Whether the host is this very machine."""
        return is_loopback(urlsplit(self.base_url).hostname or "")


def read_settings(
    workspace: str | None,
    api_key: HiddenKey | None,
    base_url: str | None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Take the settings from the arguments, else from the environment.

    No local variable here holds the key in the clear: a traceback may show them.

    Raises
    ------
    SettingsError
        The workspace or the key is missing or cannot be used; the message names the variables.
    """
    place = (workspace or "").strip() or _variable(WORKSPACE, environment)
    found = (HiddenKey(_variable(name, environment)) for name in KEYS)
    key = api_key or next(filter(None, found), HiddenKey(""))
    missing = [
        what
        for what, is_there in (
            (f"the workspace ({WORKSPACE}, such as acme)", place or base_url),
            (f"the API key ({KEYS[0]}, or {KEYS[1]})", key),
        )
        if not is_there
    ]
    if missing:
        raise SettingsError(f"Not set: {' and '.join(missing)}. {_TRY}")
    if not key.usable:
        raise SettingsError(
            "The API key holds blanks, line breaks or characters that no key has. Copy it again."
        )
    url = _checked_url(base_url) if base_url else _workspace_url(place)
    return Settings(place or urlsplit(url).netloc, url, key)


def _variable(name: str, environment: Mapping[str, str] | None) -> str:
    return (os.environ if environment is None else environment).get(name, "").strip()


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this very machine.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("127.evil.example")
    (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _workspace_url(workspace: str) -> str:
    if "://" in workspace:
        return _checked_url(workspace)
    host = workspace if "." in workspace else f"api.{workspace}.clinia.cloud"
    if not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise SettingsError(
            f"{workspace[:80]!r} is no workspace: write its id, such as acme, or its host, "
            "such as api.acme.clinia.cloud."
        )
    return f"https://{host}"


def _checked_url(text: str) -> str:
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise SettingsError("The base URL is no URL. Write https://HOST.") from None
    if parts.username is not None or parts.password is not None:
        raise SettingsError("The base URL holds a user name or password. Leave them out.")
    if not host or parts.query or parts.fragment or parts.scheme not in {"http", "https"}:
        # Not shown: a query is where people put keys.
        raise SettingsError(
            "The base URL cannot be used. Write https://HOST, without query or fragment."
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError(
            f"The base URL of {host} is not HTTPS, which would send the API key in the clear. "
            "Write https://."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
