"""Runs of downloaded projects: begun under the project's own name of them, told in events, each taken once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput
from common.formatting import things
from pipelines.domain.archive import code_digest
from pipelines.domain.lifecycle import Cause, states_after
from pipelines.domain.outside import HEXADECIMAL, LONGEST_NAME, EventKind, Kept, event_body, event_problems, story_of
from pipelines.models import Generation, OutsideEvent, OutsideRun, OutsideState, Pipeline
from pipelines.services.living import pipeline_state_change
from pipelines.services.registering import version_register_outside

MOST_EVENTS = 500
MOST_OF_A_RUN = 20_000
MOST_ERRORS = 50
LARGEST_SEQUENCE = 2**31 - 1
BATCH = 500
MOST_COMPARED = 200


@dataclass(frozen=True)
class OutsideEntry:
    """What a project says of its run when it begins; the digests are SHA-256, empty where they are not known."""

    key: str
    place: str = ""
    code_digest: str = ""
    data_digest: str = ""
    started_at: datetime | None = None


@dataclass(frozen=True)
class GivenEvent:
    """One event; `told` holds the fields of its kind (see `domain.outside.FIELDS`)."""

    sequence: int
    kind: EventKind
    told: Mapping[str, Any]
    at: datetime | None = None


@dataclass(frozen=True)
class Taken:
    """How many events were taken now, and how many had been before."""

    taken: int
    known: int


def outside_run_begin(*, access: Access, pipeline: Pipeline, entry: OutsideEntry) -> tuple[OutsideRun, bool]:
    """The run a project names, and whether it is new: told twice it is one run, as it was told first."""
    access.require(Role.EDITOR)
    _check_entry(entry)
    with transaction.atomic():
        # What is called is called for a new run alone: a project that tells a run again costs no look at generations.
        new: dict[str, Any] = {
            "workspace": access.workspace,
            "generation": lambda: _generation(pipeline, entry.code_digest),
            "place": entry.place,
            "code_digest": entry.code_digest,
            "data_digest": entry.data_digest,
            "told_by": access.user,
            "started_at": entry.started_at or timezone.now(),
        }
        found, is_new = OutsideRun.objects.get_or_create(pipeline=pipeline, key=entry.key, defaults=new)
        if is_new:
            detail = {"task": pipeline.task.name, "run": entry.key, "place": entry.place}
            audit_record(access=access, verb="outside.begun", subject=pipeline.subject, detail=detail)
    return found, is_new


def _generation(pipeline: Pipeline, digest: str) -> Generation | None:
    """The newest generation with that digest: of all its files, or of its code, which is all a project can tell."""
    if not digest:
        return None
    newest = pipeline.generations.order_by("-number").only("pk", "digest", "tree")[:MOST_COMPARED]
    return next((one for one in newest if digest in (one.digest, code_digest(one.tree))), None)


def _check_entry(entry: OutsideEntry) -> None:
    problems = []
    if not 0 < len(entry.key) <= LONGEST_NAME or not entry.key.isprintable():
        problems.append(FieldProblem("key", f"The name of a run has 1 to {LONGEST_NAME} printable characters."))
    if len(entry.place) > 200 or not entry.place.isprintable():
        problems.append(FieldProblem("place", "A place has at most 200 printable characters."))
    digests = {"code_digest": entry.code_digest, "data_digest": entry.data_digest}
    words = "A digest is a SHA-256: 64 characters from 0 to 9 and a to f."
    problems += [FieldProblem(name, words) for name, it in digests.items() if it and not HEXADECIMAL.fullmatch(it)]
    if problems:
        raise InvalidInput("The run cannot be kept.", errors=problems)


def outside_events_take(*, access: Access, run: OutsideRun, events: Sequence[GivenEvent]) -> Taken:
    """Take events, each once by its sequence number: in any order, doubled and with gaps alike.

    All or none: refuses with InvalidInput events that cannot be kept, and with Conflict what comes after the end of the
    run. What was taken before is known and no problem.
    """
    access.require(Role.EDITOR)
    _check(events)
    with transaction.atomic():
        held = OutsideRun.objects.select_for_update(of=("self",)).select_related("workspace", "pipeline__task")
        found = held.get(pk=run.pk)
        fresh = _fresh(found, events)
        _check_end(found, events, fresh)
        _check_room(found, fresh)
        rows = [_row(found, given) for given in fresh.values()]
        OutsideEvent.objects.bulk_create(rows, batch_size=BATCH)
        if rows:
            _follow(access, found, rows)
    return Taken(len(rows), len(events) - len(rows))


def _check(events: Sequence[GivenEvent]) -> None:
    if not events:
        raise InvalidInput("There are no events.", errors=[FieldProblem("events", "Give at least one.")])
    if len(events) > MOST_EVENTS:
        words = f"At most {MOST_EVENTS} at once; these are {len(events)}."
        raise InvalidInput("These are too many events.", errors=[FieldProblem("events", words)])
    problems = [
        FieldProblem(f"events.{place}.{where}", words)
        for place, given in enumerate(events)
        for where, words in _problems(given)
    ]
    if problems:
        raise InvalidInput("Some events cannot be kept.", errors=problems[:MOST_ERRORS])


def _problems(given: GivenEvent) -> list[tuple[str, str]]:
    found = event_problems({"kind": given.kind, **given.told})
    if not 1 <= given.sequence <= LARGEST_SEQUENCE:
        found.append(("sequence", f"A number from 1 to {LARGEST_SEQUENCE:,}."))
    return found


def _fresh(found: OutsideRun, events: Sequence[GivenEvent]) -> dict[int, GivenEvent]:
    """Events not taken yet, by number; of a number that stands twice the first."""
    given: dict[int, GivenEvent] = {}
    for event in events:
        given.setdefault(event.sequence, event)
    known = set(found.events.filter(sequence__in=list(given)).values_list("sequence", flat=True))
    return {number: event for number, event in sorted(given.items()) if number not in known}


def _check_end(found: OutsideRun, events: Sequence[GivenEvent], fresh: Mapping[int, GivenEvent]) -> None:
    """What comes after the end is refused, by the numbers of the project; what only arrives late is not."""
    end = found.events.filter(kind=EventKind.ENDED).first()
    ends = [number for number, event in fresh.items() if event.kind is EventKind.ENDED]
    if end is None and not ends:
        return
    last = min(ends) if end is None else end.sequence
    after = {number for number in fresh if number > last} | (set(ends) if end is not None else set())
    late = [place for place, event in enumerate(events) if event.sequence in after]
    if late:
        when = f"with event {last}" if end is None else f"on {end.at.astimezone(UTC):%Y-%m-%d at %H:%M:%S} UTC"
        raise Conflict(
            f"This run ended {when}.",
            detail="Nothing more can be told of it: begin another run.",
            errors=[
                FieldProblem(f"events.{place}.sequence", "It comes after the end.") for place in late[:MOST_ERRORS]
            ],
        )


def _check_room(found: OutsideRun, fresh: Mapping[int, GivenEvent]) -> None:
    if fresh and found.events.count() + len(fresh) > MOST_OF_A_RUN:
        words = f"A run holds at most {MOST_OF_A_RUN:,} events: tell lines of its log together."
        raise Conflict("This run has told too much.", errors=[FieldProblem("events", words)])


def _row(found: OutsideRun, given: GivenEvent) -> OutsideEvent:
    return OutsideEvent(
        workspace_id=found.workspace_id,
        run=found,
        sequence=given.sequence,
        kind=given.kind.value,
        body=event_body(given.told),
        at=given.at or timezone.now(),
    )


def _follow(access: Access, found: OutsideRun, rows: Sequence[OutsideEvent]) -> None:
    """What the run is after these events: its stages and figures anew, its models, its end."""
    heard = found.events.exclude(kind__in=[EventKind.LOG, EventKind.MODEL, EventKind.ARTIFACT]).order_by("sequence")
    story = story_of(Kept(EventKind(one.kind), one.at.isoformat(), one.body) for one in heard)
    found.stages, found.metrics = story.stages, story.metrics
    for row in rows:
        if row.kind == EventKind.MODEL:
            _model_told(access, found, row.body)
        elif row.kind == EventKind.ENDED:
            found.state, found.finished_at = OutsideState(row.body["state"]), row.at
            stages = things(len(story.stages), "stage")
            detail = {"task": found.pipeline.task.name, "run": found.key, "state": found.state, "told": stages}
            audit_record(access=access, verb="outside.ended", subject=found.pipeline.subject, detail=detail)
    found.save(update_fields=["stages", "metrics", "acceptance", "state", "finished_at"])


def _model_told(access: Access, found: OutsideRun, told: Mapping[str, Any]) -> None:
    """The version of what it packaged; the pipeline moves on as after a run here."""
    version = version_register_outside(access=access, outside=found, told=told)
    found.acceptance = version.acceptance
    pipeline = version.pipeline
    for state in states_after(pipeline.state_of, accepted=version.accepted):
        note = f"outside run {found.key}: {version.acceptance.get('sentence', '')}"
        pipeline_state_change(access=access, pipeline=pipeline, after=state, cause=Cause.RUN, note=note)
