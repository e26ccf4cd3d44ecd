"""What log and checks say of the tasks of a process, gathered once for all of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from accounts.models import Workspace
from planner.domain.foresight.targets import Problem
from planner.domain.suitability.stability import RatePeriod, Stability
from planner.domain.suitability.suitability import TaskFacts
from planner.domain.suitability.verdicts import Finding, Verdict
from planner.models import DecisionTarget, EventLog, Flow, Process
from planner.selectors.foresight import screens_under_way


class SeenTask(Protocol):
    """What the evidence asks of a task itself: a row, or some of its columns."""

    @property
    def pk(self) -> int: ...
    @property
    def process_id(self) -> int: ...
    @property
    def volume_a_year(self) -> float | None: ...


@dataclass(frozen=True)
class Foreseen:
    """Facts of one task, and what the quick check of its target found; `finding` None where it was not checked."""

    facts: TaskFacts
    beats_baseline: bool | None = None
    smaller_class: int | None = None
    finding: Finding | None = None
    question: str = ""
    imitation: bool = False


@dataclass(frozen=True)
class ProcessEvidence:
    """Evidence by task; `checking` while the check of the process is under way."""

    by_task: Mapping[int, Foreseen] = field(default_factory=dict)
    checking: bool = False

    def of(self, task: SeenTask) -> Foreseen:
        return self.by_task.get(task.pk, Foreseen(TaskFacts(volume_a_year=task.volume_a_year)))


def process_evidence(process: Process, tasks: Sequence[SeenTask]) -> ProcessEvidence:
    """What is known of these tasks of one process, in four queries."""
    return evidence_of(process.workspace, [process], tasks)[process.pk]


def evidence_of(
    workspace: Workspace, processes: Sequence[Process], tasks: Sequence[SeenTask]
) -> dict[int, ProcessEvidence]:
    """What is known of these tasks, by process: four queries, however many processes there are."""
    ids = [process.pk for process in processes]
    branches, attributes, targets = _branches(workspace, ids), _attributes(workspace, ids), _targets(workspace, ids)
    checked = screens_under_way(workspace, ids)
    found: dict[int, dict[int, Foreseen]] = {pk: {} for pk in ids}
    for task in tasks:
        log, drawn = attributes.get(task.process_id), branches[task.process_id]
        found[task.process_id][task.pk] = _foreseen(task, drawn, log, telling_target(targets[task.pk]))
    return {pk: ProcessEvidence(by_task, checking=pk in checked) for pk, by_task in found.items()}


def telling_target(targets: Sequence[DecisionTarget]) -> DecisionTarget | None:
    """The target that speaks for a task: the chosen one, else the first that was checked."""
    chosen = next((target for target in targets if target.chosen), None)
    return chosen or next((target for target in targets if target.found is not None), None)


def _foreseen(
    task: SeenTask, branches: Counter[int], attributes: tuple[str, ...] | None, target: DecisionTarget | None
) -> Foreseen:
    found = target.evidence if target is not None else {}
    facts = TaskFacts(
        volume_a_year=task.volume_a_year,
        branches=branches[task.pk] if branches else None,
        attributes=attributes,
        labelled=found.get("labelled") if found.get("problem") != Problem.FORECASTING else None,
        outcome=target.target.question if target is not None else "",
        rates=rates_read(found.get("rates")),
        feedback_days=_days(found.get("wait_hours")),
        rule_share=found.get("rule_share") or (found.get("rule") or {}).get("share"),
        trivial_auc=found.get("trivial_auc"),
    )
    if target is None:
        return Foreseen(facts)
    return Foreseen(
        facts,
        beats_baseline=found.get("beats_baseline"),
        smaller_class=found.get("smaller_class"),
        finding=Finding(Verdict(target.verdict), target.reason) if target.verdict else None,
        question=target.target.question,
        imitation=found.get("label_kind") == "imitation",
    )


def rates_read(kept: Mapping[str, Any] | None) -> Stability | None:
    """The rate of the outcome over time as the check stored it; checks of older versions did not."""
    if not kept:
        return None
    periods, halves = ([RatePeriod(*one) for one in kept[name]] for name in ("periods", "halves"))
    return Stability(kept["outcome"], kept["unit"], tuple(periods), halves[0], halves[1])


def _days(hours: float | None) -> float | None:
    return None if hours is None else hours / 24


def _targets(workspace: Workspace, processes: Sequence[int]) -> dict[int, list[DecisionTarget]]:
    found: dict[int, list[DecisionTarget]] = defaultdict(list)
    for target in DecisionTarget.objects.of(workspace).filter(task__process__in=processes):
        found[target.task_id].append(target)
    return found


def _branches(workspace: Workspace, processes: Sequence[int]) -> dict[int, Counter[int]]:
    """How many other nodes each node leads to, by process."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    flows = Flow.objects.of(workspace).filter(process__in=processes)
    for process, source, target in flows.values_list("process_id", "source_id", "target_id"):
        if source != target:
            found[process][source] += 1
    return found


def _attributes(workspace: Workspace, processes: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Names of the fields of cases and events in the log of each process that has one."""
    found: dict[int, tuple[str, ...]] = {}
    logs = EventLog.objects.of(workspace).in_use().filter(process__in=processes)
    for process, named in logs.values_list("process_id", "statistics__attributes"):
        found.setdefault(process, tuple(str(name).partition(":")[2] for name in named or []))
    return found
