"""The archive: many bulks on disk, as plain Parquet that any engine reads."""

from .archive import Archive

__all__ = ["Archive"]
