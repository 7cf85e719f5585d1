"""What stands at the placeholders of the signature of a failure, nested messages included."""

from __future__ import annotations

import re
from itertools import combinations

import polars as pl

from clinia_nb.signatures.placeholders import PLACEHOLDER_NAMES
from clinia_nb.signatures.sign import ERROR_TYPE, NO_MESSAGE
from clinia_nb.signatures.values import unsorted_values

PLACEHOLDER = f"<(?:{'|'.join(PLACEHOLDER_NAMES)})>"
_WORDS = 2  # that are shown on either side of a placeholder
_SAMPLES = 20  # of the messages of a signature, to learn how it is composed
_MOST_COLONS, _MOST_PARTS = 8, 8  # of a signature that are tried, as to what is nested in what


def placeholders(signature: str) -> list[tuple[str, str]]:
    """Return each placeholder of a signature, and itself with the words around it.

    >>> placeholders("no clinic <name> was found in <duration>")
    [('<name>', 'no clinic <name> was found'), ('<duration>', 'found in <duration>')]
    """
    signature = re.sub(ERROR_TYPE, "", signature)
    found: list[tuple[str, str]] = []
    for match in re.finditer(PLACEHOLDER, signature):
        before = signature[: match.start()].split(" ")
        after = signature[match.end() :].split(" ")
        # The word that touches the placeholder is not a word of its own.
        words = " ".join(before[-_WORDS - 1 :]) + match[0] + " ".join(after[: _WORDS + 1])
        found.append((match[0], words.strip()))
    return found


def case_messages(cases: pl.DataFrame, nested: pl.DataFrame) -> pl.DataFrame:
    """Return what stands at the placeholders of signatures, nested messages included."""
    blank = pl.col("error_message").fill_null("").str.strip_chars() == ""
    said = pl.concat_str(
        pl.lit(NO_MESSAGE), "error_type", "error_code", separator=" ", ignore_nulls=True
    )
    outer = pl.when(blank).then(said).otherwise("error_message")
    texts = cases.select("case", "signed", text=outer, template="signature")
    plain = texts.join(nested, on="case", how="anti") if nested.height else texts
    alone = _read(plain, "case", "signed").with_columns(item=pl.lit(None, pl.UInt32))
    if nested.is_empty():
        return alone
    joined = texts.join(nested, on="case").with_row_index("row")
    joined = joined.with_columns(text=pl.format("{}: {}", "text", "nested"))
    whole = _read(joined, "row")
    listed = joined.filter(pl.col("template").str.contains("; ", literal=True))
    listed = listed.join(whole, on="row", how="anti")
    found = pl.concat([whole, _of_listed(listed)]) if listed.height else whole
    # Nested errors of one receipt repeat what its own message holds.
    placed = joined.select("case", "signed", "item")[found["row"]].hstack(found.drop("row"))
    once = placed.group_by("case", "signed", "position", "value").agg(only_item())
    return pl.concat([alone, once.select(alone.columns)])


def only_item() -> pl.Expr:
    """Return the item that all of a group have; null if they have several."""
    item = pl.col("item")
    return pl.when(item.min() == item.max()).then(item.min()).alias("item")


def _read(texts: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Return what stood in `text` at each placeholder of `template`, with the columns `keys`."""
    found = unsorted_values(texts["text"], texts["template"])
    # A message that was masked before holds no values.
    found = found.filter(~pl.col("value").str.contains(f"^{PLACEHOLDER}$"))
    return texts.select(keys)[found["row"]].hstack(found.select("position", "value"))


def places_of(signatures: pl.Series) -> pl.DataFrame:
    """Return the placeholders of each signature, by position, with the words around them."""
    rows = [
        (signed, at, placeholder, context)
        for signed, signature in enumerate(signatures)
        for at, (placeholder, context) in enumerate(placeholders(signature))
    ]
    schema = {"signed": pl.UInt32, "position": pl.UInt32} | dict.fromkeys(
        ("placeholder", "context"), pl.String()
    )
    return pl.DataFrame(rows, schema=schema, orient="row").with_row_index("place")


def _of_listed(listed: pl.DataFrame) -> pl.DataFrame:
    """Return the values of failures of several nested errors, whose signature lists them all.

    Each message is read by the outer template with one of those that are listed. A few messages of
    each signature show which of the ways to take it apart are right.
    """
    listed = listed.select("row", "signed", "text", signature="template")
    ways = pl.DataFrame(
        [
            (signature, template, places)
            for signature in listed["signature"].unique()
            for template, places in _compositions(signature).items()
        ],
        schema={"signature": pl.String, "template": pl.String, "places": pl.List(pl.UInt32)},
        orient="row",
    )
    samples = listed.group_by("signed").head(_SAMPLES).join(ways, on="signature")
    samples = samples.with_row_index("trial")
    right = samples.join(_read(samples, "trial"), on="trial", how="semi")
    trials = (
        listed.join(right.select("signature", "template", "places").unique(), on="signature")
        .sort(pl.col("template").str.len_chars(), "template", descending=True)
        .with_row_index("trial")
    )
    placed = _read(trials, "trial")
    best = trials.join(placed, on="trial", how="semi").sort("trial").unique("row", keep="first")
    place = pl.col("places").list.get("position")
    return placed.join(best, on="trial").select("row", position=place, value="value")


def _compositions(signature: str) -> dict[str, list[int]]:
    """Return each template that one nested message may have, with the positions it speaks of."""
    found: dict[str, list[int]] = {}
    for colon in list(re.finditer(": ", signature))[:_MOST_COLONS]:
        outer, inner = signature[: colon.start()], signature[colon.end() :].split("; ")
        starts = [len(placeholders(outer))]
        for part in inner:
            starts.append(starts[-1] + len(placeholders(part)))
        for first, end in combinations(range(min(len(inner), _MOST_PARTS) + 1), 2):
            template = f"{outer}: {'; '.join(inner[first:end])}"
            places = [*range(starts[0]), *range(starts[first], starts[end])]
            found.setdefault(template, places)
    return found
