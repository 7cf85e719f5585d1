"""Which host to ask and with which key, from arguments or the environment."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from clinia_nb.errors import SettingsError
from clinia_nb.text import clip, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

WORKSPACE, KEYS = "CLINIA_WORKSPACE", ("CLINIA_API_KEY", "CLINIA_TOKEN")
KEY_HEADER = "X-Clinia-API-Key"
HIDDEN = "***"

_LABEL = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?")
_TRY = "To try it without them, use Client.sandbox(), or --sandbox on the command line."


class HiddenKey:
    """An API key that signs requests and is shown by no repr, attribute or pickle.

    `problem` says why what was given cannot be a key; it is raised later, because a traceback
    shows the arguments of this constructor.
    """

    __slots__ = ("__reveal", "problem")

    def __init__(self, key: object) -> None:
        text = key.strip() if isinstance(key, str) else ""
        self.__reveal = lambda: text
        self.problem = ""
        if key is not None and not isinstance(key, str):
            self.problem = f"The API key is of type {type(key).__name__}. Pass it as text (str)."
        elif text and re.fullmatch(r"[\x21-\x7e]+", text) is None:
            self.problem = (
                "The API key contains spaces, line breaks or characters that no key has. "
                "Copy it again."
            )

    def __bool__(self) -> bool:
        return bool(self.__reveal())

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request, as an ``auth`` of requests does."""
        request.headers[KEY_HEADER] = self.__reveal()
        return request

    def masked(self, text: str) -> str:
        """Replace the key wherever it occurs in text that came back, also as part of a URL."""
        either = (rf"(?:{re.escape(c)}|(?i:%{ord(c):02x}))" for c in self.__reveal())
        return re.sub("".join(either), HIDDEN, text)

    def __repr__(self) -> str:
        return "HiddenKey(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "An API key is not pickled or copied. Make a new Client where it is needed."
        )


@dataclass(frozen=True)
class Settings:
    """The host to ask, and the key to sign with."""

    workspace: str
    base_url: str
    key: HiddenKey = field(repr=False)

    @property
    def loopback(self) -> bool:
        """Whether the host is this machine itself."""
        return is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def host(self) -> str:
        """The host with its port."""
        return urlsplit(self.base_url).netloc


def read_settings(
    workspace: str | None,
    api_key: HiddenKey | None,
    base_url: str | None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Take the settings from the arguments, else from the environment.

    No local variable here holds the key: a traceback may show them.

    Raises
    ------
    SettingsError
        The workspace or the key is missing or not valid; the message names the variables.
    """
    place = _text("workspace", workspace) or _variable(WORKSPACE, environment)
    address = _text("base_url", base_url)
    found = (HiddenKey(_variable(name, environment)) for name in KEYS)
    key = next(filter(None, found), HiddenKey(""))
    if api_key is not None and (api_key or api_key.problem):
        key = api_key
    if key.problem:
        raise SettingsError(key.problem)
    missing = [
        what
        for what, value in (
            (f"the workspace ({WORKSPACE}, such as acme)", place or address),
            (f"the API key ({KEYS[0]}, or {KEYS[1]})", key),
        )
        if not value
    ]
    if missing:
        raise SettingsError(f"Not set: {' and '.join(missing)}. {_TRY}")
    if place and key.masked(place) == HIDDEN:
        raise SettingsError(
            f"The workspace is the API key. Set {WORKSPACE} to the workspace's id, such as acme."
        )
    url = _checked_url(address) if address else _workspace_url(place)
    return Settings(place if place and "://" not in place else urlsplit(url).netloc, url, key)


def _text(name: str, value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise SettingsError(f"{name} is of type {type(value).__name__}. Pass it as text (str).")
    return (value or "").strip()


def _variable(name: str, environment: Mapping[str, str] | None) -> str:
    return (os.environ if environment is None else environment).get(name, "").strip()


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine itself.

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
            # Not shown: it may be a key in the wrong place.
            "The workspace is not valid. Use its id, such as acme, or its host, such as "
            "api.acme.clinia.cloud."
        )
    return f"https://{host}"


def _checked_url(text: str) -> str:
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise SettingsError("The base URL is not valid. Use https://HOST.") from None
    if parts.username is not None or parts.password is not None:
        raise SettingsError("The base URL contains a user name or password. Remove them.")
    if not host or parts.query or parts.fragment or parts.scheme not in {"http", "https"}:
        # Not shown: a query is where people put keys.
        raise SettingsError(
            "The base URL is not valid. Use https://HOST, without query or fragment."
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError(
            f"The base URL of {clip(one_line(host), 80)} is not HTTPS, so the API key would be "
            "sent in the clear. Use https://."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
