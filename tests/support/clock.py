"""The key that tests use, and a clock that passes only by sleeping."""

from datetime import UTC, datetime

from clinia_nb.fetch.pace import Pace

KEY = "sk-3f9c1b77e0a24d58"
NOW = datetime(2026, 4, 1, tzinfo=UTC)


class Watch:
    """Time that passes only by sleeping, and is written down."""

    def __init__(self):
        self.seconds = 0.0
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.seconds += seconds

    @property
    def pace(self):
        return Pace(
            sleep=self.sleep, monotonic=lambda: self.seconds, chance=lambda: 0.5, now=lambda: NOW
        )
