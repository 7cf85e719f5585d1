"""Receipts: bytes of an answer become a typed frame, one row per receipt."""

from .outcome import failed, outcome
from .parse import SCHEMA, parse_receipts

__all__ = ["SCHEMA", "failed", "outcome", "parse_receipts"]
