"""Patterns of values that show by their form: times, addresses, paths, sizes, numbers and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .quotations import OPENING, QUOTED

if TYPE_CHECKING:
    from collections.abc import Sequence

WORD = r"\p{L}\p{M}\p{N}_"
IDEOGRAPHS = r"\p{Han}\p{Hiragana}\p{Katakana}ー"

NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
_MONTH = (
    "(?:Jan(?:uary|vier)?|Feb(?:ruary)?|Mar(?:ch|s|zo)?|Apr(?:ile?)?|May|June?|July?|Aug(?:ust)?"
    "|(?:Sep|Nov)(?:t?i?emb(?:er|re))?|Sept|Oct(?:ober|obre|ubre)?|Dec(?:ember)?|janvier|janv|février|févr|mars"
    "|avril|avr|mai|juin|juillet|juil|août|septembre|sept|octobre|novembre|décembre|déc"
    "|Januar|Februar|März|Mrz|Mai|Juni|Juli|Oktober|Okt|Dezember|Dez"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
    "|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
    "|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro"
    "|januari|februari|maart|mei|juni|juli|augustus|oktober)"
)
_SHORT_MONTH = (  # the period behind it ends no sentence
    "(?:Jan|Feb|Mar|Mär|Mrz|Apr|Jun|Jul|Aug|Sept?|Oct|Okt|Nov|Dec|Dez|janv|févr|avr|juil|sept|oct|nov"
    r"|déc)\."
)
# Without a period, these are words too: only a year behind them makes them months.
_BARE_MONTH = (
    "(?:ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic|gen|apr|mag|giu|lug|set|sept|ott|jan|fev|mai|out|dez"
    "|mrt|okt|déc|fév)"
)
_HALF = r"\s?[AaPp]\.?[Mm]\b\.?"
_DAY_IN_SHORT = (  # with a number, these are no other words
    "[0-9]{1,2} (?:jan|feb|mar|mrt|apr|abr|avr|jun|jul|juil|aug|sept?|oct|okt|nov|dec|dez|déc|dic"
    r"|ene|févr|janv)\b"
    r"|[0-9]{1,2}[ -](?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[ -](?:[0-9]{4}|[0-9]{2})\b"
    rf"(?:[ T][0-9]{{1,2}}(?:[.:][0-9]{{2}}){{1,2}}(?:[.,][0-9]+)?(?:{_HALF})?)?"
)
_DAY = (
    "(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Tues|Wednes|Thurs?|Satur)(?:day)?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    "|(?:Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|Mo|Di|Mi|Do|Fr|Sa|So|lun|mar|mer|jeu|ven|sam|dim"
    "|lunes|martes|miércoles|jueves|viernes|sábado|domingo|(?:lune|marte|mercole|giove|vener)dì|sabato"
    "|mié|jue|sáb|gio|seg|ter|qua|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?)"
)
_OF_MONTH = "[0-9]{1,2}(?:st|nd|rd|th|er|º|°|\\.º)?"
_OF = "(?:[ /-]| de | di )"
# Alone, a day and a month with "of" between them are a number and a name: visit 5 of Jan de Wit.
_OF_ENGLISH = rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th) of {_MONTH}|[0-9]{{1,2}} of {_MONTH},? [0-9]{{4}})"
_ZONE = (
    rf"(?:{_HALF})?"
    r"(?:\s?(?:Z|UTC|GMT|UT|[PMCEANH][SD]T|AK[SD]T|WES?T|CES?T|EES?T"
    r"|MES?Z|MSK|BST|IST|JST|KST|HKT|SGT|SAST|A[CEW][SD]T|NZ[SD]T|HA?[NE]E|HA[EN]"
    r"|[+-][0-9]{2}:?[0-9]{2}))?(?:\s?\[[A-Z]\w+(?:/\w+)+\])?\b"
)
_CLOCK = rf"[0-9]{{1,2}}[:h][0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]+)?)?{_ZONE}"
_AT = "(?:[ ,:T_-]+| (?:um|à|a las?|alle|às|om) )"  # between a date and the time of day
_TIMES = (
    (
        rf"\b(?:{_DAY}\.?,?\s+)?(?:{_OF_MONTH}{_OF}{_BARE_MONTH}\.?(?: de)? [0-9]{{4}}\b"
        rf"|(?:{_MONTH}\s+{_OF_MONTH}|{_OF_MONTH}\.?{_OF}{_MONTH}\.?|{_OF_ENGLISH})\b"
        rf"|{_OF_MONTH}\.?{_OF}{_SHORT_MONTH}|{_MONTH},? [0-9]{{4}}\b|{_DAY_IN_SHORT})"
        rf"(?:(?:,?[ /-]+| del? )[0-9]{{4}}\b)?(?:{_AT}{_CLOCK}(?: Uhr\b)?)?(?:\s+[0-9]{{4}}\b)?"
    ),
    (
        rf"\b(?:{_DAY}\.?,?\s+)?"
        r"(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"
        rf"|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2}})(?:{_AT}{_CLOCK}(?: Uhr\b)?)?"
    ),
    rf"\b[0-9]{{1,3}}:[0-9]{{2}}:[0-9]{{2}}(?:[.,:][0-9]+)?{_ZONE}",
    rf"\b[0-9]{{1,2}}:[0-9]{{2}}{_HALF}",
)
_HEX = "[0-9A-Fa-f]"
# Hardware addresses and dumps of bytes: four pairs or more, and one separator throughout.
_HEX_PAIRS = "|".join(rf"\b{_HEX}{{2}}(?:{by}{_HEX}{{2}}){{3,}}\b" for by in " :-")
_REST = r"(?:%\w+)?(?:\]:[0-9]+|\])?"  # the zone, and the port
_ADDRESSES: tuple[tuple[str, Sequence[str]], ...] = (
    (r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:[:/][0-9]+)?\b", "."),
    (
        rf"\[?\b{_HEX}{{1,4}}(?::{_HEX}{{1,4}})*::(?:{_HEX}{{1,4}}(?::{_HEX}{{1,4}})*\b)?{_REST}",
        ["::"],
    ),
    (rf"(^|[\s=,(])\[?::(?:{_HEX}{{1,4}}(?::{_HEX}{{1,4}})*\b)?{_REST}", ["::"]),
    (rf"(^|\[)::(?:{_HEX}{{1,4}}(?::{_HEX}{{1,4}})*\b)?(?:%\w+)?", ["::"]),  # behind a name
    (rf"\[?\b(?:{_HEX}{{1,4}}:){{5,7}}{_HEX}{{1,4}}\b{_REST}", ":"),
    (rf"\[?\b{_HEX}{{4}}(?::{_HEX}{{1,4}}){{3,4}}\b{_REST}", ":"),  # cut short
)
_BYTES = r"(?:[kKMGTP]?i?[Bb]|[kKMGTP]|[Bb]ytes?|[kKMG]bps|[kKMGT]B/s|octets)"
_SPANS = (
    "(?:[nuµμm]s|msecs?|s|secs?|seconds?|millis(?:econds?)?|m|mins?|minutes?|h|hrs?|hours?|d|days?"
    "|secondes?|heures?|jours?|Sekunden?|Minuten?|Stunden?|Tagen?|秒|分钟?|小时)"
)
_UNITS = (
    "(?:°[CF]|[kM]?Pa|[kM]?Wh?|[lL]/(?:s|min)|km/h|m/s|[mµ]?mol/L|[mµn]?g/[dm]?L|[mµk]g|m[Ll]|mmHg"
    "|bpm|rpm|dBm?|[kMG]?Hz|[mk]?[VA]|€|£|kg|[np]g|[cd][lL]|[cdk]m|[mµnp]?mol|IE|IU|UI|mEq|kcal)"
)
_PER = "(?:s|sec|min|h|hr|day|[dm]?[lL])"
_CURRENCY = "(?:EUR|USD|CAD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|AUD|NZD|CNY|INR|BRL|MXN|ZAR)"
_PATH_END = r"[^\s,;()\[\]{}\"'|<>]*[^\s,;:.()\[\]{}\"'|<>]"
DIGITS = "0123456789"
# Order matters: each pattern sees what the earlier ones left.
VALUES: tuple[tuple[str, str, Sequence[str]], ...] = (
    ("url", r"\b[A-Za-z][A-Za-z0-9+.-]*:/[^\s,;\"'<>()|]*[^\s,;.:\"'<>()|]", [":/"]),
    ("email", r"\b[\w.%+-]+@[\w-]+(?:\.[\w-]+)+\b", "@"),
    ("name", "|".join(QUOTED), OPENING),
    ("id", _HEX_PAIRS, " :-"),
    ("time", "|".join(_TIMES), DIGITS),
    ("id", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b", "-"),
    *(("ip", pattern, needs) for pattern, needs in _ADDRESSES),
    ("path", rf"(^|[\s=(\[{{:,;|\"'>])(?:~|\.{{1,2}}|\$\w+)?/{_PATH_END}", "/"),
    ("path", r"\b[A-Za-z]:\\[^\s,;\"'<>|]*", "\\"),
    ("path", r"[0-9A-Za-z_.$-]+\\[\w.$\\{}-]+", "\\"),
    ("id", r"\b[A-Za-z]+-?[0-9]+(?:/[0-9]+)+\b", "/"),  # a port of a network device
    ("path", r"[0-9A-Za-z_.@+-]+/[\w.@+-]+/[\w.@+/-]*\w", "/"),
    ("path", r"[0-9A-Za-z_@+-]+/[\w@+-]+\.[A-Za-z]{1,5}\b", "/"),
    ("host", r"\blocalhost(?::[0-9]+)?\b", ["localhost"]),
    ("size", rf"[<>~]?\b{NUMBER}\s?{_BYTES}\b(?:/s)?", DIGITS),
    ("duration", rf"[<>~]?\b{NUMBER}\s?{_SPANS}(?:\s?{NUMBER}\s?{_SPANS})*\b", DIGITS),
    ("duration", r"\bP(?:[0-9]+[YMWD])*(?:T(?:[0-9]+(?:[.,][0-9]+)?[HMS])+|[0-9]+[YMWD])\b", "P"),
    ("number", rf"[-+<>~]?\b{NUMBER}\s?{_UNITS}\b", DIGITS),
    ("number", rf"[-+<>~]?\b{NUMBER}\s?\p{{L}}{{1,5}}/{_PER}\b", ["/"]),
    (
        "number",
        rf"[-+]?(?:[$€£¥]|\b{_CURRENCY}\s){NUMBER}\b|[-+]?\b{NUMBER}\s?{_CURRENCY}\b",
        DIGITS,
    ),
    (
        "value",
        r"\(null\)|\b(?:null|NULL|nil|None|[Tt]rue|[Ff]alse|TRUE|FALSE|NaN|undefined)\b",
        ["null", "NULL", "nil", "None", "rue", "alse", "TRUE", "FALSE", "NaN", "undefined"],
    ),
    ("value", r"\[\s*\]|\{\s*\}|\(\s+\)", "[{("),
    ("number", rf"[-+]?\b{NUMBER}(?::[0-9]+)*\b(?:\s?%)?", DIGITS),
)
