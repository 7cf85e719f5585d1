"""The layout of an archive on disk: folders, file names, columns, a summary in each footer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

import msgspec
import polars as pl

from clinia_nb.analysis import count_outcomes, summarize_timing
from clinia_nb.errors import ArchiveError, check_type
from clinia_nb.receipts.outcome import OUTCOMES
from clinia_nb.receipts.parse import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clinia_nb.bulk import BulkResult

RECEIPTS = "receipts"
_PERCENTILES = ("p50", "p90", "p95", "p99", "max")
_EPOCH = date(1970, 1, 1)  # the day of a bulk without any known time


class Footer(msgspec.Struct, frozen=True):
    """The summary in the footer of a bulk's file, so that listing bulks reads no receipts."""

    source_key: str
    bulk_id: str
    kind: str
    status: str
    day: date
    submitted_at: datetime | None
    fetched_at: datetime | None
    first_received: datetime | None
    last_completed: datetime | None
    receipts: int
    outcomes: dict[str, int]
    durations_us: dict[str, int | None]
    notes: tuple[str, ...] = ()
    redacted: bool | None = False


class Kept(NamedTuple):
    """The file of a bulk, its footer, and its size in bytes."""

    path: Path
    footer: Footer
    bytes: int


# Categories become text, which every engine groups and joins by; durations whole microseconds.
STORED = {
    ("duration_us" if name == "duration" else name): pl.Int64()
    if name == "duration"
    else pl.String()
    if dtype == pl.Categorical
    else dtype
    for name, dtype in SCHEMA.items()
    if name != "source_key"  # it is in the path
} | {"signature": pl.String()}
SCANNED = pl.Schema(
    {name: pl.String() if dtype == pl.Categorical else dtype for name, dtype in SCHEMA.items()}
    | {"signature": pl.String(), "day": pl.Date()}
)
BULKS = pl.Schema(
    {
        "source_key": pl.String(), "bulk_id": pl.String(), "kind": pl.String(),
        "status": pl.String(), "day": pl.Date(),
        **dict.fromkeys(
            ("submitted_at", "fetched_at", "first_received", "last_completed"),
            pl.Datetime("us", "UTC"),
        ),
        "receipts": pl.UInt32(), **dict.fromkeys(OUTCOMES, pl.UInt32()),
        "failure_rate": pl.Float64(), **dict.fromkeys(_PERCENTILES, pl.Duration("us")),
        "bytes": pl.UInt64(),
    }
)  # fmt: skip


def day_of(bulk: BulkResult) -> date:
    """Return the UTC day of a bulk: of its submission, else its first receipt, else its fetch."""
    first = bulk.receipts["received_at"].min()
    received = first if isinstance(first, datetime) else None
    known = bulk.submitted_at or received or bulk.fetched_at
    return known.astimezone(UTC).date() if known else _EPOCH


def first_day(older_than: timedelta | date, now: datetime) -> date:
    """Return the first day (UTC) that is not older."""
    check_type(older_than, timedelta | date, "older_than is timedelta(days=…) or a date")
    if isinstance(older_than, timedelta):
        try:
            older_than = now - older_than
        except OverflowError:  # before the first year of the calendar
            return date.min
    if not isinstance(older_than, datetime):
        return older_than
    return (older_than.astimezone(UTC) if older_than.tzinfo else older_than).date()


def day_in(path: Path) -> date | None:
    """Return the day that a path names; None if it names none."""
    try:
        return date.fromisoformat(path.parent.name.removeprefix("day="))
    except ValueError:
        return None


def path_of(folder: Path, source_key: str, bulk_id: str, day: date) -> Path:
    """Return the file of a bulk."""
    return sources_of(folder, source_key) / f"day={day}" / _file_name(bulk_id)


def sources_of(folder: Path, source_key: str) -> Path:
    """Return the folder of a source."""
    return folder / RECEIPTS / f"source_key={quote(source_key, safe='')}"


def files_of(folder: Path, source_key: str | None = None, bulk_id: str | None = None) -> list[Path]:
    """List the files of bulks, in order of source, day and name."""
    source = "*" if source_key is None else quote(source_key, safe="")
    name = "*.parquet" if bulk_id is None else _file_name(bulk_id)
    return sorted(_matching(folder / RECEIPTS, f"source_key={source}", "day=*", name))


def _matching(root: Path, *patterns: str) -> Iterator[Path]:
    # Names are compared, not globbed: a quoted id may contain characters that are special to glob.
    if not patterns:
        yield root
        return
    head, *rest = patterns
    start, _, end = head.partition("*")
    if root.is_dir():
        for child in root.iterdir():
            fits = child.name == head or (
                "*" in head and child.name.startswith(start) and child.name.endswith(end)
            )
            if fits and not child.name.startswith("."):
                yield from _matching(child, *rest)


def _file_name(bulk_id: str) -> str:
    if not bulk_id:
        raise ArchiveError(
            "A bulk without an id cannot be found again. Name it: "
            "BulkResult.from_receipts(…, bulk_id=…)."
        )
    name = quote(bulk_id, safe="")
    # No hidden file, and neither "." nor "..".
    return f"{name.replace('.', '%2E', 1) if name.startswith('.') else name}.parquet"


def ids_of(path: Path) -> tuple[str, str]:
    """Return the source key and the bulk id that a path names."""
    source = path.parents[1].name.removeprefix("source_key=")
    return unquote(source), unquote(path.name.removesuffix(".parquet"))


def to_stored(receipts: pl.DataFrame, bulk_id: str) -> pl.DataFrame:
    """Return receipts with signatures as they are written: all of them under the bulk's own id."""
    duration = pl.col("duration").dt.total_microseconds().alias("duration_us")
    return receipts.with_columns(duration, bulk_id=pl.lit(bulk_id)).select(
        pl.col(name).cast(dtype) for name, dtype in STORED.items()
    )


def footer_of(bulk: BulkResult, stored: pl.DataFrame) -> Footer:
    """Summarize what is written for the footer."""
    counted = count_outcomes(bulk.receipts).row(0, named=True)
    timed = summarize_timing(bulk.receipts).row(0, named=True)
    first, last = stored.select(pl.col("received_at").min(), pl.col("completed_at").max()).row(0)
    return Footer(
        bulk.source_key,
        bulk.bulk_id,
        bulk.kind,
        bulk.status,
        day_of(bulk),
        bulk.submitted_at,
        bulk.fetched_at,
        first,
        last,
        stored.height,
        {name: counted[name] for name in OUTCOMES},
        {name: _microseconds(timed[name]) for name in _PERCENTILES},
        bulk.notes,
        bulk.redacted,
    )


def _microseconds(duration: timedelta | None) -> int | None:
    return None if duration is None else duration // timedelta(microseconds=1)


def bulk_rows(bulks: list[Kept]) -> pl.DataFrame:
    """Return one row per bulk."""
    rows = [
        msgspec.structs.asdict(kept.footer)
        | kept.footer.outcomes
        | kept.footer.durations_us
        | {"bytes": kept.bytes}
        for kept in bulks
    ]
    given = {name: dtype for name, dtype in BULKS.items() if name != "failure_rate"}
    given |= dict.fromkeys(_PERCENTILES, pl.Int64())
    counted = pl.DataFrame(rows, schema=given, infer_schema_length=None)
    rate = pl.when(pl.col("receipts") > 0).then(pl.col("failed") / pl.col("receipts"))
    return (
        counted.with_columns(
            rate.alias("failure_rate"), pl.col(_PERCENTILES).cast(pl.Duration("us"))
        )
        .select(BULKS.names())
        .sort("source_key", "day", pl.coalesce("submitted_at", "first_received"), "bulk_id")
    )
