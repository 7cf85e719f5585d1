"""What is looked at: the selection, the tab, and the state of the table of receipts."""

from __future__ import annotations

from dataclasses import dataclass, field

from clinia_nb.display.times import Zone

from .prepared import PAGE_SIZE, Order
from .selection import Chip, Selection

TABS = {
    "overview": "Overview",
    "failures": "Failures",
    "timing": "Timing",
    "todo": "What to do",
    "receipts": "Receipts",
}
# As in explorer.css: from which width on the overview has two columns, and the gap between them.
_TWO_COLUMNS, _GAP = 1_180, 26
# A chart on a phone, and one across the widest panel.
PHONE, _MOST = 340, 1_340


@dataclass(frozen=True)
class Look:
    """What is looked at.

    Without `live`, nothing of it can be pressed: for readers without a kernel. `client` is the
    code that makes a client like the one that was asked. Times are shown in `zone`. `columns` are
    those that the table shows beside its own, `width` is that of the page's panel in pixels.
    """

    selection: Selection = field(default_factory=Selection)
    tab: str = "overview"
    order: Order = field(default_factory=Order)
    page: int = 0
    size: int = PAGE_SIZE
    columns: tuple[str, ...] = ()
    opened: int | None = None
    code: bool = False
    live: bool = True
    client: str = "cnb.Client()"
    zone: Zone = field(default_factory=Zone)
    width: int | None = None

    @property
    def chart_width(self) -> int | None:
        """The width of a chart: that of the panel, or of its second column where it has one."""
        if self.width is None:
            return None
        beside = self.tab == "overview" and self.width >= _TWO_COLUMNS
        return max(PHONE, min(_MOST, (self.width - _GAP) * 3 // 8 if beside else self.width))

    @property
    def chips(self) -> list[Chip]:
        """The filters in words."""
        return self.selection.chips(self.zone)

    def is_on(self, column: str, value: str | None) -> bool:
        """Whether a value of a column is picked."""
        pick = self.selection.pick(column)
        return pick is not None and not pick.others and value in pick.values
