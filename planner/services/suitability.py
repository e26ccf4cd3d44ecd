"""Answers of people to the questions of suitability."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput, StaleEdit
from planner.domain.suitability.suitability import BY_KEY, HIGHEST
from planner.models import Process, SuitabilityAnswer, Task
from planner.selectors.suitability_version import answers_version

LONGEST_REASON = 400
MOST_ANSWERS = 2000
Said = tuple[int | None, str]
"""What stands at a question: a person's score and reason, (None, "") while nobody answered."""
NOTHING: Said = (None, "")


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """One question answered for one task, 0 to 5; None takes the answer back, so that the log's proposal stands again.

    `seen` is all that its giver may have seen standing there, what they gave themselves a moment ago included; None
    answers whatever stands.
    """

    task: int
    question: str
    score: int | None
    reason: str = ""
    seen: Collection[Said] | None = None

    @property
    def said(self) -> Said:
        """What is to stand."""
        return (None, "") if self.score is None else (self.score, tidy(self.reason))


def tidy(reason: str) -> str:
    """A reason as it is kept: on one line.

    >>> tidy(" seen the\\n same day ")
    'seen the same day'
    """
    return " ".join(reason.split())


def suitability_answer(
    *, access: Access, task: Task, question: str, score: int | None, evidence: str = ""
) -> SuitabilityAnswer | None:
    """Answer one question for one task; returns the answer that stands."""
    given = GivenAnswer(task=task.pk, question=question, score=score, reason=evidence)
    suitabilities_update(access=access, process=task.process, answers=[given])
    return SuitabilityAnswer.objects.filter(task=task, question=question).first()


@transaction.atomic
def suitabilities_update(
    *,
    access: Access,
    process: Process,
    answers: Sequence[GivenAnswer],
    version: int | None = None,
    of: Task | None = None,
) -> list[int]:
    """Answer questions for any tasks of a process, all or none; returns the ids of the tasks whose answers changed.

    `version` is that of the answers of the process, or of the one task `of`, that they were given on (None: whatever
    stands). InvalidInput names each answer that cannot be used by its place, StaleEdit each that was changed meanwhile.
    """
    access.require(Role.EDITOR)
    Process.objects.of(access.workspace).select_for_update(no_key=True).get_or_404(pk=process.pk)
    names = _names(process, answers)
    problems = _problems(answers, names)
    if problems:
        raise InvalidInput("Not saved.", detail="Mend the answers named; nothing was saved.", errors=problems)
    standing = _standing(process, answers)
    _refuse_stale(answers, standing, names)
    if version is not None and version != answers_version(_all_of(process, of)):
        raise StaleEdit(
            "Not saved: these answers were changed meanwhile.",
            detail="Read them again.",
            changed=[_now(each, standing.get((each.task, each.question)), names) for each in answers],
        )
    changed = [each for each in answers if each.said != said_of(standing.get((each.task, each.question)))]
    _record(access, changed, standing, names)
    _write(access, changed, standing)
    return sorted({each.task for each in changed})


Standing = Mapping[tuple[int, str], SuitabilityAnswer]


def said_of(answer: SuitabilityAnswer | None) -> Said:
    """What stands at a question."""
    return (answer.score, tidy(answer.evidence)) if answer is not None else NOTHING


def _names(process: Process, answers: Sequence[GivenAnswer]) -> dict[int, str]:
    """The names of the tasks asked for, of those that are tasks of the process."""
    asked = {each.task for each in answers if 0 < each.task < 2**63}
    tasks = Task.objects.of(process.workspace).work().filter(process=process, pk__in=asked)
    return dict(tasks.values_list("pk", "name"))


def _standing(process: Process, answers: Sequence[GivenAnswer]) -> dict[tuple[int, str], SuitabilityAnswer]:
    asked = {each.task for each in answers}
    found = SuitabilityAnswer.objects.of(process.workspace).filter(task__in=asked).select_related("answered_by")
    return {(one.task_id, one.question): one for one in found}


def _all_of(process: Process, task: Task | None) -> QuerySet[SuitabilityAnswer]:
    found = SuitabilityAnswer.objects.of(process.workspace)
    if task is not None:
        return found.filter(task=task)
    return found.filter(task__in=Task.objects.of(process.workspace).work().filter(process=process))


def _refuse_stale(answers: Sequence[GivenAnswer], standing: Standing, names: Mapping[int, str]) -> None:
    late = []
    for place, each in enumerate(answers):
        now = said_of(standing.get((each.task, each.question)))
        if each.seen is not None and now != each.said and now not in each.seen:
            late.append((place, each))
    if not late:
        return
    words = [(place, _now(each, standing.get((each.task, each.question)), names)) for place, each in late]
    raise StaleEdit(
        "Not saved: these answers were changed meanwhile.",
        detail="What holds now is shown; answer again to replace it.",
        changed=[said for _, said in words],
        errors=[FieldProblem(f"answers.{place}.score", f"{said}.") for place, said in words],
    )


def _now(given: GivenAnswer, answer: SuitabilityAnswer | None, names: Mapping[int, str]) -> str:
    """What stands, as “Triage, Volume: now 2, “half of them go”, by Ada”."""
    where = f"{names[given.task]}, {BY_KEY[given.question].short}"
    if answer is None:
        return f"{where}: now taken back"
    reason = f", “{answer.evidence}”" if answer.evidence else ""
    who = f", by {answer.answered_by}" if answer.answered_by else ""
    return f"{where}: now {answer.score}{reason}{who}"


def _write(access: Access, changed: Sequence[GivenAnswer], standing: Standing) -> None:
    new: list[SuitabilityAnswer] = []
    other: list[SuitabilityAnswer] = []
    gone: list[int] = []
    for each in changed:
        before = standing.get((each.task, each.question))
        if each.score is None:
            gone += [before.pk] if before is not None else []
            continue
        answer = before or SuitabilityAnswer(workspace=access.workspace, task_id=each.task, question=each.question)
        answer.score, answer.evidence = each.score, tidy(each.reason)
        answer.answered_by, answer.answered_at = access.user, timezone.now()
        (new if before is None else other).append(answer)
    SuitabilityAnswer.objects.bulk_create(new)
    SuitabilityAnswer.objects.bulk_update(other, ["score", "evidence", "answered_by", "answered_at"])
    SuitabilityAnswer.objects.filter(pk__in=gone).delete()


def _record(access: Access, changed: Sequence[GivenAnswer], standing: Standing, names: Mapping[int, str]) -> None:
    """One entry a task."""
    told: dict[int, dict[str, object]] = {}
    for each in changed:
        before = standing.get((each.task, each.question))
        change = {"from": before.score if before else None, "to": each.score}
        told.setdefault(each.task, {"task": names[each.task]})[BY_KEY[each.question].text] = change
    for task, detail in told.items():
        audit_record(access=access, verb="suitability.answered", subject=f"task:{task}", detail=detail)


def _problems(answers: Sequence[GivenAnswer], names: Mapping[int, str]) -> list[FieldProblem]:
    if len(answers) > MOST_ANSWERS:
        return [FieldProblem("answers", f"At most {MOST_ANSWERS} at once; these are {len(answers)}.")]
    problems: list[FieldProblem] = []
    seen: set[tuple[int, str]] = set()
    for place, each in enumerate(answers):
        at = f"answers.{place}."
        problems += [FieldProblem(at + field, message) for field, message in _wrong(each, names)]
        if (each.task, each.question) in seen:
            problems.append(FieldProblem(f"{at}question", "This question of this task is answered twice."))
        seen.add((each.task, each.question))
    return problems


def _wrong(each: GivenAnswer, names: Mapping[int, str]) -> list[tuple[str, str]]:
    wrong = []
    if each.task not in names:
        wrong.append(("task", "There is no such task in this process."))
    if each.question not in BY_KEY:
        wrong.append(("question", f"There is no question “{each.question[:20]}”."))
    if each.score is not None and not 0 <= each.score <= HIGHEST:
        wrong.append(("score", f"A score is a whole number from 0 to {HIGHEST}."))
    if len(tidy(each.reason)) > LONGEST_REASON:
        length = len(tidy(each.reason))
        wrong.append(("evidence", f"A reason may have {LONGEST_REASON} characters, this has {length}."))
    elif "\x00" in each.reason:
        wrong.append(("evidence", "There is a character in it that cannot be kept."))
    elif each.score is None and tidy(each.reason):
        wrong.append(("evidence", "A reason stands beside a score: give 0 to 5 with it."))
    return wrong
