"""Pseudonyms for values: equal for equal values under one key, meaningless without it.

`write_pseudonyms` writes them into messages, in the placeholder of each value: ``<id:bkfd…>``.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.signatures.by_form import (
    PLACEHOLDER,
    PLACEHOLDERS,
    PSEUDONYM_LETTERS,
    encode_placeholders,
    mask,
    rewrite_constants,
    show_placeholders,
)

if TYPE_CHECKING:
    from .vocabulary import Vocabulary

_LEAST_KEY, _MOST_KEY = 16, 64  # bytes; the most is what BLAKE2b takes
_FROM_HEX = str.maketrans("0123456789abcdef", PSEUDONYM_LETTERS)
_BYTES = 7  # two of a million values collide in one of 140,000 frames
_FEW = 3  # words beside values that may be statements
_MOST_VALUES = 40
_TOGETHER = 100_000  # values; more take much memory
_EDGES = " \t\n\r\"'`“”‘’«»„「」()[]{}<>,;:.!?…"
_BETWEEN = "\ue00f"  # in no text that `encode_placeholders` returns


class Pseudonyms:
    """Keyed hashes of texts, in 14 letters.

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
        """Return the pseudonym (String) of each value (String); null stays null."""
        present = values.drop_nulls().alias("value").to_frame()
        # A hash costs less than a join, unless many values are the same.
        if present.height < 2 * present.select(pl.col("value").approx_n_unique()).item():
            hashed = self._hashed(present["value"])
        else:
            distinct = present.unique()
            known = distinct.with_columns(self._hashed(distinct["value"]))
            hashed = present.join(known, on="value", how="left", maintain_order="left")["pseudonym"]
        there = values.is_not_null()
        return hashed.gather(pl.select(pl.when(there).then(there.cum_sum() - 1)).to_series())

    def _hashed(self, values: pl.Series) -> pl.Series:
        # The hash of polars does not withstand guessing.
        hashes: list[str] = []
        for value in values:
            keyed = self._keyed.copy()
            keyed.update(value.encode())
            hashes.append(keyed.hexdigest().translate(_FROM_HEX))
        return pl.Series("pseudonym", hashes, dtype=pl.String)


def fingerprint(key: bytes) -> str:
    """Return a text that is equal for equal keys, and from which a key cannot be found.

    >>> fingerprint(bytes(16)) == fingerprint(bytes(16)) != fingerprint(bytes(17))
    True
    """
    return str(Pseudonyms(key).of(pl.Series(["fingerprint of the key"])).item())


def write_pseudonyms(
    messages: pl.Series, signatures: pl.Series, pseudonyms: Pseudonyms, vocabulary: Vocabulary
) -> pl.Series:
    """Return the signature of each message, with a pseudonym of what stood at each placeholder.

    A value that names nobody stays, if it would become the same placeholder again. Words of the
    signature that may name somebody are pseudonyms too.

    A value is what stands between the constant parts. Where that is ambiguous, the first
    placeholder has the pseudonym of the whole message, and the others have none. A message without
    a signature becomes empty; null stays null.

    Examples
    --------
    >>> from clinia_nb.redaction.vocabulary import Vocabulary
    >>> write_pseudonyms(
    ...     pl.Series(["no 'clinic' with '7'"]),
    ...     pl.Series(["no <name> with <name>"]),
    ...     Pseudonyms(bytes(16)),
    ...     Vocabulary(),
    ... ).to_list()
    ["no 'clinic' with <name:cvrhcfspgftdrn>"]
    """
    pairs = pl.DataFrame({"text": messages, "signature": signatures})
    distinct = pairs.drop_nulls().unique("text", maintain_order=True)
    written = [pl.DataFrame(schema={"text": pl.String, "written": pl.String})]
    templates = _templates(distinct["signature"].unique(), pseudonyms, vocabulary)
    distinct = distinct.with_columns(plain=rewrite_constants(pl.col("text")))
    many = pl.col("placeholders") > _MOST_VALUES
    whole = distinct.join(_unpacked(templates.filter(many), 1), on="signature")
    written.append(_written_whole(whole, pseudonyms))
    for same_count in templates.filter(~many).partition_by("placeholders"):
        count = same_count["placeholders"][0]
        rows = distinct.join(_unpacked(same_count, count), on="signature")
        if count == 0:
            written.append(rows.select("text", written="shown"))
            continue
        rows = _with_values(rows, count)
        written.append(_written(rows.filter("certain"), count, pseudonyms, vocabulary))
        written.append(_written_whole(rows.filter(~pl.col("certain")), pseudonyms))
    missing = pl.when(pl.col("text").is_not_null()).then(pl.lit(""))
    return (
        pairs.select("text")
        .join(pl.concat(written), on="text", how="left", maintain_order="left")
        .select(pl.col("written").fill_null(missing))
        .to_series()
    )


def _templates(
    signatures: pl.Series, pseudonyms: Pseudonyms, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Take signatures apart, as they are and as they may be shown."""
    shown = vocabulary.mask(signatures, pseudonyms)
    templates = pl.DataFrame({"signature": signatures, "shown": shown}).with_columns(
        encoded=encode_placeholders(pl.col("signature")),
        encoded_shown=encode_placeholders(pl.col("shown")),
    )
    return templates.with_columns(
        *(
            pl.col(text).str.replace_all(PLACEHOLDER, _BETWEEN).str.split(_BETWEEN).alias(pieces)
            for text, pieces in (("encoded", "piece"), ("encoded_shown", "shown_piece"))
        ),
        placeholder=pl.col("encoded").str.extract_all(PLACEHOLDER),
    ).with_columns(placeholders=pl.col("placeholder").list.len())


def _unpacked(templates: pl.DataFrame, count: int) -> pl.DataFrame:
    """Return a column per constant piece, one for how often it occurs, and one per placeholder."""
    columns = [
        pl.col(name).list.get(at, null_on_oob=True).alias(f"{name}_{at}")
        for name in ("piece", "shown_piece", "placeholder")
        for at in range(count)
    ]
    times = [
        pl.col("encoded").str.count_matches(pl.col("piece").list.get(at), literal=True)
        for at in range(1, count)
    ]
    return templates.select(
        "signature",
        "shown",
        *columns,
        *(pieces.alias(f"times_{at}") for at, pieces in enumerate(times, 1)),
        end=pl.col("piece").list.last(),
        shown_end=pl.col("shown_piece").list.last(),
        # A long signature with many masked words has lost its end.
        is_whole=pl.col("shown_piece").list.len() == pl.col("piece").list.len(),
    )


def _with_values(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """Add what stands at each placeholder, and whether that is certain.

    It is if the constant pieces occur in the message as often as in the template: then none of them
    is in a value, and the first match is the right one.
    """
    first, end = pl.col("piece_0"), pl.col("end")
    last = count - 1
    plain = pl.col("plain")
    inner = [pl.col(f"piece_{at}") for at in range(1, last + 1)]
    found = rows.lazy().with_columns(
        certain=pl.all_horizontal(
            "is_whole",
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


def _written(
    rows: pl.DataFrame, count: int, pseudonyms: Pseudonyms, vocabulary: Vocabulary
) -> pl.DataFrame:
    if rows.is_empty():
        return rows.select("text", written="text")
    # Few values take as long as one: those of many placeholders are masked together.
    step = max(1, _TOGETHER // rows.height)
    parts: list[pl.Expr] = []
    for first in range(0, count, step):
        places = range(first, min(first + step, count))
        shown = _masked_values(rows, places, pseudonyms, vocabulary)
        for number, at in enumerate(places):
            part = shown.slice(number * rows.height, rows.height)
            parts += [pl.col(f"shown_piece_{at}"), pl.lit(part)]
    return rows.select("text", written=pl.concat_str(*parts, "shown_end"))


def _masked_values(
    rows: pl.DataFrame, places: range, pseudonyms: Pseudonyms, vocabulary: Vocabulary
) -> pl.Series:
    """Return what is written at some placeholders, those of one below those of another."""
    value, placeholder, looks = pl.col("value"), pl.col("placeholder"), pl.col("looks")
    bare = value.str.strip_chars(_EDGES)
    values = pl.concat(
        rows.select("signature", value=f"value_{at}", placeholder=f"placeholder_{at}", place=at)
        for at in places
    ).with_columns(named=pl.when(bare == "").then(value).otherwise(bare))
    named = values["named"]
    values = values.with_columns(
        hashed=pseudonyms.of(named), names_nobody=vocabulary.names_nobody(named)
    )
    masked = pl.format("{}:{}>", show_placeholders(placeholder).str.strip_suffix(">"), "hashed")
    # It must become a placeholder again: by its form, or as a word among others of its kind. A few
    # words beside pseudonyms are read as statements.
    # Where values of several looks stand, the placeholder is <value>.
    is_mixed = (placeholder == PLACEHOLDERS["value"]) & looks.str.contains(f"^{PLACEHOLDER}$")
    is_word = value.str.contains(r"^[\p{L}_-]+$")
    shows = (looks == placeholder) | is_mixed
    stays = pl.col("names_nobody") & (shows | (is_word & (pl.col("many") | pl.col("all_stay"))))
    # What takes long is only asked of what may stay, and once. A quotation looks like a value only
    # within a message.
    within = mask("a " + value).str.strip_prefix("a ")
    looking = values.filter("names_nobody").select("value").unique().with_columns(looks=within)
    return (
        values.join(looking, on="value", how="left", maintain_order="left")
        .with_columns(
            many=value.filter(is_word & pl.col("names_nobody"))
            .n_unique()
            .over("signature", "place")
            > _FEW,
            all_stay=pl.col("names_nobody").all().over("signature", "place"),
        )
        .select(pl.when(stays).then(value).otherwise(masked))
        .to_series()
    )


def _written_whole(rows: pl.DataFrame, pseudonyms: Pseudonyms) -> pl.DataFrame:
    begin = pl.concat_str("shown_piece_0", show_placeholders(pl.col("placeholder_0")))
    rest = pl.col("shown").str.strip_prefix(begin)
    masked = pl.format(
        "{}:{}>{}", begin.str.strip_suffix(">"), pl.lit(pseudonyms.of(rows["text"])), rest
    )
    # Of a signature that was cut before its first placeholder, nothing but words is left.
    has_placeholder = pl.col("shown").str.starts_with(begin)
    return rows.select("text", written=pl.when(has_placeholder).then(masked).otherwise("shown"))
