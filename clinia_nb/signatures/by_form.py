"""The variable parts that show by their form: a message becomes words and marks.

A mark is one private character, which stands for a kind of value: ``<id>``, ``<time>``, ``<path>``…
What looks like a value goes, whatever system or language wrote the message: quoted names, times,
addresses, whatever holds a digit, what follows an equals sign, lists in brackets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

KINDS = (
    *("value", "url", "email", "name", "time", "id", "ip"),
    *("path", "host", "size", "duration", "number", "list"),
)
MARKS = {kind: chr(0xE000 + place) for place, kind in enumerate(KINDS)}
MARK = "[\ue000-\ue00f]"
# What may follow a kind, as in <id:bkfdmtrqvhcgnp>: without digits and vowels it reads as no value.
PSEUDONYM_LETTERS = "bcdfghjkmnpqrstv"
PSEUDONYM = f"[{PSEUDONYM_LETTERS}]{{14}}"
LONGEST = 2_000  # marks and all, a message counts by its beginning
WORD = r"\p{L}\p{M}\p{N}_"
LABEL = r"\"([A-Za-z_][\w .-]*)\"\s*:"
IDEOGRAPHS = r"\p{Han}\p{Hiragana}\p{Katakana}ー"

MARKED_RUN = rf"({MARK})(?:[^{WORD}:\ue000-\ue00f]*{MARK})+"

_FOREIGN = {chr(0xE000 + place): "?" for place in range(16)}
_PSEUDONYMOUS = f"<({'|'.join(KINDS)}):{PSEUDONYM}>"
_NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|CES?T|[A-Z]?[A-Z]ST|[+-][0-9]{2}:?[0-9]{2}))?\b"
_CLOCK = rf"[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]+)?)?{_ZONE}"
_TIMES = (
    (
        rf"\b(?:{_DAY},?\s+)?(?:{_MONTH}\s+[0-9]{{1,2}}|[0-9]{{1,2}}[ /-]{_MONTH})\b"
        rf"(?:,?[ /-]+[0-9]{{4}}\b)?(?:[ ,:T]+{_CLOCK})?(?:\s+[0-9]{{4}}\b)?"
    ),
    (
        r"\b(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"
        rf"|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2}})(?:[T ,_-]+{_CLOCK})?"
    ),
    rf"\b[0-9]{{1,3}}:[0-9]{{2}}:[0-9]{{2}}(?:[.,:][0-9]+)?{_ZONE}",
)
_QUOTES = (
    *(r"\B\"[^\"\n]*\"\B", r"\B'[^'\n]*'\B", r"\B`[^`\n]*`\B"),
    *("“[^”\n]*”", "‘[^’\n]*’", "«[^»\n]*»", "„[^“”\n]*[“”]", "「[^」\n]*」"),
)
_HEX = "[0-9A-Fa-f]"
_REST = r"(?:%\w+)?(?:\]:[0-9]+|\])?"  # the zone, and the port
_ADDRESSES = (
    r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:[:/][0-9]+)?\b",
    rf"\[?\b{_HEX}{{1,4}}(?::{_HEX}{{1,4}})*::(?:{_HEX}{{1,4}}(?::{_HEX}{{1,4}})*\b)?{_REST}",
    rf"(^|[\s=,(\[])::(?:{_HEX}{{1,4}}(?::{_HEX}{{1,4}})*\b)?{_REST}",
    rf"\[?\b(?:{_HEX}{{1,4}}:){{5,7}}{_HEX}{{1,4}}\b{_REST}",
)
_BYTES = r"(?:[kKMGTP]?i?[Bb]|[kKMGTP]|[Bb]ytes?|[kKMG]bps|[kKMGT]B/s|octets)"
_SPANS = (
    "(?:[nuµμm]s|msecs?|s|secs?|seconds?|millis(?:econds?)?|m|mins?|minutes?|h|hrs?|hours?|d|days?"
    "|secondes?|heures?|jours?|Sekunden?|Minuten?|Stunden?|Tagen?|秒|分钟?|小时)"
)
_BREAK = r"\s()\[\]{}=,;|<>\"'" + IDEOGRAPHS + "、。，：（）「」！？；"
_BRACKETED = r"\[[^\[\]\s]*\]|\([^()\s]*\)|\{[^{}\s]*\}"
_PATH_END = r"[^\s,;()\[\]{}\"'|<>]*[^\s,;:.()\[\]{}\"'|<>]"

# Order matters: each looks at what those before it left.
_BY_FORM: tuple[tuple[str, str], ...] = (
    ("url", r"\b[A-Za-z][A-Za-z0-9+.-]*:/[^\s,;\"'<>()|]*[^\s,;.:\"'<>()|]"),
    ("email", r"\b[\w.%+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    ("name", "|".join(_QUOTES)),
    ("id", rf"\b{_HEX}{{2}}(?:[ :-]{_HEX}{{2}}){{3,}}\b"),  # hardware addresses, dumps of bytes
    ("time", "|".join(_TIMES)),
    ("id", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    *(("ip", address) for address in _ADDRESSES),
    ("path", rf"(^|[\s=(\[{{:,;|\"'>])(?:~|\.{{1,2}}|\$\w+)?/{_PATH_END}"),
    ("path", r"\b[A-Za-z]:\\[^\s,;\"'<>|]*"),
    ("path", r"[0-9A-Za-z_.$-]+\\[\w.$\\{}-]+"),
    ("path", r"[0-9A-Za-z_.@+-]+/[\w.@+-]+/[\w.@+/-]*\w"),
    ("path", r"[0-9A-Za-z_@+-]+/[\w@+-]+\.[A-Za-z]{1,5}\b"),
    ("host", r"\blocalhost(?::[0-9]+)?\b"),
    ("size", rf"[<>~]?\b{_NUMBER}\s?{_BYTES}\b(?:/s)?"),
    ("duration", rf"[<>~]?\b{_NUMBER}\s?{_SPANS}\b"),
    ("value", r"\(null\)|\b(?:null|NULL|nil|None|[Tt]rue|[Ff]alse|TRUE|FALSE|NaN|undefined)\b"),
    ("value", r"\[\s*\]|\{\s*\}|\(\s+\)"),
    ("number", rf"[-+]?\b{_NUMBER}(?::[0-9]+)*\b%?"),
)
_WITH_DIGITS = (
    rf"((?:[\p{{L}}_][\p{{L}}_-]*:+)+)?(?:[^{_BREAK}]*[0-9][^{_BREAK}]*"
    rf"|[^{_BREAK}\ue000-\ue00f]*[^{_BREAK}:\ue000-\ue00f]{MARK}[^{_BREAK}]*"
    rf"|{MARK}[.:!?]*[^{_BREAK}.:!?][^{_BREAK}]*)"
)
_ASSIGNED = r"(?:[^\s,;(){}\[\]|=\x02]|\{[^{}]*\}|\[[^\[\]]*\]|\([^()]*\))+"  # what stands behind =
_PLACE = rf"[{WORD}$.-]*\.[{WORD}$-]*\p{{Lu}}[{WORD}$-]*:\s"
_TOLD = "msg|message|err|error|exception"

_FORMS: tuple[tuple[str, str], ...] = (
    # What stands under such a name is what happened, and no value.
    (rf"(?i)\b({_TOLD})[\"']?\s*[=:]\s*[\"']([^\"'\n]*)[\"']", "${1} ${2} "),
    (LABEL, "${1}: "),  # the names in an object say what it is
    *(
        (pattern, ("${1}" if pattern.startswith("(^|") else "") + MARKS[kind])
        for kind, pattern in _BY_FORM
    ),
    (rf"=({MARK})[^\s,;(){{}}\[\]|=]*", "=\x02${1}"),
    (rf"([{WORD})\]])=(?:{_ASSIGNED}|([\s,;)\]}}]|$))", f"${{1}}={MARKS['value']}${{2}}"),
    ("\x02", ""),
    # Names with dots are values, unless they say where in a program it happened.
    (rf"({_PLACE})|\b[{WORD}$-]+(?:\.[{WORD}$-]+)+", "\x02${1}\x02"),
    ("\x02\x02", MARKS["name"]),
    ("\x02", ""),
    (_WITH_DIGITS, "${1}" + MARKS["id"]),
)
_SURROUNDINGS: tuple[tuple[str, str], ...] = (
    (
        rf"[{WORD}.)\]\ue000-\ue00f]*\s*(?:->|=>|→|⇒)\s*[{WORD}.(\[\ue000-\ue00f]*",
        f" {MARKS['value']} ",
    ),
    (r"(\w)\(e?s\)", "${1}s"),
    (r"\[[\w.-]+(?:,\s*[\w.-]+)+\]", MARKS["list"]),
    (r"(^|\s)[(\[][^()\[\]\s\ue000-\ue00f]+[)\]]", "${1}" + MARKS["value"]),
    (rf"([{WORD}])\([^()\ue000-\ue00f]*\)", f"${{1}}({MARKS['value']})"),
    (rf"({MARK})(?:{_BRACKETED}|\.[{WORD}]+)+", "${1}"),
    (rf"[{IDEOGRAPHS}]+-\s?({MARK})", "${1}"),
    (MARKED_RUN, "${1}"),
    (r"\s+", " "),
)


def mask(messages: pl.Expr) -> pl.Expr:
    """Put marks for the values in messages: what is the same but for its values becomes equal.

    Examples
    --------
    >>> import polars as pl
    >>> messages = pl.DataFrame({"message": ["no clinic '7a' at 10.0.0.7:443", "took 12 ms"]})
    >>> messages.select(show_marks(mask(pl.col("message"))))["message"].to_list()
    ['no clinic <name> at <ip>', 'took <duration>']
    """
    return mask_words(mask_forms(messages))


def mask_forms(messages: pl.Expr) -> pl.Expr:
    """Do the first part of `mask`, after which few distinct texts are left of many."""
    return _replaced(read_marks(messages).str.head(LONGEST), _FORMS)


def mask_words(messages: pl.Expr) -> pl.Expr:
    """Do the second part of `mask`: what is a value by what stands around it."""
    return _replaced(messages, _SURROUNDINGS).str.strip_chars()


def tidy(messages: pl.Expr) -> pl.Expr:
    """Do of `mask` only what puts no marks: what is constant then stands as in the masked text."""
    steps = tuple(
        (pattern, replacement)
        for pattern, replacement in (*_FORMS, *_SURROUNDINGS)
        if MARK not in pattern and not re.search(f"{MARK}|\x02", replacement)
    )
    return _replaced(messages.str.replace_many(_FOREIGN), steps).str.strip_chars()


def _replaced(messages: pl.Expr, steps: tuple[tuple[str, str], ...]) -> pl.Expr:
    for pattern, replacement in steps:
        # Marks are not ASCII, and an automaton gives up on Unicode's \\b beside such.
        messages = messages.str.replace_all(pattern.replace(r"\b", r"(?-u:\b)"), replacement)
    return messages


def read_marks(messages: pl.Expr) -> pl.Expr:
    """Take what `show_marks` writes for marks again, also with a pseudonym: ``<id:bkfd…>``."""
    known = {f"<{kind}>": mark for kind, mark in MARKS.items()}
    bare = messages.str.replace_many(_FOREIGN).str.replace_all(_PSEUDONYMOUS, "<${1}>")
    return bare.str.replace_many(known)


def show_marks(masked: pl.Expr) -> pl.Expr:
    """Write marks as people read them, such as ``<id>``."""
    return masked.str.replace_many({mark: f"<{kind}>" for kind, mark in MARKS.items()})
