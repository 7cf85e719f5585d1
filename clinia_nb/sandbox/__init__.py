"""Sample answers, their generator, and a server on loopback for them."""

from .generator import generate_bulk
from .samples import list_samples
from .server import Sandbox, shared_sandbox

__all__ = ["Sandbox", "generate_bulk", "list_samples", "shared_sandbox"]
