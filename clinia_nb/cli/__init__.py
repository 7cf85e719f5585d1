"""The command line: what happened to a bulk, a report about it, and the example notebooks."""

from .run import main

__all__ = ["main"]
