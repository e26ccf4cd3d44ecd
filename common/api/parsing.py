"""JSON read within limits: size, depth, numbers that are numbers, text that a database can hold."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

MAX_DEPTH = 40
MAX_DIGITS = 18
LARGEST_ID = 2**63 - 1
"""The largest number a database keeps as an id; it refuses to look for a larger one."""
# Possessive, and a text that never ends reaches to the end: without either, a body of `\\"` alone is scanned anew from
# each of its quotes, and 40 kB of it held a process for five seconds.
TEXT_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class TooLarge(APIException):
    status_code = 413
    default_code = "too-large"
    default_detail = "The body is larger than this address takes."


class StrictJSONParser(JSONParser):
    """DRF's parser, which takes NaN, any depth and any size, with each of them bounded."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return json_within_limits(_read(stream, settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0))


def _read(stream: IO[bytes], limit: int) -> bytes:
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(f"A body of JSON may have at most {limit // 1_048_576} MiB.")
    return raw


def json_within_limits(raw: bytes) -> Any:
    """The value of a JSON text in UTF-8; ParseError (400) for anything this API does not take.

    Refused: depth over 40, NaN and infinities (also as 1e999), whole numbers over 18 digits, a key given twice,
    the character U+0000 and halves of surrogate pairs.

    >>> json_within_limits(b'{"a": [1, 2.5]}')
    {'a': [1, 2.5]}
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(f"The body is not UTF-8 at byte {error.start}.") from error
    if _depth(text) > MAX_DEPTH:
        raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")
    try:
        value = json.loads(
            text, parse_constant=_constant, parse_float=_real, parse_int=_whole, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise ParseError(f"Not JSON at line {error.lineno}, column {error.colno}: {error.msg}.") from error
    if any(UNSTORABLE.search(each) for each in _texts(value)):
        raise ParseError("A text holds the character U+0000 or half of a surrogate pair; take it out.")
    return value


def _depth(text: str) -> int:
    """How deep brackets nest outside strings. A scan, so depth cannot exhaust the stack."""
    deepest = level = 0
    for match in TEXT_OR_BRACKET.finditer(text):
        token = match[0]
        if token in "[{":
            level += 1
            deepest = max(deepest, level)
        elif token in "]}":
            level -= 1
    return deepest


def _constant(name: str) -> float:
    raise ParseError(f"{name} is not a JSON number; leave the field out or send null.")


def _real(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ParseError(f"The number {text[:20]} is too large.")
    return value


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise ParseError(f"A whole number may have at most {MAX_DIGITS} digits.")
    return int(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ParseError("An object names the same key twice.")
    return found


def _texts(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting.extend(each.keys())
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
