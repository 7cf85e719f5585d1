"""The scalars of JSON texts by their path, whatever the schema, each distinct shape read once."""

from __future__ import annotations

import json
import re

import polars as pl

_STRING = r'"(?:[^"\\]|\\.)*"'
_SCALAR = rf"{_STRING}|-?[0-9][0-9.eE+-]*|true|false|null"
_KEY = rf"({_STRING}\s*:)"
_TOKEN = rf"(?s){_KEY}|(?:{_SCALAR})"
_HOLE = "\x01"
# A key that holds a number is an id or an index: it stands for all of its like.
_NUMBERED_KEY = r'"[^"\\:]*[0-9]{3}[^"\\:]*"(\s*:)'
_PART = re.compile(rf"(?P<key>{_STRING})\s*:|(?P<hole>{_HOLE})|(?P<open>[\[{{])|(?P<close>[\]}}])")


def json_scalars(texts: pl.Series, *, root: str) -> pl.DataFrame:
    r"""Return every scalar of JSON texts with its path.

    Parameters
    ----------
    texts
        Distinct texts (String). What is not JSON is passed over.
    root
        The name that paths begin with.

    Returns
    -------
    pl.DataFrame
        ``text`` (String) and one row per scalar in it: ``path`` (String), ``item`` (UInt32; which
        item of the outermost list it stands in, from 0; null outside of lists) and ``value``
        (String); ``null`` is passed over.

    Examples
    --------
    >>> texts = pl.Series(['[{"field": "a\\"b", "at": {"line": 3}}]'])
    >>> json_scalars(texts, root="details").select("path", "item", "value").rows()
    [('details[].field', 0, 'a"b'), ('details[].at.line', 0, '3')]
    """
    texts = texts.drop_nulls().cast(pl.String)
    shaped = texts.alias("text").to_frame().with_columns(shape=_shape(pl.col("text")))
    shapes = shaped.select("shape").unique()
    place = pl.Struct({"path": pl.String, "item": pl.UInt32})
    read = pl.DataFrame(
        {"shape": shapes["shape"], "place": [_places(shape, root) for shape in shapes["shape"]]},
        schema={"shape": pl.String, "place": pl.List(place)},
    )
    value = pl.element().filter(~pl.element().str.ends_with(":"))
    scalars = (
        shaped.join(read.drop_nulls(), on="shape", maintain_order="left")
        .select("text", "place", value=pl.col("text").str.extract_all(_TOKEN).list.eval(value))
        .filter(pl.col("place").list.len() == pl.col("value").list.len())
        .explode("place", "value", empty_as_null=False)
        .unnest("place")
        .filter(pl.col("value") != "null")
    )
    return scalars.with_columns(_decoded(scalars["value"]))


def _shape(text: pl.Expr) -> pl.Expr:
    """Return JSON without its scalars, which stand for themselves as one character."""
    holes = text.str.replace_all(_TOKEN, f"${{1}}{_HOLE}")
    return holes.str.replace_all(f":{_HOLE}", ":", literal=True).str.replace_all(
        _NUMBERED_KEY, '"*"${1}'
    )


def _places(shape: str, root: str) -> list[tuple[str, int | None]] | None:
    """Return the path and the item of each scalar, in order; None where the text is not JSON."""
    try:
        json.loads(shape.replace(_HOLE, "0"))
    except (ValueError, RecursionError):
        return None
    places: list[tuple[str, int | None]] = []
    outer: list[tuple[str, str]] = []  # for each open bracket: its path, and what it is
    here, item, listed = root, None, 0
    for part in _PART.finditer(shape):
        if part["key"]:
            here = f"{outer[-1][0]}.{json.loads(part['key'], strict=False)}"
            continue
        if part["open"]:
            outer.append((here, part["open"]))
            here += "[]" if part["open"] == "[" else ""
            if part["open"] == "[" and item is None:
                item, listed = 0, len(outer)
            continue
        if part["close"]:
            outer.pop()
        else:
            places.append((here, item))
        here = _within(outer, root)
        if item is not None and len(outer) <= listed:
            item = item + 1 if len(outer) == listed else None
    return places


def _within(outer: list[tuple[str, str]], root: str) -> str:
    if not outer:
        return root
    path, bracket = outer[-1]
    return path + "[]" if bracket == "[" else path


def _decoded(tokens: pl.Series) -> pl.Series:
    """Return what JSON's tokens say; few strings have escapes."""
    escaped = tokens.filter(tokens.str.contains("\\", literal=True)).unique()
    plain = pl.Series([_decode(token) for token in escaped], dtype=pl.String)
    token = pl.col("value")
    return (
        tokens.alias("value")
        .to_frame()
        .select(
            pl.when(token.str.contains("\\", literal=True))
            .then(token.replace(escaped, plain))
            .when(token.str.starts_with('"'))
            .then(token.str.slice(1).str.head(-1))
            .otherwise(token)
        )
        .to_series()
    )


def _decode(token: str) -> str:
    try:
        return str(json.loads(token, strict=False)).encode("utf-8", "replace").decode()
    except ValueError:
        return token
