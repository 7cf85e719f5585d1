"""The report: one HTML file to share."""

from __future__ import annotations

from importlib import import_module

from .report import write_report

__all__ = ["write_report"]


def __getattr__(name: str) -> object:
    if name == "redact_bulk":  # it moved; code that imports it from here keeps working
        return getattr(import_module("..redaction.bulk", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
