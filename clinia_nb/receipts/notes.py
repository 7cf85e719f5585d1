"""What an answer held that could not be read as it came."""

from __future__ import annotations

from dataclasses import dataclass, field

# Redaction masks what follows it.
UNKNOWN_FIELDS = "Fields without a column in the frame"
_MOST_NAMES, _LONGEST_NAME = 50, 60


@dataclass
class Notes:
    """Values that could not be read, and fields that the frame has no column for."""

    unread: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    unknown: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def unreadable(self, name: str, index: int, count: int = 1) -> None:
        """Note values that could not be read, the first of them in the receipt at `index`."""
        seen, first = self.unread.get(name, (0, index))
        self.unread[name] = (seen + count, min(first, index))

    def unknown_field(self, parent: str, name: str) -> None:
        """Note a member of a receipt, or of its object `parent`, that has no column."""
        if len(self.unknown) < _MOST_NAMES:
            short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
            self.unknown.add((parent, short))

    def sentences(self) -> tuple[str, str]:
        """Describe what could not be read, and what is unknown; each empty if there is nothing."""
        parts = [
            f"{name} ({count:,}, first in receipt {first:,})"
            for name, (count, first) in sorted(self.unread.items())
        ]
        total = sum(count for count, _ in self.unread.values())
        unread = f"{total:,} values could not be read as they came: {', '.join(parts)}."
        names = sorted(f"{parent}.{name}" if parent else name for parent, name in self.unknown)
        more = ", and perhaps more" if len(names) >= _MOST_NAMES else ""
        unknown = f"{UNKNOWN_FIELDS}: {_printable(', '.join(names))}{more}."
        return unread if parts else "", unknown if names else ""


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
