"""What log and checks say of the tasks of a process, gathered once for all of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from planner.domain.suitability.suitability import TaskFacts
from planner.domain.suitability.verdicts import Finding, Verdict
from planner.models import DecisionTarget, EventLog, Flow, Process, Task
from planner.selectors.foresight import screen_under_way


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

    def of(self, task: Task) -> Foreseen:
        return self.by_task.get(task.pk, Foreseen(TaskFacts(volume_a_year=task.volume_a_year)))


def process_evidence(process: Process, tasks: Sequence[Task]) -> ProcessEvidence:
    """What is known of these tasks of one process, in four queries."""
    branches = _branches(process)
    log = EventLog.objects.of(process.workspace).in_use().filter(process=process).first()
    attributes = _attributes(log)
    targets = _targets(process)
    return ProcessEvidence(
        {task.pk: _foreseen(task, branches, attributes, telling_target(targets[task.pk])) for task in tasks},
        checking=screen_under_way(process) is not None,
    )


def telling_target(targets: Sequence[DecisionTarget]) -> DecisionTarget | None:
    """The target that speaks for a task: the chosen one, else the first that was checked."""
    chosen = next((target for target in targets if target.chosen), None)
    return chosen or next((target for target in targets if target.found is not None), None)


def _foreseen(
    task: Task, branches: Counter[int], attributes: tuple[str, ...] | None, target: DecisionTarget | None
) -> Foreseen:
    found = target.evidence if target is not None else {}
    facts = TaskFacts(
        volume_a_year=task.volume_a_year,
        branches=branches[task.pk] if branches else None,
        attributes=attributes,
        labelled=found.get("labelled"),
        outcome=target.target.question if target is not None else "",
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


def _days(hours: float | None) -> float | None:
    return None if hours is None else hours / 24


def _targets(process: Process) -> dict[int, list[DecisionTarget]]:
    found: dict[int, list[DecisionTarget]] = defaultdict(list)
    for target in DecisionTarget.objects.of(process.workspace).filter(task__process=process):
        found[target.task_id].append(target)
    return found


def _branches(process: Process) -> Counter[int]:
    """How many other nodes each node leads to."""
    flows = Flow.objects.of(process.workspace).filter(process=process).values_list("source_id", "target_id")
    return Counter(source for source, target in flows if source != target)


def _attributes(log: EventLog | None) -> tuple[str, ...] | None:
    """Names of the fields of cases and events; None without a log."""
    if log is None:
        return None
    return tuple(str(name).partition(":")[2] for name in log.statistics.get("attributes", []))
