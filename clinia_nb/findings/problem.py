"""One distinct problem of a bulk, as every output shows it."""

from __future__ import annotations

from dataclasses import dataclass

from clinia_nb.display import formats

from .values import Fields, Place, fields_of, title, title_pieces

LONGEST_TITLE = 400


@dataclass(frozen=True)
class Problem:
    """One distinct problem: a signature, its figures, and where, when and what to do about it.

    `advice` is what to do in a few words, and `remedy` why; both have counts if failures need
    different remedies. `recommendation` is what helps most of them.
    """

    signature: str
    kind: str
    failures: int
    share: float
    records: int
    example: str | None
    recommendation: str
    advice: str
    where: str
    when: str
    remedy: str
    places: tuple[Place, ...] = ()
    news: str = ""

    @property
    def title(self) -> str:
        """The signature with its values in place of its placeholders."""
        return title(self.signature, self.places)

    @property
    def pieces(self) -> tuple[str | Place, ...]:
        """The title in pieces: text, and places with their values."""
        return title_pieces(formats.clip(self.signature, LONGEST_TITLE), self.places)

    @property
    def fields(self) -> Fields:
        """The fields of nested errors that add to the title."""
        return fields_of(self.places)

    @property
    def counted(self) -> str:
        """The number of failures, in words."""
        return formats.counted(self.failures, "failure")
