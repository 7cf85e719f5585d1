"""Find variable parts by their form: a message becomes words and placeholders.

Internally a placeholder (``<id>``, ``<time>``, ``<path>``…) is one private-use character. Whatever
looks like a value is replaced, no matter which system or language wrote the message: quoted names,
times, addresses, tokens with digits, text after an equals sign, lists in brackets.
"""

from __future__ import annotations

import re

import polars as pl

from .codes import ENCLOSED, EXCEPTION, PACKAGE, kept_codes
from .folding import fold
from .placeholders import (
    BEGIN,
    CODE_WORD,
    END,
    KEPT,
    PLACEHOLDER,
    PLACEHOLDER_NAMES,
    PLACEHOLDERS,
    PSEUDONYM,
    PSEUDONYM_LETTERS,
    encode_placeholders,
    show_placeholders,
    without_reserved,
)
from .quotations import LABEL, METHODS, NEEDED, RULES
from .steps import Step, applied, chained, needed
from .value_forms import DIGITS, IDEOGRAPHS, NUMBER, VALUES, WORD
from .word_roles import WITH_DIGITS

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

# A bracket that opens between two values goes with the one that closes.
_LISTED = rf"(?:[\s,;/|+-]*{PLACEHOLDER})+[\s,;/|+-]*"
_FURTHER = rf"(?:[\s,;/|+-]*[(\[{{<]{_LISTED}[)\]}}>]|[^{WORD}:\ue000-\ue00f]*{PLACEHOLDER})"
_HL7 = r"\b[A-Z]{3}\^[A-Z][0-9]{2}"
_AND = r",? (?:and|or|und|oder|et|ou|y|e|&) "
# The bracket that closes behind the first value may have opened before it.
_FIRST = rf"({PLACEHOLDER}[)\]}}>]?)"
PLACEHOLDER_RUN = rf"{_FIRST}{_FURTHER}+"

_BREAK = r"\s()\[\]{}=,;|<>\"'" + IDEOGRAPHS + "、。，：（）「」！？；"
_BRACKETED = r"\[[^\[\]\s]*\]|\([^()\s]*\)|\{[^{}\s]*\}"
_PORTS = [f":{digit}" for digit in DIGITS]
_ENCODED = "".join(map(chr, range(0xE000, 0xE010)))
_LAST = rf"[^{_BREAK}.:!?]"  # what ends a sentence or names what follows is not of the value
_WITH_DIGITS = (
    rf"((?:[\p{{L}}_][\p{{L}}_-]*:+)+)?(?:[^{_BREAK}]*[0-9](?:[^{_BREAK}]*{_LAST})?"
    rf"|[^{_BREAK}\ue000-\ue00f]*[^{_BREAK}:\ue000-\ue00f]{PLACEHOLDER}(?:[^{_BREAK}]*{_LAST})?"
    rf"|{PLACEHOLDER}[.:!?]*{_LAST}(?:[^{_BREAK}]*{_LAST})?)"
)
# The text after an equals sign.
_ASSIGNED = r"(?:<[^<>\s]*>|[^\s,;(){}\[\]|=\x02]|\{[^{}]*\}|\[[^\[\]]*\]|\([^()]*\))+"
_NAME = rf"[{WORD}$\---[{IDEOGRAPHS}]]+"
_CODE_LOCATION = rf"[{WORD}$.-]*\.[{WORD}$-]*\p{{Lu}}[{WORD}$-]*:\s"
_THROWN = rf"\b(?:{PACKAGE})+{EXCEPTION}\b"
# What is counted or coded under such a name is a number, and not the port of a host.
_NUMBERED = (
    r"\w*(?:code|status|line|port|id|error|err|errno|attempts?|retry|retries|count|size|row|col|column"
    "|step|length|len|rc|ret|exit|signal|version|rev|revision|level|page|offset|index|total|max|min"
    "|limit|timeout|age|year|score|rank|priority|number|num|nr|no|ligne|zeile|statut)"
)
_INDEX = rf"\[(?:[0-9]+|{PLACEHOLDER})\]"
_DOT = "\ue022"  # of a path with an index, and of a frame
_SCOPE = "\ue026"  # two colons
_OPENED, _CLOSED = "\ue024", "\ue025"  # parentheses around text
# The digits of words that name a thing stay ...
_PROTECTED = kept_codes() | {
    word: re.sub("[0-9/]", lambda found: KEPT[found[0]], word) for word in WITH_DIGITS
}
_UNPROTECTED = {kept: character for character, kept in KEPT.items()} | {_DOT: ".", _SCOPE: "::"}
# ... and those of other acronyms become a number that stays attached.
_ATTACHED = "\ue01a"
_PRODUCT = "[A-Z][a-z]{1,8}[A-Z]{2,4}|[A-Z]{2,4}[a-z]"  # MySQL, NVMe
_ACRONYM = (
    rf"(^|[\s(\[\"'=:,])([A-Z]{{2,6}}[rv]?|{_PRODUCT}|{CODE_WORD}{PSEUDONYM})(?:[0-9]{{1,2}}|{PLACEHOLDERS['number']})"
    r"([\s,;:.)\]\"']|-\p{L}|$)"
)
_BEFORE_OWNERS = "by|for|from|to|of|user|on|at|von|für|par|pour"
_ADDRESS = "(?:[01]x)?[0-9a-f]{5,16}"  # its first digit may be folded
_HEX = "[0-9a-f]+"
# A frame of a stack: where in the code it is, behind the class and the method.
_MEMBER = rf"((?:[Cc]odeW|[Ww])ord-{PSEUDONYM}|[A-Za-z_][\w$]*)"
_FRAME = rf"\b(?:[A-Za-z_][\w$-]*\.)*?{_MEMBER}\.<?{_MEMBER}>?"
_AT_CALL = r"\b(at (?:async |new )*)"
_LOCATION = f"({PLACEHOLDERS['id']})"
_HEX_DIGIT = "[0-9a-fA-F]"
_SOURCE = (
    r"(?:[\w$.-]+\.(?:java|kt|scala|groovy|clj|cs|vb)(?::[0-9]+)?|Native Method|Unknown Source"
    "|<generated>)"
)
_PLACE = r"[^()\s]+:[0-9]+(?::[0-9]+)?"
_ARGUMENTS = r"[01]x[0-9a-f]+(?:,\s?(?:[01]x[0-9a-f]+|\.{3}))*"
_NAMED_ID = f"${{1}} {PLACEHOLDERS['id']}"

_FORMS: tuple[Step, ...] = (
    *ENCLOSED,
    Step(rf"([{WORD}])[ \x{{a0}}\x{{202f}}]:(\s)", "${1}:${2}", ":"),  # a colon in French
    Step(rf"[=:]\s*[\"']?({METHODS})[\"']?([\s,;)\]}}]|$)", " ${1}${2}", METHODS.split("|")),
    Step(rf"[\[(]({METHODS})[\])]", " ${1} ", METHODS.split("|")),
    # Of a path with an index, the index is the value.
    Step(rf"(^|[\s(:,\"'])([a-z]\w*{_INDEX})\.([A-Za-z])", f"${{1}}${{2}}{_DOT}${{3}}", "["),
    *(Step(rf"({_DOT}\w+(?:{_INDEX})?)\.([A-Za-z])", f"${{1}}{_DOT}${{2}}", _DOT),) * 3,
    Step(r"(\p{Ll}{2}\.)(\.+[0-9])", "${1} ${2}", [".."]),  # unavailable....7
    # A word keeps its name if an address is attached to it.
    Step(r"\b[0-9]{2,4}:([A-Za-z_][\w.$]*\+0x)", f"{PLACEHOLDERS['number']} ${{1}}", "+"),
    Step(
        rf"\b([A-Za-z_]+)[\w.-]*\.(?:so|dll|dylib|exe|ko|jar)[0-9.]*\[(?:0x)?{_HEX}(?:\+(?:0x)?{_HEX})?\]",
        f"${{1}}[{PLACEHOLDERS['id']}]",
        "[",
    ),
    Step(r"(\w)!([A-Za-z_][\w.$:]*(?:\([^()]*\))?\+)", "${1} ${2}", "!"),
    Step(r"=([A-Za-z_][\w.$]*\+0x)", " ${1}", "+"),
    Step(r"([01]x[0-9a-f]+)<([A-Za-z_])", "${1} <${2}", "<"),
    Step(r"<([A-Za-z_][\w.$:]*)\+(?:0x[0-9a-fA-F]+|[0-9]+)>", _NAMED_ID, "+"),
    Step(
        r"([])>] |>|\b[01]x[0-9a-f]+:|\b(?:in|at) )\{?([A-Za-z_][\w.$]*)\+(?:0x)?[0-9]+\}?",
        f"${{1}} ${{2}} {PLACEHOLDERS['id']}",
        "+",
    ),
    Step(r"([A-Za-z_]\w*)::(~?[A-Za-z_]*[g-zG-Z_])", f"${{1}}{_SCOPE}${{2}}", ["::"]),
    Step(rf"{_FRAME}\((?:{_SOURCE}|{PLACEHOLDERS['id']})\)", f"${{1}}{_DOT}${{2}}{_LOCATION}", "("),
    Step(rf"{_FRAME}\({_ARGUMENTS}\)", f"${{1}}{_DOT}${{2}}{_LOCATION}", "x"),
    Step(rf"{_AT_CALL}{_FRAME} \({_PLACE}\)", f"${{1}}${{2}}{_DOT}${{3}}{_LOCATION}", ":"),
    Step(rf"{_AT_CALL}([A-Za-z_$][\w$]*) \({_PLACE}\)", f"${{1}}${{2}}{_LOCATION}", ":"),
    Step(
        rf"\b([A-Za-z_][\w.${_SCOPE}]*)(?:\([^()]*\))?\+0x{_HEX_DIGIT}+(?:/0x{_HEX_DIGIT}+)?",
        _NAMED_ID,
        "+",
    ),
    Step(
        rf"\b(?:[a-z_]\w*\.)*([A-Z][\w$]*)\.([a-z_]\w*)@{_ADDRESS}([^\w.-]|$)",
        f"${{1}}{_DOT}${{2}}{_LOCATION}${{3}}",
        "@",
    ),
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
    Step(rf"([{IDEOGRAPHS}])-([0-9])", "${1}- ${2}", "-"),  # a dash, and no sign of a number
    Step(
        r"(^|[\s:=(\[\"'])[0-9A-Za-z+/]*[0-9+/][0-9A-Za-z+/]{15,}={1,2}([\s,;.)\]\"']|$)",
        f"${{1}}{PLACEHOLDERS['id']}${{2}}",
        "=",
    ),
    Step(  # the first letter of a word is no unit, as in 3 läuft
        rf"\b{NUMBER}\s?[gl]([\s,;.)\]]|$)", f"{PLACEHOLDERS['number']}${{1}}", DIGITS
    ),
    *(
        Step(pattern, ("${1}" if pattern.startswith("(^|") else "") + PLACEHOLDERS[name], needs)
        for name, pattern, needs in VALUES
    ),
    Step(rf"=({PLACEHOLDER})[^\s,;(){{}}\[\]|=]*", "=\x02${1}", "="),
    Step(
        rf"([{WORD})\]])=(?:{_ASSIGNED}|([\s,;)\]}}]|$))",
        f"${{1}}={PLACEHOLDERS['value']}${{2}}",
        "=",
    ),
    Step("\x02", "", "\x02"),
    # Dotted names are values, unless they name the place in the code, or what was thrown there.
    Step(rf"({_CODE_LOCATION}|{_THROWN})|\b{_NAME}(?:\.{_NAME})+", "\x02${1}\x02", "."),
    Step("\x02\x02", PLACEHOLDERS["name"], "\x02"),
    Step("\x02", "", "\x02"),
    Step(_ACRONYM, f"${{1}}${{2}}{_ATTACHED}${{3}}", DIGITS + PLACEHOLDERS["number"]),
    Step(_WITH_DIGITS, "${1}" + PLACEHOLDERS["id"], DIGITS + _ENCODED),
)
_KEYED = rf"{PLACEHOLDER}:\s*{PLACEHOLDER}"  # of an object whose keys are values
_IN_ITEM, _IN_PLAIN = rf"[{WORD}.\ue000-\ue00f-]", rf"[{WORD}.-]"
_ITEM, _PLAIN = f"{_IN_ITEM}+", f"{_IN_PLAIN}+"
# A word that is not an acronym: its pseudonym has no other letters, and stands behind a capital.
_NAMING = (
    rf"(?:[\p{{Ll}}--[{PSEUDONYM_LETTERS}]]\p{{Ll}}{{0,13}}|(?:^|[^\p{{L}}])[Ww]ord-{PSEUDONYM})"
)
_FORMED = rf"(?:{_IN_PLAIN}*{PLACEHOLDER}{_IN_ITEM}*|\p{{Ll}}+\p{{Lu}}\w*)"
_SURROUNDINGS: tuple[Step, ...] = (
    Step(f"{BEGIN}=", " ", BEGIN),
    Step(f"{BEGIN} | {END}", "", BEGIN),
    Step(
        rf"[{WORD}./)\]\ue000-\ue00f-]*\s*(?:->|=>|→|⇒)\s*[{WORD}./(\[\ue000-\ue00f-]*",
        f" {PLACEHOLDERS['value']} ",
        ">→⇒",
    ),
    Step(r"(\w)\(e?s\)", "${1}s", "("),
    Step(rf"\[{_ITEM}(?:,\s*{_ITEM})+\]", PLACEHOLDERS["list"], "["),
    Step(rf"(\s)\({_ITEM}(?:,\s*{_ITEM})+\)", f"${{1}}{PLACEHOLDERS['list']}", "("),
    Step(r"\{[^{}:=]*\}|\[\s[^\[\]:=]*\s\]|\(\s[^():=]*\s\)", PLACEHOLDERS["list"], "{[("),
    Step(rf"([:=])\[{_ITEM}\]", f"${{1}}{PLACEHOLDERS['list']}", "["),
    # Two items are a list if both show by their form, or are words behind one that names them.
    Step(
        rf"(:\s)(?:{_ITEM}(?:,\s?{_ITEM}){{2,}}|{_FORMED},\s?{_FORMED})([.;)]|$)",
        f"${{1}}{PLACEHOLDERS['list']}${{2}}",
        ":",
    ),
    Step(
        rf"({_NAMING}:\s){_PLAIN},\s?{_PLAIN}([.;)]|$)",
        f"${{1}}{PLACEHOLDERS['list']}${{2}}",
        ",",
    ),
    Step(rf"<{_ITEM}(?:\s?[|,]\s?{_ITEM})+>", PLACEHOLDERS["list"], "|,"),  # alternatives
    Step(
        rf"((?:[:=]|\b(?:of|for|from|to|with|by))\s){_ITEM}(?:,\s{_ITEM})+{_AND}{_ITEM}",
        f"${{1}}{PLACEHOLDERS['list']}",
        ",",
    ),
    # A list without spaces, if it has three items or one of two shows by its form.
    Step(
        rf"(^|[\s(:])(?:{_ITEM}(?:,{_ITEM}){{2,}}|{PLACEHOLDER},{_ITEM}|{_ITEM},{PLACEHOLDER})"
        r"([\s;.)]|$)",
        f"${{1}}{PLACEHOLDERS['list']}${{2}}",
        ",",
    ),
    # An owner may have a name, an id in brackets, or both.
    Step(
        rf"\b({_BEFORE_OWNERS})\s+[{WORD}.-]*\((?:\w+=|\p{{Ll}}+:?\s){PLACEHOLDER}\)",
        f"${{1}} {PLACEHOLDERS['value']}",
        "(",
    ),
    # Between a word and more text, what is in parentheses tells kinds of it: GC pause (young) 5 ms.
    Step(r"(\p{Ll}\s)\((\p{L}\p{Ll}+)\)(\s)", f"${{1}}{_OPENED}${{2}}{_CLOSED}${{3}}", "("),
    Step(
        r"(^|\s)([(\[])[^()\[\]\s\ue000-\ue00f]+([)\]])",
        f"${{1}}${{2}}{PLACEHOLDERS['value']}${{3}}",
        "([",
    ),
    Step(_OPENED, "(", _OPENED),
    Step(_CLOSED, ")", _CLOSED),
    # Arguments have commas between them; several words without are what happened.
    Step(rf"([{WORD}])\((?:[^()\s\ue000-\ue00f]|,\s)*\)", f"${{1}}({PLACEHOLDERS['value']})", "("),
    Step(rf"({PLACEHOLDER})(?:{_BRACKETED}|\.[{WORD}]+)+", "${1}", "[({."),
    Step(rf"[{IDEOGRAPHS}]+-\s?({PLACEHOLDER})", "${1}", "-"),
    # A type of message and the id behind it are one item; an id may have no digit.
    Step(rf"{_HL7} (?:{PLACEHOLDER}|[A-Z]{{12,}}([\s,;.)]|$))", f"{PLACEHOLDERS['id']}${{1}}", "^"),
    Step(rf"({_KEYED})(?:,\s*{_KEYED})+", "${1}", ","),
    Step(rf"{_FIRST}{_FURTHER}{{2,}}", "${1}", _ENCODED),
    Step(rf"({PLACEHOLDER}{_AND}{PLACEHOLDER})(?:{_AND}{PLACEHOLDER})+", "${1}", _ENCODED),
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
