"""What an answer held that could not be read as it came."""

from __future__ import annotations

from dataclasses import dataclass, field

from clinia_nb.text import counted

from .fields import FIELDS, TIME

# Redaction masks what follows it.
UNKNOWN_FIELDS = "Fields without a column in the frame"
_TIMES = {field.path for field in FIELDS if field.dtype == TIME}
_LIKE_A_TIME = " A time is read if it is a text with its zone, such as 2025-05-06T11:47:51Z."
_MOST_NAMES, _LONGEST_NAME = 50, 60


@dataclass
class Notes:
    """Values that could not be read, and fields that the frame has no column for."""

    unread: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    unknown: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    of_answer: set[str] = field(default_factory=set[str])

    def unreadable(self, name: str, index: int, count: int = 1) -> None:
        """Note values that could not be read, the first of them in the receipt at `index`."""
        seen, first = self.unread.get(name, (0, index))
        self.unread[name] = (seen + count, min(first, index))

    def unknown_field(self, parent: str, name: str) -> None:
        """Note a member of a receipt, or of its object `parent`, that has no column."""
        if len(self.unknown) < _MOST_NAMES:
            self.unknown.add((parent, _short(name)))

    def unknown_member(self, name: str) -> None:
        """Note a member of the answer itself, beside its receipts, that is not read."""
        if len(self.of_answer) < _MOST_NAMES:
            self.of_answer.add(_short(name))

    def sentences(self) -> tuple[str, str]:
        """Describe what could not be read, and what is unknown; each empty if there is nothing."""
        parts = [
            f"{name} ({count:,}, first in receipt {first:,})"
            for name, (count, first) in sorted(self.unread.items())
        ]
        total = sum(count for count, _ in self.unread.values())
        values = counted(total, "value")
        unread = f"{values} could not be read as {'it' if total == 1 else 'they'} came: "
        names = sorted(f"{parent}.{name}" if parent else name for parent, name in self.unknown)
        lists = [_listed(names), _listed(sorted(self.of_answer), "beside the receipts: ")]
        unknown = f"{UNKNOWN_FIELDS}: {'; '.join(filter(None, lists))}."
        known = not names and not self.of_answer
        hint = _LIKE_A_TIME if any(name in _TIMES for name in self.unread) else ""
        return f"{unread}{', '.join(parts)}.{hint}" if parts else "", "" if known else unknown


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _listed(names: list[str], where: str = "") -> str:
    more = ", and perhaps more" if len(names) >= _MOST_NAMES else ""
    return f"{where}{_printable(', '.join(names))}{more}" if names else ""


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
