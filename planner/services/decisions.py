"""The decision of a task in its parts, written by people; an emptied part goes back to what is proposed."""

from collections.abc import Mapping

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput, StaleEdit
from planner.domain.suitability.decision import LONGEST_PART, PARTS
from planner.models import Task, TaskDecision

_LABELS = {part.key: part.label for part in PARTS}


def decision_update(
    *, access: Access, task: Task, changes: Mapping[str, str], version: int | None = None
) -> TaskDecision:
    """Write parts of the decision by key, all or none; an empty text goes back to what is proposed.

    `version` is the one the edit was made on (0 before the first, None for whatever it is now). InvalidInput names
    each part that cannot be used, StaleEdit says what the parts are meanwhile.
    """
    access.require(Role.EDITOR)
    cleaned = {key: " ".join(text.split()) for key, text in changes.items()}
    _check(cleaned)
    with transaction.atomic():
        decision, _ = TaskDecision.objects.select_for_update().get_or_create(
            task=task, defaults={"workspace": task.workspace}
        )
        if version is not None and version != decision.version:
            raise StaleEdit(
                "Not saved: this decision was changed meanwhile.",
                detail="What holds now is shown; make your change again.",
                changed=[f"{label}: now {getattr(decision, key) or 'as proposed'}" for key, label in _LABELS.items()],
            )
        before = {key: getattr(decision, key) for key in cleaned}
        told = {
            _LABELS[key]: {"from": before[key], "to": cleaned[key]} for key in cleaned if before[key] != cleaned[key]
        }
        if told:
            for key, text in cleaned.items():
                setattr(decision, key, text)
            decision.version += 1
            decision.save()
            audit_record(
                access=access, verb="decision.changed", subject=f"task:{task.pk}", detail={"task": task.name, **told}
            )
    return decision


def _check(changes: Mapping[str, str]) -> None:
    problems = []
    for key, text in changes.items():
        if key not in _LABELS:
            problems.append(FieldProblem(key, f"A decision has no part “{key[:20]}”."))
        elif len(text) > LONGEST_PART:
            problems.append(FieldProblem(key, f"A part may have {LONGEST_PART} characters, this has {len(text)}."))
        elif "\x00" in text:
            problems.append(FieldProblem(key, "There is a character in it that cannot be kept."))
    if problems:
        raise InvalidInput("Not saved.", detail="Mend the parts named.", errors=problems)
