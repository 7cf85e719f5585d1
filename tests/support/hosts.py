"""Servers of notebooks, each with a home of its own, for tests in a browser."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from support.processes import stop

PACKAGE = Path(__file__).parents[2]
STARTED = 60  # seconds
TOKEN = "t0ken"
SETTINGS = {
    "apputils-extension/notification": {
        "fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True,
    },
    "apputils-extension/themes": {"theme": "JupyterLab Light", "adaptive-theme": False},
}  # fmt: skip


@contextmanager
def serve_host(module, *options, home, folder):
    """Run a module of this Python as a server, and yield its address once it answers.

    In the options ``{port}`` stands for a free port.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", *(part.format(port=port) for part in (*module, *options))]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            command, env=_environment(home), cwd=folder, stdout=log, stderr=log
        )
        try:
            _await(server, port, home / "log")
            yield url
        finally:
            stop(server)


def write_settings(home):
    """Write what keeps JupyterLab and Notebook from asking other hosts."""
    for name, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))


def _environment(home):
    """Return the environment without the settings of whoever runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CLINIA_", "JUPYTER_"))}
    paths = {"HOME": home, "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_DATA_DIR": home / "data"}
    paths |= {"JUPYTER_RUNTIME_DIR": home / "run", "JUPYTERLAB_SETTINGS_DIR": home / "settings"}
    paths |= {"IPYTHONDIR": home / "ipython", "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces"}
    paths |= {"XDG_CONFIG_HOME": home / ".config", "XDG_STATE_HOME": home / ".state"}
    paths |= {"XDG_CACHE_HOME": home / ".cache"}
    paths |= {"PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(PACKAGE)])}
    return kept | {name: str(path) for name, path in paths.items()}


def _await(server, port, log):
    end = time.monotonic() + STARTED
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"The server does not answer: {log.read_text()[-2000:]}")
