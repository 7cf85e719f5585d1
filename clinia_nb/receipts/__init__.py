"""Receipts: bytes of an answer become a typed frame, one row per receipt."""

from .fields import FIELDS, SCHEMA
from .outcome import failed, outcome
from .parse import parse_receipts

__all__ = ["FIELDS", "SCHEMA", "failed", "outcome", "parse_receipts"]
