"""The tasks of a process in scenarios: base, low and high, and those people made of their own."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from planner.domain.valuation.alike import Alike, alike
from planner.domain.valuation.assumptions import ADOPTION, HORIZON, INPUTS, Case, Setting, read_text
from planner.domain.valuation.distributions import Distribution
from planner.domain.valuation.scenario_sum import ScenarioSum, scenario_sum
from planner.domain.valuation.scenarios import (
    Changes,
    Difference,
    Scenario,
    ScenarioValue,
    changes_of_each,
    own_scenario,
    usual_of_each,
    values_of_each,
)
from planner.models import Process, ProcessScenario
from planner.selectors.value_tasks import ValuedTask, valued_tasks

SETTABLE = frozenset({*INPUTS, ADOPTION, HORIZON})
"""What a scenario can set; how errors are counted is a matter of the task."""

AT_ONCE = 512
"""Tasks of one shape that are valued at once, each a handful of plain numbers."""


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
class Asked:
    """A scenario of one task. `unused` names what it sets and this task does not count."""

    scenario: Scenario
    unused: tuple[str, ...] = ()
    setting: tuple[tuple[str, str, str], ...] = ()
    """Years counted and adoption where they differ: key, base and here as written."""


@dataclass(frozen=True, eq=False)
class InScenario:
    """A task in one scenario; what it changes is a row among those of its like."""

    column: Column
    asked: Asked
    value: ScenarioValue
    changes: Changes
    row: int

    @property
    def unused(self) -> tuple[str, ...]:
        return self.asked.unused

    @property
    def setting(self) -> tuple[tuple[str, str, str], ...]:
        return self.asked.setting

    @cached_property
    def differs(self) -> tuple[Difference, ...]:
        """What the scenario changes, what moves the value most first."""
        return self.changes.of(self.row)


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
    changes: tuple[tuple[Changes, ...], ...]
    """What each scenario changes in all these tasks, those of one shape together."""
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


def compared(process: Process, valued: Sequence[ValuedTask] | None = None) -> Compared:
    """Every ranked task in every scenario, as many queries however many tasks there are.

    `valued`: all tasks of the process, where they are at hand.
    """
    columns = columns_of(process)
    found = valued_tasks(process) if valued is None else valued
    tasks = tuple(compared_tasks([each for each in found if each.is_candidate], columns))
    inside = [[task.inside[place] for task in tasks] for place in range(len(columns))]
    return Compared(
        process,
        columns,
        tasks,
        tuple(scenario_sum([one.value for one in each]) for each in inside),
        tuple(tuple(dict.fromkeys(one.changes for one in each)) for each in inside),
        tuple(each for each in found if not each.is_candidate),
    )


def compared_task(found: ValuedTask, columns: Sequence[Column]) -> ComparedTask:
    """One valued task in every scenario."""
    return compared_tasks([found], columns)[0]


def compared_tasks(found: Sequence[ValuedTask], columns: Sequence[Column]) -> list[ComparedTask]:
    """Valued tasks in every scenario, those of one shape valued together."""
    cases = [each.case for each in found if each.case is not None]
    inside: list[tuple[InScenario, ...]] = [()] * len(found)
    for places in alike(cases, AT_ONCE):
        together = Alike(tuple(cases[place] for place in places))
        usual = usual_of_each(together)
        for at, column in enumerate(columns):
            asked = (
                [Asked(each[at]) for each in usual]
                if column.own is None
                else [_asked(found[place], cases[place], column.own) for place in places]
            )
            for place, one in zip(places, _inside(together, column, asked), strict=True):
                inside[place] += (one,)
    return [ComparedTask(*each) for each in zip(found, inside, strict=True)]


def texts_for(own: ProcessScenario, task: int) -> dict[str, str]:
    """What a scenario sets for a task: for all tasks, and for this one on top."""
    return {**own.amounts, **own.task_amounts.get(str(task), {})}


def _inside(together: Alike, column: Column, asked: Sequence[Asked]) -> list[InScenario]:
    scenarios = [each.scenario for each in asked]
    changed = {
        row: (changes, at) for changes, rows in changes_of_each(together, scenarios) for at, row in enumerate(rows)
    }
    values = enumerate(values_of_each(together, scenarios))
    return [InScenario(column, asked[row], value, *changed[row]) for row, value in values]


def _asked(found: ValuedTask, case: Case, own: ProcessScenario) -> Asked:
    texts = {key: text for key, text in texts_for(own, found.task.pk).items() if key in SETTABLE}
    unused = tuple(key for key in texts if key in INPUTS and key not in case.amounts)
    amounts = {key: _amount(key, text) for key, text in texts.items() if key in case.amounts}
    setting = _setting(case.setting, {key: read_text(key, text) for key, text in texts.items() if key not in INPUTS})
    words = tuple(
        (key, found.assumptions[key].text, texts[key])
        for key in (ADOPTION, HORIZON)
        if key in texts and getattr(setting, key) != getattr(case.setting, key)
    )
    return Asked(own_scenario(case, own.name, amounts, setting), unused, words)


@lru_cache(maxsize=1024)
def _amount(key: str, text: str) -> Distribution:
    return INPUTS[key].read(text)


def _setting(setting: Setting, read: Mapping[str, object]) -> Setting:
    horizon, adoption = read.get(HORIZON, setting.horizon), read.get(ADOPTION, setting.adoption)
    assert isinstance(horizon, int)
    assert isinstance(adoption, tuple)
    return Setting(horizon, adoption, setting.error_form)
