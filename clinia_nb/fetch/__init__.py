"""HTTP: `Client` asks Clinia for bulks."""

from .client import Client
from .receipts import fetch_receipts
from .retry_policy import RetryPolicy
from .shown_settings import show_settings

__all__ = ["Client", "RetryPolicy", "fetch_receipts", "show_settings"]
