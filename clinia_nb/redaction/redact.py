"""Take identifying text out of receipts, so that a frame, a notebook or a report can be shared."""

from __future__ import annotations

import secrets
import warnings
from typing import TYPE_CHECKING

import polars as pl

from clinia_nb.receipts.columns import as_polars
from clinia_nb.receipts.fields import redacted_as
from clinia_nb.signatures.lately import sign_once
from clinia_nb.signatures.sign import message_signatures, with_signatures
from clinia_nb.text import clip

from .json_details import mask_details, read_details
from .pseudonyms import Pseudonyms, write_pseudonyms
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clinia_nb.receipts.columns import Receipts

_IDS = redacted_as("id")
_KEYS = redacted_as("key")
_FEW = 50  # values of a column that summaries show
_MESSAGES = redacted_as("message")
_JSON = redacted_as("json")
_REQUEST = redacted_as("request")
_NUMBERS = redacted_as("value")
_MOST_DIGITS = 3
_DIGIT = r"\p{N}"


def redact(
    receipts: Receipts,
    *,
    key: bytes | None = None,
    keep: Iterable[str] = (),
) -> pl.DataFrame:
    """Mask what may identify a patient, and keep what shows what went wrong.

    A word stays only if it is known to name nobody (see `names_nobody`), no matter how many
    records share it. When in doubt, it is masked.

    - `id`, `task_id` and `pipeline_execution_id` become pseudonyms such as ``id-bkfdmtrqvhcgnp``.
    - `error_message` becomes its signature (see `message_signatures`). Each placeholder contains
      the pseudonym of its value: ``no clinic <name:bkfdmtrqvhcgnp>``. A value stays if all its
      words are known, or if it equals a type or another key that stays. Each unknown word becomes
      one such as ``word-bkfdmtrqvhcgnp``.
    - `error_details` and `error_context` keep their JSON structure. Nested messages are masked like
      `error_message`. Names and texts stay if all their words are known; other texts and all
      numbers are pseudonyms, except a ``code`` of 100 to 599. ``true``, ``false`` and ``null``
      stay. Text that is not JSON is masked whole.
    - `type`, `target_type`, `action`, `status`, `error_type`, `error_application_code`,
      `pipeline_definition_id` and `pipeline_status` stay if all their words are known and they have
      at most three digits. Otherwise they become pseudonyms such as ``value-bkfdmtrqvhcgnp``.
    - An `error_code` of more than three digits becomes null.
    - `received_at`, `completed_at`, `duration`, `source_key` and `bulk_id` stay: they belong to the
      request and to the platform, not to a patient.
    - A `signature` column is computed again. In other columns, text becomes pseudonyms unless the
      whole value is in `keep`, Booleans stay, and everything else becomes null.

    Equal values have equal pseudonyms, in all columns and in all frames redacted with one key.
    They are keyed hashes (BLAKE2b): without the key nobody can find a value by trying, not even a
    short number. Different signatures stay different, and summaries by signature keep their
    numbers.

    What masking cannot do: a known word may be a rare name, an entry of `keep` may name somebody,
    and times, types and counts may say something to a reader who knows the patient.

    Parameters
    ----------
    receipts
        One row per receipt, as `parse_receipts` returns it. Any columns may be missing.
    key
        16 to 64 secret bytes, such as ``secrets.token_bytes(32)``, to redact several frames alike.
        Whoever has it can test guesses, so do not share it with readers of the frames. By default,
        a new one that is not stored.
    keep
        Words, and whole values, that stay as well, such as the names of your own systems. Upper and
        lower case count.

    Returns
    -------
    pl.DataFrame
        The same rows, columns and dtypes; nulls stay null. A column that must be masked and whose
        dtype cannot hold pseudonyms becomes null; a warning names it.

    Raises
    ------
    ValueError
        The key is too short or too long.
    TypeError
        `keep` holds something other than text, or the receipts are not a frame.
    EngineError
        Another engine, such as DuckDB, holds the receipts.

    Examples
    --------
    >>> receipts = pl.DataFrame({
    ...     "id": ["r1", "r2"],
    ...     "error_message": ["no clinic 'r2' for Anna Roy", "field 'period.start' is missing"],
    ... })
    >>> for row in redact(receipts, key=bytes(16)).rows():
    ...     print(row)
    ('id-ggqpscprptqddj', 'no clinic <name:rrtftbddhcjpsp> for <value:ctmnqhkcfsjhbn>')
    ('id-rrtftbddhcjpsp', "field 'period.start' is missing")
    """
    is_polars = isinstance(receipts, pl.DataFrame | pl.LazyFrame)
    frame = receipts if is_polars else as_polars(receipts)
    return _redacted(frame.lazy().collect(), key, keep)


def redact_for_summaries(
    receipts: pl.DataFrame, *, key: bytes, keep: Iterable[str] = ()
) -> pl.DataFrame:
    """Redact receipts whose ids are not shown: ids become numbers, which is faster.

    So do other columns of many values, which no summary shows.
    """
    return _redacted(receipts, key, keep, number_ids=True)


def mask_keys(receipts: pl.DataFrame, *, key: bytes, keep: Iterable[str] = ()) -> pl.DataFrame:
    """Redact types, statuses and the other columns of keys and codes, and nothing else."""
    keys = receipts.select(name for name in _KEYS if name in receipts.columns)
    masked = _masked_keys(keys, Pseudonyms(key), Vocabulary(keep))
    return receipts.with_columns(*masked, *_masked_codes(receipts)).cast(receipts.schema)


def _redacted(
    frame: pl.DataFrame, key: bytes | None, keep: Iterable[str], *, number_ids: bool = False
) -> pl.DataFrame:
    pseudonyms = Pseudonyms(secrets.token_bytes(32) if key is None else key)
    vocabulary = Vocabulary(keep)
    texts = frame.select(
        pl.col(name).cast(pl.String)
        for name, dtype in frame.schema.items()
        if isinstance(dtype, (pl.String, pl.Categorical, pl.Enum))
    )
    keys = texts.select(name for name in _KEYS if name in texts.columns)
    masked = _masked_keys(keys, pseudonyms, vocabulary).to_dict()
    stay = [texts[name].filter(texts[name] == column).unique() for name, column in masked.items()]
    kept, vocabulary = vocabulary.kept, vocabulary.extended(*stay)
    for name in texts.columns:
        if name in _JSON:
            masked[name] = _masked_details(texts[name], pseudonyms, vocabulary)
        elif name in _MESSAGES:
            # Words are compared among failures of one type, as they are in `with_signatures`.
            scopes = texts["error_type"] if "error_type" in texts.columns else None
            signatures = sign_once(texts[name], scopes=scopes)[0]
            masked[name] = write_pseudonyms(texts[name], signatures, pseudonyms, vocabulary)
        elif name not in {*_KEYS, *_REQUEST}:
            hidden = (
                _numbered(texts[name])
                if number_ids and (name in _IDS or texts[name].n_unique() > _FEW)
                else _prefixed("id" if name in _IDS else "value", pseudonyms.of(texts[name]))
            )
            stays = texts[name].is_in(kept.implode()) & (name not in _IDS)
            masked[name] = texts[name].zip_with(stays.fill_null(value=False), hidden)
    unknown = [
        pl.lit(None).alias(name)
        for name, dtype in frame.schema.items()
        if name not in texts.columns and dtype != pl.Boolean and not _is_number(name, dtype)
    ]
    columns = [column.alias(name) for name, column in masked.items()]
    redacted = frame.with_columns(*columns, *unknown, *_masked_codes(frame))
    redacted = redacted.cast(frame.schema, strict=False)
    _warn_of_emptied(frame, redacted)
    return _with_new_signatures(redacted)


def _is_number(name: str, dtype: pl.DataType) -> bool:
    """Return whether a column holds the times or codes that its name says."""
    return name in _NUMBERS and (dtype.is_numeric() or dtype.is_temporal())


def _warn_of_emptied(frame: pl.DataFrame, redacted: pl.DataFrame) -> None:
    """Name the columns that lost values because their dtype cannot hold pseudonyms."""
    emptied = [
        clip(name)
        for name in frame.columns
        if not _is_number(name, frame.schema[name])
        and redacted[name].null_count() > frame[name].null_count()
    ]
    if emptied:
        warnings.warn(
            f"Values of these columns cannot be masked and are null now: {', '.join(emptied)}. "
            "Cast a column to String before redact() to get pseudonyms instead.",
            stacklevel=4,
        )


def _prefixed(prefix: str, pseudonyms: pl.Series) -> pl.Series:
    return pl.select(pl.format(prefix + "-{}", pseudonyms)).to_series()


def _numbered(values: pl.Series) -> pl.Series:
    """Return equal numbers for equal values, in any order."""
    distinct = values.unique().drop_nulls().to_frame().with_row_index("number")
    numbers = values.to_frame().join(distinct, on=values.name, how="left", maintain_order="left")
    # Leads are searched in ids that look chosen by a caller; these must not.
    return numbers.select(pl.format("{}x", "number").alias(values.name)).to_series()


def _masked_keys(
    keys: pl.DataFrame, pseudonyms: Pseudonyms, vocabulary: Vocabulary
) -> pl.DataFrame:
    texts = [keys[name].unique().cast(pl.String).alias("key") for name in keys.columns]
    distinct = pl.concat([pl.Series("key", dtype=pl.String), *texts]).unique().drop_nulls()
    words = distinct.str.replace_all(_DIGIT, " ")
    stays = vocabulary.names_nobody(distinct) | (
        vocabulary.names_nobody(words) & (distinct.str.count_matches(_DIGIT) <= _MOST_DIGITS)
    )
    others = distinct.filter(~stays)
    if others.is_empty():
        return keys
    masked = _prefixed("value", pseudonyms.of(others))
    return keys.select(pl.all().cast(pl.String).replace(others, masked))


def _masked_codes(frame: pl.DataFrame) -> list[pl.Expr]:
    """Keep an `error_code` that is a status, and empty one that may be an id."""
    if not frame.schema.get("error_code", pl.String()).is_numeric():
        return []
    code = pl.col("error_code")
    return [pl.when(code.abs() < 10**_MOST_DIGITS).then(code).alias("error_code")]


def _masked_details(
    details: pl.Series, pseudonyms: Pseudonyms, vocabulary: Vocabulary
) -> pl.Series:
    """Mask JSON texts, each distinct one once. Their messages are signed among themselves."""
    distinct = details.unique(maintain_order=True).drop_nulls()
    if distinct.is_empty():  # as in most bulks: the rules would be made ready for no text
        return details
    tokens = read_details(distinct)
    nested = tokens.select(pl.when("is_message").then("text")).to_series()
    messages = write_pseudonyms(nested, message_signatures(nested), pseudonyms, vocabulary)
    masked = mask_details(tokens, messages, pseudonyms, vocabulary)
    pairs = pl.DataFrame({"details": distinct, "masked": masked})
    return (
        details.alias("details")
        .to_frame()
        .join(pairs, on="details", how="left", maintain_order="left")["masked"]
    )


def _with_new_signatures(redacted: pl.DataFrame) -> pl.DataFrame:
    if "signature" not in redacted.columns:
        return redacted
    bare = redacted.drop("signature")
    if {"status", "error_message"}.issubset(bare.columns):
        dtype = redacted.schema["signature"]
        signature = with_signatures(bare)["signature"].cast(dtype, strict=False)
        redacted = redacted.with_columns(signature)
    return redacted
