"""The tasks of a process with their suitability, value and verdict, read in a handful of queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from accounts.models import Workspace
from planner.domain.suitability.suitability import Answer, Standing, standing
from planner.domain.suitability.verdicts import Finding, Verdict
from planner.domain.valuation.assumptions import ADOPTION, INPUTS, Case
from planner.domain.valuation.estimate import UNCHECKED, Assumption, InvalidAssumptions, MissingAssumptions, case_read
from planner.domain.valuation.measured import ConfusionMatrix, measured_case
from planner.domain.valuation.outcome import Brief, Outcome
from planner.domain.valuation.shared_costs import SharedLine
from planner.models import MeasuredValue, Process, Task
from planner.selectors.task_verdict import Said, answers_of, is_aside, said_of, verdict_of
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
        """The value in use in full. Computed when asked for, about 2 ms; of many see `outcomes_ahead`."""
        return outcome_of(self.case, self.identity) if self.case is not None else None

    @cached_property
    def planned(self) -> Outcome | None:
        """The value without what was measured, where something was."""
        if self.planned_case is None or self.measured is None:
            return None
        return outcome_of(self.planned_case, self.identity)

    @property
    def cases(self) -> list[tuple[Case, str]]:
        """What `outcome` and `planned` are of, each with the task's identity."""
        planned = self.planned_case if self.measured is not None else None
        return [(case, self.identity) for case in (self.case, planned) if case is not None]

    @cached_property
    def assumptions(self) -> dict[str, Assumption]:
        """Every assumption in use, by key."""
        return {key: said[0] for key, said in self.layers.items()}

    @property
    def unchecked(self) -> str:
        """The state of a task without a verdict. A task that is in no log cannot be checked before there is one."""
        return "being checked" if self.checking else "not checked yet" if self.task.activity else "no log to check"

    @property
    def standing(self) -> Standing:
        return standing(self.answers)

    @property
    def pk(self) -> int:
        return self.task.pk

    @property
    def name(self) -> str:
        return self.task.name

    @property
    def lane(self) -> str:
        return self.task.lane

    @property
    def process_id(self) -> int:
        return self.task.process_id

    @property
    def process(self) -> Process:
        return self.task.process

    @property
    def suited(self) -> float | None:
        """Share of the points of suitability, None where too little is answered."""
        return self.standing.share

    @property
    def is_measured(self) -> bool:
        """Whether a model of it was measured."""
        return self.measured is not None

    @property
    def identity(self) -> str:
        """What tells its random numbers from those of every other task."""
        return identity_of(self.task)

    @property
    def is_candidate(self) -> bool:
        """Worth ranking: valued, and nothing speaks against a model but perhaps its value."""
        return self.brief is not None and not self.is_aside

    @property
    def is_aside(self) -> bool:
        """Set aside by a verdict that no value can change."""
        return is_aside(self.finding)

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
    """By its number, which it keeps: a task of the same name in another process has random numbers of its own, and
    those of this one stay what they are when it is renamed.

    >>> identity_of(Task(pk=12, name="Triage")), identity_of(Task(pk=13, name="Triage"))
    ('task 12', 'task 13')
    """
    return f"task {task.pk}"


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
    said = said_of(tasks)
    drafts = [_draft(task, said, evidence[task.process_id], shared[task.process_id]) for task in tasks]
    return _valued(workspace, drafts, most)


def valued_task(task: Task) -> ValuedTask:
    """One task alone."""
    draft = _draft(task, said_of([task]), process_evidence(task.process, [task]), shared_of(task.process))
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


def _draft(task: Task, said: Said, evidence: ProcessEvidence, shared: Shared) -> _Draft:
    workspace, foreseen = task.workspace, evidence.of(task)
    answers = answers_of(said.answers.get(task.pk, ()), foreseen)
    layers = assumption_layers(task, workspace, set_by_people(task), shared)
    planned_case, gap = _case(layers, task, shared.lines(task))
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
    finding = verdict_of(task, foreseen, draft.answers, brief, measured)
    checking = bool(draft.checking and task.activity and foreseen.finding is None and measured is None)
    if checking and finding is not None and finding.verdict is Verdict.NOT_WORTH_IT:
        finding = None
    waiting = draft.case is not None and brief is None
    return ValuedTask(
        *(task, draft.workspace, draft.answers, draft.layers, draft.shared, version_of(task), draft.case, brief),
        *(draft.planned_case, WAITING if waiting else draft.gap, finding, foreseen, measured, checking, waiting),
        fingerprint=draft.mark,
    )


@lru_cache(maxsize=4096)
def _case_read(texts: tuple[tuple[str, str], ...], lines: tuple[SharedLine, ...]) -> Case:
    return case_read(dict(texts), lines)


def _case(
    layers: Mapping[str, Sequence[Assumption]], task: Task, lines: tuple[SharedLine, ...]
) -> tuple[Case | None, str]:
    try:
        return _case_read(tuple([(key, said[0].text) for key, said in layers.items()]), lines), ""
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
