"""Takes identifying text out of receipts, so that a frame, a notebook or a report can be shared."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import polars as pl

from clinia_nb.receipts.fields import redacted_as
from clinia_nb.signatures.by_form import LABEL
from clinia_nb.signatures.sign import message_signatures, with_signatures

from .json_details import mask_details, read_details
from .pseudonyms import Pseudonyms, write_pseudonyms
from .vocabulary import cautious, vocabulary

_IDS = redacted_as("id")
_KEYS = redacted_as("key")
_NAMES = redacted_as("request")
_JSON = redacted_as("json")
_MESSAGES = ("error_message", *_JSON)
_FIGURES = redacted_as("value")
_KEY = "^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$"
_LEAST_RECORDS = 10
_FOUR_DIGITS = "(?:[0-9][^0-9]*){4}"


def redact(
    receipts: pl.DataFrame | pl.LazyFrame,
    *,
    key: bytes | None = None,
    least_records: int = _LEAST_RECORDS,
) -> pl.DataFrame:
    """Mask what may identify a patient, and keep what is needed to see what went wrong.

    - `id`, `task_id` and `pipeline_execution_id` become pseudonyms such as ``id-bkfdmtrqvhcgnp``.
    - `error_message` becomes its signature (see `message_signatures`), each placeholder with the
      pseudonym of what stood there: ``no clinic <name:bkfdmtrqvhcgnp>``. Nothing is copied that is
      not in the signature.
    - `error_details` and `error_context` keep their structure and names. Nested messages are
      masked like `error_message`; other texts and numbers are pseudonyms. ``true``, ``false`` and
      ``null`` stay, a ``code`` of 100 to 599 and a ``type`` that is one of the API's error types
      too. Names of more than letters and ``_.-$@`` are masked; what is no JSON is masked whole.
    - `type`, `target_type`, `action`, `status`, `error_type`, `pipeline_definition_id`,
      `pipeline_status` and `error_application_code` stay where they read as keys (letters,
      ``_.:-`` and at most three digits). Otherwise they are masked, as the API lets anything stand
      there.
    - `received_at`, `completed_at`, `duration`, `error_code`, `source_key` and `bulk_id` stay: no
      summary can do without, and a time leads to a record only in the platform's own logs.
    - A `signature` column is made anew. Of other columns, text is masked, truth values stay, and
      all else is emptied, as what it holds is not known.

    Equal values have equal pseudonyms, in all columns and in all frames redacted with one key. They
    are keyed hashes (BLAKE2b): without the key nobody can find a value by trying, not even a short
    number. An id keeps its pseudonym in messages where it is a part of its own, and not where it is
    inside a larger part, as a URL. Where it is not certain what stood at which placeholder, the
    first one stands for the whole message, and the others are bare.

    Signatures, and so all summaries by signature, stay those of the original, but for words that

    - hold a digit of any script, are an id of this frame, or stand in quotes before a colon and do
      not read as the name of a field;
    - are in signatures that fewer than `least_records` records have, and are neither common words
      of error messages, nor words of the keys that stay or of signatures of more records. Capitals
      count, but at the beginning of a sentence.

    What cannot be known: whether words that many records share are about one person. If ten records
    of hers fail with ``Anna Roy is not active``, her name stays; a larger `least_records` masks it.
    A name that is a common word or reads as a key stays too, and so does what times and types say
    to someone who knows the patient.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` gives it. Any columns may be missing.
    key
        16 to 64 secret bytes, such as ``secrets.token_bytes(32)``, to redact several frames alike.
        Whoever has it can test guesses: keep it from those who see the frames. By default, a new
        one that nobody learns.
    least_records
        How many records (distinct `id`, or rows where there is no such column) must share a
        signature for its words to stay.

    Returns
    -------
    pl.DataFrame
        The same rows, columns and dtypes; nulls stay null. A column that must be masked, and whose
        dtype cannot hold pseudonyms, is emptied.

    Raises
    ------
    ValueError
        The key is too short or too long.

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "id": ["r1", "r2"], "error_message": ["no clinic 'r2' for Anna Roy", "not found: r1"],
    ... })
    >>> for row in redact(receipts, key=bytes(16)).rows():
    ...     print(row)
    ('id-ggqpscprptqddj', 'no clinic <name:rrtftbddhcjpsp> for <value:ctmnqhkcfsjhbn>')
    ('id-rrtftbddhcjpsp', 'not found: <id:ggqpscprptqddj>')
    """
    return _redacted(receipts.lazy().collect(), key, least_records)


def redact_for_summaries(receipts: pl.DataFrame, *, key: bytes) -> pl.DataFrame:
    """Do what `redact` does, as far as summaries show it.

    They show, of all messages of a bulk, the first of each signature and error type. Only these
    have pseudonyms at their placeholders, as pseudonyms take longer than all else. Ids are not
    shown, but told apart: they become numbers.
    """
    first = pl.col("received_at").min().over(*_NAMES, "signature", "error_type")
    shown = first.is_null() | (pl.col("received_at") == first)
    return _redacted(receipts, key, _LEAST_RECORDS, shown)


def mask_keys(receipts: pl.DataFrame, *, key: bytes) -> pl.DataFrame:
    """Do what `redact` does to types, statuses and the other columns of keys, and nothing else."""
    pseudonyms = Pseudonyms(key)
    masked = [
        _masked_key(receipts[name], pseudonyms).cast(receipts.schema[name])
        for name in _KEYS
        if name in receipts.columns
    ]
    return receipts.with_columns(*masked)


def _redacted(
    frame: pl.DataFrame, key: bytes | None, least_records: int, shown: pl.Expr | None = None
) -> pl.DataFrame:
    """Redact a frame; with `shown`, only for summaries, which show the messages of these rows."""
    pseudonyms = Pseudonyms(secrets.token_bytes(32) if key is None else key)
    texts = frame.select(
        pl.col(name).cast(pl.String)
        for name, dtype in frame.schema.items()
        if isinstance(dtype, (pl.String, pl.Categorical, pl.Enum))
    )
    keys = [_masked_key(texts[name], pseudonyms) for name in _KEYS if name in texts.columns]
    ids = [texts[name] for name in _IDS if name in texts.columns]
    messages = _masked_messages(frame, keys, ids, pseudonyms, least_records, shown)
    others = [
        _prefixed("id" if name in _IDS else "value", pseudonyms.of(texts[name])).alias(name)
        if shown is None
        else _numbered(texts[name])
        for name in texts.columns
        if name not in {*_KEYS, *_NAMES, *_MESSAGES}
    ]
    masked = {column.name: column for column in (*keys, *messages, *others)}
    unknown = {
        name: pl.lit(None)
        for name, dtype in frame.schema.items()
        if name not in texts.columns and name not in _FIGURES and dtype != pl.Boolean
    }
    redacted = frame.with_columns(**masked, **unknown).cast(frame.schema, strict=False)
    return _with_new_signatures(redacted)


def _prefixed(prefix: str, pseudonyms: pl.Series) -> pl.Series:
    return pl.select(pl.format(prefix + "-{}", pseudonyms)).to_series()


def _numbered(values: pl.Series) -> pl.Series:
    """Give equal values equal numbers, in any order."""
    distinct = values.unique().drop_nulls().to_frame().with_row_index("number")
    numbers = values.to_frame().join(distinct, on=values.name, how="left", maintain_order="left")
    # Nothing that reads as chosen by a caller, whose ids are searched for what they share.
    return numbers.select(pl.format("{}x", "number").alias(values.name)).to_series()


def _masked_key(values: pl.Series, pseudonyms: Pseudonyms) -> pl.Series:
    text = pl.col(values.name)
    is_key = (text.str.contains(_KEY) & ~text.str.contains(_FOUR_DIGITS)) | (text == "")
    distinct = values.unique().drop_nulls().cast(pl.String)
    others = distinct.to_frame().filter(~is_key).to_series()
    if others.is_empty():
        return values
    return values.cast(pl.String).replace(others, _prefixed("value", pseudonyms.of(others)))


@dataclass(frozen=True)
class _Signed:
    """Messages, the signature of each, and whether enough records have a signature."""

    messages: pl.Series
    signatures: pl.Series
    shared: pl.DataFrame

    def masked(
        self, known: pl.Series, names: pl.Series, pseudonyms: Pseudonyms, shown: pl.Series | None
    ) -> pl.Series:
        careful = cautious(self.shared, known=known, names=names)
        signatures = self.signatures
        if not careful["signature"].equals(careful["cautious"]):
            texts = signatures.to_frame().join(
                careful, on="signature", how="left", maintain_order="left"
            )
            signatures = message_signatures(texts["cautious"])
        if shown is None:
            return write_pseudonyms(self.messages, signatures, pseudonyms)
        rows = pl.DataFrame({"message": self.messages, "signature": signatures, "shown": shown})
        to_write = rows.select(pl.when("shown").then("message")).to_series()
        rows = rows.with_columns(written=write_pseudonyms(to_write, signatures, pseudonyms))
        there = pl.when(pl.col("message").is_not_null())
        return rows.select(there.then(pl.coalesce("written", "signature", pl.lit("")))).to_series()


def _sign(messages: pl.Series, records: pl.DataFrame, least_records: int) -> _Signed:
    """Sign messages. Each row of `records` is the ``place`` of one and a ``record`` that has it."""
    signatures = message_signatures(messages)
    signed = signatures.to_frame().with_row_index("place").drop_nulls()
    shared = (
        signed.join(records, on="place")
        .group_by("signature")
        .agg(shared=pl.col("record").n_unique() >= least_records)
    )
    return _Signed(messages, signatures, shared)


def _masked_messages(  # noqa: PLR0913, PLR0917 - what `_redacted` found
    frame: pl.DataFrame,
    keys: list[pl.Series],
    ids: list[pl.Series],
    pseudonyms: Pseudonyms,
    least_records: int,
    shown: pl.Expr | None,
) -> list[pl.Series]:
    """Mask messages and those in details: with one vocabulary, each signed among their own."""
    none = pl.lit(None, dtype=pl.String)
    rows = frame.select(
        (pl.col("id") if "id" in frame.columns else pl.int_range(pl.len())).alias("record"),
        *(
            (pl.col(name) if name in frame.columns else none).cast(pl.String).alias(name)
            for name in _MESSAGES
        ),
    ).with_row_index("place")
    texts = rows.unpivot(_JSON, index="record", value_name="text").drop_nulls("text")
    details = texts.select("text").unique(maintain_order=True)
    tokens = read_details(details["text"]).with_row_index("place")
    holders = (
        tokens.filter("is_message")
        .select("place", "details")
        .join(details.with_row_index("details"), on="details")
        .join(texts.select("text", "record"), on="text")
    )
    nested = tokens.select(pl.when("is_message").then("text")).to_series()
    outer, inner = (
        _sign(rows["error_message"], rows, least_records),
        _sign(nested, holders, least_records),
    )
    shared = [signed.shared.filter("shared")["signature"] for signed in (outer, inner)]
    known = vocabulary(pl.concat([*shared, *(key.alias("signature") for key in keys)]))
    labels = (_labels(signed.messages) for signed in (outer, inner))
    names = pl.concat([_lettered(ids, keys), *labels]).unique()
    masked = mask_details(tokens, inner.masked(known, names, pseudonyms, None), names, pseudonyms)
    masked_texts = details.with_columns(masked=masked)
    signed = frame.lazy().with_columns(outer.signatures.alias("signature"))
    told_in_full = None if shown is None else signed.select(shown).collect().to_series()
    masked_columns = (
        outer.masked(known, names, pseudonyms, told_in_full).alias("error_message"),
        *(
            rows.select(text=name)
            .join(masked_texts, on="text", how="left", maintain_order="left")["masked"]
            .alias(name)
            for name in _JSON
        ),
    )
    return [column for column in masked_columns if column.name in frame.columns]


def _lettered(ids: list[pl.Series], keys: list[pl.Series]) -> pl.Series:
    """Give the ids without digits, which could stand among words, but for those that are keys."""
    none = pl.Series("text", dtype=pl.String)
    words = [column.filter(~column.str.contains(r"\p{N}")).alias("text") for column in ids]
    shown = pl.concat([none, *(key.unique().alias("text") for key in keys)])
    found = pl.concat([none, *words]).unique()
    return found.filter(~found.is_in(shown.implode()))


def _labels(messages: pl.Series) -> pl.Series:
    """Give what is quoted before a colon, which signatures show, and reads as no field's name."""
    labels = messages.filter(messages.str.contains(LABEL)).unique().str.extract_all(LABEL)
    texts = labels.explode().drop_nulls().str.extract(LABEL).alias("text")
    return texts.filter(~texts.str.contains("^[A-Za-z0-9_.-]*$"))


def _with_new_signatures(redacted: pl.DataFrame) -> pl.DataFrame:
    if "signature" not in redacted.columns:
        return redacted
    bare = redacted.drop("signature")
    if {"status", "error_message"}.issubset(bare.columns):
        kind = redacted.schema["signature"]
        signature = with_signatures(bare)["signature"].cast(kind, strict=False)
        redacted = redacted.with_columns(signature)
    return redacted
