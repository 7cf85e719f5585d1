"""Sign messages: by their form, then by their frequency, or by templates that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from .by_form import WORD, fold_values, mask, mask_forms, mask_surroundings, show_placeholders
from .by_frequency import group
from .list_lengths import with_one_length
from .name_lengths import with_one_name
from .patterns import OPEN, PATTERN, VALUE, first_match, most_specific_first, tokenized
from .placeholders import PLACEHOLDER, PLACEHOLDERS
from .quoted_values import with_quoted_values
from .unknown_words import without_names

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES = {"pattern": pl.String, "signature": pl.String, "scope": pl.String}
_NAMES = f"[{PLACEHOLDERS['name']}{PLACEHOLDERS['host']}]"
_MOST_PASSES = 6
_MANY = 2_000  # texts, from which on a second thread saves more than its start costs
# The stages of a message: raw, then with its values folded, then masked by form.
_FOLDED, FORMED = ("folded", "scope"), ("formed", "scope")


def sign_messages(
    messages: pl.Series,
    *,
    scopes: pl.Series | None = None,
    known: pl.DataFrame | None = None,
    discreet: bool = False,
) -> tuple[pl.Series, pl.DataFrame]:
    """Return the signature of each message, and the templates that were not known before.

    Parameters
    ----------
    messages
        Texts (String).
    scopes
        Words are compared among messages of one scope only.
    known
        Templates of earlier messages: ``pattern``, ``signature`` and ``scope`` (String), first
        match first. A message that matches one of its scope has its signature, whatever the other
        messages are. Without `scopes`, one of any scope will do.
    discreet
        Hide words that may name a person, see `without_names`: for templates that are stored.

    Returns
    -------
    pl.Series
        ``signature`` (String); null for a message that is null or blank.
    pl.DataFrame
        New templates, with the columns of `known`.
    """
    no_scope = pl.lit("", dtype=pl.String)
    if scopes is None and known is not None:
        known = known.with_columns(scope=pl.lit(None, dtype=pl.String))
    rows = pl.select(
        _folded(messages.cast(pl.String).alias("message")),
        scope=no_scope if scopes is None else scopes.cast(pl.String).fill_null(""),
    )
    folded = rows.drop_nulls("folded").group_by(_FOLDED).agg(count=pl.len())
    folded = folded.with_columns(_halved(folded["folded"], mask_forms).alias("formed"))
    counted = folded.group_by(FORMED).agg(pl.col("count").sum())
    found, new = sign_formed(counted, known=known, stored=folded if discreet else None)
    signed = folded.join(found, on=FORMED).select(*_FOLDED, "signature")
    signatures = rows.join(signed, on=_FOLDED, how="left", maintain_order="left")
    return signatures["signature"], new


def form_messages(messages: pl.Series) -> pl.Series:
    """Return ``formed``: each message masked by its form, whatever the other messages are."""
    rows = pl.select(_folded(messages.cast(pl.String).alias("message")))
    folded = rows.select(pl.col("folded").unique()).drop_nulls()
    formed = folded.with_columns(_halved(folded["folded"], mask_forms).alias("formed"))
    return rows.join(formed, on="folded", how="left", maintain_order="left")["formed"]


def sign_formed(
    counted: pl.DataFrame,
    *,
    known: pl.DataFrame | None = None,
    stored: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the signatures of messages that were masked by form, and the new templates.

    Parameters
    ----------
    counted
        One row per ``formed`` and ``scope`` (String), with the ``count`` of messages.
    known
        As in `sign_messages`.
    stored
        ``folded``, ``formed``, ``scope`` (String) and ``count`` of messages whose templates are to
        be stored: words that may name a person are hidden, see `without_names`.

    Returns
    -------
    pl.DataFrame
        ``formed``, ``scope`` and ``signature``; without those that have no signature.
    pl.DataFrame
        New templates, as `sign_messages` returns them.
    """
    found = with_quoted_values(
        counted.with_columns(masked=mask_surroundings(pl.col("formed")))
    ).filter(pl.col("masked") != "")
    old = pl.DataFrame(schema=TEMPLATES) if known is None else known
    # Without a word, the looks of the values are all that tells messages apart.
    wordless = pl.when(~pl.col("masked").str.contains(rf"[{WORD}]")).then(
        show_placeholders(_alike(pl.col("masked")))
    )
    found = found.with_columns(_matched(found, old)).with_columns(
        pl.coalesce("signature", wordless)
    )
    new = with_one_name(_new_templates(found.filter(pl.col("signature").is_null())), old)
    new = with_one_length(new, old)
    signed = _signed(found, new, show_placeholders(pl.col("masked")))
    if stored is not None:
        new = without_names(
            new, stored.join(signed, on=FORMED).select("folded", "signature", "count")
        )
        signed = _signed(found, new, pl.lit("<value>"))
    return signed.select(*FORMED, "signature"), new


def _alike(masked: pl.Expr) -> pl.Expr:
    """Call names ids where other values stand too: pump7.flow=4 and Pump.flow=4 are one event."""
    is_alone = masked.str.count_matches(PLACEHOLDER) == 1
    ids = masked.str.replace_all(_NAMES, PLACEHOLDERS["id"])
    return pl.when(is_alone).then(masked).otherwise(ids)


def _signed(found: pl.DataFrame, new: pl.DataFrame, own: pl.Expr) -> pl.DataFrame:
    """Add the signatures of messages that match no known template: of a new one, or their own."""
    return found.with_columns(pl.coalesce("signature", _matched(found, new), own))


def _matched(messages: pl.DataFrame, templates: pl.DataFrame) -> pl.Series:
    if templates.is_empty():
        return pl.Series("signature", [None] * messages.height, dtype=pl.String)
    return templates["signature"].gather(first_match(messages, templates))


def _new_templates(found: pl.DataFrame) -> pl.DataFrame:
    """Group masked messages, and their templates again, until each is its own template."""
    texts = found.group_by("scope", "masked").agg(pl.col("count").sum())
    templates = pl.DataFrame(schema=TEMPLATES)
    masks = pl.DataFrame(schema={"template": pl.String, "signature": pl.String})
    for _ in range(_MOST_PASSES if texts.height else 0):
        texts = texts.sort("masked", "scope")
        patterns = group(texts)
        masks = _with_masks(masks, patterns["template"])
        new = patterns.join(masks, on="template", maintain_order="left").select(*TEMPLATES)
        # What was found before leads on to what is found now.
        shown = templates.select("scope", masked="signature")
        before = templates.with_columns(pl.coalesce(_matched(shown, new), "signature"))
        templates = pl.concat([before, new]).unique(PATTERN, keep="first", maintain_order=True)
        again = texts.with_columns(pl.coalesce(_matched(texts, new), "masked"))
        done = again["signature"].equals(texts["masked"])
        texts = again.group_by("scope", masked="signature").agg(pl.col("count").sum())
        if done:
            break
    return _without_values(templates).with_columns(show_placeholders(pl.col("signature")))


def _with_masks(masks: pl.DataFrame, templates: pl.Series) -> pl.DataFrame:
    """Add masks of templates; most are there from an earlier pass, and the rules take long."""
    fresh = templates.unique().to_frame().join(masks, on="template", how="anti")
    if fresh.is_empty():
        return masks
    masked = mask(show_placeholders(pl.col("template")))
    return pl.concat([masks, fresh.with_columns(signature=masked)])


def _without_values(templates: pl.DataFrame) -> pl.DataFrame:
    """Open the patterns at words that the signature does not hold: these are values."""
    token = pl.col("token")
    shown = tokenized(pl.col("signature"))
    # What a value is attached to is a word too: state:<value>.
    bare = shown.list.eval(pl.element().str.replace(f"{VALUE}[\\])]?:?$", ""))
    is_shown = token.is_in(pl.col("shown")) | token.is_in([OPEN, VALUE])
    return (
        templates.with_row_index("row")
        .with_columns(token=pl.col("pattern").str.split(" "), shown=shown.list.concat(bare))
        .explode("token")
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("signature", "scope").first(),
            pattern=pl.when(is_shown).then(token).otherwise(pl.lit(OPEN)).str.join(" "),
        )
        .unique(PATTERN, keep="first", maintain_order=True)
        .sort(most_specific_first())
        .select(*TEMPLATES)
    )


def _folded(messages: pl.Series) -> pl.Series:
    """Fold the values of messages; if many are equal, of each distinct text once."""
    rows = messages.alias("message").to_frame()
    if rows.height <= 2 * rows.select(pl.col("message").approx_n_unique()).item():
        return _halved(messages, fold_values).alias("folded")
    distinct = messages.unique()
    folded = pl.DataFrame({"message": distinct, "folded": _halved(distinct, fold_values)})
    return rows.join(folded, on="message", how="left", maintain_order="left")["folded"]


def _halved(texts: pl.Series, step: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """Apply a step; Polars uses one thread per text column, so two halves keep two cores busy."""
    frame = texts.alias("text").to_frame()
    size = len(texts) // 2 + 1 if len(texts) >= _MANY else _MANY
    done = pl.collect_all(
        [slice_.lazy().select(step(pl.col("text"))) for slice_ in frame.iter_slices(size)]
    )
    return pl.concat([pl.DataFrame(schema={"text": pl.String}), *done])["text"]
