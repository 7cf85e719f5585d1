"""Redaction: takes identifying text out of receipts and bulks."""

from .bulk import redact_bulk
from .redact import redact

__all__ = ["redact", "redact_bulk"]
