"""Sample answers, their generator, and a server on loopback for them."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .generator import generate_bulk
    from .samples import list_samples
    from .server import Sandbox, shared_sandbox

__all__ = ["Sandbox", "generate_bulk", "list_samples", "shared_sandbox"]

# The command line needs the samples only.
_MODULE_OF = {
    "Sandbox": ".server",
    "generate_bulk": ".generator",
    "list_samples": ".samples",
    "shared_sandbox": ".server",
}


def __getattr__(name: str) -> object:
    if name in _MODULE_OF:
        return getattr(import_module(_MODULE_OF[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
