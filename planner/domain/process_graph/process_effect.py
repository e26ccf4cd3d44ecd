"""What automating tasks does to a whole case: minutes, cost and time before and after, through the graph.

Everything is at means and in closed form: visits solve the flow equations twice, once with fewer cases sent back. A
task on a loop is visited less often when a model before it, or on it, is right more often; so is every task on the
loop, and what follows a loop is not. Minutes and waiting are those of the task's estimate, in the adoption of its last
year. Saved minutes count whole here: which share of them is used is a matter of the estimate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.domain.process_graph.case_flow import CaseFlow, case_flow
from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode
from planner.domain.process_graph.ways_back import FlowChange, with_fewer_repeats

LEAST_MOVE = 1e-3


@dataclass(frozen=True)
class Worked:
    """A task as it is worked today: minutes and hours of waiting a visit, currency an hour, visits a year (None: not
    known)."""

    minutes: float | None
    waiting: float | None
    wage: float
    volume: float | None = None


@dataclass(frozen=True)
class Automation:
    """What a model changes at a task: human minutes a visit that goes through it, hours of waiting it takes off such a
    visit, the share of visits that go through it, and the share of the repeats that disappears."""

    minutes: float
    waiting: float
    adoption: float
    repeats: float = 0.0


@dataclass(frozen=True)
class TaskEffect:
    """A task before and after. Visits a case; volume a year, minutes and waiting hours a visit (None: not known)."""

    key: str
    name: str
    automation: Automation | None
    worked: Worked
    visits_before: float
    visits_after: float
    volume_before: float | None
    volume_after: float | None
    minutes_after: float | None
    waiting_after: float | None

    @property
    def minutes_before(self) -> float | None:
        return self.worked.minutes

    @property
    def changes(self) -> bool:
        """A model does it, or it is visited more or less often."""
        return self.automation is not None or self.moves

    @property
    def moves(self) -> bool:
        """It is visited more or less often, by a thousandth at least."""
        return abs(self.visits_after - self.visits_before) > LEAST_MOVE * self.visits_before

    def minutes_a_case(self, *, after: bool) -> float:
        """Human minutes a case at this task; zero while not known."""
        visits = self.visits_after if after else self.visits_before
        return visits * ((self.minutes_after if after else self.minutes_before) or 0.0)

    def hours_a_year(self, *, after: bool) -> float:
        """Human hours a year at this task; zero while not known."""
        volume = self.volume_after if after else self.volume_before
        return (volume or 0.0) * ((self.minutes_after if after else self.minutes_before) or 0.0) / 60


@dataclass(frozen=True)
class CaseTotal:
    """A case: human minutes, their cost in currency, expected hours from start to end, the tasks on the longest path;
    and a year: human hours and their cost."""

    minutes: float
    cost: float
    elapsed: float
    critical: frozenset[str]
    hours_a_year: float
    cost_a_year: float


@dataclass(frozen=True)
class ProcessEffect:
    """Before and after. `unknown` names the tasks whose minutes are not known: they count nothing, before and after.

    `visits_before` and `visits_after` are what the flow equations give for every node, whatever volume is in use.
    """

    tasks: tuple[TaskEffect, ...]
    flows: tuple[TaskFlow, ...]
    changes: tuple[FlowChange, ...]
    before: CaseTotal
    after: CaseTotal
    unknown: tuple[str, ...]
    visits_before: Mapping[str, float]
    visits_after: Mapping[str, float]


def real_repeats(node: TaskNode, flow: CaseFlow) -> float:
    """Repeats measured in the log ÷ those of the flow equations, at most 1; 1 where either is not known."""
    modelled = flow.rework(node.key)
    if node.rework_share is None or not modelled:
        return 1.0
    return min(1.0, node.rework_share / modelled)


def process_effect(
    nodes: Sequence[TaskNode],
    flows: Sequence[TaskFlow],
    worked: Mapping[str, Worked],
    automations: Mapping[str, Automation],
    cases_a_year: float | None = None,
) -> ProcessEffect:
    """A case before and after, by key of the tasks. FlowError where the flow equations have no solution.

    Visits a case are the volume in use ÷ cases a year where both are known, else those of the flow equations; after,
    either is moved by the ratio of the flow equations' visits. The expected time is that of `CaseFlow.hours`.
    A graph without memory takes work in either order for repeats; where a log has measured fewer of them, no more than
    those can disappear.
    """
    tasks = [node for node in nodes if node.kind is NodeKind.TASK]
    before = case_flow(nodes, flows, {node.key: _hours(worked.get(node.key), None) for node in tasks})
    repeats = {
        node.key: automations[node.key].repeats * real_repeats(node, before)
        for node in tasks
        if node.key in automations
    }
    lessened, changes = with_fewer_repeats(nodes, flows, repeats)
    after = case_flow(
        nodes, lessened, {node.key: _hours(worked.get(node.key), automations.get(node.key)) for node in tasks}
    )
    nothing = Worked(None, None, 0.0)
    effects = tuple(
        _effect(node, worked.get(node.key, nothing), automations.get(node.key), (before, after), cases_a_year)
        for node in tasks
    )
    return ProcessEffect(
        effects,
        lessened,
        changes,
        _total(effects, before, after=False),
        _total(effects, after, after=True),
        tuple(each.name for each in effects if each.worked.minutes is None),
        before.visits,
        after.visits,
    )


def _effect(
    node: TaskNode,
    worked: Worked,
    automation: Automation | None,
    flow: tuple[CaseFlow, CaseFlow],
    cases: float | None,
) -> TaskEffect:
    flowing, later = (each.visits[node.key] for each in flow)
    ratio = later / flowing if flowing > 0 else 1.0
    volume = worked.volume if worked.volume is not None else flowing * cases if cases else None
    visits = volume / cases if volume is not None and cases else flowing
    minutes, waiting = _minutes(worked, automation), _waiting(worked, automation)
    return TaskEffect(
        *(node.key, node.title, automation, worked, visits, visits * ratio),
        *(volume, None if volume is None else volume * ratio, minutes, waiting),
    )


def _minutes(worked: Worked, automation: Automation | None) -> float | None:
    if automation is None or worked.minutes is None:
        return worked.minutes
    return (1 - automation.adoption) * worked.minutes + automation.adoption * automation.minutes


def _waiting(worked: Worked, automation: Automation | None) -> float | None:
    if automation is None or worked.waiting is None:
        return worked.waiting
    return max(0.0, worked.waiting - automation.adoption * automation.waiting)


def _hours(worked: Worked | None, automation: Automation | None) -> float:
    """Hours of one visit, waiting and handling."""
    if worked is None:
        return 0.0
    return (_minutes(worked, automation) or 0.0) / 60 + (_waiting(worked, automation) or 0.0)


def _total(effects: Sequence[TaskEffect], flow: CaseFlow, *, after: bool) -> CaseTotal:
    minutes = [(each.minutes_a_case(after=after), each.worked.wage) for each in effects]
    hours = [(each.hours_a_year(after=after), each.worked.wage) for each in effects]
    return CaseTotal(
        minutes=sum(each for each, _ in minutes),
        cost=sum(each / 60 * wage for each, wage in minutes),
        elapsed=flow.hours,
        critical=flow.critical,
        hours_a_year=sum(each for each, _ in hours),
        cost_a_year=sum(each * wage for each, wage in hours),
    )
