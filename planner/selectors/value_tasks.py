"""The tasks of a process with their suitability, value and verdict, read in a handful of queries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from accounts.models import Workspace
from planner.domain.suitability.suitability import (
    Answer,
    Source,
    Standing,
    judgment_is_the_task,
    merged,
    propose,
    standing,
)
from planner.domain.suitability.verdicts import Evidence, Finding, Verdict, judge
from planner.domain.valuation.assumptions import ADOPTION, INPUTS, Case
from planner.domain.valuation.estimate import UNCHECKED, Assumption, InvalidAssumptions, MissingAssumptions, case_of
from planner.domain.valuation.measured import ConfusionMatrix, measured_case
from planner.domain.valuation.outcome import Outcome
from planner.domain.valuation.shared_costs import SharedLine
from planner.models import MeasuredValue, Process, SuitabilityAnswer, Task
from planner.selectors.value_evidence import Foreseen, ProcessEvidence, process_evidence
from planner.selectors.value_inputs import Shared, assumption_layers, set_by_people, shared_of, version_of
from planner.selectors.value_outcome import outcome_of


@dataclass(frozen=True, eq=False)
class ValuedTask:
    """One task: its answers, its assumptions, what they are worth (None with the gap in words), and the verdict.

    `outcome` is the value in use: with measured errors once there are any, `planned` then the one without.
    """

    task: Task
    workspace: Workspace
    answers: tuple[Answer, ...]
    layers: dict[str, tuple[Assumption, ...]]
    """All that is said of each assumption, the one in use first."""
    shared: Shared
    version: int
    case: Case | None
    outcome: Outcome | None
    planned: Outcome | None
    planned_case: Case | None
    gap: str
    finding: Finding | None
    foreseen: Foreseen
    measured: MeasuredValue | None
    checking: bool = False
    """The check of its process is under way and has not come to it."""

    @cached_property
    def assumptions(self) -> dict[str, Assumption]:
        """Every assumption in use, by key."""
        return {key: said[0] for key, said in self.layers.items()}

    @property
    def unchecked(self) -> str:
        """The state of a task without a verdict."""
        return "being checked" if self.checking else "not checked yet"

    @property
    def standing(self) -> Standing:
        return standing(self.answers)

    @property
    def identity(self) -> str:
        """What tells its random streams from those of other tasks; the same wherever the same log is read."""
        return identity_of(self.task)

    @property
    def is_candidate(self) -> bool:
        """Worth ranking: valued, and nothing speaks against a model but perhaps its value."""
        return self.outcome is not None and not self.is_aside

    @property
    def is_aside(self) -> bool:
        """Set aside by a verdict that no value can change."""
        return self.finding is not None and self.finding.verdict not in (Verdict.PREDICT, Verdict.NOT_WORTH_IT)

    @property
    def resting_on_defaults(self) -> int:
        """How many assumptions in use nobody has set or measured."""
        return sum(found.origin in UNCHECKED and self._counts(found) for found in self.assumptions.values())

    def _counts(self, assumption: Assumption) -> bool:
        used = self.case is not None and assumption.key in self.case.by_key and assumption.text != "0"
        return used or assumption.key == ADOPTION

    @property
    def measured_keys(self) -> frozenset[str]:
        """Assumptions in whose place what was measured is used."""
        if self.case is None or self.planned_case is None or self.measured is None:
            return frozenset()
        used, planned = self.case.by_key, self.planned_case.by_key
        return frozenset(key for key in used if used[key] != planned.get(key))

    @property
    def yearly_cost(self) -> float | None:
        """What the task costs today, currency a year."""
        volume, minutes = self.task.volume_a_year, self.task.handling_minutes
        return None if volume is None or minutes is None else volume * minutes / 60 * float(self.workspace.hourly_wage)


def identity_of(task: Task) -> str:
    """The task's name in the log, else its own."""
    return task.activity or task.name


def valued_tasks(process: Process, *, only: Collection[int] | None = None) -> list[ValuedTask]:
    """Every task of a process (no starts and ends), in the order of the process; of those with an id in `only`."""
    found = Task.objects.of(process.workspace).work().filter(process=process)
    if only is not None:
        found = found.filter(pk__in=only)
    tasks = list(
        found.select_related("estimate", "workspace")
        .prefetch_related("answers", "measured_values__planned", "measured_values__measured")
        .order_by("position", "id")
    )
    evidence, shared = process_evidence(process, tasks), shared_of(process)
    return [valued(task, process.workspace, evidence, shared) for task in tasks]


def valued_task(task: Task) -> ValuedTask:
    """One task alone."""
    return valued(task, task.workspace, process_evidence(task.process, [task]), shared_of(task.process))


def valued(task: Task, workspace: Workspace, evidence: ProcessEvidence, shared: Shared) -> ValuedTask:
    """Put together what is known of one task."""
    foreseen = evidence.of(task)
    answers = merged(_given(task.answers.all()), propose(foreseen.facts))
    layers = assumption_layers(task, workspace, set_by_people(task), shared)
    planned_case, gap = _case({key: said[0] for key, said in layers.items()}, task, shared.lines(task))
    measured = next(iter(task.measured_values.all()), None)
    case = with_measured(planned_case, measured)
    identity = identity_of(task)
    outcome = outcome_of(case, identity) if case else None
    planned = outcome_of(planned_case, identity) if planned_case and measured else None
    finding = _finding(foreseen, _evidence(task, foreseen, answers, outcome, measured), measured)
    checking = bool(evidence.checking and task.activity and foreseen.finding is None and measured is None)
    if checking and finding is not None and finding.verdict is Verdict.NOT_WORTH_IT:
        finding = None
    return ValuedTask(
        *(task, workspace, answers, layers, shared, version_of(task), case, outcome, planned, planned_case),
        *(gap, finding, foreseen, measured, checking),
    )


def _given(answers: Iterable[SuitabilityAnswer]) -> dict[str, Answer]:
    return {found.question: Answer(found.question, found.score, found.evidence, Source.PERSON) for found in answers}


def _case(assumptions: dict[str, Assumption], task: Task, lines: Iterable[SharedLine]) -> tuple[Case | None, str]:
    try:
        return case_of(assumptions, lines), ""
    except MissingAssumptions as missing:
        return None, _missing(missing, task)
    except InvalidAssumptions as invalid:
        key, sentence = next(iter(invalid.problems.items()))
        label = INPUTS[key].label if key in INPUTS else key
        return None, f"{label}: {sentence}"


def _missing(missing: MissingAssumptions, task: Task) -> str:
    if missing.keys == ("minutes_before",) and task.handling_minutes == 0:
        return "handling takes no minutes in the log"
    return str(missing)


def with_measured(case: Case | None, measured: MeasuredValue | None) -> Case | None:
    if case is None or measured is None:
        return case
    return measured_case(case, confusion_of(measured))


def confusion_of(measured: MeasuredValue) -> ConfusionMatrix:
    return ConfusionMatrix(measured.tp, measured.fp, measured.fn, measured.tn)


def _finding(foreseen: Foreseen, evidence: Evidence, measured: MeasuredValue | None) -> Finding | None:
    """The check's own words where it settles the matter, else the table's, which also asks what it is worth."""
    checked = foreseen.finding
    if checked is None:
        return judge(evidence)
    settled = not checked.verdict.wants_a_model
    if settled and measured is None and not evidence.automatic and not evidence.judgment_is_the_task:
        return checked
    found = judge(evidence)
    if found is None or not found.verdict.wants_a_model or not checked.verdict.wants_a_model:
        return found
    lost = round(100 * (evidence.loss_probability or 0.0))
    return Finding(found.verdict, f"{checked.reason} {lost} in 100 futures lose money.")


def _evidence(
    task: Task,
    foreseen: Foreseen,
    answers: Sequence[Answer],
    outcome: Outcome | None,
    measured: MeasuredValue | None,
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
        npv_mean=outcome.summary.mean if outcome else None,
        loss_probability=outcome.summary.loss_probability if outcome else None,
    )
