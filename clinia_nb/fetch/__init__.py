"""HTTP: `Client` asks Clinia for bulks."""

from .client import Client, fetch_receipts
from .retry_policy import RetryPolicy

__all__ = ["Client", "RetryPolicy", "fetch_receipts"]
