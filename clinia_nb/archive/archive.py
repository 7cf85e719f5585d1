"""`Archive`: bulks kept on disk where the user says, and read again by any engine."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from clinia_nb.bulk import BulkResult
from clinia_nb.errors import ArchiveError, DamagedArchiveWarning
from clinia_nb.files import replace_file, write_file
from clinia_nb.receipts.parse import SCHEMA
from clinia_nb.redaction import redact_bulk
from clinia_nb.signatures import with_signatures

from . import layout
from .layout import FOOTER_KEY, FORMAT, SCANNED, STORED, Footer, Marker

if TYPE_CHECKING:
    from collections.abc import Generator

_MARKER = "clinia-archive.json"
_LOCK = ".lock"
_LOCK_SECONDS = 60
_DAMAGED = (pl.exceptions.PolarsError, OSError, msgspec.MsgspecError, KeyError)


class Archive:
    """Many bulks in a folder, as Parquet files that other programs can read too.

    Receipts are written only by `save`, only into this folder, readable by you alone (folders 0700,
    files 0600). They hold record ids and messages: keep the folder as safe as the platform itself,
    or redact what is saved.

    One file per bulk: ``receipts/source_key=…/day=…/<bulk id>.parquet``, where the day (UTC) is
    that of the submission, or else of the first receipt. The columns are those of the receipts
    frame and ``signature``; categories are text, a duration is ``duration_us``, in whole
    microseconds.

    Parameters
    ----------
    folder
        Where it is. A folder that does not exist is an empty archive, made by the first `save`.
    redact
        Redact each bulk before it is saved, as `redact_bulk` does.
    key
        With `redact`, the key of the pseudonyms: the same for all bulks, so that a record keeps its
        pseudonym over the months. It is not stored.

    Raises
    ------
    ArchiveError
        The folder is something else, was written by a newer version, or is redacted where this call
        is not (or the other way around).
    ValueError
        `redact` without a key: pseudonyms of one bulk could not be found in another.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from clinia_nb import Client
    >>> bulk = Client.sandbox().fetch_bulk("docs-example", "bk_2wil2vg5uqi08x1aet097gLW8DP")
    >>> with TemporaryDirectory() as folder:
    ...     archive = Archive(Path(folder) / "bulks")
    ...     saved = archive.save(bulk)
    ...     archive.bulks().select("source_key", "day", "receipts", "failed").rows()
    [('docs-example', datetime.date(2025, 5, 6), 1, 1)]
    """

    def __init__(
        self, folder: str | Path, *, redact: bool = False, key: bytes | None = None
    ) -> None:
        if redact and key is None:
            raise ValueError(
                "An archive that redacts needs a key, so that a record has one pseudonym in all "
                "bulks: Archive(folder, redact=True, key=…). Keep the key elsewhere."
            )
        self.folder = Path(folder).expanduser().absolute()
        self._redact, self._key = redact, key
        self._check()

    def __repr__(self) -> str:
        return f"Archive({str(self.folder)!r}{', redact=True' if self._redact else ''})"

    def save(self, bulk: BulkResult) -> Path:
        """Write a bulk, whole or not at all; one that was saved before is replaced.

        Parameters
        ----------
        bulk
            It stays as it is. Columns that are not of the receipts frame are not written.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        OSError
            The file cannot be written; what was there before stays.
        """
        if self._redact:
            bulk = redact_bulk(bulk, key=self._key)
        stored = layout.to_stored(with_signatures(bulk.receipts))
        footer = layout.footer_of(bulk, stored)
        metadata = {FOOTER_KEY: msgspec.json.encode(footer).decode()}
        with self._locked():
            path = layout.path_of(self.folder, bulk.source_key, bulk.bulk_id, footer.day)
            _make_private(path.parent, self.folder)
            with replace_file(path, private=True, follow_links=False) as file:
                stored.write_parquet(file, metadata=metadata)
            for other in layout.files_of(self.folder, bulk.source_key, bulk.bulk_id):
                if other != path:  # it was filed under another day
                    other.unlink(missing_ok=True)
        return path

    def scan(self) -> pl.LazyFrame:
        """Return the receipts of all bulks, lazily: only what a query needs is read.

        Returns
        -------
        pl.LazyFrame
            The receipts frame with categories as String, then ``signature`` (String, null where a
            receipt did not fail) and ``day`` (Date). A filter on ``source_key`` or ``day`` reads
            no other folders. Files that cannot be read are left out and named in a
            `DamagedArchiveWarning`; see `verify`.
        """
        files = [path for path, footer in self._footers() if footer]
        if not files:
            return pl.LazyFrame(schema=SCANNED)
        scanned = pl.scan_parquet(
            files,
            glob=False,
            schema=STORED,
            hive_partitioning=True,
            hive_schema={"source_key": pl.String(), "day": pl.Date()},
            missing_columns="insert",
            extra_columns="ignore",
        )
        duration = pl.duration(microseconds="duration_us").alias("duration")
        return scanned.select(duration if name == "duration" else pl.col(name) for name in SCANNED)

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
        return layout.bulk_rows([(path, footer) for path, footer in self._footers() if footer])

    def load(self, source_key: str, bulk_id: str) -> BulkResult:
        """Return a saved bulk, without the bytes that it came in.

        Raises
        ------
        ArchiveError
            It is not in the archive, or its file is damaged.
        """
        path = self._file(source_key, bulk_id)
        try:
            footer = _read_footer(path)
            frame = pl.read_parquet(path, hive_partitioning=False, glob=False)
        except _DAMAGED as exc:
            raise ArchiveError(
                f"{path} cannot be read: {exc}. Fetch bulk {bulk_id!r} again and save it."
            ) from None
        receipts = frame.with_columns(
            source_key=pl.lit(source_key), duration=pl.duration(microseconds="duration_us")
        ).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
        return BulkResult(
            footer.source_key, footer.bulk_id, footer.kind, footer.status, receipts, b"",
            footer.fetched_at, footer.notes,
        )  # fmt: skip

    def delete(self, source_key: str, bulk_id: str) -> None:
        """Delete a saved bulk.

        Raises
        ------
        ArchiveError
            It is not in the archive.
        """
        with self._locked():
            self._file(source_key, bulk_id).unlink()

    def prune(
        self, *, older_than: timedelta | date, now: datetime | None = None
    ) -> list[tuple[str, str]]:
        """Delete the bulks of earlier days.

        Parameters
        ----------
        older_than
            The first day (UTC) to keep, or how far it lies back.
        now
            In place of the clock's time.

        Returns
        -------
        list of (source_key, bulk_id)
            What was deleted.
        """
        if isinstance(older_than, timedelta):
            first = ((now or datetime.now(UTC)) - older_than).date()
        else:
            first = older_than.date() if isinstance(older_than, datetime) else older_than
        gone: list[tuple[str, str]] = []
        with self._locked():
            for path in layout.files_of(self.folder):
                if date.fromisoformat(path.parent.name.removeprefix("day=")) < first:
                    path.unlink()
                    gone.append(layout.ids_of(path))
        return gone

    def verify(self) -> pl.DataFrame:
        """Read every file whole, and compare it with what its footer says.

        Returns
        -------
        pl.DataFrame
            One row per file: ``source_key``, ``bulk_id``, ``file`` (String), and ``problem``
            (String), null where there is none.
        """
        rows = [
            (*layout.ids_of(path), str(path.relative_to(self.folder)), _problem_of(path))
            for path in layout.files_of(self.folder)
        ]
        names = ("source_key", "bulk_id", "file", "problem")
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")

    def _check(self) -> None:
        """Refuse a folder that is no archive, or one that this version cannot use."""
        marker = self.folder / _MARKER
        if not marker.exists():
            if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
                raise ArchiveError(
                    f"{self.folder} is not an archive: it has no {_MARKER}. Name a new folder, an "
                    "empty one, or that of an archive."
                )
            return
        try:
            found = msgspec.json.decode(marker.read_bytes(), type=Marker)
        except msgspec.MsgspecError as exc:
            raise ArchiveError(
                f"{marker} cannot be read: {exc}. Restore it from a backup."
            ) from None
        if found.format > FORMAT:
            raise ArchiveError(
                f"{self.folder} has format {found.format}; this version of clinia_nb reads up to "
                f"{FORMAT}. Update clinia_nb."
            )
        if found.redacted != self._redact:
            has = "redacted" if found.redacted else "not redacted"
            how = "with redact=True and its key" if found.redacted else "without redact=True"
            raise ArchiveError(f"The bulks in {self.folder} are {has}: open it {how}.")

    def _file(self, source_key: str, bulk_id: str) -> Path:
        found = layout.files_of(self.folder, source_key, bulk_id)
        if not found:
            raise ArchiveError(
                f"No bulk {bulk_id!r} of source {source_key!r} in {self.folder}. "
                "`bulks()` lists those that are there."
            )
        return found[-1]

    def _footers(self) -> list[tuple[Path, Footer | None]]:
        """Read the footer of every file; name those that cannot be read."""
        found: list[tuple[Path, Footer | None]] = []
        damaged: list[str] = []
        for path in layout.files_of(self.folder):
            try:
                found.append((path, _read_footer(path)))
            except FileNotFoundError:  # deleted meanwhile
                continue
            except _DAMAGED:
                damaged.append(str(path.relative_to(self.folder)))
        if damaged:
            warnings.warn(
                f"{len(damaged):,} files of {self.folder} cannot be read and are left out: "
                f"{', '.join(damaged[:5])}{' …' if len(damaged) > 5 else ''}. "  # noqa: PLR2004
                "See `verify`; fetch and save these bulks again.",
                DamagedArchiveWarning,
                stacklevel=3,
            )
        return found

    @contextmanager
    def _locked(self) -> Generator[None]:
        """Make the folder an archive if it is new, and keep other writers out meanwhile."""
        from filelock import FileLock, Timeout

        _make_private(self.folder, self.folder)
        try:
            with FileLock(self.folder / _LOCK, timeout=_LOCK_SECONDS, mode=0o600):
                self._check_marker()
                yield
        except Timeout:
            raise ArchiveError(
                f"Another program has been writing to {self.folder} for {_LOCK_SECONDS} seconds. "
                f"Try again; if none is running, delete {self.folder / _LOCK}."
            ) from None

    def _check_marker(self) -> None:
        if (self.folder / _MARKER).exists():
            self._check()
        else:
            marker = msgspec.json.encode(Marker(FORMAT, self._redact))
            write_file(self.folder / _MARKER, marker, private=True, follow_links=False)


def _make_private(folder: Path, root: Path) -> None:
    """Make a folder below the root for its owner alone; folders that exist stay as they are."""
    missing: list[Path] = []
    at = folder
    while not at.exists():
        missing.append(at)
        at = at.parent
    for path in reversed(missing):
        mode = 0o700 if path == root or root in path.parents else 0o777
        path.mkdir(mode=mode, exist_ok=True)


def _read_footer(path: Path) -> Footer:
    metadata = pl.read_parquet_metadata(path)
    return msgspec.json.decode(metadata[FOOTER_KEY], type=Footer)


def _problem_of(path: Path) -> str | None:
    try:
        footer = _read_footer(path)
        frame = pl.read_parquet(path, hive_partitioning=False, glob=False)
    except KeyError:
        return "was not written by clinia_nb"
    except _DAMAGED as exc:
        return f"cannot be read: {str(exc).splitlines()[0]}"
    if frame.height != footer.receipts:
        return f"has {frame.height:,} receipts, its footer says {footer.receipts:,}"
    ids = layout.ids_of(path)
    if ids != (footer.source_key, footer.bulk_id):
        return f"holds bulk {footer.bulk_id!r} of source {footer.source_key!r}"
    return None
