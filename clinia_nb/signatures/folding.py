"""Make values of one form equal before they are masked.

Masking asks which digits and letters a value has, never which digit stands where. So ids become
examples of their form and every digit becomes a 1: a million messages leave a few thousand
distinct texts, and the many rules of `by_form` have only these to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .codes import mark_codes

if TYPE_CHECKING:
    import polars as pl

_WORD_EDGE = r"(?-u:\b)"
_HEX = "[0-9a-fA-F]"
_TRACE = 16  # hexadecimal digits of a trace id; an address after @ has no more than that
_EARLY = 6  # a number stays one: ids have letters and digits within their first characters
_MIXED = "|".join(
    f"(?:[0-9]{{{count}}}[a-f]|[a-f]{{{count}}}[0-9])[0-9a-f]{{{_TRACE - 2 - count}}}"
    for count in range(1, _EARLY)
)
# Each example is one that later rules read as they would read what it stands for.
_IDS: tuple[tuple[str, str], ...] = (
    (
        rf"{_WORD_EDGE}{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}{_WORD_EDGE}",
        "1a1a1a1a-1a1a-1a1a-1a1a-1a1a1a1a1a1a",
    ),
    (rf"[0-9]{{1,{_EARLY}}}[a-f][0-9a-f]{{20,}}{_WORD_EDGE}", "1a1a1a1a1a1a1a1a1a1a1"),
    (rf"[0-9]{{1,{_EARLY}}}[A-Za-z][0-9A-Za-z]{{20,}}", "1aA1a1a1a1a1a1a1a1a1a1"),
    # The first character stays: at the start of a name, a letter is not a digit.
    (rf"(?-u:\B)(?:{_MIXED}){_WORD_EDGE}", "1a1a1a1a1a1a1a1"),
)
# The prefix of an address is not a number.
_DIGITS = {"+0x": "+0x", "/0x": "/0x"} | dict.fromkeys("023456789", "1")


def fold(messages: pl.Expr, *, keeping: dict[str, str]) -> pl.Expr:
    """Replace ids by examples of their form, digits by 1, and words by what `keeping` maps them to.

    Examples
    --------
    >>> import polars as pl
    >>> rows = pl.DataFrame({"message": ["HL7 id 2f1d03aa-7c22-4d0f-9b3e-5a6b7c8d9e0f, 35 ms"]})
    >>> rows.select(fold(pl.col("message"), keeping={"HL7": "HL7"})).item()
    'HL7 id 1a1a1a1a-1a1a-1a1a-1a1a-1a1a1a1a1a1a, 11 ms'
    """
    for pattern, example in _IDS:
        messages = messages.str.replace_all(pattern, example)
    return mark_codes(messages).str.replace_many(keeping | _DIGITS, leftmost=True)
