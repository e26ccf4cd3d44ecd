"""The decision of a task as it stands: what a person wrote of each part, else what is proposed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.domain.process_graph.node import NodeKind
from planner.domain.suitability.decision import PARTS, DecisionFacts, Part, propose_decision
from planner.models import DecisionTarget, Flow, Process, Task, TaskDecision
from planner.selectors.value_evidence import telling_target

UNNAMED = "not named yet"


@dataclass(frozen=True)
class DecisionPart:
    """One part: a person's words, and what is proposed where there are none; both "" where nothing is known."""

    part: Part
    given: str
    proposed: str

    @property
    def text(self) -> str:
        return self.given or self.proposed

    @property
    def source(self) -> str:
        """Whose words they are: person, proposed or open."""
        return "person" if self.given else "proposed" if self.proposed else "open"

    @property
    def words(self) -> str:
        """The text, or that there is none."""
        return self.text or UNNAMED


@dataclass(frozen=True)
class Decision:
    """The three parts of a task's decision; `version` counts the edits of people."""

    task_id: int
    version: int
    parts: tuple[DecisionPart, ...]

    def text(self, key: str) -> str:
        """What stands in one part."""
        return next(part.text for part in self.parts if part.part.key == key)

    def given(self, key: str) -> str:
        """What a person wrote in one part, "" where nobody did."""
        return next(part.given for part in self.parts if part.part.key == key)


def task_decision(task: Task) -> Decision:
    """The decision of one task, in three queries."""
    return decisions_of(task.process, [task])[task.pk]


def decisions_of(process: Process, tasks: Sequence[Task]) -> dict[int, Decision]:
    """The decisions of these tasks of a process by task: three queries, however many there are."""
    ids = [task.pk for task in tasks]
    given = {row.task_id: row for row in TaskDecision.objects.of(process.workspace).filter(task__in=ids)}
    targets: dict[int, list[DecisionTarget]] = defaultdict(list)
    for target in DecisionTarget.objects.of(process.workspace).filter(task__in=ids):
        targets[target.task_id].append(target)
    after = _Following(process)
    return {task.pk: _decision(task, given.get(task.pk), targets[task.pk], after) for task in tasks}


def _decision(task: Task, row: TaskDecision | None, targets: Sequence[DecisionTarget], after: "_Following") -> Decision:
    target = telling_target(targets)
    spec = target.target if target is not None else None
    facts = DecisionFacts(
        task=task.name,
        question=spec.question if spec else "",
        positive=spec.positive if spec else "",
        imitation=spec is not None and spec.label_kind.value == "imitation",
        followers=after.of(task.pk),
    )
    proposed = propose_decision(facts)
    parts = [DecisionPart(part, getattr(row, part.key, ""), proposed[part.key]) for part in PARTS]
    return Decision(task.pk, row.version if row else 0, tuple(parts))


class _Following:
    """What can follow a task: the nodes its flows lead to, through gateways."""

    def __init__(self, process: Process) -> None:
        self._next: Mapping[int, list[int]] = defaultdict(list)
        self._kinds: dict[int, NodeKind] = {}
        self._names: dict[int, str] = {}
        flows = Flow.objects.of(process.workspace).filter(process=process).order_by("target__position", "target_id")
        for source, target, kind, name in flows.values_list("source_id", "target_id", "target__kind", "target__name"):
            self._next[source].append(target)
            self._kinds[target] = NodeKind(kind)
            self._names[target] = name or NodeKind(kind).words.partition(":")[0]

    def of(self, task: int) -> tuple[str, ...]:
        """Names, each once, the task itself left out."""
        found: dict[str, None] = {}
        seen, waiting = {task}, list(self._next[task])
        while waiting:
            node = waiting.pop(0)
            if node in seen:
                continue
            seen.add(node)
            if self._kinds[node].is_gateway:
                waiting = [*self._next[node], *waiting]
            else:
                found[self._names[node]] = None
        return tuple(found)
