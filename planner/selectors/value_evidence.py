"""What log and checks say of the tasks of a process, gathered once for all of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from planner.domain.suitability import TaskFacts
from planner.models import EventLog, Flow, Process, Task


@dataclass(frozen=True)
class Foreseen:
    """Facts of one task, and what a quick check found: whether it beats the simple rule, cases of the rarer class."""

    facts: TaskFacts
    beats_baseline: bool | None = None
    smaller_class: int | None = None


@dataclass(frozen=True)
class ProcessEvidence:
    """Evidence by task."""

    by_task: Mapping[int, Foreseen] = field(default_factory=dict)

    def of(self, task: Task) -> Foreseen:
        return self.by_task.get(task.pk, Foreseen(TaskFacts(volume_a_year=task.volume_a_year)))


def process_evidence(process: Process, tasks: Sequence[Task]) -> ProcessEvidence:
    """What is known of these tasks of one process."""
    branches = _branches(process)
    log = EventLog.objects.of(process.workspace).filter(process=process).first()
    attributes = _attributes(log)
    found = {}
    for task in tasks:
        found[task.pk] = Foreseen(
            TaskFacts(
                volume_a_year=task.volume_a_year,
                branches=branches.get(task.pk) if log is not None or branches else None,
                attributes=attributes,
            )
        )
    return ProcessEvidence(found)


def _branches(process: Process) -> Counter[int]:
    """How many other nodes each node leads to."""
    flows = Flow.objects.of(process.workspace).filter(process=process).values_list("source_id", "target_id")
    return Counter(source for source, target in flows if source != target)


def _attributes(log: EventLog | None) -> tuple[str, ...] | None:
    if log is None:
        return None
    named = log.statistics.get("attributes")
    return tuple(str(name) for name in named) if isinstance(named, list) else None
