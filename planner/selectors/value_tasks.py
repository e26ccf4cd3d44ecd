"""The tasks of a process with their suitability, value and verdict, read in a handful of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from accounts.models import Workspace
from planner.domain.suitability.suitability import (
    Answer,
    Source,
    Standing,
    TaskFacts,
    judgment_is_the_task,
    merged,
    propose,
    standing,
)
from planner.domain.suitability.verdicts import Evidence, Finding, Verdict, judge
from planner.domain.valuation.assumptions import ADOPTION, INPUTS, Case
from planner.domain.valuation.estimate import UNCHECKED, Assumption, InvalidAssumptions, MissingAssumptions, case_of
from planner.domain.valuation.measured import ConfusionMatrix, measured_case
from planner.domain.valuation.outcome import Brief, Outcome
from planner.domain.valuation.shared_costs import SharedLine
from planner.models import MeasuredValue, Process, SuitabilityAnswer, Task
from planner.selectors.value_evidence import Foreseen, ProcessEvidence, evidence_of, process_evidence
from planner.selectors.value_inputs import (
    Shared,
    assumption_layers,
    set_by_people,
    shared_by_process,
    shared_of,
    version_of,
)
from planner.selectors.value_outcome import fingerprint, outcome_of
from planner.selectors.value_results import MOST_AT_ONCE, briefs_of

WAITING = "being computed"
"""The gap of a task whose value is on its way."""


@dataclass(frozen=True, eq=False)
class ValuedTask:
    """One task: its answers, its assumptions, what they are worth in brief (else the gap in words), and the verdict.

    `brief` is the value in use: with measured errors once there are any. It is None while `waiting`: nobody has
    computed it yet, and with so many others it is not computed while a page waits.
    """

    task: Task
    workspace: Workspace
    answers: tuple[Answer, ...]
    layers: dict[str, tuple[Assumption, ...]]
    """All that is said of each assumption, the one in use first."""
    shared: Shared
    version: int
    case: Case | None
    brief: Brief | None
    planned_case: Case | None
    gap: str
    finding: Finding | None
    foreseen: Foreseen
    measured: MeasuredValue | None
    checking: bool = False
    """The check of its process is under way and has not come to it."""
    waiting: bool = False
    fingerprint: str = ""
    """Tells the value in use from every other; empty where there is none."""

    @cached_property
    def outcome(self) -> Outcome | None:
        """The value in use in full. Computed when asked for, about 2 ms: for one task, not for lists."""
        return outcome_of(self.case, self.identity) if self.case is not None else None

    @cached_property
    def planned(self) -> Outcome | None:
        """The value without what was measured, where something was."""
        if self.planned_case is None or self.measured is None:
            return None
        return outcome_of(self.planned_case, self.identity)

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
        return self.brief is not None and not self.is_aside

    @property
    def is_aside(self) -> bool:
        """Set aside by a verdict that no value can change."""
        return self.finding is not None and self.finding.verdict not in (Verdict.PREDICT, Verdict.NOT_WORTH_IT)

    @cached_property
    def resting_on_defaults(self) -> int:
        """How many assumptions in use nobody has set or measured."""
        counting = {ADOPTION} | {key for key, _ in (self.case.inputs if self.case is not None else ())}
        assumed = [found for found in self.assumptions.values() if found.origin in UNCHECKED]
        return sum(found.key == ADOPTION or (found.key in counting and found.text != "0") for found in assumed)

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


def valued_tasks(
    process: Process, *, most: int | None = MOST_AT_ONCE, only: Collection[int] | None = None
) -> list[ValuedTask]:
    """Every task of a process (no starts and ends), in the order of the process; of those with an id in `only`.

    Of what is neither remembered nor kept, at most `most` are valued here (None: all): more make nobody wait, they
    are `waiting`.
    """
    return valued_of(process.workspace, [process], most=most, only=only)


def valued_of(
    workspace: Workspace,
    processes: Sequence[Process],
    *,
    most: int | None = MOST_AT_ONCE,
    only: Collection[int] | None = None,
) -> list[ValuedTask]:
    """Every task of these processes, in their order: eight queries, however many there are. `most` as above."""
    by_pk = {process.pk: process for process in processes}
    found = Task.objects.of(workspace).work().filter(process__in=by_pk)
    if only is not None:
        found = found.filter(pk__in=only)
    tasks = list(found.select_related("estimate").order_by("position", "id"))
    for task in tasks:
        task.workspace, task.process = workspace, by_pk[task.process_id]
    evidence, shared = evidence_of(workspace, processes, tasks), shared_by_process(workspace, processes)
    place = {pk: at for at, pk in enumerate(by_pk)}
    tasks.sort(key=lambda task: place[task.process_id])
    said = _said(tasks)
    drafts = [_draft(task, said, evidence[task.process_id], shared[task.process_id]) for task in tasks]
    return _valued(workspace, drafts, most)


def valued_task(task: Task) -> ValuedTask:
    """One task alone."""
    draft = _draft(task, _said([task]), process_evidence(task.process, [task]), shared_of(task.process))
    return _valued(task.workspace, [draft], most=None)[0]


@dataclass(frozen=True, eq=False)
class _Draft:
    """What is known of one task before it is valued."""

    task: Task
    workspace: Workspace
    foreseen: Foreseen
    checking: bool
    answers: tuple[Answer, ...]
    layers: dict[str, tuple[Assumption, ...]]
    shared: Shared
    measured: MeasuredValue | None
    planned_case: Case | None
    case: Case | None
    gap: str
    mark: str
    """The fingerprint of the value in use, empty where there is none."""


@dataclass(frozen=True, eq=False)
class _Said:
    """What people answered of each task, and its latest measured value, by the task's id."""

    answers: Mapping[int, Sequence[SuitabilityAnswer]]
    measured: Mapping[int, MeasuredValue]


def _said(tasks: Sequence[Task]) -> _Said:
    """Two queries, put to their tasks here: a prefetch makes a queryset for each task, which took half the time."""
    ids = [task.pk for task in tasks]
    answers: dict[int, list[SuitabilityAnswer]] = defaultdict(list)
    for answer in SuitabilityAnswer.objects.filter(task__in=ids):
        answers[answer.task_id].append(answer)
    measured: dict[int, MeasuredValue] = {}
    for value in MeasuredValue.objects.filter(task__in=ids).select_related("planned", "measured"):
        measured.setdefault(value.task_id, value)
    return _Said(answers, measured)


def _draft(task: Task, said: _Said, evidence: ProcessEvidence, shared: Shared) -> _Draft:
    workspace, foreseen = task.workspace, evidence.of(task)
    answers = merged(_given(said.answers.get(task.pk, ())), _proposed(foreseen.facts))
    layers = assumption_layers(task, workspace, set_by_people(task), shared)
    planned_case, gap = _case(tuple(found[0] for found in layers.values()), task, shared.lines(task))
    measured = said.measured.get(task.pk)
    case = with_measured(planned_case, measured)
    known = (task, workspace, foreseen, evidence.checking, answers, layers, shared)
    mark = fingerprint(case, identity_of(task)) if case is not None else ""
    return _Draft(*known, measured, planned_case, case, gap, mark)


def _valued(workspace: Workspace, drafts: Sequence[_Draft], most: int | None) -> list[ValuedTask]:
    wanted = [(draft.mark, draft.case, identity_of(draft.task)) for draft in drafts if draft.case is not None]
    briefs = briefs_of(workspace, wanted, most=most)
    return [_with_value(draft, briefs) for draft in drafts]


def _with_value(draft: _Draft, briefs: Mapping[str, Brief]) -> ValuedTask:
    task, foreseen, measured = draft.task, draft.foreseen, draft.measured
    brief = briefs.get(draft.mark)
    finding = _finding(foreseen, _evidence(task, foreseen, draft.answers, brief, measured), measured)
    checking = bool(draft.checking and task.activity and foreseen.finding is None and measured is None)
    if checking and finding is not None and finding.verdict is Verdict.NOT_WORTH_IT:
        finding = None
    waiting = draft.case is not None and brief is None
    return ValuedTask(
        *(task, draft.workspace, draft.answers, draft.layers, draft.shared, version_of(task), draft.case, brief),
        *(draft.planned_case, WAITING if waiting else draft.gap, finding, foreseen, measured, checking, waiting),
        fingerprint=draft.mark,
    )


def _given(answers: Iterable[SuitabilityAnswer]) -> dict[str, Answer]:
    return {found.question: Answer(found.question, found.score, found.evidence, Source.PERSON) for found in answers}


@lru_cache(maxsize=4096)
def _proposed(facts: TaskFacts) -> tuple[Answer, ...]:
    return propose(facts)


@lru_cache(maxsize=4096)
def _case_read(assumptions: tuple[Assumption, ...], lines: tuple[SharedLine, ...]) -> Case:
    return case_of({assumption.key: assumption for assumption in assumptions}, lines)


def _case(assumptions: tuple[Assumption, ...], task: Task, lines: tuple[SharedLine, ...]) -> tuple[Case | None, str]:
    try:
        return _case_read(assumptions, lines), ""
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
    brief: Brief | None,
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
        npv_mean=brief.summary.mean if brief else None,
        loss_probability=brief.summary.loss_probability if brief else None,
    )
