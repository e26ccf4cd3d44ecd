"""The tasks of a process in scenarios: base, low and high, and those people made of their own."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from planner.domain.valuation.assumptions import ADOPTION, HORIZON, INPUTS, Case, Setting, read_text
from planner.domain.valuation.scenario_sum import ScenarioSum, scenario_sum
from planner.domain.valuation.scenarios import (
    Difference,
    Scenario,
    ScenarioValue,
    differences,
    own_scenario,
    scenarios_compared,
    usual_scenarios,
)
from planner.models import Process, ProcessScenario
from planner.selectors.value_tasks import ValuedTask, valued_tasks

SETTABLE = frozenset({*INPUTS, ADOPTION, HORIZON})
"""What a scenario can set; how errors are counted is a matter of the task."""


@dataclass(frozen=True, eq=False)
class Column:
    """One scenario beside the others. `own` is the row it comes from, None for base, low and high; `sign` marks it."""

    key: str
    name: str
    sign: str
    own: ProcessScenario | None = None


USUAL = (
    Column("base", "Base", "base"),
    Column("low", "Low", "low"),
    Column("high", "High", "high"),
)


@dataclass(frozen=True, eq=False)
class InScenario:
    """A task in one scenario. `unused` names what the scenario sets and this task does not count."""

    column: Column
    value: ScenarioValue
    differs: tuple[Difference, ...]
    unused: tuple[str, ...]
    setting: tuple[tuple[str, str, str], ...]
    """Years counted and adoption where they differ: key, base and here as written."""


@dataclass(frozen=True, eq=False)
class ComparedTask:
    """A task in every scenario, in the order of the columns."""

    valued: ValuedTask
    inside: tuple[InScenario, ...]


@dataclass(frozen=True, eq=False)
class Compared:
    """Tasks by scenarios, their sums, and the tasks that are not compared."""

    process: Process
    columns: tuple[Column, ...]
    tasks: tuple[ComparedTask, ...]
    together: tuple[ScenarioSum, ...]
    left_out: tuple[ValuedTask, ...]

    @property
    def every(self) -> tuple[ValuedTask, ...]:
        """All tasks of the process."""
        return (*(task.valued for task in self.tasks), *self.left_out)


def scenarios_of(process: Process) -> list[ProcessScenario]:
    """The scenarios people made for a process, the oldest first. One query."""
    return list(ProcessScenario.objects.of(process.workspace).filter(process=process).select_related("created_by"))


def columns_of(process: Process) -> tuple[Column, ...]:
    """Base, low, high, and one's own, each of these with a letter."""
    letters = zip(string.ascii_uppercase, scenarios_of(process), strict=False)
    return (*USUAL, *(Column(f"own-{own.pk}", own.name, letter, own) for letter, own in letters))


def compared(process: Process) -> Compared:
    """Every ranked task in every scenario, as many queries however many tasks there are."""
    columns = columns_of(process)
    found = valued_tasks(process)
    candidates = [each for each in found if each.is_candidate]
    tasks = tuple(compared_task(each, columns) for each in candidates)
    values = [[task.inside[place].value for task in tasks] for place in range(len(columns))]
    together = tuple(scenario_sum(each) for each in values)
    return Compared(process, columns, tasks, together, tuple(each for each in found if not each.is_candidate))


def compared_task(found: ValuedTask, columns: Sequence[Column]) -> ComparedTask:
    """One valued task in every scenario."""
    assert found.case is not None
    return ComparedTask(found, tuple(_inside(found, found.case, column) for column in columns))


def texts_for(own: ProcessScenario, task: int) -> dict[str, str]:
    """What a scenario sets for a task: for all tasks, and for this one on top."""
    return {**own.amounts, **own.task_amounts.get(str(task), {})}


def _inside(found: ValuedTask, case: Case, column: Column) -> InScenario:
    if column.own is None:
        scenario = next(each for each in usual_scenarios(case) if each.name == column.key)
        return InScenario(column, _valued(case, scenario), _differences(case, scenario), (), ())
    texts = {key: text for key, text in texts_for(column.own, found.task.pk).items() if key in SETTABLE}
    unused = tuple(key for key in texts if key in INPUTS and key not in case.amounts)
    amounts = {key: INPUTS[key].read(text) for key, text in texts.items() if key in case.amounts}
    read = {key: read_text(key, text) for key, text in texts.items() if key not in INPUTS}
    setting = _setting(case.setting, read)
    scenario = own_scenario(case, column.name, amounts, setting)
    words = tuple(
        (key, found.assumptions[key].text, texts[key])
        for key in (ADOPTION, HORIZON)
        if key in texts and getattr(setting, key) != getattr(case.setting, key)
    )
    return InScenario(column, _valued(case, scenario), _differences(case, scenario), unused, words)


def _setting(setting: Setting, read: Mapping[str, object]) -> Setting:
    horizon, adoption = read.get(HORIZON, setting.horizon), read.get(ADOPTION, setting.adoption)
    assert isinstance(horizon, int)
    assert isinstance(adoption, tuple)
    return Setting(horizon, adoption, setting.error_form)


@lru_cache(maxsize=4096)
def _valued(case: Case, scenario: Scenario) -> ScenarioValue:
    return scenarios_compared(case, (scenario,))[0]


@lru_cache(maxsize=4096)
def _differences(case: Case, scenario: Scenario) -> tuple[Difference, ...]:
    return differences(case, scenario)
