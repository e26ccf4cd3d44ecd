"""A process before and after automating some of its tasks: read from the database, computed through its graph."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.errors import FieldProblem, InvalidInput
from common.formatting import number, share
from planner.domain.process_graph.flow import FlowError
from planner.domain.process_graph.graph import TaskGraph
from planner.domain.process_graph.process_effect import Automation, ProcessEffect, Worked, process_effect
from planner.domain.process_graph.ways_back import repeated_tasks, ways_back
from planner.domain.suitability.verdicts import Verdict
from planner.domain.valuation.assumptions import INPUTS, Case, ErrorForm
from planner.domain.valuation.automation import modelled_work, repeats_removed
from planner.domain.valuation.estimate import Origin
from planner.models import Process
from planner.selectors.graph import process_graph
from planner.selectors.value_inputs import set_by_people
from planner.selectors.value_tasks import ValuedTask, valued_tasks

LONGEST_TEXT = 200
NO_WAY_BACK = "no flow to lessen leads back over it"
NO_REWORK = 0.005
"""A share of repeats in the log below it is none: what leads back is a matter of order."""
_RATES = {
    ErrorForm.RATES: ("error_today", "error_model"),
    ErrorForm.OUTCOME: ("found_today", "alarms_today", "found_model", "alarms_model"),
    ErrorForm.IMITATION: (),
}


@dataclass(frozen=True, eq=False)
class Choice:
    """A task that can be chosen. `repeats` is the share that disappears, `why` where it comes from, `text` as typed.

    `loops`: some flow leads back over it. `problem` is what is wrong with the text.
    """

    valued: ValuedTask
    chosen: bool
    loops: bool
    repeats: float
    text: str
    why: str
    problem: str = ""

    @property
    def key(self) -> str:
        return str(self.valued.task.pk)

    @property
    def placeholder(self) -> str:
        """What counts where nothing is written."""
        return share(self.repeats, 1)


@dataclass(frozen=True, eq=False)
class EffectFound:
    """What was asked, and what it does; `effect` is None where the flow equations have no solution (`gap` says why).

    `waiting`: which tasks are those to predict is not known yet, a job has to value them first; so none is chosen.
    """

    process: Process
    tasks: tuple[ValuedTask, ...]
    graph: TaskGraph
    choices: tuple[Choice, ...]
    effect: ProcessEffect | None
    gap: str
    by_default: bool

    @property
    def waiting(self) -> bool:
        return self.by_default and any(each.waiting for each in self.tasks)

    @property
    def chosen(self) -> tuple[Choice, ...]:
        return tuple(each for each in self.choices if each.chosen)

    @property
    def problems(self) -> tuple[FieldProblem, ...]:
        return tuple(FieldProblem(f"repeats.{each.key}", each.problem) for each in self.choices if each.problem)


def effect_of(
    process: Process,
    tasks: Iterable[int] | None,
    repeats: Mapping[int, str],
    *,
    found: Sequence[ValuedTask] | None = None,
) -> EffectFound:
    """The effect of automating `tasks` (None: those ranked with the verdict to predict).

    `repeats` is the share of repeats that disappears by task, as text; a text that cannot be read stands in `problems`
    and counts as not given. `found`: all tasks of the process, where they are at hand. InvalidInput where a task is
    none of this process, or not valued.
    """
    found, graph = tuple(valued_tasks(process) if found is None else found), process_graph(process)
    ready = {each.task.pk: each for each in found if each.case is not None}
    wanted = _by_default(found) if tasks is None else set(tasks)
    unknown = [pk for pk in [*sorted(wanted), *repeats] if pk not in ready]
    if unknown:
        words = "One of these is no task of this process, or is not valued yet."
        raise InvalidInput("There is no such task to automate.", errors=[FieldProblem("tasks", words)])
    once = {node.key for node in graph.nodes if node.rework_share is not None and node.rework_share < NO_REWORK}
    looped = repeated_tasks(graph.nodes, graph.flows) - once
    fixed = {key for key, ways in ways_back(graph.nodes, graph.flows, map(str, wanted)).items() if not ways}
    choices = tuple(
        _choice(each, pk in wanted, str(pk) in looped - fixed, repeats.get(pk, "").strip())
        for pk, each in ready.items()
    )
    automations = {
        each.key: _automation(each.valued.case, each) for each in choices if each.chosen and each.valued.case
    }
    worked = {str(each.task.pk): _worked(each) for each in found}
    try:
        effect = process_effect(graph.nodes, graph.flows, worked, automations, process.cases_a_year)
    except FlowError as gap:
        return EffectFound(process, found, graph, choices, None, str(gap), tasks is None)
    return EffectFound(process, found, graph, choices, effect, "", tasks is None)


def _by_default(found: Iterable[ValuedTask]) -> set[int]:
    return {
        each.task.pk
        for each in found
        if each.is_candidate and each.finding is not None and each.finding.verdict is Verdict.PREDICT
    }


def _choice(found: ValuedTask, chosen: bool, loops: bool, text: str) -> Choice:
    assert found.case is not None
    if not loops:
        return Choice(found, chosen, False, 0.0, "", _why_once(found))
    proposed, why = _proposed(found, found.case)
    if not text:
        return Choice(found, chosen, True, proposed, "", why)
    try:
        given = INPUTS["coverage"].read(text[:LONGEST_TEXT])
    except ValueError as problem:
        return Choice(found, chosen, True, proposed, text, why, str(problem))
    return Choice(found, chosen, True, given.mean, text, f"set here; without it {share(proposed, 1)}")


def _why_once(found: ValuedTask) -> str:
    rework = found.task.rework_share
    return "the log shows no repeats of it" if rework is not None and rework < NO_REWORK else NO_WAY_BACK


def _proposed(found: ValuedTask, case: Case) -> tuple[float, str]:
    """The share of repeats that disappears as far as the errors tell, and how it is told."""
    keys = [key for key in _RATES[case.setting.error_form] if key not in found.measured_keys]
    guessed = any(found.assumptions[key].origin is Origin.DEFAULT for key in keys if key in found.assumptions)
    removed = repeats_removed(case)
    if guessed or removed is None or case.setting.error_form is ErrorForm.IMITATION:
        return 0.0, "0 %: the errors today and with a model are not known"
    if case.setting.error_form is ErrorForm.OUTCOME:
        return removed, f"{share(removed, 1)}: from the decisions found wrong today and by the model"
    means = case.means
    parts = (number(case.setting.profile[-1]), number(means.get("coverage", 0.0)))
    errors = f"(1 − {share(means['error_model'], 1)} ÷ {share(means['error_today'], 1)})"
    why = f"{share(removed, 1)} = {parts[0]} × {parts[1]} × {errors}: adoption × decided alone × fewer errors"
    return removed, why if removed else "0 %: the model errs no less than people today"


def _automation(case: Case | None, choice: Choice) -> Automation:
    assert case is not None
    left = modelled_work(case)
    return Automation(left.minutes, left.waiting, left.adoption, choice.repeats)


def _worked(found: ValuedTask) -> Worked:
    """By the means of its estimate, or as the task says where the estimate only repeats it, rounded; where it is not
    valued, what is known of the task and the wage it would have."""
    task = found.task
    if found.case is not None:
        wage = _mean(found.case, "wage") if "wage" in found.case.amounts else 0.0
        minutes = _today(found, found.case, "minutes_before", task.handling_minutes)
        return Worked(minutes, task.waiting_hours, wage, _today(found, found.case, "volume", task.volume_a_year))
    try:
        wage = INPUTS["wage"].read(found.assumptions["wage"].text).mean
    except (KeyError, ValueError):
        wage = float(found.workspace.hourly_wage)
    return Worked(task.handling_minutes, task.waiting_hours, wage, task.volume_a_year)


def _today(found: ValuedTask, case: Case, key: str, of_task: float | None) -> float:
    said = found.assumptions[key]
    repeated = said.origin in (Origin.LOG, Origin.PERSON) and key not in set_by_people(found.task)
    return of_task if repeated and of_task is not None else _mean(case, key)


def _mean(case: Case, key: str) -> float:
    """Of one amount: all means of many tasks take long."""
    return case.amounts[key].mean
