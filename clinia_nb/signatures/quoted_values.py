"""Tell quoted sentences that are values, by what else is quoted in their place."""

from __future__ import annotations

import polars as pl

from .by_form import mask_surroundings
from .patterns import VALUE
from .placeholders import BEGIN, END, PLACEHOLDER, PLACEHOLDERS

_QUOTED = f"{BEGIN}(=?) [^{BEGIN}{END}]*{END}"
_RARE = 20  # times that values are more frequent than a quoted sentence which is one of them
_MANY = 10  # sentences behind one equals sign, from which on they may be free text
_NAMES = rf"(?-u:\b)\p{{Lu}}[^\s{BEGIN}{END}]*|{PLACEHOLDER}"


def with_quoted_values(found: pl.DataFrame) -> pl.DataFrame:
    """Mask quoted sentences that are values.

    These are rare ones where most messages have a quoted value in their place, and free text behind
    an equals sign: many sentences most of which differ in more than names.

    Parameters
    ----------
    found
        ``formed``, ``scope``, ``masked`` (String) and ``count``, a row per message and scope.

    Examples
    --------
    >>> from clinia_nb.signatures.by_form import mask_forms
    >>> texts = [f"row 1, seen '{value}'" for value in ("x1", "x2", "x3", "no bed is left")]
    >>> messages = pl.DataFrame({"text": texts, "scope": "", "count": 1})
    >>> formed = messages.with_columns(formed=mask_forms(pl.col("text")))
    >>> masked = formed.with_columns(masked=mask_surroundings(pl.col("formed")))
    >>> with_quoted_values(masked)["masked"].n_unique()
    1
    """
    quoting = found.filter(pl.col("formed").str.contains(BEGIN, literal=True))
    if quoting.is_empty():
        return found
    count, place = pl.col("count"), ["scope", "alike"]
    as_value = pl.col("formed").str.replace_all(_QUOTED, "${1}" + PLACEHOLDERS["name"])
    alike = pl.col("value").str.replace_all(PLACEHOLDER, VALUE)
    quoting = quoting.select(
        *("formed", "scope", "masked", "count"), value=mask_surroundings(as_value)
    ).with_columns(alike=alike)
    plain = (
        found.join(quoting, on=["formed", "scope"], how="anti")
        .select("scope", "count", value="masked")
        .group_by("scope", alike=alike)
        .agg(plain=count.sum())
    )
    often = count.sum().over("scope", "masked")
    is_rare = (often == 1) | (often * _RARE <= pl.col("plain"))
    values = quoting.join(plain, on=place, how="left").filter(
        ((pl.col("plain") >= count.sum().over(place)) & is_rare) | _is_free_text(place)
    )
    return (
        found.join(
            values.select("formed", "scope", "value"),
            on=["formed", "scope"],
            how="left",
            maintain_order="left",
        )
        .with_columns(masked=pl.coalesce("value", "masked"))
        .drop("value")
    )


def _is_free_text(place: list[str]) -> pl.Expr:
    """Find sentences of a place where most are seen once, whichever names are in them."""
    words = pl.col("masked").str.replace_all(_NAMES, "")
    once = pl.col("count").sum().over(*place, words) == 1
    return (
        pl.col("formed").str.contains(f"{BEGIN}=", literal=True)
        & (words.n_unique().over(place) > _MANY)
        & (2 * once.sum().over(place) > words.n_unique().over(place))
    )
