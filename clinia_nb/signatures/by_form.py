"""Find variable parts by their form: a message becomes words and placeholders.

Internally a placeholder (``<id>``, ``<time>``, ``<path>``…) is one private-use character. Whatever
looks like a value is replaced, no matter which system or language wrote the message: quoted names,
times, addresses, tokens with digits, text after an equals sign, lists in brackets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from .folding import fold
from .placeholders import (
    BEGIN,
    CODE_WORD,
    END,
    PLACEHOLDER,
    PLACEHOLDER_NAMES,
    PLACEHOLDERS,
    PSEUDONYM,
    PSEUDONYM_LETTERS,
    encode_placeholders,
    show_placeholders,
    without_reserved,
)
from .quotations import LABEL, METHODS, NEEDED, OPENING, QUOTED, RULES
from .steps import Step, applied, chained, needed
from .word_roles import WITH_DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "CODE_WORD",
    "LABEL",
    "LONGEST",
    "PLACEHOLDER",
    "PLACEHOLDERS",
    "PLACEHOLDER_NAMES",
    "PSEUDONYM",
    "PSEUDONYM_LETTERS",
    "encode_placeholders",
    "mask",
    "rewrite_constants",
    "show_placeholders",
]

LONGEST = 2_000  # characters that are read of a message, a placeholder counted as one
_LONGEST_SHOWN = 25 * LONGEST  # the same with placeholders written out, pseudonyms and all
WORD = r"\p{L}\p{M}\p{N}_"
IDEOGRAPHS = r"\p{Han}\p{Hiragana}\p{Katakana}ー"

# A bracket that opens between two values goes with the one that closes.
_LISTED = rf"(?:[\s,;/|+-]*{PLACEHOLDER})+[\s,;/|+-]*"
_FURTHER = rf"(?:[\s,;/|+-]*[(\[{{<]{_LISTED}[)\]}}>]|[^{WORD}:\ue000-\ue00f]*{PLACEHOLDER})"
PLACEHOLDER_RUN = rf"({PLACEHOLDER}){_FURTHER}+"

_NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
_MONTH = (
    "(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*|janvier|janv|février|févr|mars"
    "|avril|avr|mai|juin|juillet|juil|août|septembre|sept|octobre|novembre|décembre|déc"
    "|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|Dez)"
)
_DAY = (
    "(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    "|(?:Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|Mo|Di|Mi|Do|Fr|Sa|So)"
)
_ZONE = (
    r"(?:\s?(?:[AaPp]\.?[Mm]\b\.?))?(?:\s?(?:Z|UTC|GMT|UT|[PMCEANH][SD]T|AK[SD]T|WES?T|CES?T|EES?T"
    r"|MES?Z|MSK|BST|IST|JST|KST|HKT|SGT|SAST|A[CEW][SD]T|NZ[SD]T|HA?[NE]E|HA[EN]"
    r"|[+-][0-9]{2}:?[0-9]{2}))?(?:\s?\[[A-Z]\w+(?:/\w+)+\])?\b"
)
_CLOCK = rf"[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]+)?)?{_ZONE}"
_TIMES = (
    (
        rf"\b(?:{_DAY},?\s+)?(?:{_MONTH}\s+[0-9]{{1,2}}|[0-9]{{1,2}}\.?[ /-]{_MONTH}\.?)\b"
        rf"(?:,?[ /-]+[0-9]{{4}}\b)?(?:[ ,:T]+{_CLOCK})?(?:\s+[0-9]{{4}}\b)?"
    ),
    (
        r"\b(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"
        rf"|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2}})(?:[T ,_-]+{_CLOCK})?"
    ),
    rf"\b[0-9]{{1,3}}:[0-9]{{2}}:[0-9]{{2}}(?:[.,:][0-9]+)?{_ZONE}",
)
_HEX = "[0-9A-Fa-f]"
# Hardware addresses and dumps of bytes: four pairs or more, and one separator throughout.
_HEX_PAIRS = "|".join(rf"\b{_HEX}{{2}}(?:{by}{_HEX}{{2}}){{3,}}\b" for by in " :-")
_REST = r"(?:%\w+)?(?:\]:[0-9]+|\])?"  # the zone, and the port
_ADDRESSES = (
    (r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:[:/][0-9]+)?\b", "."),
    (
        rf"\[?\b{_HEX}{{1,4}}(?::{_HEX}{{1,4}})*::(?:{_HEX}{{1,4}}(?::{_HEX}{{1,4}})*\b)?{_REST}",
        ["::"],
    ),
    (rf"(^|[\s=,(\[])::(?:{_HEX}{{1,4}}(?::{_HEX}{{1,4}})*\b)?(?:%\w+)?", ["::"]),
    (rf"\[?\b(?:{_HEX}{{1,4}}:){{5,7}}{_HEX}{{1,4}}\b{_REST}", ":"),
)
_BYTES = r"(?:[kKMGTP]?i?[Bb]|[kKMGTP]|[Bb]ytes?|[kKMG]bps|[kKMGT]B/s|octets)"
_SPANS = (
    "(?:[nuµμm]s|msecs?|s|secs?|seconds?|millis(?:econds?)?|m|mins?|minutes?|h|hrs?|hours?|d|days?"
    "|secondes?|heures?|jours?|Sekunden?|Minuten?|Stunden?|Tagen?|秒|分钟?|小时)"
)
_UNITS = (
    "(?:°[CF]|[kM]?Pa|[kM]?Wh?|[lL]/(?:s|min)|km/h|m/s|[mµ]?mol/L|[mµn]?g/[dm]?L|[mµk]g|m[Ll]|mmHg"
    "|bpm|rpm|dBm?|[kMG]?Hz|[mk]?[VA]|€|£)"
)
_CURRENCY = "(?:EUR|USD|CAD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|AUD|NZD|CNY|INR|BRL|MXN|ZAR)"
_BREAK = r"\s()\[\]{}=,;|<>\"'" + IDEOGRAPHS + "、。，：（）「」！？；"
_BRACKETED = r"\[[^\[\]\s]*\]|\([^()\s]*\)|\{[^{}\s]*\}"
_PATH_END = r"[^\s,;()\[\]{}\"'|<>]*[^\s,;:.()\[\]{}\"'|<>]"


_DIGITS = "0123456789"
_PORTS = [f":{digit}" for digit in _DIGITS]
_ENCODED = "".join(map(chr, range(0xE000, 0xE010)))
# Order matters: each pattern sees what the earlier ones left.
_BY_FORM: tuple[tuple[str, str, Sequence[str]], ...] = (
    ("url", r"\b[A-Za-z][A-Za-z0-9+.-]*:/[^\s,;\"'<>()|]*[^\s,;.:\"'<>()|]", [":/"]),
    ("email", r"\b[\w.%+-]+@[\w-]+(?:\.[\w-]+)+\b", "@"),
    ("name", "|".join(QUOTED), OPENING),
    ("id", _HEX_PAIRS, " :-"),
    ("time", "|".join(_TIMES), _DIGITS),
    ("id", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b", "-"),
    *(("ip", *address) for address in _ADDRESSES),
    ("path", rf"(^|[\s=(\[{{:,;|\"'>])(?:~|\.{{1,2}}|\$\w+)?/{_PATH_END}", "/"),
    ("path", r"\b[A-Za-z]:\\[^\s,;\"'<>|]*", "\\"),
    ("path", r"[0-9A-Za-z_.$-]+\\[\w.$\\{}-]+", "\\"),
    ("path", r"[0-9A-Za-z_.@+-]+/[\w.@+-]+/[\w.@+/-]*\w", "/"),
    ("path", r"[0-9A-Za-z_@+-]+/[\w@+-]+\.[A-Za-z]{1,5}\b", "/"),
    ("host", r"\blocalhost(?::[0-9]+)?\b", ["localhost"]),
    ("size", rf"[<>~]?\b{_NUMBER}\s?{_BYTES}\b(?:/s)?", _DIGITS),
    ("duration", rf"[<>~]?\b{_NUMBER}\s?{_SPANS}(?:\s?{_NUMBER}\s?{_SPANS})*\b", _DIGITS),
    ("duration", r"\bP(?:[0-9]+[YMWD])*(?:T(?:[0-9]+(?:[.,][0-9]+)?[HMS])+|[0-9]+[YMWD])\b", "P"),
    ("number", rf"[-+<>~]?\b{_NUMBER}\s?{_UNITS}\b", _DIGITS),
    (
        "number",
        rf"[-+]?(?:[$€£¥]|\b{_CURRENCY}\s){_NUMBER}\b|[-+]?\b{_NUMBER}\s?{_CURRENCY}\b",
        _DIGITS,
    ),
    (
        "value",
        r"\(null\)|\b(?:null|NULL|nil|None|[Tt]rue|[Ff]alse|TRUE|FALSE|NaN|undefined)\b",
        ["null", "NULL", "nil", "None", "rue", "alse", "TRUE", "FALSE", "NaN", "undefined"],
    ),
    ("value", r"\[\s*\]|\{\s*\}|\(\s+\)", "[{("),
    ("number", rf"[-+]?\b{_NUMBER}(?::[0-9]+)*\b%?", _DIGITS),
)
_LAST = rf"[^{_BREAK}.:!?]"  # what ends a sentence or names what follows is not of the value
_WITH_DIGITS = (
    rf"((?:[\p{{L}}_][\p{{L}}_-]*:+)+)?(?:[^{_BREAK}]*[0-9](?:[^{_BREAK}]*{_LAST})?"
    rf"|[^{_BREAK}\ue000-\ue00f]*[^{_BREAK}:\ue000-\ue00f]{PLACEHOLDER}(?:[^{_BREAK}]*{_LAST})?"
    rf"|{PLACEHOLDER}[.:!?]*{_LAST}(?:[^{_BREAK}]*{_LAST})?)"
)
_ASSIGNED = r"(?:[^\s,;(){}\[\]|=\x02]|\{[^{}]*\}|\[[^\[\]]*\]|\([^()]*\))+"  # the text after =
_CODE_LOCATION = rf"[{WORD}$.-]*\.[{WORD}$-]*\p{{Lu}}[{WORD}$-]*:\s"
# What is counted or coded under such a name is a number, and not the port of a host.
_NUMBERED = (
    r"\w*(?:code|status|line|port|id|error|err|errno|attempts?|retry|retries|count|size|row|col|column"
    "|step|length|len|rc|ret|exit|signal|version|rev|revision|level|page|offset|index|total|max|min"
    "|limit|timeout|age|year|score|rank|priority|number|num|nr|no|ligne|zeile|statut)"
)
# The digits of words that name a thing stay ...
_PROTECTED = {
    word: re.sub("[0-9]", lambda digit: chr(0xE010 + int(digit[0])), word).replace("/", "\ue01b")
    for word in sorted(WITH_DIGITS, key=len, reverse=True)
}
_UNPROTECTED = {chr(0xE010 + digit): str(digit) for digit in range(10)} | {"\ue01b": "/"}
# ... and those of other acronyms become a number that stays attached.
_ATTACHED = "\ue01a"
_ACRONYM = (
    rf"(^|[\s(\[\"'=:,])([A-Z]{{2,6}}[rv]?|{CODE_WORD}{PSEUDONYM})(?:[0-9]{{1,2}}|{PLACEHOLDERS['number']})"
    r"([\s,;:.)\]\"']|-\p{L}|$)"
)
_BEFORE_OWNERS = "by|for|from|to|of|user|on|at|von|für|par|pour"
_ADDRESS = "(?:[01]x)?[0-9a-f]{5,16}"  # its first digit may be folded
_NAMED_ID = f"${{1}} {PLACEHOLDERS['id']}"

_FORMS: tuple[Step, ...] = (
    Step(rf"([{WORD}])[ \x{{a0}}\x{{202f}}]:(\s)", "${1}:${2}", ":"),  # a colon in French
    Step(rf"[=:]\s*[\"']?({METHODS})[\"']?([\s,;)\]}}]|$)", " ${1}${2}", METHODS.split("|")),
    # A word keeps its name if an address is attached to it.
    Step(r"(\w)!([A-Za-z_][\w.$:]*\+)", "${1} ${2}", "!"),
    Step(r"<([A-Za-z_][\w.$:]*)\+(?:0x[0-9a-fA-F]+|[0-9]+)>", _NAMED_ID, "+"),
    Step(r"\b([A-Za-z_][\w.$]*)(?:\(\))?\+0x[0-9a-fA-F]+(?:/0x[0-9a-fA-F]+)?", _NAMED_ID, "+"),
    Step(rf"\b(?:[a-z_]\w*\.)+([A-Z][\w$]*)@{_ADDRESS}([^\w.-]|$)", f"{_NAMED_ID}${{2}}", "@"),
    Step(rf"\b([A-Za-z_][\w.$]*)@{_ADDRESS}([^\w.-]|$)", f"{_NAMED_ID}${{2}}", "@"),
    Step(r"\b([01]x[0-9a-f]+):([A-Za-z_])", "${1} ${2}", ["0x", "1x"]),
    Step(rf"(?i)\b({_NUMBERED}):([0-9])", "${1}:\x02${2}", _PORTS),
    Step(
        r"(^|[\s(@,/])[a-z][a-z0-9-]*:[0-9]{2,5}([\s,;.)\]]|$)",
        f"${{1}}{PLACEHOLDERS['host']}${{2}}",
        _PORTS,
    ),
    Step("\x02", "", "\x02"),
    Step(  # a dash makes no number of the digits in a dotted name
        r"(^|[\s(\[,])[A-Za-z]\w*(?:-\w+)*-[0-9]\w*(?:-\w+)*(?:\.[A-Za-z_][\w-]*)+"
        r"(\.?(?:[\s,;)\]]|$))",
        f"${{1}}{PLACEHOLDERS['name']}${{2}}",
        "-",
    ),
    *(
        Step(pattern, ("${1}" if pattern.startswith("(^|") else "") + PLACEHOLDERS[name], needs)
        for name, pattern, needs in _BY_FORM
    ),
    Step(rf"=({PLACEHOLDER})[^\s,;(){{}}\[\]|=]*", "=\x02${1}", "="),
    Step(
        rf"([{WORD})\]])=(?:{_ASSIGNED}|([\s,;)\]}}]|$))",
        f"${{1}}={PLACEHOLDERS['value']}${{2}}",
        "=",
    ),
    Step("\x02", "", "\x02"),
    # Dotted names are values, unless they name the place in the code.
    Step(rf"({_CODE_LOCATION})|\b[{WORD}$-]+(?:\.[{WORD}$-]+)+", "\x02${1}\x02", "."),
    Step("\x02\x02", PLACEHOLDERS["name"], "\x02"),
    Step("\x02", "", "\x02"),
    Step(_ACRONYM, f"${{1}}${{2}}{_ATTACHED}${{3}}", _DIGITS + PLACEHOLDERS["number"]),
    Step(_WITH_DIGITS, "${1}" + PLACEHOLDERS["id"], _DIGITS + _ENCODED),
)
_ITEM = rf"[{WORD}.\ue000-\ue00f-]+"
_SURROUNDINGS: tuple[Step, ...] = (
    Step(f"{BEGIN} | {END}", "", BEGIN),
    Step(
        rf"[{WORD}.)\]\ue000-\ue00f]*\s*(?:->|=>|→|⇒)\s*[{WORD}.(\[\ue000-\ue00f]*",
        f" {PLACEHOLDERS['value']} ",
        ">→⇒",
    ),
    Step(r"(\w)\(e?s\)", "${1}s", "("),
    Step(rf"\[{_ITEM}(?:,\s*{_ITEM})+\]", PLACEHOLDERS["list"], "["),
    Step(rf"(\s)\({_ITEM}(?:,\s*{_ITEM})+\)", f"${{1}}{PLACEHOLDERS['list']}", "("),
    Step(r"\{[^{}:=]*\}|\[\s[^\[\]:=]*\s\]|\(\s[^():=]*\s\)", PLACEHOLDERS["list"], "{[("),
    Step(rf"([:=])\[{_ITEM}\]", f"${{1}}{PLACEHOLDERS['list']}", "["),
    Step(rf"(:\s){_ITEM}(?:,\s?{_ITEM})+([.;)]|$)", f"${{1}}{PLACEHOLDERS['list']}${{2}}", ":"),
    # An owner may have a name, an id in brackets, or both.
    Step(
        rf"\b({_BEFORE_OWNERS})\s+[{WORD}.-]*\(\w+={PLACEHOLDER}\)",
        f"${{1}} {PLACEHOLDERS['value']}",
        "(",
    ),
    Step(r"(^|\s)[(\[][^()\[\]\s\ue000-\ue00f]+[)\]]", "${1}" + PLACEHOLDERS["value"], "(["),
    Step(rf"([{WORD}])\([^()\ue000-\ue00f]*\)", f"${{1}}({PLACEHOLDERS['value']})", "("),
    Step(rf"({PLACEHOLDER})(?:{_BRACKETED}|\.[{WORD}]+)+", "${1}", "[({."),
    Step(rf"[{IDEOGRAPHS}]+-\s?({PLACEHOLDER})", "${1}", "-"),
    Step(rf"({PLACEHOLDER}){_FURTHER}{{2,}}", "${1}", _ENCODED),
    Step(r"\s+", " "),
)
STEPS = (*RULES, *_FORMS, *_SURROUNDINGS)


def mask(messages: pl.Expr) -> pl.Expr:
    """Replace the values in messages: those that differ only in values become equal.

    Examples
    --------
    >>> import polars as pl
    >>> messages = pl.DataFrame({"message": ["no clinic '7a' at 10.0.0.7:443", "took 12 ms"]})
    >>> messages.select(show_placeholders(mask(pl.col("message"))))["message"].to_list()
    ['no clinic <name> at <ip>', 'took <duration>']
    """
    return mask_surroundings(mask_forms(fold_values(messages)))


def fold_values(messages: pl.Expr) -> pl.Expr:
    """Apply the first step of `mask`, which is cheap and leaves few distinct texts of many."""
    clipped = encode_placeholders(messages.str.head(_LONGEST_SHOWN)).str.head(LONGEST)
    return fold(clipped, keeping=_PROTECTED)


def mask_forms(folded: pl.Expr) -> pl.Expr:
    """Apply the second step of `mask`: values that show by their form."""
    masked = _replaced(_unquoted(folded), _FORMS)
    return masked.str.replace_many(_UNPROTECTED | {_ATTACHED: PLACEHOLDERS["number"]})


def mask_surroundings(messages: pl.Expr) -> pl.Expr:
    """Apply the last step of `mask`: values that show by the text around them."""
    return _replaced(messages, _SURROUNDINGS).str.strip_chars()


def rewrite_constants(messages: pl.Expr) -> pl.Expr:
    """Apply only those steps of `mask` that insert no placeholder.

    Constant text then reads as it does in the masked message.
    """
    plain = without_reserved(messages).map_batches(
        lambda texts: _without_quotes(texts, _constant(RULES)), return_dtype=pl.String
    )
    return _replaced(plain, _constant((*_FORMS, *_SURROUNDINGS))).str.strip_chars()


def _constant(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps that insert no placeholder."""
    return tuple(
        step
        for step in steps
        if PLACEHOLDER not in step.pattern
        and not re.search(f"{PLACEHOLDER}|\x02", step.replacement)
    )


def _unquoted(messages: pl.Expr) -> pl.Expr:
    """Take sentences out of their quotes, in the few messages that have any."""
    return messages.map_batches(_without_quotes, return_dtype=pl.String)


def _without_quotes(texts: pl.Series, rules: tuple[Step, ...] = RULES) -> pl.Series:
    quoting = texts.str.contains(NEEDED)
    if not quoting.any():
        return texts
    rows = pl.DataFrame({"text": texts, "quoting": quoting})
    rules = needed(rules, texts.filter(quoting))
    unquoted = chained(pl.when("quoting").then("text"), rules)
    return rows.select(pl.coalesce(unquoted, "text")).to_series()


def _replaced(messages: pl.Expr, steps: tuple[Step, ...]) -> pl.Expr:
    return messages.map_batches(lambda texts: applied(texts, steps), return_dtype=pl.String)
