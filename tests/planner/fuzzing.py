"""Logs in XES made wrong by a seeded generator: pieces cut, doubled, swapped, tokens put in, bytes turned."""

import gzip
import random
import re

from tests.planner.logs import at, xes_event, xes_log

SEEDS = (
    xes_log([("1", [xes_event("A", at(0), "start", "u"), xes_event("A", at(3), "complete", "u")])]),
    xes_log(
        [(str(n), [xes_event("A", at(n)), xes_event("Bü", at(n + 1))]) for n in range(4)],
        "http://www.xes-standard.org/",
    ),
    b"<log><extension/><global scope='event'><string key='concept:name' value='x'/></global>"
    b"<classifier keys='a b'/><trace><list key='l'><values><int key='i' value='1'/></values></list>"
    b"<event><id key='q' value='7'/></event></trace></log>",
)
TOKENS = (
    *(b"<log>", b"</log>", b"<trace>", b"</trace>", b"<event>", b"</event>", b"<event/>", b"<trace/>", b"<list>"),
    *(b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?xml version='1.0'?>", b"<!DOCTYPE log [", b"<!ENTITY a '&a;&a;'>"),
    *(b"&a;", b"&#0;", b"&#x10FFFF;", b"key=", b"value=''", b"xmlns:x='u'", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b"\x1f\x8b", b"encoding='UTF-7'", b"NaN", b"\xed\xa0\x80", b"<" * 40),
)
VALUES = (
    *(b"", b" ", b"NA", b"9" * 5_000, b"x" * 70_000, b"2024-13-45T99:99:99", b"0001-01-01T00:00:00Z", b"-1", b"1e999"),
    *(
        b"9999-12-31T23:59:59+14:00",
        b"9999-12-31T23:59:59-14:00",
        b"2024-02-30",
        b"1709280000",
        b"9.3.10 8:05",
        b"24:00",
    ),
    *(
        b"start",
        b"SCHEDULE",
        b"&#9;&lt;",
        "ſ\u202e😀".encode(),
        b"\xe9",
        b"concept:name",
        b"time:timestamp",
        b"Infinity",
    ),
)


def broken_xes(seed: int) -> bytes:
    """The log of this seed: the same one every time. Half of them have wrong values in an XML that is whole."""
    dice = random.Random(seed)
    data = dice.choice(SEEDS)
    for _ in range(dice.randint(1, 5)):
        data = _value_changed(data, dice) if seed % 2 else _bytes_changed(data, dice)
    if dice.random() < 0.1:
        packed = gzip.compress(data)
        return packed[: len(packed) - dice.randint(0, 12)]
    return data


def _value_changed(data: bytes, dice: random.Random) -> bytes:
    found = list(re.finditer(rb"""(?:key|value)=(["'])(.*?)\1""", data))
    place = dice.choice(found)
    return data[: place.start(2)] + dice.choice(VALUES) + data[place.end(2) :]


def _bytes_changed(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data) + 1)
    end = min(len(data), place + dice.randint(0, 60))
    other = dice.choice(SEEDS)
    start = dice.randrange(len(other))
    changes = (
        b"",
        data[place:end] * dice.randint(2, 40),
        data[place:end] + dice.choice(TOKENS),
        dice.choice(TOKENS),
        other[start : start + 80],
        bytes([dice.randrange(256)]) + data[place + 1 : end],
    )
    return data[:place] + dice.choice(changes) + data[end:]
