"""Which letters the fonts of the printed canvas have, and how a text is made fit for them."""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).with_name("paper") / "fonts"
WITHOUT_LETTER = "□"
RIGHT_TO_LEFT = ("R", "AL")
FORMAT_BY_RANGES, FORMAT_BY_GROUPS = 4, 12


@cache
def letters() -> frozenset[int]:
    """Code points that at least one of the fonts draws."""
    return frozenset(code for path in sorted(FONTS.glob("*.?tf")) for code in _mapped(path.read_bytes()))


def _mapped(font: bytes) -> Iterator[int]:
    """Code points in the `cmap` table of an OpenType font (formats 4 and 12)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    entries = (struct.unpack_from(">4s4xII", font, 12 + 16 * at) for at in range(tables))
    start = next(offset for tag, offset, _ in entries if tag == b"cmap")
    for at in range(struct.unpack_from(">H", font, start + 2)[0]):
        sub = start + struct.unpack_from(">I", font, start + 4 + 8 * at + 4)[0]
        form = struct.unpack_from(">H", font, sub)[0]
        if form == FORMAT_BY_RANGES:
            yield from _ranges(font, sub)
        elif form == FORMAT_BY_GROUPS:
            yield from _groups(font, sub)


def _ranges(font: bytes, sub: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, sub + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, sub + 14)
    starts = struct.unpack_from(f">{count}H", font, sub + 16 + 2 * count)
    for first, last in zip(starts, ends, strict=True):
        yield from range(first, last + 1) if last != 0xFFFF else ()


def _groups(font: bytes, sub: int) -> Iterator[int]:
    for at in range(struct.unpack_from(">I", font, sub + 12)[0]):
        first, last = struct.unpack_from(">II", font, sub + 16 + 12 * at)
        yield from range(first, last + 1)


def printable(text: str) -> tuple[str, int]:
    """The text with □ for each sign that no font draws, and how many there were. Signs that only join others or choose
    their look (variation selectors, shades of skin, format and control characters) go without being counted.
    """
    known, found, missing = letters(), [], 0
    for sign in text:
        if _is_silent(sign):
            continue
        if ord(sign) in known:
            found.append(sign)
        elif sign.isspace():
            found.append(" ")
        else:
            found.append(WITHOUT_LETTER)
            missing += 1
    return "".join(found), missing


def _is_silent(sign: str) -> bool:
    name = unicodedata.name(sign, "")
    chooses = "VARIATION SELECTOR" in name or "EMOJI MODIFIER" in name
    return chooses or (unicodedata.category(sign) in ("Cc", "Cf", "Cs") and not sign.isspace())


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction goes from right to left."""
    directions = (unicodedata.bidirectional(sign) for sign in text)
    return next((each in RIGHT_TO_LEFT for each in directions if each in ("L", *RIGHT_TO_LEFT)), False)
