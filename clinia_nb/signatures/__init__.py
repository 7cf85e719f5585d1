"""Signatures: messages that differ only in variable parts become one template."""

from __future__ import annotations

from importlib import import_module

from .catalog import SignatureCatalog
from .sign import message_signatures, with_signatures
from .values import message_values

__all__ = ["SignatureCatalog", "message_signatures", "message_values", "with_signatures"]


def __getattr__(name: str) -> object:
    if name == "failure_signatures":  # it moved; code that imports it from here goes on working
        return getattr(import_module("..analysis.failure_signatures", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
