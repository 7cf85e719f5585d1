"""Pseudonyms for values: equal for equal values under one key, and of no use to anyone without it.

`write_pseudonyms` puts them into messages, behind the kind of each variable part: ``<id:bkfd…>``.
"""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

from clinia_nb.signatures.by_form import (
    PLACEHOLDER,
    PSEUDONYM_LETTERS,
    encode_placeholders,
    rewrite_constants,
    show_placeholders,
)

_LEAST_KEY, _MOST_KEY = 16, 64  # bytes; the most is what BLAKE2b takes
_FROM_HEX = str.maketrans("0123456789abcdef", PSEUDONYM_LETTERS)
_BYTES = 7  # two of a million values are alike in one of 140,000 frames
_MOST_PARTS = 40
_EDGES = " \t\n\r\"'`“”‘’«»„「」()[]{}<>,;:.!?…"
_BETWEEN = "\ue00f"  # in no text whose marks are read


class Pseudonyms:
    """Gives each text its keyed hash, in 14 letters.

    Parameters
    ----------
    key
        16 to 64 secret bytes.

    Raises
    ------
    ValueError
        The key is too short or too long.

    Examples
    --------
    >>> Pseudonyms(bytes(16)).of(pl.Series(["a", None, "a"])).to_list()
    ['nrksqmmrcmrjvt', None, 'nrksqmmrcmrjvt']
    """

    def __init__(self, key: bytes) -> None:
        if not _LEAST_KEY <= len(key) <= _MOST_KEY:
            raise ValueError(
                f"The key has {len(key)} bytes; it must have {_LEAST_KEY} to {_MOST_KEY}. "
                "Make one with `secrets.token_bytes(32)`."
            )
        self._keyed = blake2b(key=key, digest_size=_BYTES)

    def of(self, values: pl.Series) -> pl.Series:
        """Give each value (String) its pseudonym (String); null stays null."""
        present = values.drop_nulls().alias("value").to_frame()
        # A hash costs less than a join: values are looked up only where many are the same.
        if present.height < 2 * present.select(pl.col("value").approx_n_unique()).item():
            hashed = self._hashed(present["value"])
        else:
            distinct = present.unique()
            known = distinct.with_columns(self._hashed(distinct["value"]))
            hashed = present.join(known, on="value", how="left", maintain_order="left")["pseudonym"]
        there = values.is_not_null()
        return hashed.gather(pl.select(pl.when(there).then(there.cum_sum() - 1)).to_series())

    def _hashed(self, values: pl.Series) -> pl.Series:
        # Not by polars: its hash is not made to withstand guessing.
        hashes: list[str] = []
        for value in values:
            keyed = self._keyed.copy()
            keyed.update(value.encode())
            hashes.append(keyed.hexdigest().translate(_FROM_HEX))
        return pl.Series("pseudonym", hashes, dtype=pl.String)


def write_pseudonyms(
    messages: pl.Series, signatures: pl.Series, pseudonyms: Pseudonyms
) -> pl.Series:
    """Give the signature of each message, with pseudonyms of what stood at its placeholders.

    What was there is found between the constant parts. Where that is not certain, the first
    placeholder stands for the whole message, and the others stay bare. Nothing of a message is
    given that is not in its signature; one that has none is empty, and null stays null.

    Examples
    --------
    >>> write_pseudonyms(
    ...     pl.Series(["no '7' in 7"]),
    ...     pl.Series(["no <name> in <number>"]),
    ...     Pseudonyms(bytes(16)),
    ... ).to_list()
    ['no <name:cvrhcfspgftdrn> in <number:cvrhcfspgftdrn>']
    """
    pairs = pl.DataFrame({"text": messages, "signature": signatures})
    distinct = pairs.drop_nulls().unique("text", maintain_order=True)
    templates = (
        distinct.select("signature")
        .unique()
        .with_columns(masked=encode_placeholders(pl.col("signature")))
        .with_columns(
            piece=pl.col("masked").str.replace_all(PLACEHOLDER, _BETWEEN).str.split(_BETWEEN),
            mark=pl.col("masked").str.extract_all(PLACEHOLDER),
        )
        .with_columns(marks=pl.col("mark").list.len())
    )
    written = [pl.DataFrame(schema={"text": pl.String, "written": pl.String})]
    for same_count in templates.partition_by("marks"):
        count = same_count["marks"][0]
        rows = distinct.join(_unpacked(same_count, count), on="signature")
        if count == 0:
            written.append(rows.select("text", written="signature"))
            continue
        rows = _with_values(rows, count)
        certain = pl.col("certain") & (count <= _MOST_PARTS)
        written.append(_written(rows.filter(certain), count, pseudonyms))
        written.append(_written_whole(rows.filter(~certain), pseudonyms))
    missing = pl.when(pl.col("text").is_not_null()).then(pl.lit(""))
    return (
        pairs.select("text")
        .join(pl.concat(written), on="text", how="left", maintain_order="left")
        .select(pl.col("written").fill_null(missing))
        .to_series()
    )


def _unpacked(templates: pl.DataFrame, count: int) -> pl.DataFrame:
    """Give each constant piece a column, how often it occurs another, and each kind of mark one."""
    kept = min(count, _MOST_PARTS)
    pieces = [pl.col("piece").list.get(at).alias(f"piece_{at}") for at in range(kept)]
    kinds = [
        show_placeholders(pl.col("mark").list.get(at)).str.strip_suffix(">").alias(f"kind_{at}")
        for at in range(kept)
    ]
    unpacked = templates.with_columns(*pieces, *kinds, end=pl.col("piece").list.last())
    times = [
        pl.col("masked").str.count_matches(pl.col(f"piece_{at}"), literal=True).alias(f"times_{at}")
        for at in range(1, kept)
    ]
    return unpacked.with_columns(*times).drop("masked", "piece", "mark", "marks")


def _with_values(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """Add what stands at each mark, and whether that is certain.

    It is where the constant pieces stand in the message as often as in the template: then none of
    them is in a value, and the first find is the right one.
    """
    first, end = pl.col("piece_0"), pl.col("end")
    last = min(count, _MOST_PARTS) - 1
    plain = pl.col("plain")
    inner = [pl.col(f"piece_{at}") for at in range(1, last + 1)]
    found = rows.lazy().with_columns(plain=rewrite_constants(pl.col("text")))
    found = found.with_columns(
        certain=pl.all_horizontal(
            plain.str.starts_with(first),
            plain.str.ends_with(end),
            plain.str.len_bytes() >= first.str.len_bytes() + end.str.len_bytes(),
            *(
                plain.str.count_matches(piece, literal=True) == pl.col(f"times_{at}")
                for at, piece in enumerate(inner, 1)
            ),
        ),
        rest=plain.str.strip_prefix(first).str.strip_suffix(end),
    )
    for at, piece in enumerate(inner):
        split = pl.col("rest").str.splitn(piece, 2)
        found = found.with_columns(
            split.struct.field("field_0").alias(f"value_{at}"),
            split.struct.field("field_1").alias("rest"),
        )
    values = [pl.col(f"value_{at}") for at in range(last + 1)]
    return (
        found.rename({"rest": f"value_{last}"})
        .with_columns(pl.col("certain") & pl.all_horizontal(v.is_not_null() for v in values))
        .collect()
    )


def _written(rows: pl.DataFrame, count: int, pseudonyms: Pseudonyms) -> pl.DataFrame:
    if rows.is_empty():
        return rows.select("text", written="text")
    parts: list[pl.Expr | pl.Series] = []
    for at in range(count):
        value = pl.col(f"value_{at}")
        bare = value.str.strip_chars(_EDGES)
        named = rows.select(pl.when(bare == "").then(value).otherwise(bare)).to_series()
        parts += [pl.col(f"piece_{at}"), pl.col(f"kind_{at}"), pl.lit(":")]
        parts += [pl.lit(pseudonyms.of(named)), pl.lit(">")]
    return rows.select("text", written=pl.concat_str(*parts, "end"))


def _written_whole(rows: pl.DataFrame, pseudonyms: Pseudonyms) -> pl.DataFrame:
    begin = pl.concat_str("piece_0", "kind_0")
    rest = pl.col("signature").str.strip_prefix(begin)
    return rows.select(
        "text",
        written=pl.concat_str(begin, pl.lit(":"), pl.lit(pseudonyms.of(rows["text"])), rest),
    )
