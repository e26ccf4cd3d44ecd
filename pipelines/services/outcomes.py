"""What really happened: outcomes that arrive later, joined to predictions by the name of the case."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput
from pipelines.models import OutcomeOrigin, OutcomeRecord, Pipeline, PredictionRecord
from pipelines.selectors.monitoring import outcome_classes

MOST_OUTCOMES = 10_000
MOST_FILE_BYTES = 20_000_000
LONGEST_KEY, LONGEST_VALUE = 100, 200
LARGEST_AMOUNT = 1e15
BATCH = 500


@dataclass(frozen=True)
class GivenOutcome:
    """The outcome of the case of a key: the class as text, or the amount as a number; `at` when it was observed."""

    key: str
    value: str | float
    at: datetime | None = None


@dataclass(frozen=True)
class Recorded:
    """How many outcomes were kept, and how many of them have a prediction."""

    kept: int
    joined: int


def outcomes_record(
    *, access: Access, pipeline: Pipeline, outcomes: Sequence[GivenOutcome], origin: OutcomeOrigin
) -> Recorded:
    """Keep outcomes; one told again replaces the earlier. They may arrive before their prediction is told.

    Refuses with InvalidInput, and keeps none, when one cannot be.
    """
    access.require(Role.EDITOR)
    _check(outcomes, outcome_classes(pipeline))
    now = timezone.now()
    # In one order, whoever tells them: two who tell the same outcomes would wait for each other.
    latest = {given.key: given for given in sorted(outcomes, key=lambda given: given.key)}
    rows = [
        OutcomeRecord(
            workspace=access.workspace,
            pipeline=pipeline,
            key=given.key,
            value=given.value,
            at=given.at or now,
            told_at=now,
            origin=origin,
        )
        for given in latest.values()
    ]
    with transaction.atomic():
        OutcomeRecord.objects.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["pipeline", "key"],
            update_fields=["value", "at", "told_at", "origin"],
        )
        joined = sum(
            PredictionRecord.objects.filter(pipeline=pipeline, key__in=keys).count() for keys in _batches(list(latest))
        )
        detail = {"task": pipeline.task.name, "outcomes": len(rows), "joined": joined}
        audit_record(access=access, verb="model.outcomes", subject=pipeline.subject, detail=detail)
    return Recorded(len(rows), joined)


def _batches(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]


def _check(outcomes: Sequence[GivenOutcome], classes: Sequence[str]) -> None:
    if not outcomes:
        raise InvalidInput("There are no outcomes.", errors=[FieldProblem("outcomes", "Give at least one.")])
    if len(outcomes) > MOST_OUTCOMES:
        words = f"At most {MOST_OUTCOMES} at once; these are {len(outcomes)}."
        raise InvalidInput("These are too many outcomes.", errors=[FieldProblem("outcomes", words)])
    problems = [
        FieldProblem(f"outcomes.{place}.{where}", words)
        for place, given in enumerate(outcomes)
        for where, words in _problems(given, classes)
    ]
    if problems:
        raise InvalidInput("Some outcomes cannot be kept.", errors=problems[:50])


def _problems(given: GivenOutcome, classes: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    if not given.key or len(given.key) > LONGEST_KEY or not given.key.isprintable():
        found.append(("key", f"The name of a case has 1 to {LONGEST_KEY} printable characters."))
    if isinstance(given.value, str) and not 0 < len(given.value) <= LONGEST_VALUE:
        found.append(("value", f"An outcome has 1 to {LONGEST_VALUE} characters."))
    if isinstance(given.value, float) and not abs(given.value) <= LARGEST_AMOUNT:
        found.append(("value", "An amount is a number of at most fifteen digits."))
    named = given.value if isinstance(given.value, str) else f"{given.value:g}"
    if not found and classes and named not in classes:
        found.append(("value", f"“{named[:60]}” is none of the outcomes: {', '.join(classes[:20])}."))
    return found


def outcomes_read(content: bytes) -> list[GivenOutcome]:
    """Outcomes of a CSV file with the columns key and outcome; a first line that says so is no case.

    Refuses with InvalidInput what is no such file, with the line.
    """
    if len(content) > MOST_FILE_BYTES:
        raise _file_problem("The file is larger than 20 MB: split it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _file_problem("The file is no text in UTF-8.") from None
    if "\0" in text:
        raise _file_problem("The file holds NUL characters: it is no text.")
    found = []
    for line, cells in _lines(text):
        if not any(cells) or (line == 1 and cells[0].lower() in ("key", "id", "case", "case_id", "case id")):
            continue
        if len(cells) < 2:
            raise _file_problem(f"Line {line} has one column: write the name of the case and its outcome.")
        found.append(GivenOutcome(cells[0], outcome_value(cells[1])))
        if len(found) > MOST_OUTCOMES:
            raise _file_problem(f"The file holds more than {MOST_OUTCOMES} outcomes: split it.")
    return found


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line's number and cells; the ends of lines of any system."""
    rows = csv.reader(io.StringIO(text, newline=None), delimiter=_delimiter(text), strict=True)
    line = 0
    try:
        for row in rows:
            line = rows.line_num
            yield line, [cell.strip() for cell in row]
    except csv.Error as error:
        raise _file_problem(f"Line {line + 1} cannot be read: {error}.") from error


def _delimiter(text: str) -> str:
    first = text.splitlines()[0] if text.strip() else ""
    return max(",;\t", key=first.count)


def outcome_value(cell: str) -> str | float:
    """What was typed, as a number where it is one."""
    try:
        return float(cell) if cell.lower() not in ("nan", "inf", "-inf", "infinity", "-infinity") else cell
    except ValueError:
        return cell


def _file_problem(words: str) -> InvalidInput:
    return InvalidInput("This file cannot be read.", errors=[FieldProblem("file", words)])
