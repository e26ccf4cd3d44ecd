"""A mapping as a program sends it: every value of its type, every column in the file, or refused with its path."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from accounts.access import Access
from common.errors import FieldProblem, InvalidInput
from common.unknown import LONGEST_SHOWN, unknown_words
from planner.domain.event_log.eventlog import TimeMeaning
from planner.domain.event_log.mapping import SINGLE, LogMapping
from planner.models import LogUpload
from planner.services.imports import READING, log_upload_look, log_upload_map

COLUMNS = tuple(role.value for role in SINGLE)
KEYS = tuple(LogMapping.__dataclass_fields__)
MEANINGS = tuple(meaning.value for meaning in TimeMeaning)
MOST_NAMED = 12


def mapping_type_problems(mapping: Mapping[str, Any]) -> list[FieldProblem]:
    """Keys no mapping has and values its keys cannot have, each by its path in it. Null stands for nothing chosen.

    >>> [one.path for one in mapping_type_problems({"day_first": "x", "ignored": "case", "sheet": {}, "zone": None})]
    ['day_first', 'ignored', 'sheet']
    """
    return [FieldProblem(where, said) for key, value in mapping.items() for where, said in _odd(key, value)]


def _odd(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if key not in KEYS:
        yield key, unknown_words(key, KEYS, "key of a mapping")
    if value is None:
        return
    if key == "day_first" and not isinstance(value, bool):
        yield key, "This is true, false or null."
    elif key == "ignored":
        yield from _odd_list(key, value)
    elif key == "meaning" and value not in ("", *MEANINGS):
        yield key, f"This is one of {', '.join(MEANINGS)}."
    elif key in (*COLUMNS, *READING) and not isinstance(value, str):
        yield key, f"This is {'the name of a column' if key in COLUMNS else 'a text'}."


def _odd_list(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list | tuple):
        yield key, "This is a list of names of columns."
        return
    odd = [at for at, one in enumerate(value) if not isinstance(one, str)]
    yield from ((f"{key}.{at}", "This is the name of a column.") for at in odd)


def log_upload_take(
    *,
    access: Access,
    upload: LogUpload,
    mapping: Mapping[str, Any] | None = None,
    hours: Mapping[str, Any] | None = None,
) -> None:
    """Take a mapping over what was guessed or chosen before, once the file is read as it says, and working hours.

    Hours without a zone are told in that of the mapping, as on the page. InvalidInput names every value that is none
    its key can have and every column the file does not have, or says why the file cannot be used.
    """
    sent = mapping or {}
    _types_check(sent)
    if any(sent.get(name) for name in ("encoding", "separator", "sheet")):
        with _paths_as_sent():
            log_upload_look(access=access, upload=upload, reading={**upload.mapping, **sent})
    if upload.state == LogUpload.State.REFUSED:
        raise InvalidInput("This file cannot be imported.", detail=" ".join(upload.problems))
    if sent or hours is not None:
        _columns_check(upload, sent)
        with _paths_as_sent():
            log_upload_map(access=access, upload=upload, mapping={**upload.mapping, **sent}, calendar=hours)


@contextmanager
def _paths_as_sent() -> Iterator[None]:
    """What is wrong with the mapping, by its path in what was sent; hours have theirs already."""
    try:
        yield
    except InvalidInput as problem:
        errors = [
            one if one.path.startswith("hours.") else FieldProblem(f"mapping.{one.path}", one.message)
            for one in problem.errors
        ]
        raise InvalidInput(problem.title, detail=problem.detail, errors=errors) from None


def _types_check(mapping: Mapping[str, Any]) -> None:
    """InvalidInput naming every value of a mapping that is none its key can have."""
    problems = [FieldProblem(f"mapping.{one.path}", one.message) for one in mapping_type_problems(mapping)]
    if problems:
        where = problems[0].path.removeprefix("mapping.")
        raise InvalidInput("The mapping cannot be used.", detail=f"{where}: {problems[0].message}", errors=problems)


def _columns_check(upload: LogUpload, mapping: Mapping[str, Any]) -> None:
    """InvalidInput naming every chosen or ignored column the file does not have; XES has none to choose."""
    chosen = {key: mapping[key] for key in COLUMNS if mapping.get(key)}
    chosen |= {f"ignored.{at}": name for at, name in enumerate(mapping.get("ignored") or ())}
    known = [column["name"] for column in upload.preview.get("columns", ())]
    missing = [(key, name) for key, name in chosen.items() if not upload.is_table or name not in known]
    if missing:
        problems = [FieldProblem(f"mapping.{key}", _words(upload, name, known)) for key, name in missing]
        first = missing[0][1][:LONGEST_SHOWN]
        absent, own = f"There is no column “{first}” in this file.", "This file names its columns itself."
        raise InvalidInput(absent if upload.is_table else own, detail=problems[0].message, errors=problems)


def _words(upload: LogUpload, name: str, known: Collection[str]) -> str:
    if not upload.is_table:
        return "XES names its columns itself: none can be chosen. Leave this out."
    listed = ", ".join(f"“{one[:LONGEST_SHOWN]}”" for one in list(known)[:MOST_NAMED])
    return f"There is no column “{name[:LONGEST_SHOWN]}”; there are {listed}."
