"""What is answered of a task and which verdict follows, from evidence that was read already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
from planner.models import MeasuredValue, SuitabilityAnswer, Task
from planner.selectors.value_evidence import Foreseen


@dataclass(frozen=True, eq=False)
class Said:
    """What people answered of each task, and its latest measured value, by the task's id."""

    answers: Mapping[int, Sequence[SuitabilityAnswer]]
    measured: Mapping[int, MeasuredValue]


def said_of(tasks: Sequence[Task]) -> Said:
    """Two queries, put to their tasks here: a prefetch makes a queryset for each task, which took half the time."""
    ids = [task.pk for task in tasks]
    answers: dict[int, list[SuitabilityAnswer]] = defaultdict(list)
    for answer in SuitabilityAnswer.objects.filter(task__in=ids):
        answers[answer.task_id].append(answer)
    measured: dict[int, MeasuredValue] = {}
    for value in MeasuredValue.objects.filter(task__in=ids).select_related("planned", "measured"):
        measured.setdefault(value.task_id, value)
    return Said(answers, measured)


def answers_of(given: Iterable[SuitabilityAnswer], foreseen: Foreseen) -> tuple[Answer, ...]:
    """A person's answer to each question where there is one, else the log's."""
    people = {one.question: Answer(one.question, one.score, one.evidence, Source.PERSON) for one in given}
    return merged(people, _proposed(foreseen.facts))


@lru_cache(maxsize=4096)
def _proposed(facts: TaskFacts) -> tuple[Answer, ...]:
    return propose(facts)


def is_aside(finding: Finding | None) -> bool:
    """Set aside by a verdict that no value can change."""
    return finding is not None and finding.verdict not in (Verdict.PREDICT, Verdict.NOT_WORTH_IT)


def verdict_of(
    task: Task, foreseen: Foreseen, answers: Sequence[Answer], brief: Brief | None, measured: MeasuredValue | None
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
    task: Task, foreseen: Foreseen, answers: Sequence[Answer], brief: Brief | None, measured: MeasuredValue | None
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
