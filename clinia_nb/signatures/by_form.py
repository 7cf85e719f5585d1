"""Find variable parts by their form: a message becomes words and placeholders.

Internally a placeholder (``<id>``, ``<time>``, ``<path>``…) is one private-use character. Whatever
looks like a value is replaced, no matter which system or language wrote the message: quoted names,
times, addresses, tokens with digits, text after an equals sign, lists in brackets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

PLACEHOLDER_NAMES = (
    *("value", "url", "email", "name", "time", "id", "ip"),
    *("path", "host", "size", "duration", "number", "list"),
)
PLACEHOLDERS = {name: chr(0xE000 + index) for index, name in enumerate(PLACEHOLDER_NAMES)}
PLACEHOLDER = "[\ue000-\ue00f]"
# Without digits and vowels, a pseudonym as in <id:bkfdmtrqvhcgnp> never looks like a value.
PSEUDONYM_LETTERS = "bcdfghjkmnpqrstv"
PSEUDONYM = f"[{PSEUDONYM_LETTERS}]{{14}}"
LONGEST = 2_000  # characters that are read of a message
WORD = r"\p{L}\p{M}\p{N}_"
LABEL = r"\"([A-Za-z_][\w .-]*)\"\s*:"
IDEOGRAPHS = r"\p{Han}\p{Hiragana}\p{Katakana}ー"

PLACEHOLDER_RUN = rf"({PLACEHOLDER})(?:[^{WORD}:\ue000-\ue00f]*{PLACEHOLDER})+"

_FOREIGN = {chr(0xE000 + index): "?" for index in range(16)}
_PSEUDONYMOUS = f"<({'|'.join(PLACEHOLDER_NAMES)}):{PSEUDONYM}>"
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

# Order matters: each pattern sees what the earlier ones left.
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
    rf"|[^{_BREAK}\ue000-\ue00f]*[^{_BREAK}:\ue000-\ue00f]{PLACEHOLDER}[^{_BREAK}]*"
    rf"|{PLACEHOLDER}[.:!?]*[^{_BREAK}.:!?][^{_BREAK}]*)"
)
_ASSIGNED = r"(?:[^\s,;(){}\[\]|=\x02]|\{[^{}]*\}|\[[^\[\]]*\]|\([^()]*\))+"  # the text after =
_CODE_LOCATION = rf"[{WORD}$.-]*\.[{WORD}$-]*\p{{Lu}}[{WORD}$-]*:\s"
_MESSAGE_KEYS = "msg|message|err|error|exception"

_FORMS: tuple[tuple[str, str], ...] = (
    # Text under such a key describes what happened: it is not a value.
    (rf"(?i)\b({_MESSAGE_KEYS})[\"']?\s*[=:]\s*[\"']([^\"'\n]*)[\"']", "${1} ${2} "),
    (LABEL, "${1}: "),  # the keys of an object are constant
    *(
        (pattern, ("${1}" if pattern.startswith("(^|") else "") + PLACEHOLDERS[name])
        for name, pattern in _BY_FORM
    ),
    (rf"=({PLACEHOLDER})[^\s,;(){{}}\[\]|=]*", "=\x02${1}"),
    (rf"([{WORD})\]])=(?:{_ASSIGNED}|([\s,;)\]}}]|$))", f"${{1}}={PLACEHOLDERS['value']}${{2}}"),
    ("\x02", ""),
    # Dotted names are values, unless they name the place in the code.
    (rf"({_CODE_LOCATION})|\b[{WORD}$-]+(?:\.[{WORD}$-]+)+", "\x02${1}\x02"),
    ("\x02\x02", PLACEHOLDERS["name"]),
    ("\x02", ""),
    (_WITH_DIGITS, "${1}" + PLACEHOLDERS["id"]),
)
_SURROUNDINGS: tuple[tuple[str, str], ...] = (
    (
        rf"[{WORD}.)\]\ue000-\ue00f]*\s*(?:->|=>|→|⇒)\s*[{WORD}.(\[\ue000-\ue00f]*",
        f" {PLACEHOLDERS['value']} ",
    ),
    (r"(\w)\(e?s\)", "${1}s"),
    (r"\[[\w.-]+(?:,\s*[\w.-]+)+\]", PLACEHOLDERS["list"]),
    (r"(^|\s)[(\[][^()\[\]\s\ue000-\ue00f]+[)\]]", "${1}" + PLACEHOLDERS["value"]),
    (rf"([{WORD}])\([^()\ue000-\ue00f]*\)", f"${{1}}({PLACEHOLDERS['value']})"),
    (rf"({PLACEHOLDER})(?:{_BRACKETED}|\.[{WORD}]+)+", "${1}"),
    (rf"[{IDEOGRAPHS}]+-\s?({PLACEHOLDER})", "${1}"),
    (PLACEHOLDER_RUN, "${1}"),
    (r"\s+", " "),
)


def mask(messages: pl.Expr) -> pl.Expr:
    """Replace the values in messages: those that differ only in values become equal.

    Examples
    --------
    >>> import polars as pl
    >>> messages = pl.DataFrame({"message": ["no clinic '7a' at 10.0.0.7:443", "took 12 ms"]})
    >>> messages.select(show_placeholders(mask(pl.col("message"))))["message"].to_list()
    ['no clinic <name> at <ip>', 'took <duration>']
    """
    return mask_surroundings(mask_forms(messages))


def mask_forms(messages: pl.Expr) -> pl.Expr:
    """Apply the first half of `mask`, which leaves few distinct texts."""
    return _replaced(encode_placeholders(messages).str.head(LONGEST), _FORMS)


def mask_surroundings(messages: pl.Expr) -> pl.Expr:
    """Apply the second half of `mask`: values that show by the text around them."""
    return _replaced(messages, _SURROUNDINGS).str.strip_chars()


def rewrite_constants(messages: pl.Expr) -> pl.Expr:
    """Apply only those steps of `mask` that insert no placeholder.

    Constant text then reads as it does in the masked message.
    """
    steps = tuple(
        (pattern, replacement)
        for pattern, replacement in (*_FORMS, *_SURROUNDINGS)
        if PLACEHOLDER not in pattern and not re.search(f"{PLACEHOLDER}|\x02", replacement)
    )
    return _replaced(messages.str.replace_many(_FOREIGN), steps).str.strip_chars()


def _replaced(messages: pl.Expr, steps: tuple[tuple[str, str], ...]) -> pl.Expr:
    for pattern, replacement in steps:
        # Unicode's \\b beside non-ASCII text makes the regex engine leave its fast path.
        messages = messages.str.replace_all(pattern.replace(r"\b", r"(?-u:\b)"), replacement)
    return messages


def encode_placeholders(messages: pl.Expr) -> pl.Expr:
    """Convert ``<id>`` and, with a pseudonym, ``<id:bkfd…>`` to private-use characters."""
    known = {f"<{name}>": code for name, code in PLACEHOLDERS.items()}
    bare = messages.str.replace_many(_FOREIGN).str.replace_all(_PSEUDONYMOUS, "<${1}>")
    return bare.str.replace_many(known)


def show_placeholders(masked: pl.Expr) -> pl.Expr:
    """Convert private-use characters to readable placeholders, such as ``<id>``."""
    return masked.str.replace_many({code: f"<{name}>" for name, code in PLACEHOLDERS.items()})
