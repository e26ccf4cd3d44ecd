"""What is answered of a task and which verdict follows, from evidence that was read already."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from planner.domain.suitability.suitability import (
    Answer,
    Source,
    TaskFacts,
    judgment_is_the_task,
    merged,
    no_outcome_is_recorded,
    propose,
    rule_is_written,
)
from planner.domain.suitability.verdicts import Evidence, Finding, Verdict, judge
from planner.domain.valuation.outcome import Brief
from planner.models import MeasuredValue, SuitabilityAnswer
from planner.selectors.value_evidence import Foreseen, SeenTask

MOST_NAMED = 100
"""Tasks that a query names one by one."""


class JudgedTask(SeenTask, Protocol):
    """What a verdict asks of a task itself: a row, or some of its columns."""

    @property
    def is_automatic(self) -> bool: ...


@dataclass(frozen=True, eq=False)
class Said:
    """What people answered of each task, and its latest measured value, by the task's id."""

    answers: Mapping[int, Sequence[SuitabilityAnswer]]
    measured: Mapping[int, MeasuredValue]


def said_of(tasks: Sequence[JudgedTask]) -> Said:
    """Two queries, put to their tasks here: a prefetch makes a queryset for each task, which took half the time.

    Of many tasks those of their processes are asked for: thousands of numbers in a query take longer than its answer.
    """
    asked = {"task__in": [task.pk for task in tasks]}
    if len(tasks) > MOST_NAMED:
        asked = {"task__process__in": list({task.process_id for task in tasks})}
    answers: dict[int, list[SuitabilityAnswer]] = defaultdict(list)
    for answer in SuitabilityAnswer.objects.filter(**asked):
        answers[answer.task_id].append(answer)
    measured: dict[int, MeasuredValue] = {}
    for value in MeasuredValue.objects.filter(**asked).select_related("planned", "measured"):
        measured.setdefault(value.task_id, value)
    return Said(answers, measured)


def answers_of(given: Sequence[SuitabilityAnswer], foreseen: Foreseen) -> tuple[Answer, ...]:
    """A person's answer to each question where there is one, else the log's."""
    if not given:
        return _proposed(foreseen.facts)
    people = {one.question: Answer(one.question, one.score, one.evidence, Source.PERSON) for one in given}
    return merged(people, _proposed(foreseen.facts))


@lru_cache(maxsize=4096)
def _proposed(facts: TaskFacts) -> tuple[Answer, ...]:
    return propose(facts)


def is_aside(finding: Finding | None) -> bool:
    """Set aside by a verdict that no value can change."""
    return finding is not None and finding.verdict not in (Verdict.PREDICT, Verdict.NOT_WORTH_IT)


def verdict_of(
    task: JudgedTask, foreseen: Foreseen, answers: Sequence[Answer], brief: Brief | None, measured: MeasuredValue | None
) -> Finding | None:
    """The check's own words where it settles the matter, else the table's, which also asks what it is worth."""
    evidence = _evidence(task, foreseen, answers, brief, measured)
    checked = foreseen.finding
    if checked is None:
        return judge(evidence)
    settled = not checked.verdict.wants_a_model
    said = evidence.automatic or evidence.judgment_is_the_task or evidence.rule_is_written
    if settled and measured is None and not said:
        return checked
    found = judge(evidence)
    if found is None or not found.verdict.wants_a_model or not checked.verdict.wants_a_model:
        return found
    lost = round(100 * (evidence.loss_probability or 0.0))
    return Finding(found.verdict, f"{checked.reason} {lost} in 100 futures lose money.")


def _evidence(
    task: JudgedTask, foreseen: Foreseen, answers: Sequence[Answer], brief: Brief | None, measured: MeasuredValue | None
) -> Evidence:
    beats = foreseen.beats_baseline
    if measured is not None and measured.beats_baseline is not None:
        beats = measured.beats_baseline
    return Evidence(
        automatic=task.is_automatic,
        trivial_auc=foreseen.facts.trivial_auc,
        rule_share=foreseen.facts.rule_share,
        labelled=foreseen.facts.labelled,
        smaller_class=foreseen.smaller_class,
        beats_baseline=beats,
        judgment_is_the_task=judgment_is_the_task(answers),
        rule_is_written=rule_is_written(answers),
        no_outcome_is_recorded=no_outcome_is_recorded(answers),
        npv_mean=brief.summary.mean if brief else None,
        loss_probability=brief.summary.loss_probability if brief else None,
    )
