"""The file of one bulk: written whole with a checksum, and read again."""

from __future__ import annotations

import warnings
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from clinia_nb.errors import ArchiveError, DamagedArchiveWarning
from clinia_nb.files import replace_file

from .layout import SCANNED, STORED, Footer, Kept, day_in, files_of, ids_of, path_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Columns that an older file lacks are null, and those of a newer one are left out.
_scan = partial(pl.scan_parquet, schema=STORED, missing_columns="insert", extra_columns="ignore")
_FOOTER, _SEAL = "clinia_nb", "clinia_nb.sha256"
_UNSEALED = "sha256:" + 64 * "0"


class _OddFileError(ValueError):
    """A file can be read, but does not contain what it should."""


# What reading a damaged or foreign file raises.
DAMAGED = (pl.exceptions.PolarsError, OSError, msgspec.MsgspecError, KeyError, ValueError)


def write_bulk(path: Path, stored: pl.DataFrame, footer: Footer, *, earlier: list[Path]) -> None:
    """Write a bulk, whole or not at all, in place of the files that it had."""
    encoded = msgspec.json.encode(footer).decode()
    written = BytesIO()  # not the file: polars reports a full disk as an error in the data
    stored.write_parquet(written, metadata={_FOOTER: encoded, _SEAL: _UNSEALED})
    body = written.getvalue()
    before, _, after = body.rpartition(_UNSEALED.encode())
    with replace_file(path, private=True, follow_links=False) as file:
        file.writelines([before, _seal(body, _UNSEALED).encode(), after])
    for other in earlier:
        if other != path:  # it was filed under another day
            other.unlink(missing_ok=True)


def check_replaced(files: list[Path], footer: Footer) -> None:
    """Check that receipts which are kept are not lost to what takes their place.

    Raises
    ------
    ArchiveError
        It has no receipts, or they are redacted and those that are kept are not.
    """
    for path in files:
        try:
            kept = read_footer(path)
        except DAMAGED:
            continue
        loss = "has none" if not footer.receipts else "is redacted"
        masked = footer.redacted is True and kept.redacted is not True
        if kept.receipts and (masked or not footer.receipts):
            raise ArchiveError(
                f"{kept.receipts:,} receipts of bulk {kept.bulk_id!r} are saved, and what would "
                f"replace them {loss}. If that is intended, delete the saved bulk first."
            )


def read_footer(path: Path) -> Footer:
    """Read the footer of a bulk's file, and check that the path names the same bulk."""
    return _checked_footer(path, pl.read_parquet_metadata(path))


def read_bulk(path: Path) -> tuple[Footer, pl.DataFrame]:
    """Read the footer and all receipts."""
    body = path.read_bytes()
    metadata = pl.read_parquet_metadata(BytesIO(body))
    footer = _checked_footer(path, metadata)
    seal = metadata.get(_SEAL)  # files of earlier versions have none
    if seal is not None and seal != _seal(body, seal):
        raise _OddFileError("was altered: its checksum does not match")
    frame = _scan(BytesIO(body)).collect()
    if frame.height != footer.receipts:
        raise _OddFileError(f"has {frame.height:,} receipts, its footer says {footer.receipts:,}")
    return footer, frame


def scan_files(folder: Path, files: list[Path]) -> pl.LazyFrame:
    """Return the receipts of files of an archive, lazily, in the columns of `SCANNED`."""
    if not files:
        return pl.LazyFrame(schema=SCANNED)
    if any("=" in part for part in folder.parts):
        # Polars would also read columns from the names of the folders around the archive.
        scanned = _scan(
            files, glob=False, hive_partitioning=False, include_file_paths="day"
        ).with_columns(
            source_key=_of_file(files, [ids_of(path)[0] for path in files], pl.String()),
            day=_of_file(files, [day_in(path) for path in files], pl.Date()),
        )
    else:
        hive = {"source_key": pl.String(), "day": pl.Date()}
        scanned = _scan(files, glob=False, hive_partitioning=True, hive_schema=hive)
    duration = pl.duration(microseconds="duration_us").alias("duration")
    return scanned.select(duration if name == "duration" else pl.col(name) for name in SCANNED)


def _of_file(files: list[Path], values: Sequence[object], dtype: pl.DataType) -> pl.Expr:
    return pl.col("day").replace_strict([str(path) for path in files], values, return_dtype=dtype)


def problems_in(folder: Path) -> pl.DataFrame:
    """Read all files of an archive whole; return what `Archive.verify` returns."""
    read = [(path, problem_of(path)) for path in files_of(folder)]
    rows = [
        (*ids_of(path), str(path.relative_to(folder)), problem)
        for path, problem in read
        if path.exists()  # not deleted in the meantime
    ]
    names = ("source_key", "bulk_id", "file", "problem")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")


def problem_of(path: Path) -> str | None:
    """Read a file whole; return what is wrong with it."""
    try:
        read_bulk(path)
    except KeyError:
        return "was not written by clinia_nb"
    except _OddFileError as exc:
        return str(exc)
    except DAMAGED as exc:
        return f"cannot be read: {str(exc).splitlines()[0]}"
    return None


def _seal(body: bytes, seal: str) -> str:
    """Return the checksum of a file, as it was before its `seal` was put in."""
    before, _, after = body.rpartition(seal.encode())
    return "sha256:" + sha256(b"".join([before, _UNSEALED.encode(), after])).hexdigest()


def _checked_footer(path: Path, metadata: dict[str, str]) -> Footer:
    footer = msgspec.json.decode(metadata[_FOOTER], type=Footer)
    archive = path.parents[3]
    if path != path_of(archive, footer.source_key, footer.bulk_id, footer.day):
        raise _OddFileError(
            f"holds bulk {footer.bulk_id!r} of source {footer.source_key!r} and day {footer.day}"
        )
    return footer


def kept_in(folder: Path, *, checked: bool = False) -> list[Kept]:
    """Read the footer of every file, or the whole file; warn about those that cannot be read."""
    kept: list[Kept] = []
    damaged: list[str] = []
    for path in files_of(folder):
        try:
            footer = read_bulk(path)[0] if checked else read_footer(path)
            kept.append(Kept(path, footer, path.stat().st_size))
        except FileNotFoundError:  # deleted in the meantime
            continue
        except DAMAGED:
            damaged.append(str(path.relative_to(folder)))
    if damaged:
        files, are = ("file", "is") if len(damaged) == 1 else ("files", "are")
        warnings.warn(
            f"{len(damaged):,} {files} of {folder} cannot be read and {are} left out: "
            f"{', '.join(damaged[:5])}{' …' if len(damaged) > 5 else ''}. "  # noqa: PLR2004
            "Fetch and save these bulks again; in Python, `Archive.verify` says what is wrong.",
            DamagedArchiveWarning,
            stacklevel=3,
        )
    return kept
