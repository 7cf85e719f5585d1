"""The columns of the receipts frame: one table that everything else reads.

To add a receipt field, add one row to `FIELDS`. The parser reads it from its path, the schema gets
its dtype, redaction masks it by its class, and the explorer sorts, picks and searches by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

TIME = pl.Datetime("us", "UTC")
DURATION = pl.Duration("us")

Redaction: TypeAlias = Literal["request", "id", "key", "message", "json", "value"]
Use: TypeAlias = Literal["sort", "pick", "search"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column of the receipts frame.

    Attributes
    ----------
    name
        Name of the column.
    dtype
        Its dtype. It decides what the wire must send: a string for String and Categorical, an RFC
        3339 timestamp for Datetime, a number for numeric dtypes, ``true`` or ``false`` for Boolean.
    path
        Where the value is in a receipt: ``taskId``, or ``error.code`` for a member of an object.
        Empty if the receipt does not hold it.
    redaction
        What `redact` does: ``id`` becomes a pseudonym; ``key`` is kept if it reads as a key;
        ``message`` becomes its signature; ``json`` keeps its structure only; ``request`` (what was
        asked for) and ``value`` (times and numbers) are kept.
    uses
        How the explorer can use the column: ``sort``, ``pick`` (filter by its values), ``search``.
    about
        What the column means, in one sentence.
    json
        True if any JSON value is kept as its text; the dtype is String.
    """

    name: str
    dtype: pl.DataType
    path: str
    redaction: Redaction
    about: str
    uses: frozenset[Use] = frozenset()
    json: bool = False


def _uses(*uses: Use) -> frozenset[Use]:
    return frozenset(uses)


FIELDS: tuple[Field, ...] = (
    Field(
        name="source_key", dtype=pl.Categorical(), path="", redaction="request",
        about="The source that was asked for.",
    ),
    Field(
        name="bulk_id", dtype=pl.Categorical(), path="", redaction="request",
        about="The bulk that was asked for.",
    ),
    Field(
        name="id", dtype=pl.String(), path="id", redaction="id", uses=_uses("sort", "search"),
        about="Id of the relationship or resource; null if it is empty or blank.",
    ),
    Field(
        name="type", dtype=pl.Categorical(), path="type", redaction="key",
        uses=_uses("sort", "pick"),
        about="Key of the relationship definition or of the resource's profile.",
    ),
    Field(
        name="target_type", dtype=pl.Categorical(), path="targetType", redaction="key",
        uses=_uses("pick"), about="RELATIONSHIP, RESOURCE, or another value of newer servers.",
    ),
    Field(
        name="action", dtype=pl.Categorical(), path="action", redaction="key",
        uses=_uses("sort", "pick"),
        about="CREATE, UPSERT, DELETE, or another value of newer servers.",
    ),
    Field(
        name="status", dtype=pl.Categorical(), path="status", redaction="key",
        about="SUCCESS, PENDING, FAILURE, CANCELLED, or another value of newer servers.",
    ),
    Field(
        name="received_at", dtype=TIME, path="receivedAt", redaction="value", uses=_uses("sort"),
        about="When the operation was received (UTC); null for a placeholder such as year 1.",
    ),
    Field(
        name="completed_at", dtype=TIME, path="completedAt", redaction="value",
        about="When it was completed (UTC); null while pending, and for a placeholder.",
    ),
    Field(
        name="duration", dtype=DURATION, path="", redaction="value", uses=_uses("sort"),
        about="completed_at - received_at; null while pending, negative if clocks disagree.",
    ),
    Field(
        name="error_type", dtype=pl.Categorical(), path="error.type", redaction="key",
        uses=_uses("sort", "pick", "search"), about="Name of the error, such as NOT_FOUND.",
    ),
    Field(
        name="error_code", dtype=pl.Int32(), path="error.code", redaction="value",
        uses=_uses("sort"), about="Code of the error, like an HTTP status.",
    ),
    Field(
        name="error_message", dtype=pl.String(), path="error.message", redaction="message",
        uses=_uses("sort", "search"), about="Message of the error.",
    ),
    Field(
        name="error_details", dtype=pl.String(), path="error.details", redaction="json", json=True,
        uses=_uses("search"), about="Nested errors as JSON text; null if absent or empty.",
    ),
    Field(
        name="pipeline_execution_id", dtype=pl.String(), path="pipelineExecution.id",
        redaction="id", uses=_uses("search"), about="Id of the pipeline execution.",
    ),
    Field(
        name="pipeline_definition_id", dtype=pl.Categorical(), redaction="key",
        path="pipelineExecution.pipelineDefinitionId", uses=_uses("pick"),
        about="Pipeline and version, such as clinic.2.",
    ),
    Field(
        name="pipeline_status", dtype=pl.Categorical(), path="pipelineExecution.status",
        redaction="key", uses=_uses("pick"),
        about="SUCCESSFUL, IN_REVIEW, or another value of newer servers.",
    ),
    Field(
        name="task_id", dtype=pl.String(), path="taskId", redaction="id", uses=_uses("search"),
        about="The task that the operation belongs to.",
    ),
    Field(
        name="error_application_code", dtype=pl.String(), path="error.applicationErrorCode",
        redaction="key", uses=_uses("search"),
        about="The application's own code of the error, where newer servers send it.",
    ),
    Field(
        name="error_context", dtype=pl.String(), path="error.additionalContext",
        redaction="json", json=True, uses=_uses("search"),
        about="Further context of the error as JSON text, where newer servers send it.",
    ),
)  # fmt: skip

SCHEMA = pl.Schema({field.name: field.dtype for field in FIELDS})
ERROR_COLUMNS = tuple(field.name for field in FIELDS if field.path.startswith("error."))
JSON_COLUMNS = tuple(field.name for field in FIELDS if field.json)


def redacted_as(*classes: Redaction) -> tuple[str, ...]:
    """Return the columns of these redaction classes, in the order of the frame.

    >>> redacted_as("message", "json")
    ('error_message', 'error_details', 'error_context')
    """
    return tuple(field.name for field in FIELDS if field.redaction in classes)


def used_for(use: Use) -> tuple[str, ...]:
    """Return the columns that the explorer can sort, pick or search by, in the frame's order.

    >>> used_for("pick")[:2]
    ('type', 'target_type')
    """
    return tuple(field.name for field in FIELDS if use in field.uses)


def columns_table() -> str:
    """Return the columns as a Markdown table, for the documentation.

    >>> print(columns_table().splitlines()[4])
    | `id` | String | Id of the relationship or resource; null if it is empty or blank. | `id` |
    """
    lines = ["| column | dtype | meaning | from |", "|---|---|---|---|"]
    for field in FIELDS:
        source = f"`{field.path}`" if field.path else "–"
        lines.append(f"| `{field.name}` | {_dtype_name(field.dtype)} | {field.about} | {source} |")
    return "\n".join(lines)


def _dtype_name(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Datetime):
        return f"Datetime({dtype.time_unit}, {dtype.time_zone})"
    if isinstance(dtype, pl.Duration):
        return f"Duration({dtype.time_unit})"
    return str(dtype)
