"""The values behind the placeholders of signatures, and in nested errors: the exact cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from clinia_nb.errors import check_type
from clinia_nb.receipts.columns import as_polars, lazy_with
from clinia_nb.receipts.outcome import failed
from clinia_nb.signatures.sign import with_signatures

from ._engines import elsewhere
from ._json_scalars import json_scalars
from ._placeholders import case_messages, only_item, places_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clinia_nb.receipts.columns import Receipts

CASE = ("signature", "error_type", "error_code", "error_message", "error_details", "error_context")
PROBLEM = ("signature", "error_type")
_JSON = {"error_details": "details", "error_context": "context"}
_SCHEMA = {
    "signature": pl.String,
    "error_type": pl.String,
    "position": pl.UInt32,
    "placeholder": pl.String,
    "context": pl.String,
    "value": pl.String,
    "failures": pl.UInt32,
    "share": pl.Float64,
    "distinct": pl.UInt32,
}
_ORDER, _DESCENDING = ("rank", "place", "failures"), (False, False, True)
_MOST_ELSEWHERE = 1_000
MOST_VALUES = 8  # that are few enough to be listed
# What messages and keys call a field.
FIELD_WORD = (
    "field|property|properties|attribute|element|column|parameter|pointer|expression"
    "|feld|attribut|champ|propriété"
)
WHERE = ("position", "placeholder", "context")


def failure_values(receipts: Receipts, *, most: int | None = None) -> pl.DataFrame:
    """Count the values behind each placeholder of each signature, and those of nested errors.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. `status` and `error_message` are
        needed; `signature` and the other error columns are used if present.
    most
        How many values to list of a place, the most frequent first. If there are more, one row
        whose ``value`` is null counts all the others. By default all are listed; 1,000 if DuckDB or
        Spark holds the receipts.

    Returns
    -------
    pl.DataFrame, shape (values, 9)
        - ``signature`` and ``error_type`` (String): the problem;
        - ``position`` (UInt32): which placeholder of the signature, from 0; null for a value of
          nested errors;
        - ``placeholder`` (String): as the signature has it, such as ``<name>``; for a value of
          nested errors its JSON path, such as ``details[].field`` or ``context.profile``;
        - ``context`` (String): the placeholder with the words around it; the path again for a
          value of nested errors;
        - ``value`` (String), without quotes around it; empty where the message has none, as in
          ``gender ''``;
        - ``failures`` (UInt32) with this value there, and ``share`` (Float64, 0 to 1): of all
          failures of the problem;
        - ``distinct`` (UInt32): how many values there are at this place.

        Problems with most failures first, then by place, then by ``failures``, most first. The
        failures of a place can add up to less than those of the problem, where a nested error has
        no such field, and to more, where one failure has several nested errors.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.
    TypeError
        `most` is not a whole number.
    ValueError
        `most` is less than 1.

    Notes
    -----
    The messages of nested errors are part of the signature; their values are at its placeholders.
    Keys of JSON objects that hold three digits in a row are ids more often than names; such a key
    is ``*`` in a path.

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "status": ["FAILURE"] * 3,
    ...     "error_message": ["no clinic 'c1'", "no clinic 'c2'", "no clinic 'c1'"],
    ... })
    >>> failure_values(receipts).select("placeholder", "context", "value", "failures").rows()
    [('<name>', 'no clinic <name>', 'c1', 2), ('<name>', 'no clinic <name>', 'c2', 1)]
    """
    check_type(most, int | None, "most is how many values to list, such as 10, or None for all")
    if most is not None and most < 1:
        raise ValueError(f"most={most!r} must be 1 or more, or None for all values.")
    remote = elsewhere(receipts, needed=["status", "error_message"])
    if remote is None:
        cases = failure_cases(as_polars(receipts))
        values = _counted(cases, case_values(cases), PROBLEM).explode("value")
    else:
        from ._values_elsewhere import count_values_elsewhere  # it takes cases apart as we do

        most = most or _MOST_ELSEWHERE
        counted = count_values_elsewhere(remote, most)
        values = counted.sort(*_ORDER, "value", descending=[*_DESCENDING, False])
    return (values if most is None else _most_frequent(values, most)).select(
        pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items()
    )


def _most_frequent(values: pl.DataFrame, most: int) -> pl.DataFrame:
    """Keep so many values of each place, and count the others in one row without a value."""
    place, failures = ["rank", "place"], pl.col("failures")
    listed = values.filter(pl.int_range(pl.len()).over(place) < most)
    others = (
        listed.filter(pl.col("distinct") > most)
        .group_by(place)
        .agg(
            pl.exclude("failures", "value", "share").first(),
            (pl.col("of_place").first() - failures.sum()).alias("failures"),
        )
        .with_columns(share=failures / pl.col("total"), value=pl.lit(None, pl.String))
    )
    both = pl.concat([listed, others.select(listed.columns)], how="vertical_relaxed")
    return both.sort(*place, pl.col("value").is_null(), maintain_order=True)


def with_values(
    receipts: Receipts,
    *,
    signature: str,
    place: int | str,
    name: str = "values",
) -> pl.DataFrame:
    """Add what each failure of a signature has at one place, to filter or group by it.

    Parameters
    ----------
    receipts
        As in `failure_values`.
    signature
        One of the ``signature`` values of `failure_values`.
    place
        The ``position`` of a placeholder, or the JSON path of a value in nested errors.
    name
        The new column.

    Returns
    -------
    pl.DataFrame
        The receipts with one more column (List of String), null for all other receipts, and with
        ``signature`` if it was not there. A failure with several nested errors can have several
        values.

    Raises
    ------
    MissingColumnError
        A needed column is not in the frame; the message names the nearest one.

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "status": ["FAILURE", "FAILURE", "SUCCESS"],
    ...     "error_message": ["no ward 'a'", "no ward 'b'", None],
    ... })
    >>> with_values(receipts, signature="no ward <name>", place=0)["values"].to_list()
    [['a'], ['b'], None]
    """
    lazy, _ = lazy_with(receipts, ["status", "error_message"])
    frame = with_signatures(lazy)
    row = f"{name}__row"
    numbered = frame.with_row_index(row).filter(pl.col("signature") == signature)
    cases = failure_cases(numbered, also=(row,))
    at = pl.col("position") == place if isinstance(place, int) else pl.col("placeholder") == place
    values, places = case_values(cases)
    found = (
        values.join(places.filter(at), on="place", how="semi")
        .join(cases.select("case", row), on="case")
        .group_by(pl.col(row).cast(pl.UInt32))
        .agg(pl.col("value").sort().alias(name))
    )
    rows = frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias(row))
    return frame.with_columns(rows.join(found, on=row, how="left", maintain_order="left")[name])


def leading_values(receipts: pl.DataFrame) -> pl.DataFrame:
    """Return what `failure_values` does of places of few values; of others the leading value.

    Few are up to `MOST_VALUES`. All error types of a signature count together. Values that repeat
    the error's own type or code are left out: they add nothing.
    """
    cases = failure_cases(receipts)
    counted = _counted(cases, case_values(cases, repeating=False), ("signature",))
    first = pl.int_range(pl.len()).over("rank", "place") == 0
    few = pl.col("distinct") <= MOST_VALUES
    leading = pl.when(few).then("value").otherwise(pl.col("value").list.head(1))
    return (
        counted.filter(few | first)
        .with_columns(leading)
        .explode("value")
        .select(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items() if name != "error_type")
    )


def failure_cases(receipts: Receipts, *, also: Sequence[str] = ()) -> pl.DataFrame:
    """Return the distinct failures with their number; `also` are further columns to go by."""
    lazy, available = lazy_with(receipts, ["status", "error_message"])
    lazy = with_signatures(lazy).lazy()
    none = pl.lit(None, dtype=pl.String)
    columns = [
        (pl.col(name) if name in {*available, "signature"} else none).cast(pl.String).alias(name)
        for name in (*CASE, *also)
    ]
    failures = lazy.filter(failed(available)).select(columns).collect()
    texts = failures.select(
        pl.concat_str("error_message", "error_details", ignore_nulls=True).approx_n_unique()
    ).item()
    if (
        failures.height > 2 * texts
    ):  # else most of them are distinct: grouping takes time for little
        failures = failures.group_by(*CASE, *also).len("failures")
    else:
        failures = failures.with_columns(failures=pl.lit(1, dtype=pl.UInt32))
    return failures.with_row_index("case")


class CaseValues(NamedTuple):
    """What cases of failure name.

    Attributes
    ----------
    values
        The values of each case, each once at a place: ``case``, ``place``, ``value`` and ``item``,
        the only nested error that has it, from 0; null where it is not of one alone.
    places
        ``place`` (UInt32), ``position``, ``placeholder`` and ``context``.
    """

    values: pl.DataFrame
    places: pl.DataFrame


def case_values(cases: pl.DataFrame, *, repeating: bool = True) -> CaseValues:
    """Return the values of each case, perhaps without those that repeat its error type or code."""
    scalars = pl.concat(_scalars(cases, column, root) for column, root in _JSON.items())
    is_message = pl.col("is_message")
    nested = scalars.filter(is_message, root="details").select("case", "item", nested="value")
    fields = scalars.filter(~is_message)
    if not repeating:
        own = fields.join(cases.select("case", "error_type", "error_code"), on="case")
        fields = own.filter(~_repeats_error())
    signatures = cases.select("signature").unique().sort("signature").with_row_index("signed")
    at = places_of(signatures["signature"])
    paths = fields.select(placeholder="path", context="path").unique().sort("placeholder")
    paths = paths.with_row_index("place", offset=at.height)
    messages = case_messages(cases.join(signatures, on="signature"), nested)
    known = fields.join(paths, left_on="path", right_on="placeholder")
    columns = ("case", "place", "value", "item")
    # The places of a signature are numbered one after another.
    of_signature = at.group_by("signed").agg(first=pl.col("place").min(), count=pl.len())
    first = signatures.join(of_signature, on="signed", how="left", maintain_order="left")
    placed = (
        messages.hstack(first.select("first", "count")[messages["signed"]])
        .filter(pl.col("position") < pl.col("count"))
        .with_columns(place=pl.col("first") + pl.col("position"))
    )
    values = pl.concat([placed.select(columns), known.select(columns)])
    places = pl.concat([at.drop("signed"), paths], how="diagonal")
    return CaseValues(values, places.select("place", *WHERE))


def _scalars(cases: pl.DataFrame, column: str, root: str) -> pl.DataFrame:
    rows = cases.select("case", text=column).drop_nulls()
    scalars = json_scalars(rows["text"].unique(), root=root)
    scalars = scalars.group_by("text", "path", "value").agg(only_item())
    is_message = pl.col("path").str.contains(r"(?:^|\.)message$")
    scalars = scalars.with_columns(is_message=is_message, root=pl.lit(root))
    return rows.join(scalars, on="text").drop("text")


def _repeats_error() -> pl.Expr:
    """Test whether a nested error's value is only the type or code of the error again."""
    value = pl.col("value")
    own = (value == pl.col("error_type")) | (value == pl.col("error_code"))
    return own.fill_null(value=False)


def _counted(cases: pl.DataFrame, found: CaseValues, problem: Sequence[str]) -> pl.DataFrame:
    """Count the failures of each value at each place of each problem, in order.

    Values at a place with equally many failures are one row, a list: sorting them alone takes a
    fifth of the time that sorting rows takes.
    """
    total, values = pl.col("failures").sum(), pl.col("value").list.len()
    problems = ranked_problems(cases.group_by(problem).agg(total=total))
    ranked = cases.select("failures", *problem).join(
        problems, on=problem, nulls_equal=True, maintain_order="left"
    )
    of_case = ranked.select("rank", "failures")[found.values["case"]]
    place = ["rank", "place"]
    return (
        found.values.select("place", "value")
        .hstack(of_case)
        .lazy()
        .group_by(*place, "value")
        .agg(total)
        .group_by(*place, "failures")
        .agg(pl.col("value").sort())
        .collect(engine="streaming")
        .with_columns(
            distinct=values.sum().over(place),
            of_place=(pl.col("failures") * values).sum().over(place),
        )
        .sort(*_ORDER, descending=_DESCENDING)
        .join(found.places, on="place", maintain_order="left")
        .join(problems, on="rank", maintain_order="left")
        .with_columns(share=pl.col("failures") / pl.col("total"))
    )


def ranked_problems(totals: pl.DataFrame) -> pl.DataFrame:
    """Add the ``rank`` of each problem, from 0: those with most failures first."""
    problem = [name for name in totals.columns if name != "total"]
    descending = [True, *(False for _ in problem)]
    return totals.sort("total", *problem, descending=descending).with_row_index("rank")
