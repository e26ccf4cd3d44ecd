"""The assumptions of a scenario as fields: those that move the value most first, each with what the base says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.domain.valuation.assumptions import ADOPTION, HORIZON, INPUTS, example_of
from planner.models import ProcessScenario
from planner.selectors.scenarios_page import amount_words, unit_of
from planner.selectors.value_tasks import ValuedTask

SHOWN = 8
_NAMES = {ADOPTION: ("Adoption in years 1, 2, 3 and on", "of visits"), HORIZON: ("Years counted", "years")}


@dataclass(frozen=True)
class ScenarioField:
    """One assumption: what is written, what the base says in its place, what is wrong with the text."""

    key: str
    label: str
    unit: str
    text: str
    base: str
    example: str
    problem: str = ""


@dataclass(frozen=True, eq=False)
class ScenarioForm:
    """The fields: those that matter and those set first, the rest as `more`; the tasks with amounts of their own."""

    fields: tuple[ScenarioField, ...]
    more: tuple[ScenarioField, ...]
    task: ValuedTask | None
    tasks: tuple[tuple[ValuedTask, int], ...]
    """Tasks that can have amounts of their own, and how many they have."""


def scenario_form(
    tasks: Sequence[ValuedTask],
    own: ProcessScenario | None,
    task: int | None,
    problems: Mapping[str, str],
    written: Mapping[str, str] | None,
) -> ScenarioForm:
    """The fields for all tasks, or for one on top. `written` and `problems` keep what was typed and refused."""
    chosen = next((each for each in tasks if each.task.pk == task), None)
    about = [chosen] if chosen else list(tasks)
    kept = own.task_amounts if own else {}
    for_all = own.amounts if own else {}
    texts = written if written is not None else kept.get(str(task), {}) if chosen else for_all
    fields = [_field(key, about, for_all if chosen else {}, texts, problems) for key in _order(about)]
    first = [each for place, each in enumerate(fields) if place < SHOWN or each.text or each.problem]
    return ScenarioForm(
        tuple(first),
        tuple(each for each in fields if each not in first),
        chosen,
        tuple((each, len(kept.get(str(each.task.pk), {}))) for each in tasks),
    )


def _order(tasks: Sequence[ValuedTask]) -> list[str]:
    """Inputs in use, the widest of the tornado over all tasks first, then years and adoption, then the plain ones."""
    widths: dict[str, float] = {}
    for swing in (swing for each in tasks if each.outcome for swing in each.outcome.tornado):
        widths[swing.key] = widths.get(swing.key, 0.0) + swing.width
    used = {key for each in tasks if each.case for key in each.case.by_key}
    moving = sorted((key for key in widths if key in INPUTS), key=lambda key: -widths[key])
    return [*moving, ADOPTION, HORIZON, *(key for key in INPUTS if key in used and key not in widths)]


def _field(
    key: str,
    tasks: Sequence[ValuedTask],
    for_all: Mapping[str, str],
    texts: Mapping[str, str],
    problems: Mapping[str, str],
) -> ScenarioField:
    currency = tasks[0].workspace.currency if tasks else ""
    label, unit = _NAMES.get(key) or (INPUTS[key].label, unit_of(key, currency))
    base = f"for all tasks here: {for_all[key]}" if key in for_all else _base(key, tasks)
    return ScenarioField(
        key, label, unit, texts.get(key, ""), base, f"such as {example_of(key)}", problems.get(key, "")
    )


def _base(key: str, tasks: Sequence[ValuedTask]) -> str:
    said = {each.assumptions[key].text for each in tasks if key in each.assumptions}
    if len(said) == 1:
        return f"base: {next(iter(said))}"
    medians = sorted(each.case.medians[key] for each in tasks if each.case and key in each.case.medians)
    if not medians:
        return f"base: differs between {len(said)} tasks"
    return f"base: {amount_words(key, medians[0])} to {amount_words(key, medians[-1])}, by task"
