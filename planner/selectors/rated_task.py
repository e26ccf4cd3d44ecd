"""What lists need to know of a task: worked out now, or as a job kept it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Protocol

from accounts.models import Workspace
from planner.domain.suitability.verdicts import Finding, Verdict
from planner.domain.valuation.outcome import Brief
from planner.domain.valuation.results import brief_of, brief_plain
from planner.models import Process, Task
from planner.selectors.task_verdict import is_aside


class RatedTask(Protocol):
    """A task with its value in brief, its verdict, and what it is told apart by in lists."""

    @property
    def task(self) -> Task: ...
    @property
    def pk(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def lane(self) -> str: ...
    @property
    def process_id(self) -> int: ...
    @property
    def process(self) -> Process: ...
    @property
    def workspace(self) -> Workspace: ...
    @property
    def brief(self) -> Brief | None: ...
    @property
    def finding(self) -> Finding | None: ...
    @property
    def gap(self) -> str: ...
    @property
    def unchecked(self) -> str: ...
    @property
    def is_measured(self) -> bool: ...
    @property
    def suited(self) -> float | None: ...
    @property
    def yearly_cost(self) -> float | None: ...
    @property
    def resting_on_defaults(self) -> int: ...
    @property
    def is_candidate(self) -> bool: ...


@dataclass(frozen=True, eq=False)
class KeptTask:
    """A task as a job kept it: number, name, lane and process of its `task`, nothing else of that row is at hand."""

    pk: int
    name: str
    lane: str
    process: Process
    workspace: Workspace
    brief: Brief | None
    finding: Finding | None
    gap: str
    unchecked: str
    is_measured: bool
    suited: float | None
    yearly_cost: float | None
    resting_on_defaults: int

    @cached_property
    def task(self) -> Task:
        """Made when asked for: of thousands a page shows fifty, and a row costs more than all else of them."""
        return Task(pk=self.pk, name=self.name, lane=self.lane, process=self.process)

    @property
    def process_id(self) -> int:
        return self.process.pk

    @property
    def is_candidate(self) -> bool:
        """Worth ranking: valued, and nothing speaks against a model but perhaps its value."""
        return self.brief is not None and not is_aside(self.finding)


def rated_plain(found: RatedTask) -> dict[str, Any]:
    """As JSON holds it."""
    return {
        "task": found.task.pk,
        "name": found.task.name,
        "lane": found.task.lane,
        "process": found.task.process_id,
        "brief": brief_plain(found.brief) if found.brief is not None else None,
        "finding": asdict(found.finding) if found.finding is not None else None,
        "gap": found.gap,
        "unchecked": found.unchecked,
        "is_measured": found.is_measured,
        "suited": found.suited,
        "yearly_cost": found.yearly_cost,
        "resting_on_defaults": found.resting_on_defaults,
    }


def rated_read(plain: Mapping[str, Any], workspace: Workspace, process: Process) -> KeptTask:
    """The task of `rated_plain`."""
    brief, finding = plain["brief"], plain["finding"]
    return KeptTask(
        pk=plain["task"],
        name=plain["name"],
        lane=plain["lane"],
        process=process,
        workspace=workspace,
        brief=brief_of(brief) if brief is not None else None,
        finding=Finding(Verdict(finding["verdict"]), finding["reason"]) if finding is not None else None,
        **{name: plain[name] for name in _AS_THEY_ARE},
    )


_AS_THEY_ARE = ("gap", "unchecked", "is_measured", "suited", "yearly_cost", "resting_on_defaults")
