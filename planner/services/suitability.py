"""Answers of people to the questions of suitability."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput
from planner.domain.suitability.suitability import BY_KEY, HIGHEST
from planner.models import SuitabilityAnswer, Task

LONGEST_REASON = 400


@transaction.atomic
def suitability_answer(
    *, access: Access, task: Task, question: str, score: int | None, evidence: str = ""
) -> SuitabilityAnswer | None:
    """Answer one question for one task, 0 to 5; None takes the answer back, so that the log's proposal stands again."""
    access.require(Role.EDITOR)
    problems = _problems(question, score, evidence)
    if problems:
        raise InvalidInput("Not saved.", errors=problems)
    before = SuitabilityAnswer.objects.filter(task=task, question=question).first()
    if score is None:
        if before is not None:
            before.delete()
            _record(access, task, question, (before.score, None))
        return None
    if before is None or (before.score, before.evidence) != (score, evidence.strip()):
        _record(access, task, question, (before.score if before else None, score))
    answer, _ = SuitabilityAnswer.objects.update_or_create(
        task=task,
        question=question,
        defaults={
            "workspace": task.workspace,
            "score": score,
            "evidence": evidence.strip(),
            "answered_by": access.user,
            "answered_at": timezone.now(),
        },
    )
    return answer


def _record(access: Access, task: Task, question: str, change: tuple[int | None, int | None]) -> None:
    detail = {"task": task.name, BY_KEY[question].text: dict(zip(("from", "to"), change, strict=True))}
    audit_record(access=access, verb="suitability.answered", subject=f"task:{task.pk}", detail=detail)


def _problems(question: str, score: int | None, evidence: str) -> list[FieldProblem]:
    problems = []
    if question not in BY_KEY:
        problems.append(FieldProblem("question", f"There is no question “{question[:20]}”."))
    if score is not None and not 0 <= score <= HIGHEST:
        problems.append(FieldProblem("score", f"A score is 0 to {HIGHEST}."))
    if len(evidence) > LONGEST_REASON:
        problems.append(FieldProblem("evidence", f"A reason may have {LONGEST_REASON} characters."))
    return problems


@transaction.atomic
def suitability_update(*, access: Access, task: Task, answers: Mapping[str, tuple[int | None, str]]) -> None:
    """Answer several questions of one task, all or none: score (None takes it back) and reason by question."""
    for question, (score, evidence) in answers.items():
        suitability_answer(access=access, task=task, question=question, score=score, evidence=evidence)
