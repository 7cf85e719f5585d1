"""The JSON of nested errors, taken apart into tokens and put together again, at any depth.

Only what the tokens become is put together, so that text which is no JSON cannot slip through.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from .pseudonyms import Pseudonyms

_INSIDE = r'(?:[^"\\]|\\.)*'
_TOKEN = rf'"{_INSIDE}"(?:\s*:\s*)?|[\s\[\]{{}},:]+|[^\s\[\]{{}},:"]+|"'
_BETWEEN = r"^[\s\[\]{},:]*$"
_NAME = r"^[A-Za-z_$@][A-Za-z_$@.-]{0,63}$"
_NUMBER = r"^-?[0-9][0-9.eE+-]*$"
_LITERAL = "^(?:true|false|null)$"
_CODE = "^[1-5][0-9]{2}$"
_TYPES = (
    *("ALREADY_EXISTS", "FAILED_PRECONDITION", "INTERNAL", "INVALID_ARGUMENT", "NOT_FOUND"),
    *("OUT_OF_RANGE", "UNIMPLEMENTED", "UNAUTHENTICATED", "PERMISSION_DENIED"),
    "CONTENT_TOO_LARGE",
)


def read_details(details: pl.Series) -> pl.DataFrame:
    r"""Take texts apart.

    Parameters
    ----------
    details
        Distinct texts (String), none of them null.

    Returns
    -------
    pl.DataFrame
        One row per token, in order: ``details`` (UInt32), the place of the text it is of;
        ``token``; ``text``, what it says if it is a string; ``under``, the name it stands behind;
        ``is_name`` and ``is_message`` (Boolean).

    Examples
    --------
    >>> tokens = read_details(pl.Series(['[{"code": 400, "message": "no \\"x\\""}]']))
    >>> tokens.filter("is_message")["text"].to_list()
    ['no "x"']
    """
    texts = pl.DataFrame({"token": details}).with_row_index("details")
    tokens = (
        # Every text has a token, so that none is lost: the first is empty.
        texts.with_columns(
            token=pl.concat_list(pl.lit(""), pl.col("token").str.extract_all(_TOKEN))
        )
        .explode("token")
        .with_columns(
            text=pl.col("token").str.extract(rf'^"({_INSIDE})"'),
            under=pl.when(pl.col("details") == pl.col("details").shift(1)).then(
                pl.col("token").shift(1).str.extract(rf'^"({_INSIDE})"\s*:\s*$')
            ),
            is_name=pl.col("token").str.contains(r'^".*:\s*$'),
        )
    )
    is_message = pl.col("text").is_not_null() & (pl.col("under") == "message")
    return tokens.with_columns(
        _decoded(tokens["text"]), is_message=is_message.fill_null(value=False)
    )


def mask_details(
    tokens: pl.DataFrame, messages: pl.Series, ids: pl.Series, pseudonyms: Pseudonyms
) -> pl.Series:
    """Put the texts of `read_details` together again, with pseudonyms for values.

    Parameters
    ----------
    tokens
        As `read_details` gives them.
    messages
        What each message becomes (String), one for each token; null for the other tokens.
    ids
        Names that are one of these are masked.
    pseudonyms
        Give the rest.

    Returns
    -------
    pl.Series
        ``masked`` (String), in the order of the texts.
    """
    token, text, under = pl.col("token"), pl.col("text"), pl.col("under")
    is_figure = token.str.contains(_NUMBER)
    is_literal = token.str.contains(_LITERAL)
    is_known = pl.when("is_name").then(text.str.contains(_NAME) & ~text.is_in(ids.implode()))
    is_known = is_known.otherwise(
        token.str.contains(_BETWEEN)
        | is_literal
        | (text == "").fill_null(value=False)
        | ((under == "code") & token.str.contains(_CODE)).fill_null(value=False)
        | ((under == "type") & text.is_in(_TYPES)).fill_null(value=False)
    )
    is_odd = text.is_null() & ~(token.str.contains(_BETWEEN) | is_literal | is_figure)
    told = tokens.with_columns(
        message=_encoded(messages),
        known=is_known,
        kind=pl.when(is_figure).then(pl.lit("number")).otherwise(pl.lit("value")),
        # Text that is no JSON: one value, unless a signature was read from it.
        odd=(is_odd.any() & ~pl.col("is_message").any()).over("details"),
    )
    values = told.select(pl.when(~pl.col("known")).then(pl.coalesce("text", "token"))).to_series()
    masked = told.with_columns(pseudonym=pseudonyms.of(values)).with_columns(
        masked=pl.when("is_message")
        .then("message")
        .when("known")
        .then("token")
        .otherwise(
            pl.format('"<{}:{}>"', "kind", "pseudonym")
            + pl.when("is_name").then(pl.lit(":")).otherwise(pl.lit(""))
        )
    )
    together = masked.group_by("details", maintain_order=True).agg(
        pl.col("masked", "token").str.join(""), pl.col("odd").first()
    )
    odd = together.select(pl.when("odd").then("token")).to_series()
    whole = pl.format('"<value:{}>"', pl.lit(pseudonyms.of(odd)))
    return together.select(
        pl.when("odd").then(whole).otherwise("masked").alias("masked")
    ).to_series()


def _decoded(texts: pl.Series) -> pl.Series:
    """Undo the escapes of JSON strings, which few have."""
    escaped = texts.filter(texts.str.contains("\\", literal=True)).unique().to_list()
    plain = pl.Series([_decode(text) for text in escaped], dtype=pl.String)
    return texts.replace(pl.Series(escaped, dtype=pl.String), plain)


def _decode(text: str) -> str:
    try:
        plain = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return str(plain).encode("utf-8", "replace").decode()


def _encoded(texts: pl.Series) -> pl.Series:
    encoded = pl.struct(texts.alias("x")).struct.json_encode()
    plain = encoded.str.strip_prefix('{"x":').str.strip_suffix("}")
    return pl.select(plain.alias("encoded")).to_series()
