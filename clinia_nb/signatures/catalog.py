"""A catalog of templates: the same message has the same signature in every bulk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from clinia_nb.errors import CatalogError
from clinia_nb.files import write_file

from .messages import TEMPLATES
from .patterns import OPEN, VALUE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clinia_nb.receipts.columns import Receipts

FORMAT, VERSION = "clinia-nb signature catalog", 1
PROBLEMS = {"text": pl.String, "error_type": pl.String, "signature": pl.String}
_WRITTEN = {VALUE: "<value>", OPEN: "<any>"}
_READ = {name: code for code, name in _WRITTEN.items()}


class _Template(msgspec.Struct, frozen=True):
    pattern: str
    signature: str
    scope: str | None = None  # any, in catalogs that were saved without it


class _Problem(msgspec.Struct, frozen=True):
    text: str
    error_type: str | None
    signature: str


class _File(msgspec.Struct, frozen=True):
    format: str
    version: int
    templates: list[_Template]
    problems: list[_Problem]


class _Head(msgspec.Struct, frozen=True):
    format: str
    version: int


@dataclass(frozen=True)
class SignatureCatalog:
    """Templates of the messages that were seen before.

    Signatures depend on the messages at hand, as a word that varies is a value. Given to
    `with_signatures`, `failure_signatures` or `message_signatures` as `known`, a catalog makes them
    the same in every bulk: a message that matches a known template has its signature, and only
    other messages are compared with each other. What a bulk adds comes after what was there, and
    never changes it.

    A catalog holds templates and error types, no values and no ids. A word that is not in the
    vocabulary of error messages could be a name: it is stored only if it was seen in two messages
    or more, and never as a value. With its own catalog, a bulk therefore shows ``<value>`` in place
    of some words of rare messages: sign every bulk that is to be joined with the catalog, the first
    one too. Redact receipts first if the catalog is to be shared: a name that recurs is a word.

    Examples
    --------
    >>> monday = pl.DataFrame({
    ...     "status": "FAILURE", "error_message": [f"no {ward} ward" for ward in "abcdefgh"],
    ... })
    >>> tuesday = pl.DataFrame({"status": ["FAILURE"], "error_message": ["no x ward"]})
    >>> catalog = SignatureCatalog.from_receipts(monday)
    >>> catalog.signatures
    ('no <value> ward',)
    >>> from clinia_nb.signatures import with_signatures
    >>> with_signatures(tuesday)["signature"].item()
    'no x ward'
    >>> with_signatures(tuesday, known=catalog)["signature"].item()
    'no <value> ward'

    Save it, read it again, and add what another one knows:

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     catalog.save_json(Path(folder) / "signatures.json")
    ...     SignatureCatalog.from_json(Path(folder) / "signatures.json")
    SignatureCatalog(1 signatures, 2 templates)
    >>> other = SignatureCatalog.from_frames(catalog.templates, catalog.problems)
    >>> catalog.merge(other) == catalog
    True
    """

    _templates: tuple[_Template, ...] = ()
    _problems: tuple[_Problem, ...] = ()

    @classmethod
    def from_receipts(
        cls, receipts: Receipts, *, known: SignatureCatalog | None = None
    ) -> SignatureCatalog:
        """Return the templates of the failed receipts of a bulk, after those of `known`.

        Parameters
        ----------
        receipts
            As for `with_signatures`. A `signature` column is not used.
        known
            What earlier bulks showed; it stays as it is.

        Raises
        ------
        MissingColumnError
            A required column is missing.
        """
        from .sign import catalog_of  # the catalog is an argument of what signs

        return catalog_of(receipts, known=cls() if known is None else known)

    @classmethod
    def from_frames(cls, templates: pl.DataFrame, problems: pl.DataFrame) -> SignatureCatalog:
        """Return a catalog of frames such as `templates` and `problems` return."""
        templates = pl.concat([pl.DataFrame(schema=TEMPLATES), templates], how="diagonal")
        return cls(
            tuple(_Template(*row) for row in templates.select(*TEMPLATES).iter_rows()),
            tuple(_Problem(*row) for row in problems.select(*PROBLEMS).iter_rows()),
        )

    @classmethod
    def from_json(cls, saved: str | Path | bytes) -> SignatureCatalog:
        """Read a saved catalog.

        Parameters
        ----------
        saved
            A path, or the bytes themselves.

        Raises
        ------
        CatalogError
            The file is not a catalog, is damaged, or was written by a newer version.
        FileNotFoundError
            There is no such file.
        """
        name = "The catalog" if isinstance(saved, bytes) else f"{str(saved)!r}"
        body = saved if isinstance(saved, bytes) else Path(saved).read_bytes()
        try:
            head = msgspec.json.decode(body, type=_Head)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            head = None
        if head is None or head.format != FORMAT or head.version < 1:
            raise CatalogError(
                f"{name} is not a signature catalog, or is damaged. Save it again with "
                "`SignatureCatalog.from_receipts(receipts).save_json(path)`."
            )
        if head.version > VERSION:
            raise CatalogError(
                f"{name} has format version {head.version}; this version of clinia-nb reads up to "
                f"{VERSION}. Update clinia-nb, or build the catalog again."
            )
        try:
            file = msgspec.json.decode(body, type=_File)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise CatalogError(
                f"{name} is damaged: its templates cannot be read. Restore a copy, or build the "
                "catalog again."
            ) from None
        templates = (
            msgspec.structs.replace(each, pattern=_coded(each.pattern, _READ))
            for each in file.templates
        )
        return cls(tuple(templates), tuple(file.problems))

    def save_json(self, path: str | Path) -> None:
        """Write the catalog to a file that only its owner can read.

        Raises
        ------
        OSError
            The file cannot be written; an existing file is left as it was.
        """
        templates = [
            msgspec.structs.replace(each, pattern=_coded(each.pattern, _WRITTEN))
            for each in self._templates
        ]
        file = _File(FORMAT, VERSION, templates, list(self._problems))
        write_file(path, msgspec.json.format(msgspec.json.encode(file)), private=True)

    def merge(self, other: SignatureCatalog) -> SignatureCatalog:
        """Return this catalog with what only `other` knows, after what is there."""
        patterns = {(each.pattern, each.scope) for each in self._templates}
        known = {(each.text, each.error_type) for each in self._problems}
        return SignatureCatalog(
            self._templates
            + tuple(t for t in other._templates if (t.pattern, t.scope) not in patterns),
            self._problems
            + tuple(p for p in other._problems if (p.text, p.error_type) not in known),
        )

    @property
    def signatures(self) -> tuple[str, ...]:
        """The distinct signatures of whole failures, in the order in which they became known."""
        return tuple(dict.fromkeys(each.signature for each in self._problems))

    @property
    def templates(self) -> pl.DataFrame:
        """``pattern``, ``signature`` and ``scope`` (String) of single messages, first match first.

        The scope is the error type of the messages, or null if they may be of any.
        """
        rows = [msgspec.structs.astuple(each) for each in self._templates]
        return pl.DataFrame(rows, schema=TEMPLATES, orient="row")

    @property
    def problems(self) -> pl.DataFrame:
        """``text``, ``error_type`` and ``signature`` (String) of whole failures."""
        rows = [(each.text, each.error_type, each.signature) for each in self._problems]
        return pl.DataFrame(rows, schema=PROBLEMS, orient="row")

    def __len__(self) -> int:
        return len(self.signatures)

    def __repr__(self) -> str:
        return f"SignatureCatalog({len(self)} signatures, {len(self._templates)} templates)"


def _coded(pattern: str, codes: Mapping[str, str]) -> str:
    for token, code in codes.items():
        pattern = pattern.replace(token, code)
    return pattern
