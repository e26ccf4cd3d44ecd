"""Making, naming and removing processes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.access import Access
from accounts.models import Role, User
from accounts.services import audit_record
from common.derived import subjects_within
from common.errors import Conflict, FieldProblem, InvalidInput
from common.formatting import listed
from jobs.models import Blob, Run, RunQuerySet
from planner.domain.process_graph.graph import figure_problem
from planner.domain.process_graph.node import NodeKind
from planner.models import EventLog, Flow, LogUpload, Process, ProcessReport, Source, Task
from planner.services.discarding import blob_let_go
from planner.services.editing import process_edit
from planner.services.estimate_file_job import estimate_files_of
from planner.services.inventory import entries_checked

LONGEST = 120
LONGEST_DESCRIPTION = 10_000
MOST_NAMED = 5


def process_create(
    *,
    access: Access,
    name: str,
    description: str = "",
    cases_a_year: float | None = None,
    example: str = "",
    entries: Mapping[str, Any] | None = None,
) -> Process:
    """A new process with a start and an end joined by one flow, ready to be drawn; a name is enough.

    `entries` are what the inventory holds of it (see `planner.services.inventory`).
    """
    access.require(Role.EDITOR)
    kept = entries_checked(access.workspace, entries or {})
    with transaction.atomic():
        process = Process.objects.create(
            workspace=access.workspace,
            name=_name(name),
            description=_description(description),
            cases_a_year=_cases(cases_a_year),
            cases_source=Source.NONE if cases_a_year is None else Source.USER,
            example=example,
            **kept,
        )
        start, end = (
            Task.objects.create(
                workspace=access.workspace, process=process, name=kind.value.title(), kind=kind.value, position=place
            )
            for place, kind in enumerate((NodeKind.START, NodeKind.END))
        )
        Flow.objects.create(workspace=access.workspace, process=process, source=start, target=end)
        audit_record(access=access, verb="process.created", subject=f"process:{process.pk}", detail={"name": name})
    return process


def process_update(
    *,
    access: Access,
    process: Process,
    name: str | None = None,
    description: str | None = None,
    cases_a_year: float | None = None,
    entries: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Process:
    """Change the name, the description, the cases a year or entries of the inventory; what is None stays.

    Volumes follow. What changes nothing is no new version.
    """
    access.require(Role.EDITOR)
    fields = entries_checked(access.workspace, entries or {})
    if name is not None:
        fields["name"] = _name(name)
    if description is not None:
        fields["description"] = _description(description)
    asked = fields if cases_a_year is None else fields | {"cases_a_year": cases_a_year}
    if version in (None, process.version) and all(getattr(process, field) == value for field, value in asked.items()):
        # A page that saves as one types sends a field again when it is left: a version of its own for that would make
        # the form beside it stale.
        return process
    with process_edit(access=access, process=process, version=version):
        cases = process.cases_a_year
        if cases_a_year is not None and cases_a_year != process.cases_a_year:
            process.cases_a_year, process.cases_source = _cases(cases_a_year), Source.USER
        before = {field: getattr(process, field) for field in fields} | {"cases_a_year": cases}
        for field, value in fields.items():
            setattr(process, field, value)
        process.save(update_fields=["cases_a_year", "cases_source", *fields])
        audit_record(
            access=access, verb="process.updated", subject=f"process:{process.pk}", detail=_told(process, before)
        )
    return process


def _description(text: str) -> str:
    if len(text) > LONGEST_DESCRIPTION:
        words = f"A few sentences: at most {LONGEST_DESCRIPTION} characters, not {len(text)}."
        raise InvalidInput("Not saved.", errors=[FieldProblem("description", words)])
    return text.strip()


def process_rename(*, access: Access, process: Process, name: str, version: int | None = None) -> Process:
    """Give the process another name."""
    return process_update(access=access, process=process, name=name, version=version)


def process_delete(*, access: Access, process: Process) -> None:
    """Remove a process with everything that hangs on it: tasks, logs, estimates. Conflict while a job works on it."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        Process.objects.of(access.workspace).select_for_update().get_or_404(pk=process.pk)
        _refuse_while_worked_on(process)
        audit_record(
            access=access, verb="process.deleted", subject=f"process:{process.pk}", detail={"name": process.name}
        )
        files = list(Blob.objects.of(access.workspace).filter(pk__in=_files_of(process)))
        process.delete()
        for blob in files:
            blob_let_go(blob)


def _files_of(process: Process) -> set[int]:
    """The files of its logs, uploads, reports, estimates: left in the store, they would outlive what people deleted."""
    logs = EventLog.objects.of(process.workspace).filter(process=process).values_list("events", "observed", "rejected")
    brought = Q(process=process) | Q(updates=process)
    uploads = LogUpload.objects.of(process.workspace).filter(brought).values_list("blob")
    reports = ProcessReport.objects.of(process.workspace).filter(process=process).values_list("document", "workbook")
    found = {pk for row in (*logs, *uploads, *reports) for pk in row if pk is not None}
    return found | estimate_files_of(process)


def _refuse_while_worked_on(process: Process) -> None:
    running = list(_jobs_under_way(process).order_by("pk")[: MOST_NAMED + 1])
    if running:
        those = "that job or wait until it is" if len(running) == 1 else "those jobs or wait until they are"
        titles = [run.title for run in running[:MOST_NAMED]] + ["others"] * (len(running) > MOST_NAMED)
        raise Conflict(
            f"“{process.name}” is being worked on: {listed(titles)}.",
            detail=f"Cancel {those} over, then delete the process.",
            errors=[FieldProblem(f"jobs.{run.pk}", f"{run.title} is {run.state}.") for run in running[:MOST_NAMED]],
        )


def _jobs_under_way(process: Process) -> RunQuerySet:
    """Jobs that are not over about a process, its tasks, its files and what other apps made of it."""
    files = LogUpload.objects.of(process.workspace).filter(Q(process=process) | Q(updates=process))
    said = [f"process:{process.pk}", *(f"upload:{pk}" for pk in files.values_list("pk", flat=True))]
    said += subjects_within(process)
    # Jobs first: asked by its tasks, a large process would need more of them than a query takes.
    checks = Run.objects.of(process.workspace).under_way().filter(subject__startswith="task:")
    checked = {int(subject.removeprefix("task:")) for subject in checks.values_list("subject", flat=True)}
    own = Task.everything.of(process.workspace).filter(process=process, pk__in=checked)
    said += [f"task:{pk}" for pk in own.values_list("pk", flat=True)]
    return Run.objects.of(process.workspace).under_way().filter(subject__in=said)


def _told(process: Process, before: dict[str, object]) -> dict[str, object]:
    """What is different now, old and new."""
    now = {field: getattr(process, field) for field in before}
    changes = {
        field: {"from": _plain(before[field]), "to": _plain(now[field])}
        for field in before
        if before[field] != now[field]
    }
    return {"process": process.name, **changes}


def _plain(value: object) -> object:
    """A value as the trail keeps it: a person by name."""
    return str(value) if isinstance(value, User) else value


def _name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > LONGEST:
        message = "A process needs a name." if not cleaned else f"A name has at most {LONGEST} characters."
        raise InvalidInput("The process cannot be called that.", errors=[FieldProblem("name", message)])
    return cleaned


def _cases(cases: float | None) -> float | None:
    if cases is not None and (problem := figure_problem("cases_a_year", cases)):
        raise InvalidInput("Cases a year cannot be that.", errors=[FieldProblem("cases_a_year", problem)])
    return cases
