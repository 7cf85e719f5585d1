"""KSUIDs, the ids that Clinia generates: 27 base-62 characters that begin with a time."""

from __future__ import annotations

from datetime import UTC, datetime

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 27
_TIME_BITS, _RANDOM_BITS = 32, 128
_EPOCH = 1_400_000_000  # seconds; 2014-05-13T16:53:20Z


def ksuid_time(text: str) -> datetime | None:
    """Decode the time in a KSUID (UTC); None if the text is not one.

    >>> ksuid_time("2wil2vg5uqi08x1aet097gLW8DO")
    datetime.datetime(2025, 5, 6, 11, 47, 51, tzinfo=datetime.timezone.utc)
    """
    if len(text) != _LENGTH or not set(text) <= set(_ALPHABET):
        return None
    number = 0
    for character in text:
        number = number * len(_ALPHABET) + _ALPHABET.index(character)
    if number >> (_TIME_BITS + _RANDOM_BITS):
        return None
    return datetime.fromtimestamp((number >> _RANDOM_BITS) + _EPOCH, tz=UTC)


def make_ksuid(time: datetime, random_bits: int) -> str:
    """Encode a time, to the second, and 128 random bits.

    >>> ksuid_time(make_ksuid(datetime(2025, 5, 6, 11, 47, 51, tzinfo=UTC), 0))
    datetime.datetime(2025, 5, 6, 11, 47, 51, tzinfo=datetime.timezone.utc)
    """
    number = (int(time.timestamp()) - _EPOCH) << _RANDOM_BITS | random_bits
    digits = ""
    while number:
        number, rest = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[rest] + digits
    return digits.rjust(_LENGTH, "0")
