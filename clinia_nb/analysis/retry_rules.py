"""What helps against an error: one table of rules for cases of failure.

A case is a row with ``signature``, ``error_type``, ``error_code`` and ``action``, what
`failure_onsets` says of the signature, and the counts that the rules and reasons name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

# From the least to do to the most: a record that failed in two ways gets the later of the two.
RECOMMENDATION = pl.Enum(
    [
        *("retry", "retry_later", "already_there", "already_gone", "split", "load_first"),
        *("resolve_conflict", "fix_data", "fix_model", "ask_access", "ask_support", "unknown"),
    ]
)

# In a few words, for people.
ADVICE = {
    "retry": "Retry unchanged",
    "retry_later": "Retry later",
    "already_there": "Already exists",
    "already_gone": "Already gone",
    "split": "Split the request",
    "load_first": "Load the missing records first",
    "resolve_conflict": "Re-read, then resend",
    "fix_data": "Fix the data",
    "fix_model": "Fix the model",
    "ask_access": "Request access",
    "ask_support": "Contact support",
    "unknown": "Unknown",
}


def advice_of(plan: Mapping[str, Any]) -> str:
    """Return in a few words what to do, by a row of `retry_plan`.

    There are counts if failures need different remedies.

    >>> advice_of({"remedies": ["load_first"], "remedy_failures": [1_188]})
    'Load the missing records first'
    >>> advice_of({"remedies": ["load_first", "already_gone"], "remedy_failures": [1_188, 11]})
    'Load the missing records first (1,188); already gone (11)'
    """
    advice = [ADVICE[remedy] for remedy in plan["remedies"]]
    if len(advice) == 1:
        return advice[0]
    advice[1:] = map(str.lower, advice[1:])
    counts = plan["remedy_failures"]
    return "; ".join(f"{words} ({n:,})" for words, n in zip(advice, counts, strict=True))


# What a code means: some also beside a type that says little, others only if there is no type.
_CLEAR_CODES = {
    413: "CONTENT_TOO_LARGE",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_OTHER_CODES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    408: "DEADLINE_EXCEEDED",
    409: "ALREADY_EXISTS",
    410: "NOT_FOUND",
    412: "FAILED_PRECONDITION",
    416: "OUT_OF_RANGE",
    422: "INVALID_ARGUMENT",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
}
_VAGUE = ("INTERNAL", "RESOURCE_EXHAUSTED")
_NO_TYPE = ("", "UNKNOWN")

# What a message speaks of first: a part of the model is captured, a record is not.
_MODEL = (
    r"(?i)\bprofile\b.*\bid\b"
    r"|\b((?:resource |relationship |pipeline )?"
    r"(?:definition|profile|pipeline|schema|model|property|mapping)s?)\b"
    r"|\b(?:resource|record|entity|object)s?\b"
)
_GONE = r"(?:do(?:es)? not exist|(?:was |is )?not found)"
_ABSENT = rf"(?i)\b(?:{_GONE}|no such|must (?:first )?exist)\b"
_VERSIONED = r"(?i)\b(?:versions?|revisions?|etags?|if-match|if_match|generation)\b"
_DIFFERS = (
    r"(?i)conflict|mismatch|\bmatch|\bstale\b|outdated|out of date|expected|newer|older|\bbehind\b"
    r"|changed|modified|updated|superseded|\bdiffer|precondition|\bcurrent(?:ly)?\b|\bis now\b"
)
_CONCURRENT = (
    r"(?i)concurrent(?:ly)? (?:update|modif|write|change|edit)|modified (?:concurrently|since|by)"
    r"|optimistic lock|\blost update"
)
_MODEL_VERSION = (
    r"(?i)\b(?:model|schema|definition|profile|mapping|pipeline|api)(?:'s)? (?:version|revision)"
)


@dataclass(frozen=True)
class Rule:
    """What to do about cases of these error types if the test holds.

    `because` names the sentence that explains it, see `retry_reasons`.
    """

    recommendation: str
    types: str
    because: str
    test: pl.Expr | None = None

    def applies(self) -> pl.Expr:
        """Return whether a case is one of this rule."""
        of_type = pl.col("meaning").is_in(self.types.split())
        return of_type if self.test is None else of_type & self.test


_TRANSIENT = "INTERNAL UNAVAILABLE DEADLINE_EXCEEDED"
_TIMED = pl.col("all_failures").cast(pl.Int64) - pl.col("untimed")
# A reason holds for most failures, those without a time included.
_MOSTLY = pl.col("burst_share") * _TIMED * 2 >= pl.col("all_failures")
# The last of several bursts may be under way: with its end the failures were last seen.
_UNDER_WAY = (
    (pl.col("pattern") == "bursts")
    & pl.col("goes_on")
    & (pl.col("all_end").list.last() == pl.col("last_seen"))
    & _MOSTLY
)
_OVER = pl.col("pattern").is_in(["burst", "bursts", "until_then"]) & _MOSTLY
_LASTING = (pl.col("pattern") == "from_then_on") & _MOSTLY
_HALF = pl.col("pattern").is_in(["steady", "runs"]) & (
    pl.col("all_failures") * 2 >= pl.col("receipts")
)
_CONFLICT = (
    (
        pl.col("signature").str.contains(_VERSIONED)
        & pl.col("signature").str.contains(_DIFFERS)
        & ~pl.col("signature").str.contains(_MODEL_VERSION)
    )
    | pl.col("signature").str.contains(_CONCURRENT)
).fill_null(value=False)
_AGAIN = (pl.col("records") > 0) & (pl.col("attempts") >= 2 * pl.col("records"))
RULES = (
    Rule("resolve_conflict", "FAILED_PRECONDITION ABORTED", "conflict", _CONFLICT),
    Rule(
        "already_there",
        "ALREADY_EXISTS",
        "exists",
        pl.col("action").is_null() | (pl.col("action") == "CREATE"),
    ),
    Rule("already_gone", "NOT_FOUND", "gone", pl.col("action") == "DELETE"),
    Rule(
        "fix_model", "NOT_FOUND", "no_model", pl.col("signature").str.extract(_MODEL).is_not_null()
    ),
    Rule("load_first", "NOT_FOUND", "missing"),
    Rule("load_first", "FAILED_PRECONDITION", "missing", pl.col("signature").str.contains(_ABSENT)),
    Rule("fix_model", "FAILED_PRECONDITION", "not_allowed"),
    Rule("fix_data", "INVALID_ARGUMENT OUT_OF_RANGE", "values"),
    Rule("ask_access", "PERMISSION_DENIED", "no_right"),
    Rule("ask_access", "UNAUTHENTICATED", "no_key"),
    Rule("split", "CONTENT_TOO_LARGE", "too_large"),
    Rule("retry_later", "RESOURCE_EXHAUSTED", "too_much"),
    Rule("retry", "ABORTED CANCELLED", "interrupted"),
    Rule("ask_support", "UNIMPLEMENTED DATA_LOSS", "unsupported"),
    Rule("retry_later", _TRANSIENT, "lasting", _LASTING),
    Rule("retry_later", _TRANSIENT, "under_way", _UNDER_WAY),
    Rule("retry_later", _TRANSIENT, "rising", pl.col("pattern") == "ramp_up"),
    Rule("retry_later", _TRANSIENT, "half", _HALF),
    Rule("ask_support", "INTERNAL", "no_evidence", ~pl.col("transient")),
    Rule("retry_later", _TRANSIENT, "not_back", ~pl.col("transient")),
    Rule("retry", _TRANSIENT, "over", _OVER),
    Rule("ask_support", _TRANSIENT, "again", _AGAIN),
    Rule("retry", _TRANSIENT, "scattered"),
)
UNKNOWN = Rule("unknown", "", "unknown")
_LISTED = [name for rule in RULES for name in rule.types.split()]


def decide(cases: pl.DataFrame) -> pl.DataFrame:
    """Add `rule`, the number of the first one that applies, and its `recommendation`."""
    first = [pl.when(rule.applies()).then(pl.lit(at)) for at, rule in enumerate(RULES)]
    names = {at: rule.recommendation for at, rule in enumerate((*RULES, UNKNOWN))}
    return (
        cases.with_columns(meaning=_meaning())
        .with_columns(rule=pl.coalesce(*first, pl.lit(len(RULES))).cast(pl.Int32))
        .with_columns(
            recommendation=pl.col("rule").replace_strict(names, return_dtype=RECOMMENDATION)
        )
        .drop("meaning")
    )


def _meaning() -> pl.Expr:
    error_type = pl.col("error_type").str.strip_chars().str.to_uppercase()
    code = pl.col("error_code")
    untyped = error_type.is_null() | error_type.is_in(_NO_TYPE)
    return pl.coalesce(
        pl.when(error_type.is_in(_LISTED) & ~error_type.is_in(_VAGUE)).then(error_type),
        code.replace_strict(_CLEAR_CODES, default=None, return_dtype=pl.String),
        pl.when(error_type.is_in(_VAGUE)).then(error_type),
        # A conflict of versions is sent as 409 as well; nothing "already exists" then.
        pl.when(untyped & (code == 409) & _CONFLICT).then(pl.lit("ABORTED")),  # noqa: PLR2004
        pl.when(untyped).then(
            code.replace_strict(_OTHER_CODES, default=None, return_dtype=pl.String)
        ),
    )
