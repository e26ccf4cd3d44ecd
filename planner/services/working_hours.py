"""Choosing when people work, for a workspace or for one process; what was measured is measured again by it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.models import Role, Workspace
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput
from common.unknown import unknown_words
from planner.domain.event_log.calendar_choice import CalendarChoice, CalendarError
from planner.models import Process, WorkingHours
from planner.selectors.working_hours import choice_words, countries, subdivisions
from planner.services.measuring import log_measure_start

KEYS = tuple(CalendarChoice.__dataclass_fields__)


def hours_checked(choice: Mapping[str, Any]) -> dict[str, Any]:
    """Working hours in plain values, as they are kept; InvalidInput naming what cannot be."""
    unknown = [FieldProblem(key, unknown_words(key, KEYS, "key of hours")) for key in choice if key not in KEYS]
    if unknown:
        raise InvalidInput("These working hours cannot be.", detail=unknown[0].message, errors=unknown)
    try:
        found = CalendarChoice.from_dict(choice)
        if found is not None:
            _known(found)
    except CalendarError as problem:
        errors = [FieldProblem(problem.where or "calendar", str(problem))]
        raise InvalidInput("These working hours cannot be.", detail=str(problem), errors=errors) from None
    return found.as_dict() if found else {}


def workspace_hours_update(*, access: Access, choice: Mapping[str, Any]) -> None:
    """The hours of the workspace. Owners only. Every process without its own is measured again by them."""
    access.require(Role.OWNER)
    kept = hours_checked(choice)
    with transaction.atomic():
        if not _keep(access.workspace, None, kept):
            return
        _audit(access, f"workspace:{access.workspace.pk}", kept)
        own = WorkingHours.objects.of(access.workspace).exclude(process=None).values("process")
        for process in Process.objects.of(access.workspace).filter(logs__isnull=False).exclude(pk__in=own).distinct():
            log_measure_start(access=access, process=process)


def process_hours_update(*, access: Access, process: Process, choice: Mapping[str, Any] | None) -> None:
    """The hours of one process; None gives it those of the workspace again. It is measured again where it has a log."""
    access.require(Role.EDITOR)
    kept = None if choice is None else hours_checked(choice)
    with transaction.atomic():
        if not _keep(access.workspace, process, kept):
            return
        _audit(access, f"process:{process.pk}", kept)
        if process.logs.exists():
            log_measure_start(access=access, process=process)


def _keep(workspace: Workspace, process: Process | None, choice: Mapping[str, Any] | None) -> bool:
    """Keep the hours; whether that changed anything."""
    rows = WorkingHours.objects.of(workspace).filter(process=process).select_for_update()
    before = rows.first()
    if choice is None:
        return bool(rows.delete()[0])
    if before is not None and before.choice == choice:
        return False
    WorkingHours.objects.update_or_create(workspace=workspace, process=process, defaults={"choice": choice})
    return True


def _audit(access: Access, subject: str, choice: Mapping[str, Any] | None) -> None:
    words = "those of the workspace" if choice is None else choice_words(choice)
    audit_record(access=access, verb="working-hours.changed", subject=subject, detail={"hours": words})


def _known(choice: CalendarChoice) -> None:
    if choice.country and choice.country not in countries():
        raise CalendarError(f"The holidays of “{choice.country[:10]}” are not known.", where="country")
    if choice.subdivision and choice.subdivision not in subdivisions().get(choice.country, ()):
        known = ", ".join(subdivisions().get(choice.country, ())[:60]) or "none"
        raise CalendarError(
            f"“{choice.subdivision[:20]}” is no part of that country with holidays of its own: {known}.",
            where="subdivision",
        )
