"""The explorer: a panel to choose a bulk and find out what became of it."""

from .explorer import Explorer

__all__ = ["Explorer"]
