"""What receipts may differ in: columns, and what is read from ids and pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TIME = "received_at"
ATTRIBUTES = (
    *("type", "target_type", "action", "pipeline_definition_id", "source_key", "bulk_id"),
    *("id", TIME),
)

_MARK, _WORD = "[-_:./|#@~+ ]", "[^-_:./|#@~+ ]"
ID_TEXT = pl.col("id").cast(pl.String)
CHOSEN_BY_CALLER = f"^[A-Za-z]*[0-9]+$|{_MARK}"
_PREFIX = pl.coalesce(
    ID_TEXT.str.extract("^([A-Za-z]+)[0-9]+$"), ID_TEXT.str.extract(f"^({_WORD}*{_MARK})")
)
_STEM = ID_TEXT.str.extract(f"^(.*{_MARK})")
_SHAPE = ID_TEXT.str.replace_all(f"{_WORD}+", "x")
FROM_ID = {
    "id prefix": _PREFIX,
    "id stem": pl.when(_STEM != _PREFIX).then(_STEM),
    "id shape": pl.when(ID_TEXT.str.contains("^[0-9]+$")).then(pl.lit("9")).otherwise(_SHAPE),
}


def name_of(pipeline: pl.Expr) -> pl.Expr:
    """Return the name of a pipeline without its version."""
    return pipeline.cast(pl.String).str.replace(r"\.[0-9]+$", "")


PIPELINE = {"pipeline name": name_of(pl.col("pipeline_definition_id"))}
REPEATED = "id seen before in this bulk"


def seen_before() -> pl.Expr:
    """Return "yes" for a receipt whose id was received before, else "no"."""
    time = pl.col(TIME)
    later = ((time > time.min().over("id")) & pl.col("id").is_not_null()).fill_null(value=False)
    return pl.when(later).then(pl.lit("yes")).otherwise(pl.lit("no")).alias(REPEATED)


DERIVED = {**PIPELINE, **FROM_ID, REPEATED: seen_before()}


def tested_columns(attributes: Iterable[str], *, chosen: bool) -> dict[str, pl.Expr]:
    """Return what is tested of receipts by name; of ids only if callers chose them.

    Ids that were generated have nothing in common.
    """
    tested: dict[str, pl.Expr] = {}
    for name in attributes:
        if name == "id":
            tested |= FROM_ID if chosen else {}
        elif name != TIME:
            tested[name] = pl.col(name)
    return tested


def with_pipeline_names(tested: Mapping[str, pl.Expr]) -> dict[str, pl.Expr]:
    """Add what is read from pipelines, next to them."""
    found: dict[str, pl.Expr] = {}
    for name, value in tested.items():
        found[name] = value
        if name == "pipeline_definition_id":
            found |= {other: name_of(value) for other in PIPELINE}
    return found
