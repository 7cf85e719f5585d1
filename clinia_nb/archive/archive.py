"""`Archive`: bulks kept on disk, in a folder that the user chooses, for any engine to read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from clinia_nb.bulk import BulkResult
from clinia_nb.errors import ArchiveError
from clinia_nb.files import check_target
from clinia_nb.receipts.columns import check_bulk
from clinia_nb.receipts.parse import SCHEMA
from clinia_nb.redaction import redact_bulk
from clinia_nb.redaction.pseudonyms import fingerprint
from clinia_nb.signatures import SignatureCatalog, with_signatures

from . import bulk_file, layout
from .history import Asked, history_of
from .notes import Note, check_problem, notes_frame, read_notes, write_note
from .storage import Storage, is_redacted

_NOTES = "notes.json"
_CATALOG = "signatures.json"


class Archive:
    """Many bulks in a folder, as Parquet files that other programs can read too.

    Receipts are written only by `save`, only into this folder, readable by you alone (folders 0700,
    files 0600). They hold record ids and messages: keep the folder as safe as the platform itself,
    or redact what is saved.

    One file per bulk: ``receipts/source_key=…/day=…/<bulk id>.parquet``, where the day (UTC) is
    that of the submission, or else of the first receipt, or else of the fetch. The columns are
    those of the receipts frame and ``signature``; categories are text, a duration is
    ``duration_us``, in whole microseconds.

    Parameters
    ----------
    folder
        Where it is. A folder that does not exist is an empty archive, made by the first `save`.
    redact
        Redact each bulk before it is saved, as `redact_bulk` does.
    key
        With `redact`, the key of the pseudonyms: the same for all bulks, so that a record keeps its
        pseudonym over the months. It is not stored, only a fingerprint that tells another key from
        it. Only `save` needs it.

    Raises
    ------
    ArchiveError
        The folder is not an archive, was written by a newer version, is redacted although `redact`
        is False (or the other way around), or is redacted with another key.
    ValueError
        `redact` without a key, for a new archive: a record would have another pseudonym in each
        bulk.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from clinia_nb import Client
    >>> bulk = Client.sandbox().fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    >>> folder = TemporaryDirectory()
    >>> archive = Archive(Path(folder.name) / "bulks")
    >>> archive.save(bulk).name
    'bk_2wil2vg5uqi08x1aet097gLW8DP.parquet'
    >>> archive.bulks().select("source_key", "day", "receipts", "failed").row(0)
    ('docs-example', datetime.date(2025, 5, 6), 1, 1)
    >>> archive.scan().filter(day=date(2025, 5, 6)).select("error_type").collect().item()
    'ALREADY_EXISTS'
    >>> archive.load("docs-example", bulk.bulk_id).receipts.height
    1

    Which problems are new, and which have a ticket:

    >>> archive.history().select("signature", "state", "failures").row(0)
    ('<string>', 'new', 1)
    >>> archive.acknowledge("<string>", "EHR-42", error_type="ALREADY_EXISTS")
    >>> archive.notes().row(0)
    ('<string>', 'ALREADY_EXISTS', 'EHR-42')
    >>> archive.catalog().signatures
    ('<string>',)

    Check it, and keep it small:

    >>> archive.verify()["problem"].to_list()
    [None]
    >>> archive.delete("docs-example", bulk.bulk_id)
    >>> archive.prune(older_than=timedelta(days=90))
    []
    >>> folder.cleanup()
    """

    def __init__(
        self, folder: str | Path, *, redact: bool = False, key: bytes | None = None
    ) -> None:
        self.folder = Path(folder).expanduser().absolute()
        if redact and key is None and not is_redacted(self.folder):
            raise ValueError(
                "An archive that redacts needs a key, so that a record has one pseudonym in all "
                "bulks: Archive(folder, redact=True, key=…). Keep the key elsewhere."
            )
        self._redact, self._key = redact, key
        self._storage = Storage(self.folder, redact, fingerprint(key) if redact and key else None)
        self._storage.check()

    def __repr__(self) -> str:
        return f"Archive({str(self.folder)!r}{', redact=True' if self._redact else ''})"

    def save(self, bulk: BulkResult) -> Path:
        """Write a bulk, whole or not at all; one that was saved before is replaced.

        Parameters
        ----------
        bulk
            It is not changed. Columns that are not in the receipts frame are not written; each
            receipt is filed under the source key and the id of the bulk, whatever its own are.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        ArchiveError
            Saved receipts would be replaced by none, or unredacted ones by redacted ones, or the
            bulk has no id.
        OSError
            The file cannot be written; an earlier one is unchanged.
        """
        check_bulk(bulk, "Archive.save")
        if self._redact and self._key is None:
            raise ArchiveError(
                f"The bulks in {self.folder} are redacted, and saving one takes their key: "
                "Archive(folder, redact=True, key=…)."
            )
        if self._redact:
            bulk = redact_bulk(bulk, key=self._key)
        with self._storage.locked():
            receipts = bulk.receipts.drop("signature", strict=False)
            catalog = SignatureCatalog.from_receipts(receipts, known=self.catalog())
            stored = layout.to_stored(with_signatures(receipts, known=catalog), bulk.bulk_id)
            footer = layout.footer_of(bulk, stored)
            earlier = layout.files_of(self.folder, bulk.source_key, bulk.bulk_id)
            bulk_file.check_replaced(earlier, footer)
            catalog.save_json(check_target(self.folder / _CATALOG, follow_links=False))
            path = layout.path_of(self.folder, bulk.source_key, bulk.bulk_id, footer.day)
            self._storage.make_private(path.parent)
            bulk_file.write_bulk(path, stored, footer, earlier=earlier)
        return path

    def scan(self, *, checked: bool = False) -> pl.LazyFrame:
        """Return the receipts of all bulks, lazily: only what a query needs is read.

        Parameters
        ----------
        checked
            Read every file whole first, as `verify` does, and leave out those whose content
            is damaged. Without it such a file is found when a query reads it, and the query fails.

        Returns
        -------
        pl.LazyFrame
            The receipts frame with categories as String, then ``signature`` (String, null where a
            receipt did not fail) and ``day`` (Date). A filter on ``source_key`` or ``day`` reads
            no other folders. Files that cannot be read are left out and named in a
            `DamagedArchiveWarning`; see `verify`.
        """
        return bulk_file.scan_files(
            self.folder, [kept.path for kept in bulk_file.kept_in(self.folder, checked=checked)]
        )

    def bulks(self) -> pl.DataFrame:
        """List the bulks, without reading receipts.

        Returns
        -------
        pl.DataFrame
            One row per bulk, by source, then time: ``source_key``, ``bulk_id``, ``kind``,
            ``status`` (String), ``day`` (Date, UTC), ``submitted_at``, ``fetched_at``,
            ``first_received``, ``last_completed`` (Datetime, µs, UTC), ``receipts``,
            ``succeeded``, ``failed``, ``cancelled``, ``pending``, ``other`` (UInt32),
            ``failure_rate`` (Float64, 0 to 1; null without receipts), ``p50``, ``p90``, ``p95``,
            ``p99``, ``max`` (Duration, µs; null where nothing completed), ``bytes`` (UInt64, on
            disk). Null where unknown.
        """
        return layout.bulk_rows(bulk_file.kept_in(self.folder))

    def load(self, source_key: str, bulk_id: str) -> BulkResult:
        """Return a saved bulk, without the bytes that it came in.

        Raises
        ------
        ArchiveError
            It is not in the archive, or its file is damaged.
        """
        path = self._file(source_key, bulk_id)
        try:
            footer, frame = bulk_file.read_bulk(path)
        except bulk_file.DAMAGED:
            raise ArchiveError(
                f"{path} {bulk_file.problem_of(path)}. Fetch bulk {bulk_id!r} again and save it."
            ) from None
        receipts = frame.with_columns(
            source_key=pl.lit(source_key), duration=pl.duration(microseconds="duration_us")
        ).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
        return BulkResult(
            footer.source_key, footer.bulk_id, footer.kind, footer.status, receipts, b"",
            footer.fetched_at, footer.notes, self._redact or footer.redacted,
        )  # fmt: skip

    def delete(self, source_key: str, bulk_id: str) -> None:
        """Delete a saved bulk.

        Raises
        ------
        ArchiveError
            It is not in the archive.
        """
        self._file(source_key, bulk_id)  # raises before an archive is created
        with self._storage.locked():
            self._file(source_key, bulk_id).unlink()

    def prune(
        self, *, older_than: timedelta | date, now: datetime | None = None
    ) -> list[tuple[str, str]]:
        """Delete the bulks of earlier days.

        Parameters
        ----------
        older_than
            The first day (UTC) to keep, or how long ago it was. A bulk without any known time
            counts as 1970-01-01.
        now
            The current time; by default the clock's.

        Returns
        -------
        list of (source_key, bulk_id)
            What was deleted.
        """
        first = layout.first_day(older_than, now or datetime.now(UTC))
        gone: list[tuple[str, str]] = []
        if not layout.files_of(self.folder):  # then no archive is created either
            return gone
        with self._storage.locked():
            for path in layout.files_of(self.folder):
                day = layout.day_in(path)
                if day is not None and day < first:
                    path.unlink()
                    gone.append(layout.ids_of(path))
        return gone

    def catalog(self) -> SignatureCatalog:
        """Return the catalog of signatures, which gives a problem the same name in all bulks.

        To sign a bulk that is not in the archive: ``with_signatures(receipts, known=…)``.

        Raises
        ------
        CatalogError
            Its file is damaged, or was written by a newer version.
        """
        path = self.folder / _CATALOG
        return SignatureCatalog.from_json(path) if path.exists() else SignatureCatalog()

    def history(
        self,
        *,
        bulk_id: str | None = None,
        source_key: str | None = None,
        receipts: pl.DataFrame | None = None,
    ) -> pl.DataFrame:
        """Follow each problem through the bulks of a source: which are new, and which come back.

        Parameters
        ----------
        bulk_id
            The bulk in question; by default the latest that has receipts.
        source_key
            Its source, needed if bulks of several have that id.
        receipts
            Receipts of a bulk that is not saved, or to use instead of the saved ones; needs both
            ids. Sign them with the `catalog` of this archive.

        Returns
        -------
        pl.DataFrame
            As `signature_history` returns it, with the notes of this archive; empty for a bulk
            without receipts. Damaged files are left out, as in `scan`.

        Raises
        ------
        CliniaError
            The bulk is not in the archive.
        """
        asked = Asked(source_key, bulk_id, receipts)
        try:
            return history_of(self.folder, bulk_file.kept_in(self.folder), asked, self.notes())
        except bulk_file.DAMAGED:  # a file's content, or a file was deleted in the meantime
            return history_of(
                self.folder, bulk_file.kept_in(self.folder, checked=True), asked, self.notes()
            )

    def acknowledge(self, signature: str, note: str, *, error_type: str | None) -> None:
        """Note that a problem is known, such as by a ticket: it no longer counts as new.

        Parameters
        ----------
        signature, error_type
            The problem, as `history` lists it.
        note
            What to show with it; an empty one removes the note.

        Raises
        ------
        ArchiveError
            No saved bulk has this problem.
        """
        if note:
            check_problem(self.catalog().problems, signature, error_type)
        with self._storage.locked():
            write_note(self.folder / _NOTES, Note(signature, error_type, note))

    def notes(self) -> pl.DataFrame:
        """Return the acknowledged problems: ``signature``, ``error_type``, ``note`` (String)."""
        return notes_frame(read_notes(self.folder / _NOTES))

    def verify(self) -> pl.DataFrame:
        """Read every file whole, and compare it with its checksum and its name.

        Returns
        -------
        pl.DataFrame
            One row per file: ``source_key``, ``bulk_id``, ``file`` (String), and ``problem``
            (String), null where there is none.
        """
        return bulk_file.problems_in(self.folder)

    def _file(self, source_key: str, bulk_id: str) -> Path:
        found = layout.files_of(self.folder, source_key, bulk_id)
        if not found:
            raise ArchiveError(
                f"No bulk {bulk_id!r} of source {source_key!r} in {self.folder}. "
                "`bulks()` lists those that are there."
            )
        return found[-1]
