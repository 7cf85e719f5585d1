"""What helps against an error, and why: one table of rules for cases of failure.

A case is a row with ``signature``, ``error_type``, ``error_code`` and ``action``, what
`failure_onsets` says of the signature, and the counts that the reasons name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

# From the least to do to the most: a record that failed in two ways gets the later of the two.
RECOMMENDATION = pl.Enum(
    [
        *("retry", "retry_later", "already_there", "split", "load_first"),
        *("fix_data", "fix_model", "ask_access", "ask_support", "unknown"),
    ]
)

# In a few words, for people.
ADVICE = {
    "retry": "Retry unchanged",
    "retry_later": "Retry later",
    "already_there": "Already exists",
    "split": "Split the request",
    "load_first": "Load the missing records first",
    "fix_data": "Fix the data",
    "fix_model": "Fix the model",
    "ask_access": "Request access",
    "ask_support": "Contact support",
    "unknown": "Unknown",
}

# What a code means: some also beside a type that says little, others only where there is no type.
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

# What a message speaks of first: a part of the model is caught, a record is not.
_MODEL = (
    r"(?i)\bprofile\b.*\bid\b"
    r"|\b((?:resource |relationship |pipeline )?"
    r"(?:definition|profile|pipeline|schema|model|property|mapping)s?)\b"
    r"|\b(?:resource|record|entity|object)s?\b"
)
_GONE = r"(?:do(?:es)? not exist|(?:was |is )?not found)"
_ABSENT = rf"(?i)\b(?:{_GONE}|no such|must (?:first )?exist)\b"
_VALUE = r"(?:['\"“`][^'\"”`]*['\"”`]|[^ '\"]*[0-9][^ '\"]*)"
# How a message names the type of what is missing, in this order.
_NAMED = (
    r"(?i)\b(?:resource|profile|entity|record|type)s?[ :=]+['\"“`]([a-z][a-z_.-]{0,59})['\"”`]",
    r"\b([A-Z][A-Za-z]{1,59})/[0-9A-Za-z]",
    r"(?i)\b(?:no such|unknown) ([a-z][a-z_-]{1,59})",
    rf"(?i)\b([a-z][a-z_-]{{1,59}})(?: with)?(?: id)? {_VALUE} {_GONE}",
    rf"(?i)\b([a-z][a-z_-]{{1,59}}) {_GONE}",
)
_MASKED_NAME = r"<(?:name|value|id)[:>]"
_MOST_NAMES, _LEAST_SHARE = 3, 0.1
_NO_NAME = r"(?i)^(?:resource|record|entity|object|id|item|reference|target|it|that|which|with)s?$"


@dataclass(frozen=True)
class _Rule:
    """What to do about cases of these error types where the test holds, and why.

    The reason names columns of the case in braces.
    """

    recommendation: str
    types: str
    reason: str
    test: pl.Expr | None = None

    def applies(self) -> pl.Expr:
        of_type = pl.col("meaning").is_in(self.types.split())
        return of_type if self.test is None else of_type & self.test

    def sentence(self) -> pl.Expr:
        figures = re.findall(r"\{(\w+)\}", self.reason)
        return pl.format("{}: " + re.sub(r"\{\w+\}", "{}", self.reason) + ".", "lead", *figures)


_TRANSIENT = "INTERNAL UNAVAILABLE DEADLINE_EXCEEDED"
_RESEND = "send them again as they are"
_LOAD = f"what they refer to is not there, so load {{what}} first, then {_RESEND}"
_RULES = (
    _Rule(
        "already_there",
        "ALREADY_EXISTS",
        "what they create is there already, so leave it, or send it as UPSERT to renew it",
        pl.col("action").is_null() | (pl.col("action") == "CREATE"),
    ),
    _Rule(
        "already_there",
        "NOT_FOUND",
        "what they delete is gone already, so there is nothing to send",
        pl.col("action") == "DELETE",
    ),
    _Rule(
        "fix_model",
        "NOT_FOUND",
        f"they name a part of the model that is not there, so mend the model, then {_RESEND}",
        pl.col("signature").str.extract(_MODEL).is_not_null(),
    ),
    _Rule("load_first", "NOT_FOUND", _LOAD),
    _Rule(
        "load_first",
        "FAILED_PRECONDITION",
        _LOAD,
        pl.col("signature").str.contains(_ABSENT),
    ),
    _Rule(
        "fix_model",
        "FAILED_PRECONDITION",
        f"the model or a definition does not allow them, so mend it, then {_RESEND}",
    ),
    _Rule(
        "fix_data",
        "INVALID_ARGUMENT OUT_OF_RANGE",
        "their own values are refused, so mend the data; sent as they are, they fail again",
    ),
    _Rule(
        "ask_access",
        "PERMISSION_DENIED",
        f"the key lacks a right, so ask for access, then {_RESEND}",
    ),
    _Rule(
        "ask_access",
        "UNAUTHENTICATED",
        f"the key was not accepted, so ask for a valid one, then {_RESEND}",
    ),
    _Rule(
        "split",
        "CONTENT_TOO_LARGE",
        "they are larger than one request may be, so send them in smaller parts",
    ),
    _Rule(
        "retry_later",
        "RESOURCE_EXHAUSTED",
        "more was sent than is taken at a time, so send them again later, and fewer at a time",
    ),
    _Rule("retry", "ABORTED CANCELLED", f"they were broken off, not refused, so {_RESEND}"),
    _Rule(
        "ask_support",
        "UNIMPLEMENTED DATA_LOSS",
        "nothing that could be sent mends this, so ask support",
    ),
    _Rule(
        "retry",
        _TRANSIENT,
        "{in_burst}% came in a burst from {begins} to {ends} UTC, which was over before the bulk "
        f"was, so {_RESEND}",
        pl.col("pattern").is_in(["burst", "until_then"]),
    ),
    _Rule(
        "retry_later",
        _TRANSIENT,
        "{in_burst}% came in a burst that began at {begins} UTC and went on when the bulk ended, "
        f"so wait until it is over, then {_RESEND}",
        pl.col("pattern") == "from_then_on",
    ),
    _Rule(
        "retry_later",
        _TRANSIENT,
        "{percent}% of all receipts failed so, from first to last, so wait until this is fixed, "
        f"then {_RESEND}",
        (pl.col("pattern") == "steady") & (pl.col("all_failures") * 2 >= pl.col("receipts")),
    ),
    _Rule(
        "ask_support",
        _TRANSIENT,
        "{records} records failed so {attempts} times, in no burst, so ask support",
        (pl.col("records") > 0) & (pl.col("attempts") >= 2 * pl.col("records")),
    ),
    _Rule(
        "retry",
        _TRANSIENT,
        "{percent}% of all receipts failed so, in no burst, so send them again once as they are, "
        "and ask support about those that fail again",
    ),
)
_UNKNOWN = _Rule(
    "unknown", "", "what this means is not known, so look at an example before sending again"
)
_ALL = (*_RULES, _UNKNOWN)
_LISTED = [name for rule in _RULES for name in rule.types.split()]


def decide(cases: pl.DataFrame) -> pl.DataFrame:
    """Add `rule`, the number of the first one that applies, and its `recommendation`."""
    first = [pl.when(rule.applies()).then(pl.lit(at)) for at, rule in enumerate(_RULES)]
    names = {at: rule.recommendation for at, rule in enumerate(_ALL)}
    return (
        cases.with_columns(meaning=_meaning())
        .with_columns(rule=pl.coalesce(*first, pl.lit(len(_RULES))).cast(pl.Int32))
        .with_columns(
            recommendation=pl.col("rule").replace_strict(names, return_dtype=RECOMMENDATION)
        )
        .drop("meaning")
    )


def _meaning() -> pl.Expr:
    kind = pl.col("error_type").str.strip_chars().str.to_uppercase()
    code = pl.col("error_code")
    untyped = kind.is_null() | kind.is_in(_NO_TYPE)
    return pl.coalesce(
        pl.when(kind.is_in(_LISTED) & ~kind.is_in(_VAGUE)).then(kind),
        code.replace_strict(_CLEAR_CODES, default=None, return_dtype=pl.String),
        pl.when(kind.is_in(_VAGUE)).then(kind),
        pl.when(untyped).then(
            code.replace_strict(_OTHER_CODES, default=None, return_dtype=pl.String)
        ),
    )


def explain(cases: pl.DataFrame) -> pl.DataFrame:
    """Add `reason`, a sentence in which every figure is one of the case."""
    figures = {
        "what": pl.col("missing").fill_null("it"),
        "in_burst": (100 * pl.col("burst_share")).round_sig_figs(3),
        "begins": pl.col("burst_begins").dt.strftime("%Y-%m-%d %H:%M:%S"),
        "ends": pl.col("burst_ends").dt.strftime("%Y-%m-%d %H:%M:%S"),
        "percent": (100 * pl.col("all_failures") / pl.col("receipts")).round_sig_figs(2),
    }
    reasons = [pl.when(pl.col("rule") == at).then(rule.sentence()) for at, rule in enumerate(_ALL)]
    return (
        cases.with_columns(lead=_lead(), **figures)
        .with_columns(reason=pl.coalesce(*reasons))
        .drop("lead", *figures)
    )


def _lead() -> pl.Expr:
    """Say which failures a reason is for: how many of how many, their types, codes and actions."""
    here, there = pl.col("failures"), pl.col("all_failures")
    count = (
        pl.when(there == 1)
        .then(pl.lit("The only failure is"))
        .when(here == there)
        .then(pl.format("All {} failures are", here))
        .otherwise(pl.format("{} of {} failures are", here, there))
    )
    types, actions = (pl.col(name).list.join(", ") for name in ("types", "actions"))
    codes = pl.col("codes").cast(pl.List(pl.String)).list.join(", ")
    return pl.concat_str(
        count,
        pl.when(types != "").then(pl.format(" {}", types)).otherwise(pl.lit(" of no error type")),
        pl.when(codes != "").then(pl.format(" ({})", codes)).otherwise(pl.lit("")),
        pl.when(actions != "").then(pl.format(" on {}", actions)).otherwise(pl.lit("")),
    )


def missing_types(failures: pl.DataFrame) -> pl.DataFrame:
    """Give per signature the types of what is missing, the most frequent first, as one text.

    They are what `error_message` names, where it names some, else the record's own `type`, but for
    relationships, of which an end is missing, and for messages whose names are masked. What is
    named in fewer than a tenth of the messages is left out, as it may be a value and no type.
    """
    found = [pl.col("error_message").str.extract(pattern) for pattern in _NAMED]
    names = [pl.when(~name.str.contains(_NO_NAME)).then(name) for name in found]
    count = pl.col("len").sum()
    often = count.over("signature", "name") >= _LEAST_SHARE * count.over("signature")
    alone = pl.col("target_type").ne_missing("RELATIONSHIP")
    told = ~pl.col("error_message").str.contains(_MASKED_NAME).fill_null(value=False)
    own = pl.when(alone & told).then("type").alias("own")
    return (
        failures.group_by("signature", "type", "target_type", "error_message")
        .len()  # messages that are redacted are few
        .select("signature", "len", own, pl.coalesce(*names).alias("name"))
        .select("signature", "len", missing=pl.coalesce(pl.when(often).then("name"), "own"))
        .drop_nulls("missing")
        .group_by("signature", "missing")
        .agg(count)
        .sort("len", "missing", descending=[True, False])
        .group_by("signature", maintain_order=True)
        .agg(pl.col("missing").head(_MOST_NAMES).str.join(", "))
    )
