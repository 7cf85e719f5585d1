"""Read the values that stood behind the placeholders of a signature."""

from __future__ import annotations

import re

import polars as pl

from .by_form import LONGEST, PLACEHOLDER, encode_placeholders, show_placeholders
from .sign import ERROR_TYPE

SCHEMA = {
    "row": pl.UInt32,
    "position": pl.UInt32,
    "placeholder": pl.String,
    "before": pl.String,
    "after": pl.String,
    "value": pl.String,
}
_PIECE = re.compile(rf"{PLACEHOLDER}|\w+|\S")
_QUOTES = "\"'`“”‘’«»„「」"
_EDGES = " \t\r\n" + _QUOTES
_GAP = rf"[\s{_QUOTES}]*"
_MOST = 100  # placeholders: with 320, a message that does not match takes seconds
_BATCH = 500  # signatures whose messages are read in one go


def message_values(messages: pl.Series, signatures: pl.Series) -> pl.DataFrame:
    """Return what stood behind each placeholder of each message, in order.

    The words of a signature are constant, its placeholders stand for values. Quotes and white space
    around a value are removed. A message that does not match its signature has no rows, and an
    empty value has none either. Only the first 2,000 characters of a message are read, and no
    message whose signature has more than 100 placeholders.

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
    rows = (
        pl.DataFrame({"message": messages.cast(pl.String), "signature": signatures})
        .with_row_index("row")
        .drop_nulls()
        .with_columns(
            pl.col("message").str.head(LONGEST),
            pl.col("signature").cast(pl.String).str.replace(ERROR_TYPE, ""),
        )
    )
    texts = rows.select(signature=pl.col("signature").unique())
    templates = texts.with_columns(encoded=encode_placeholders(pl.col("signature"))).filter(
        pl.col("encoded").str.count_matches(PLACEHOLDER).is_between(1, _MOST)
    )
    encoded = dict(templates.iter_rows())
    found: list[pl.DataFrame] = []
    missed: list[pl.LazyFrame] = []
    batch: list[pl.LazyFrame] = []
    for (signature,), same in rows.partition_by("signature", as_dict=True).items():
        if signature in encoded:
            template = _Template(encoded[signature])
            split = template.split(same.select("row", "message"))
            batch.append(template.unpivoted(split.filter(pl.col("matches"))))
            missed.append(template.matched(split.filter(~pl.col("matches"))))
        if len(batch) == _BATCH:
            found += pl.collect_all(batch + missed)
            batch, missed = [], []
    found += pl.collect_all(batch + missed)
    return pl.concat([pl.DataFrame(schema=SCHEMA), *found]).sort("row", "position")


class _Template:
    """One signature, as a pattern for its messages."""

    def __init__(self, encoded: str) -> None:
        self.encoded = encoded
        pieces = re.split(f"({PLACEHOLDER})", encoded)
        self.constants, codes = pieces[::2], pieces[1::2]
        self.columns = [str(position) for position in range(len(codes))]
        self.placeholders = pl.LazyFrame(
            {
                "position": pl.int_range(len(codes), dtype=pl.UInt32, eager=True),
                "placeholder": pl.select(show_placeholders(pl.lit(pl.Series(codes)))).to_series(),
                "before": [text.strip() for text in self.constants[:-1]],
                "after": [text.strip() for text in self.constants[1:]],
            }
        )

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

    def matched(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Match messages against the words of the signature; punctuation may differ.

        White space, the quotes of labels and the spelling of plurals change on the way from message
        to signature.
        """
        pattern = _GAP.join(map(_loose, _PIECE.findall(self.encoded)))
        groups = pl.col("message").str.extract_groups(f"(?s)^{_GAP}{pattern}{_GAP}$").struct
        return self.unpivoted(
            rows.select(
                "row", *(groups.field(str(int(name) + 1)).alias(name) for name in self.columns)
            )
        )

    def unpivoted(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Return one row per value, from one column per placeholder."""
        return (
            rows.select("row", pl.col(self.columns).str.strip_chars(_EDGES))
            .unpivot(index="row", variable_name="position")
            .with_columns(pl.col("position").cast(pl.UInt32))
            .filter(pl.col("value").is_not_null() & (pl.col("value") != ""))
            .join(self.placeholders, on="position")
            .select(*SCHEMA)
        )


def _loose(piece: str) -> str:
    """Return the pattern of a placeholder, a word or another character of a signature."""
    if re.fullmatch(PLACEHOLDER, piece):
        return "(.*?)"
    if piece.endswith("s"):
        return re.escape(piece[:-1]) + r"(?:s|\(e?s\))"
    return re.escape(piece) if re.fullmatch(r"\w+", piece) else f"(?:{re.escape(piece)})?"
