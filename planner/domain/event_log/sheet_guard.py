"""What a spreadsheet would take in memory, counted in its packed parts before it is opened.

The reader keeps a sheet as a full rectangle and a copy of the text in every cell. A few bytes far out, or one long text
named very often, would fill the machine.
"""

import re
import zipfile
from collections import deque
from collections.abc import Iterator

import numpy as np

from planner.domain.event_log.archives import Entry
from planner.domain.event_log.eventlog import LogError

MOST_CELLS = 20_000_000
MOST_TEXT_BYTES = 2 * 1024**3
_CHUNK = 1 << 20
_OVERLAP = 256
_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,8})([0-9]{1,10})""")
_NAMED = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
_INDEX = re.compile(rb"<(?:\w+:)?v[^>]{0,80}>\s*([0-9]{1,9})\s*<")
_TEXT = re.compile(rb"<(?:\w+:)?si[\s>]")
_STRINGS = "sharedstrings.xml"


def workbook_check(archive: zipfile.ZipFile, *, most_named: int = MOST_CELLS) -> None:
    """LogError when a sheet would not fit or holds a DOCTYPE; each part is checked against its checksum on the way.

    `most_named` rows and cells may be written in a sheet, however small the rectangle they say they fill: a reader
    goes through each of them.
    """
    lengths = np.zeros(0, dtype=np.int64)
    for name in archive.namelist():
        if name.lower().endswith(".rels"):
            deque(_pieces(archive, name), maxlen=0)
    names = [name for name in archive.namelist() if name.lower().endswith(".xml")]
    for name in names:
        if name.lower().endswith(_STRINGS):
            lengths = np.concatenate([lengths, _text_lengths(archive, name)])
    longest = int(lengths.max()) if len(lengths) else 0
    for name in names:
        if name.lower().endswith(_STRINGS):
            continue
        named = _named(archive, name, most_named)
        if named * longest > MOST_TEXT_BYTES and _text_bytes(archive, name, lengths) > MOST_TEXT_BYTES:
            raise _too_large("Its texts take more than 2 GB")


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[bytes, int]]:
    """The part in pieces that overlap, and how many bytes at the end of each come again with the next."""
    entry, rest = Entry(archive, name), b""
    first = True
    while data := entry.read(_CHUNK):
        if first and (data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:64]):
            raise _too_large("It is not written in UTF-8")
        first = False
        piece = rest + data
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise _hiding()
        again = min(_OVERLAP, len(piece))
        yield piece, again
        rest = piece[-again:]


def _named(archive: zipfile.ZipFile, name: str, most_named: int) -> int:
    """How many rows and cells are named in a part; LogError when too many, or when they span too large a rectangle."""
    count = width = height = 0
    for piece, again in _pieces(archive, name):
        count += len(_NAMED.findall(piece, 0, len(piece) - again + 1))
        for letters, digits in _PLACE.findall(piece):
            height = max(height, int(digits))
            if letters and len(letters) > 3:
                raise _too_large("It names a column that no sheet has")
            width = max(width, _column_number(letters))
        if count > most_named:
            raise _too_large(f"A sheet holds more than {most_named:,} rows and cells".replace(",", "\u202f"))
        if height * max(width, 1) > MOST_CELLS:
            raise _too_large(f"A sheet spans more than {MOST_CELLS:,} cells".replace(",", "\u202f"))
    return count + 1


def _text_lengths(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """Bytes of each shared text, by its number."""
    starts, base = [], 0
    for piece, again in _pieces(archive, name):
        last = len(piece) - again
        starts += [base + found.start() for found in _TEXT.finditer(piece) if found.start() < last]
        base += last
    ends = [*starts[1:], base + _CHUNK] if starts else []
    return np.array(ends, dtype=np.int64) - np.array(starts, dtype=np.int64)


def _text_bytes(archive: zipfile.ZipFile, name: str, lengths: np.ndarray) -> int:
    total = 0
    for piece, again in _pieces(archive, name):
        found = [int(digits) for digits in _INDEX.findall(piece, 0, len(piece) - again + 1)]
        numbers = np.array([number for number in found if number < len(lengths)], dtype=np.int64)
        total += int(lengths[numbers].sum())
    return total


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _hiding() -> LogError:
    return LogError(
        "The spreadsheet holds a DOCTYPE or entities, which are not read: they can hide other files.",
        advice="No usual program writes them. Save the sheet with the events as CSV and upload that.",
    )


def _too_large(what: str) -> LogError:
    return LogError(
        f"{what}: this spreadsheet is not opened.",
        advice="Save the sheet with the events as CSV and upload that.",
    )
