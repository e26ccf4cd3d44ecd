"""Times as ISO 8601 writes them, read in whole arrays; what else is a time is for the caller to say.

Read are `2024-03-01`, `2024-03-01T08`, `2024-03-01T08:00` and `2024-03-01T08:00:00.123456`, with T or a space; those
with an hour also with Z, +02:00, +0200 or +02 behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Moments = np.ndarray[tuple[int], np.dtype[np.datetime64]]
Chars = np.ndarray[tuple[int, int], np.dtype[np.uint32]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
Ints = np.ndarray[tuple[int], np.dtype[np.int64]]

NAT = np.datetime64("NaT", "us")
_SHORTEST, _LONGEST = 10, 32
_MINUTE, _SECOND = 60_000_000, 1_000_000
_TIMED = (13, 16, 19, 21, 22, 23, 24, 25, 26)
_FIRST, _LAST = np.datetime64("0001-01-02", "us"), np.datetime64("9999-12-30", "us")
"""Near the ends of the calendar an offset may lead out of it: those are not read here."""


@dataclass(frozen=True)
class IsoTimes:
    """The moments of some texts (UTC, or of a clock where `zoneless`; NaT where not `read` or blank)."""

    moments: Moments
    read: Mask
    zoneless: Mask


def iso_moments(texts: Sequence[str]) -> IsoTimes:
    """Texts read as ISO times, microseconds; blank ones are read as missing.

    >>> found = iso_moments(["2024-03-01T08:00:00.5+02:00", "2024-03-01", "", "1.3.2024"])
    >>> found.moments.astype(str).tolist()
    ['2024-03-01T06:00:00.500000', '2024-03-01T00:00:00.000000', 'NaT', 'NaT']
    >>> found.read.tolist(), found.zoneless.tolist()
    ([True, True, True, False], [False, True, False, False])
    """
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    moments = np.full(len(texts), NAT)
    read, zoneless = np.zeros(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool)
    for length in np.unique(lengths[(lengths >= _SHORTEST) & (lengths <= _LONGEST)]).tolist():
        places = np.flatnonzero(lengths == length)
        same = texts if len(places) == len(texts) else [texts[place] for place in places.tolist()]
        chars = np.array(same, dtype=f"U{length}").view(np.uint32).reshape(len(same), length)
        moments[places], read[places], zoneless[places] = _same_length(chars)
    for place in np.flatnonzero(~read).tolist():
        read[place] = not texts[place].strip()
    return IsoTimes(moments, read, zoneless)


def _same_length(chars: Chars) -> tuple[Moments, Mask, Mask]:
    """Moments, which texts are such, and which of these have no offset; of texts that are equally long."""
    rows, length = chars.shape
    moments = np.full(rows, NAT)
    read, zoneless = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    for size, of_zone in _zones(chars).items():
        plain_date = size == 0 and length == _SHORTEST
        if not (plain_date or length - size in _TIMED) or not of_zone.any():
            continue
        some = chars if of_zone.all() else chars[of_zone]
        found, well = _clock(some[:, : length - size])
        if size > 1:
            ahead, offset_well = _offset(some[:, length - size :])
            found, well = found - ahead, well & offset_well
        well &= (found >= _FIRST) & (found < _LAST)
        found[~well] = NAT
        moments[of_zone], read[of_zone] = found, well
        zoneless[of_zone] = well & (size == 0)
    return moments, read, zoneless


def _zones(chars: Chars) -> dict[int, Mask]:
    """How many characters at the end tell the offset, and which texts end so."""
    zulu = chars[:, -1] == ord("Z")
    if chars.shape[1] < _SHORTEST + 6:
        return {1: zulu, 0: ~zulu}
    found = {1: zulu, 6: _signed(chars, 6) & (chars[:, -3] == ord(":")), 5: _signed(chars, 5), 3: _signed(chars, 3)}
    return found | {0: ~np.logical_or.reduce(list(found.values()))}


def _signed(chars: Chars, back: int) -> Mask:
    sign = chars[:, -back]
    return np.asarray((sign == ord("+")) | (sign == ord("-")))


def _clock(chars: Chars) -> tuple[Moments, Mask]:
    """The moment that a date, or a date and a time, without an offset tells; and which texts are such."""
    length = chars.shape[1]
    well = (chars[:, 4] == ord("-")) & (chars[:, 7] == ord("-"))
    (year, a), (month, b), (day, c) = (_number(chars[:, low:high]) for low, high in ((0, 4), (5, 7), (8, 10)))
    well &= a & b & c & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(well, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(well, day - 1, 0)
    well &= days.astype("datetime64[M]") == months
    moments = days.astype("datetime64[us]")
    if length == 10:
        return moments, well
    hour, a = _number(chars[:, 11:13])
    spent = hour * 60 * _MINUTE
    well &= a & (hour < 24) & ((chars[:, 10] == ord("T")) | (chars[:, 10] == ord(" ")))
    if length > 13:
        minute, a = _number(chars[:, 14:16])
        spent += minute * _MINUTE
        well &= a & (minute < 60) & (chars[:, 13] == ord(":"))
    if length > 16:
        second, a = _number(chars[:, 17:19])
        spent += second * _SECOND
        well &= a & (second < 60) & (chars[:, 16] == ord(":"))
    if length > 19:
        fraction, a = _number(chars[:, 20:])
        spent += fraction * 10 ** (26 - length)
        well &= a & (chars[:, 19] == ord("."))
    return moments + np.where(well, spent, 0), well


def _offset(chars: Chars) -> tuple[np.ndarray, Mask]:
    """What clocks are ahead of UTC, microseconds, as `+02:00`, `+0200` or `+02` tells it; and which texts are such."""
    hour, a = _number(chars[:, 1:3])
    minute, b = _number(chars[:, -2:] if chars.shape[1] > 3 else chars[:, :0])
    well = a & b & (hour < 24) & (minute < 60)
    ahead = np.where(well, (hour * 60 + minute) * _MINUTE, 0)
    return np.where(chars[:, 0] == ord("-"), -ahead, ahead).astype("timedelta64[us]"), well


def _number(chars: Chars) -> tuple[Ints, Mask]:
    """The number that a few digits tell, and which rows are digits throughout."""
    digits = chars - np.uint32(ord("0"))  # what comes before 0 wraps round and is as far off as what comes after 9
    value = np.zeros(len(chars), dtype=np.int64)
    for place in range(chars.shape[1]):
        value = value * 10 + digits[:, place]
    return value, np.asarray((digits <= 9).all(axis=1))
