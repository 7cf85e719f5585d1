"""Read the values that stood behind the placeholders of a signature."""

from __future__ import annotations

import re

import polars as pl

from .by_form import LONGEST, PLACEHOLDER, PLACEHOLDERS, encode_placeholders, show_placeholders
from .sign import ERROR_TYPE

SCHEMA = {
    "row": pl.UInt32,
    "position": pl.UInt32,
    "placeholder": pl.String,
    "before": pl.String,
    "after": pl.String,
    "value": pl.String,
}
_PLACES = {"signature": pl.String} | {
    name: SCHEMA[name] for name in ("position", "placeholder", "before", "after")
}
_VALUES = {"row": pl.UInt32, "position": pl.UInt32, "value": pl.String}
_PIECE = re.compile(rf"{PLACEHOLDER}|\w+|\S")
_QUOTES = "\"'`“”‘’«»„「」"
_EDGES = " \t\r\n" + _QUOTES
# The quotes of the items of a list, not the apostrophe in "it's".
_OPENING, _CLOSING = rf"([^\w{_QUOTES}])[{_QUOTES}]+", rf"[{_QUOTES}]+([^\w{_QUOTES}])"
_NEXT = rf"[{_QUOTES}]\s*,\s*[{_QUOTES}]"
_GAP = rf"[\s{_QUOTES}=:!@\\]*"  # what masking may leave out between two words
# A list of one is a singular in the signature that others of its problem share.
_NUMBER = {
    word: f"(?:{'|'.join(words)})"
    for words in (("is", "are"), ("was", "were"), ("has", "have"), ("does", "do"), ("ist", "sind"))
    for word in words
}
_EMPTY = rf"[{_QUOTES}]\s*[{_QUOTES}]|=(?:[\s,;]|$)|\(\)|\[\]"  # a value that is there, and empty
_MOST = 40  # placeholders: of more, a message that does not match takes up to seconds
_BATCH = 500  # signatures whose messages are read in one go


def message_values(messages: pl.Series, signatures: pl.Series) -> pl.DataFrame:
    """Return what stood behind each placeholder of each message, in order.

    The words of a signature are constant, its placeholders stand for values. Quotes and white space
    around a value are removed. A message that does not match its signature has no rows, and an
    empty value has none either. Only the first 2,000 characters of a message are read, and no
    message whose signature has more than 40 placeholders.

    Parameters
    ----------
    messages
        Texts (String).
    signatures
        The signature of each, as `message_signatures` returns them; null for none.

    Returns
    -------
    pl.DataFrame, shape (values, 6)
        - ``row`` (UInt32): the place of the message in `messages`, from 0;
        - ``position`` (UInt32): the place of the placeholder in the signature, from 0;
        - ``placeholder`` (String): such as ``<id>``;
        - ``before`` and ``after`` (String): the constant text around the placeholder, up to the
          next placeholder or the end; an empty string if there is none;
        - ``value`` (String).

        Sorted by ``row``, then ``position``.

    Examples
    --------
    >>> messages = pl.Series(["no clinic '7a' in ehr-2", "no clinic 'b b' in ehr-3"])
    >>> signatures = pl.Series(["no clinic <name> in <id>"] * 2)
    >>> message_values(messages, signatures).select("row", "placeholder", "value").rows()
    [(0, '<name>', '7a'), (0, '<id>', 'ehr-2'), (1, '<name>', 'b b'), (1, '<id>', 'ehr-3')]
    """
    found = unsorted_values(messages, signatures).filter(pl.col("value") != "")
    signature = pl.Series("signature", signatures).cast(pl.String)
    templates = _templates(signature)
    places = pl.concat([pl.DataFrame(schema=_PLACES), *(each.places() for each in templates)])
    number = signature.cast(pl.Categorical)  # numbers are looked up sooner than texts
    return (
        found.with_columns(number.gather(found["row"]))
        .join(places.cast({"signature": pl.Categorical}), on=["signature", "position"])
        .select(*SCHEMA)
        .sort("row", "position")
    )


def unsorted_values(messages: pl.Series, signatures: pl.Series) -> pl.DataFrame:
    """Do what `message_values` does, in any order, with ``row``, ``position`` and ``value`` only.

    Empty values are kept: what stood at ``value ''`` is the cause as often as any other value.
    """
    rows = (
        pl.DataFrame({"message": messages.cast(pl.String), "signature": signatures})
        .with_row_index("row")
        .cast({"signature": pl.String})
        .drop_nulls()
        .with_columns(pl.col("message").str.head(LONGEST))
    )
    parts = rows.partition_by("signature", as_dict=True, include_key=False)
    templates = _templates(rows["signature"])
    found = [pl.DataFrame(schema=_VALUES)]
    for start in range(0, len(templates), _BATCH):
        batch = templates[start : start + _BATCH]
        split = pl.collect_all([template.split(parts[template.signature,]) for template in batch])
        values = zip(batch, split, strict=True)
        found += pl.collect_all([lazy for template, rows in values for lazy in template.read(rows)])
    return pl.concat(found)


def _templates(signatures: pl.Series) -> list[_Template]:
    """Return the template of each signature that has placeholders."""
    text = pl.col("signature").str.replace(ERROR_TYPE, "")
    templates = (
        signatures.drop_nulls()
        .unique()
        .alias("signature")
        .to_frame()
        .with_columns(encoded=encode_placeholders(text))
        .filter(pl.col("encoded").str.count_matches(PLACEHOLDER).is_between(1, _MOST))
    )
    return [_Template(*names) for names in templates.iter_rows()]


class _Template:
    """One signature, as a pattern for its messages."""

    def __init__(self, signature: str, encoded: str) -> None:
        self.signature, self.encoded = signature, encoded
        pieces = re.split(f"({PLACEHOLDER})", encoded)
        self.constants, self.codes = pieces[::2], pieces[1::2]
        self.columns = [str(position) for position in range(len(self.codes))]

    def places(self) -> pl.DataFrame:
        """Return the placeholders of the signature, with the text around them."""
        return pl.DataFrame(
            {
                "signature": [self.signature] * len(self.codes),
                "position": pl.int_range(len(self.codes), dtype=pl.UInt32, eager=True),
                "placeholder": self.codes,
                "before": [text.strip() for text in self.constants[:-1]],
                "after": [text.strip() for text in self.constants[1:]],
            }
        ).with_columns(show_placeholders(pl.col("placeholder")))

    def split(self, rows: pl.DataFrame) -> pl.LazyFrame:
        """Split messages at the constant text: fast, and right if this stands there unchanged."""
        first, *inner, last = self.constants
        message = pl.col("message")
        found = rows.lazy().with_columns(
            matches=pl.lit("" not in inner)
            & message.str.starts_with(first)
            & message.str.ends_with(last)
            & (message.str.len_bytes() >= len(first.encode()) + len(last.encode())),
            rest=message.str.strip_prefix(first).str.strip_suffix(last),
        )
        for column, constant in zip(self.columns, inner, strict=False):
            split = pl.col("rest").str.splitn(constant, 2).struct
            found = found.with_columns(
                split.field("field_0").alias(column), split.field("field_1").alias("rest")
            )
        return found.rename({"rest": self.columns[-1]}).with_columns(
            pl.col("matches") & pl.all_horizontal(pl.col(self.columns).is_not_null())
        )

    def read(self, split: pl.DataFrame) -> list[pl.LazyFrame]:
        """Return the values of messages that were split."""
        rows, matches = split.lazy(), pl.col("matches")
        if split["matches"].all():
            return [self._unpivoted(rows)]
        missed = rows.filter(~matches)
        return [self._unpivoted(rows.filter(matches)), self._unpivoted(self._matched(missed))]

    def _matched(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Match messages against the words of the signature; punctuation may differ.

        White space, the quotes of labels, the spelling of plurals and the brackets around a word
        change on the way from message to signature. What is empty is a value only where the
        message has one.
        """
        pattern = _GAP.join(map(_loose, _PIECE.findall(self.encoded)))
        groups = pl.col("message").str.extract_groups(f"(?s)^{_GAP}{pattern}{_GAP}$").struct
        found = [groups.field(str(int(name) + 1)).alias(name) for name in self.columns]
        has_empty = pl.col("message").str.contains(_EMPTY)
        values = pl.col(self.columns)
        return rows.select("row", "message", *found).with_columns(
            pl.when((values != "") | has_empty).then(values)
        )

    def _unpivoted(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Return one row per value, from one column per placeholder."""
        values = [
            rows.select("row", position=pl.lit(at, pl.UInt32), value=_bare(pl.col(name), code))
            for at, (name, code) in enumerate(zip(self.columns, self.codes, strict=True))
        ]
        return pl.concat(values).drop_nulls("value")


def _bare(value: pl.Expr, code: str) -> pl.Expr:
    """Return a value without what surrounds it; the items of a list lose their quotes as well."""
    bare = value.str.strip_chars(_EDGES)
    if code == PLACEHOLDERS["list"]:
        return bare.str.replace_all(_OPENING, "${1}").str.replace_all(_CLOSING, "${1}")
    bare = bare.str.replace_all(_NEXT, ", ")
    # The signature of a path takes its colon along.
    return bare.str.strip_suffix(":") if code == PLACEHOLDERS["path"] else bare


def _loose(piece: str) -> str:
    """Return the pattern of a placeholder, a word or another character of a signature."""
    if re.fullmatch(PLACEHOLDER, piece):
        return "(.*?)"
    if piece in _NUMBER:
        return _NUMBER[piece]
    if re.fullmatch(r"\w+", piece):
        package = r"(?:[a-z]\w*\.)*" if piece[0].isupper() else ""  # org.acme.Chart@1f2e
        word = package + re.escape(piece.removesuffix("s")) + r"(?:s|\(e?s\))?"
        return rf"[\[({{]?{word}[\])]?"  # a code or a method in brackets
    return f"(?:{re.escape(piece)})?"
