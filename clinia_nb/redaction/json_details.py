"""Split the JSON of nested errors into tokens, mask them, and join them again, at any depth.

Every character belongs to a token, so that no text can slip through, valid JSON or not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from .pseudonyms import Pseudonyms
    from .vocabulary import Vocabulary

_INSIDE = r'(?:[^"\\]|\\.)*'
_TOKEN = rf'"{_INSIDE}"(?:\s*:\s*)?|[\s\[\]{{}},:]+|[^\s\[\]{{}},:"]+|"'
_BETWEEN = r"^[\s\[\]{},:]*$"
_NUMBER = r"^-?[0-9][0-9.eE+-]*$"
_LITERAL = "^(?:true|false|null)$"
_STATUS_CODE = "^[1-5][0-9]{2}$"


def read_details(details: pl.Series) -> pl.DataFrame:
    r"""Split JSON texts into tokens.

    Parameters
    ----------
    details
        Distinct texts (String), none of them null.

    Returns
    -------
    pl.DataFrame
        One row per token, in order: ``details`` (UInt32), the place of the text; ``token``;
        ``text``, the content of a string; ``under``, the name before a value; ``is_name`` and
        ``is_message`` (Boolean).

    Examples
    --------
    >>> tokens = read_details(pl.Series(['[{"code": 400, "message": "no \\"x\\""}]']))
    >>> tokens.filter("is_message")["text"].to_list()
    ['no "x"']
    """
    texts = pl.DataFrame({"token": details}).with_row_index("details")
    tokens = (
        # The first token is empty, so that a text without any has a row too.
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
    tokens: pl.DataFrame, messages: pl.Series, pseudonyms: Pseudonyms, vocabulary: Vocabulary
) -> pl.Series:
    """Join the tokens of `read_details` again, with pseudonyms for values that may name somebody.

    Parameters
    ----------
    tokens
        As `read_details` returns them.
    messages
        The masked text of each message (String), one per token; null for the other tokens.
    pseudonyms
        Hash the values.
    vocabulary
        Decides which names and texts stay.

    Returns
    -------
    pl.Series
        ``masked`` (String), in the order of the texts.
    """
    token, text, under = pl.col("token"), pl.col("text"), pl.col("under")
    is_between = token.str.contains(_BETWEEN)
    is_number, is_literal = token.str.contains(_NUMBER), token.str.contains(_LITERAL)
    is_status = (under == "code") & token.str.contains(_STATUS_CODE)
    classified = tokens.with_columns(
        vocabulary.names_nobody(tokens["text"]),
        message=_encoded(messages),
        placeholder=pl.when(is_number).then(pl.lit("number")).otherwise(pl.lit("value")),
        is_odd=text.is_null() & ~(is_between | is_literal | is_number),
    ).with_columns(
        stays=pl.col("names_nobody").fill_null(is_between | is_literal)
        | is_status.fill_null(value=False),
        # Text that is not JSON is one value, unless a message was found in it.
        odd=(pl.col("is_odd").any() & ~pl.col("is_message").any()).over("details"),
    )
    values = classified.select(pl.when(~pl.col("stays")).then(pl.coalesce("text", "token")))
    masked = classified.with_columns(pseudonym=pseudonyms.of(values.to_series())).with_columns(
        masked=pl.when("is_message")
        .then("message")
        .when("stays")
        .then("token")
        .otherwise(
            pl.format('"<{}:{}>"', "placeholder", "pseudonym")
            + pl.when("is_name").then(pl.lit(":")).otherwise(pl.lit(""))
        )
    )
    joined = masked.group_by("details", maintain_order=True).agg(
        pl.col("masked", "token").str.join(""), pl.col("odd").first()
    )
    odd = joined.select(pl.when("odd").then("token")).to_series()
    whole = pl.format('"<value:{}>"', pl.lit(pseudonyms.of(odd)))
    return joined.select(pl.when("odd").then(whole).otherwise("masked").alias("masked")).to_series()


def _decoded(texts: pl.Series) -> pl.Series:
    """Decode the escapes of JSON strings, which few have."""
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
