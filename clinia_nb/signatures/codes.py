"""Find words whose digits say what happened: codes of errors, types of messages, formats.

``ORA-00001`` and ``ORA-01400`` are two problems, ``CLM-00001`` and ``CLM-01400`` two values. What
tells them apart is the prefix, where it is one that programs give their errors, or a word such as
``error`` in front.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .placeholders import CAPITAL_WORD, CODE_WORD, KEPT, PSEUDONYM
from .steps import Step
from .word_roles import TERMS

if TYPE_CHECKING:
    import polars as pl

MARK, TERM = "\ue021", "\ue023"  # before a digit that stays, and before a term
# Prefixes of the codes of databases, servers and mainframes.
_PREFIXES = (
    "(?:ORA|TNS|PLS|RMAN|DRG|KUP|SQL|DB2|AMQ|MQRC|HAPI|AADSTS|IDX|JBAS|HHH|ISPN|ARJUNA|WFLY[A-Z]{0,6}"
    "|ELY|CWW[A-Z]{2}|SRVE|DSRA|IEC|IEF|IGD|ICH|IKJ|DFH[A-Z]{0,2}|DFS|BPX|MSB|LNK|PGRST|ERR|ERROR"
    "|FAULT)[-_]?"
)
_NOUNS = (
    "(?:[Ee]rror|ERROR|[Ee]rr|[Ff]ault|[Ff]ailure|[Aa]bend|ABEND|[Aa]larm|ALARM|[Ee]xception"
    "|[Ff]ehler|[Ee]rreur)(?:[ _-]?[Cc]ode)?"
)
_BETWEEN = r"[ :=#\"'(\[]{1,4}"
# Eight letters up to F and digits are an address, and no code.
_LETTERS = "(?:[A-Z]*[G-Z][A-Z]*[-_]?|[A-F]+[-_]|[A-F])"
_MESSAGE_TYPES = (  # of HL7 version 2
    "(?:ACK|ADT|BAR|DFT|MDM|MFN|MFK|OMG|OML|OMI|OMP|ORL|ORM|ORR|ORU|OUL|PPR|QBP|QRY|RDE|RDS|REF|RRE|RSP"
    r"|SIU|VXU|VXQ)[\^_ /-][A-Z]"
)
_STATE = rf"(?:SQLSTATE|sqlstate){_BETWEEN}[A-Z]*"
_BEGIN = rf"{_PREFIXES}|{_NOUNS}{_BETWEEN}{_LETTERS}|{_STATE}|{_MESSAGE_TYPES}"
# Letters are the second (SQLSTATE 0A000), P (42P01) or the last; in ids, they are anywhere.
_CODE = rf"({_BEGIN})([0-9])([0-9A-Z])" + r"([0-9P]|[A-Z](?-u:\b))?" * 4
_TERM_PATTERN = "|".join(TERMS).replace(".", "[.]")
_DIGIT = f"[0-9{KEPT['0']}-{KEPT['9']}]"
_REST = f"{_DIGIT}(?:{_DIGIT}|[A-Z]){{1,5}}"
_STATUSES = (  # of gRPC, and of operating systems
    "CANCELLED|UNKNOWN|INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT_FOUND|ALREADY_EXISTS|PERMISSION_DENIED"
    "|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|OUT_OF_RANGE|UNIMPLEMENTED|INTERNAL|UNAVAILABLE"
    "|DATA_LOSS|UNAUTHENTICATED|E(?:CONN[A-Z]+|HOST[A-Z]+|NET[A-Z]+|ADDR[A-Z]+|TIMEDOUT|PIPE|ACCES"
    "|PERM|NOENT|EXIST|NOSPC|NFILE|MFILE|ROFS|BUSY|AGAIN|AI_AGAIN|INVAL|NOTFOUND|PROTO)"
)
_PREFIX = _PREFIXES.replace("DB2", f"DB[2{KEPT['2']}]")
# What was thrown; a pseudonym has taken its place in what is redacted.
PACKAGE = r"[A-Za-z_][\w-]*[.]"
EXCEPTION = rf"(?:[A-Z]\w*(?:Exception|Error)|(?:{CODE_WORD}|{CAPITAL_WORD}){PSEUDONYM})"
_ALONE = f"((?:{_PREFIX}|{_MESSAGE_TYPES}){_REST}|{_STATUSES}|(?:{PACKAGE})*{EXCEPTION})"
_CODED = f"(?:[A-Z]+[-_]?)?{_REST}"
# What is around a code makes it no value: code="ORA-00001", (ORA-00001), {"error": "E1001"}.
ENCLOSED = (
    Step(
        rf"=?(?:\"{_ALONE}\"|'{_ALONE}'|\({_ALONE}\)|\[{_ALONE}\])",
        " ${1}${2}${3}${4}",
        "\"'([",
    ),
    Step(rf"={_ALONE}([\s,;)\]}}]|$)", " ${1}${2}", "="),
    Step(
        rf"\b({_NOUNS}|SQLSTATE|sqlstate)\s?[:=]\s*(?:\"({_CODED})\"|'({_CODED})')",
        "${1} ${2}${3}",
        "\"'",
    ),
)
# One pass over all messages takes less than two.
_PATTERN = rf"(?-u:\b)(?:{_CODE}|({_TERM_PATTERN}))(?-u:\b)"
_MARKED = f"{TERM}${{8}}${{1}}" + "".join(f"{MARK}${{{group}}}" for group in range(2, 8))
_END = 6 * MARK
# What is attached to a term makes it a part of a name: rsa-sha256, aes128-cbc, track.mp3.
_ATTACHED = {f"{mark}{TERM}": mark for mark in "-./@_"} | {
    f"{TERM}{term}{_END}{mark}": re.sub("[0-9]", "1", term) + mark
    for term in TERMS
    for mark in "-/@"
}


def kept_codes() -> dict[str, str]:
    """Return what replaces marked digits and terms."""
    terms = {f"{TERM}{term}": "".join(KEPT.get(each, each) for each in term) for term in TERMS}
    digits = {f"{MARK}{digit}": KEPT[digit] for digit in "0123456789"}
    db2 = {
        f"DB2{between}{mark}": f"DB{KEPT['2']}{between}{digit}"
        for between in ("-", "_", "")
        for mark, digit in digits.items()
    }
    return _ATTACHED | terms | digits | db2 | {MARK: "", TERM: ""}


def mark_codes(messages: pl.Expr) -> pl.Expr:
    """Put `MARK` before digits that stay, and `TERM` before terms.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"message": ["ORA-01 in row 01, no mp3 in temp3"]})
    >>> marked = rows.select(mark_codes(pl.col("message")).str.replace_all(MARK, "!"))
    >>> marked.select(pl.col("message").str.replace_all(TERM, "?")).item()
    '?ORA-!0!1!!!! in row 01, no ?mp3!!!!!! in temp3'
    """
    return messages.str.replace_all(_PATTERN, _MARKED)
