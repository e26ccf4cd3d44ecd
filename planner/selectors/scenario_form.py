"""The assumptions of a scenario as fields: those that move the value most first, each with what the base says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.domain.valuation.assumptions import ADOPTION, HORIZON, INPUTS, example_of
from planner.domain.valuation.distributions import marks
from planner.models import ProcessScenario
from planner.selectors.scenarios_page import amount_words, unit_of
from planner.selectors.value_tasks import ValuedTask

SHOWN = 8
MOST_WEIGHED = 20
"""Tasks that say which assumptions matter: about 2 ms each."""
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


@dataclass(frozen=True)
class NamedTask:
    """A task that can be chosen."""

    pk: int
    name: str


@dataclass(frozen=True, eq=False)
class ScenarioForm:
    """The fields: those that matter and those set first, the rest as `more`; the tasks with amounts of their own."""

    fields: tuple[ScenarioField, ...]
    more: tuple[ScenarioField, ...]
    task: NamedTask | None
    tasks: tuple[tuple[NamedTask, int], ...]
    """Tasks that can have amounts of their own, and how many they have."""


@dataclass(frozen=True)
class FormBasis:
    """What a form rests on: the assumptions in their order with what the base says of each, and the tasks."""

    bases: dict[str, str]
    tasks: tuple[NamedTask, ...]


def form_basis(tasks: Sequence[ValuedTask]) -> FormBasis:
    """That of the tasks of a process: those that are worth ranking can have amounts of their own."""
    about = [each for each in tasks if each.is_candidate]
    bases = {key: _base(key, about) for key in _order(about)}
    return FormBasis(bases, tuple(NamedTask(each.task.pk, each.task.name) for each in about))


def form_plain(tasks: Sequence[ValuedTask]) -> dict[str, Any]:
    """The basis as JSON holds it."""
    found = form_basis(tasks)
    return {"bases": list(found.bases.items()), "tasks": [(each.pk, each.name) for each in found.tasks]}


def form_read(plain: Mapping[str, Any]) -> FormBasis:
    """The basis of `form_plain`."""
    return FormBasis(dict(plain["bases"]), tuple(NamedTask(*each) for each in plain["tasks"]))


def scenario_form(
    basis: FormBasis,
    own: ProcessScenario | None,
    chosen: ValuedTask | None,
    *,
    problems: Mapping[str, str],
    written: Mapping[str, str] | None,
    currency: str,
) -> ScenarioForm:
    """The fields for all tasks, or for the one chosen on top. `written` and `problems` keep what was typed and
    refused."""
    kept = own.task_amounts if own else {}
    for_all = own.amounts if own else {}
    bases = form_basis([chosen]).bases if chosen else basis.bases
    above = for_all if chosen else {}
    own_texts = kept.get(str(chosen.task.pk), {}) if chosen else for_all
    texts = written if written is not None else own_texts
    fields = [
        _field(key, f"for all tasks here: {above[key]}" if key in above else base, texts, problems, currency)
        for key, base in bases.items()
    ]
    first = [each for place, each in enumerate(fields) if place < SHOWN or each.text or each.problem]
    return ScenarioForm(
        tuple(first),
        tuple(each for each in fields if each not in first),
        NamedTask(chosen.task.pk, chosen.task.name) if chosen else None,
        tuple((each, len(kept.get(str(each.pk), {}))) for each in basis.tasks),
    )


def _order(tasks: Sequence[ValuedTask]) -> list[str]:
    """Inputs in use, the widest of the tornado first, over all tasks or the many whose value lies farthest from zero,
    then years and adoption, then the plain ones."""
    widths: dict[str, float] = {}
    far = sorted(tasks, key=lambda each: -abs(each.brief.summary.mean) if each.brief else 0.0)[:MOST_WEIGHED]
    for swing in (swing for each in far if each.outcome for swing in each.outcome.tornado):
        widths[swing.key] = widths.get(swing.key, 0.0) + swing.width
    used = {key for each in tasks if each.case for key, _ in each.case.inputs}
    moving = sorted((key for key in widths if key in INPUTS), key=lambda key: -widths[key])
    return [*moving, ADOPTION, HORIZON, *(key for key in INPUTS if key in used and key not in widths)]


def _field(key: str, base: str, texts: Mapping[str, str], problems: Mapping[str, str], currency: str) -> ScenarioField:
    label, unit = _NAMES.get(key) or (INPUTS[key].label, unit_of(key, currency))
    return ScenarioField(
        key, label, unit, texts.get(key, ""), base, f"such as {example_of(key)}", problems.get(key, "")
    )


def _base(key: str, tasks: Sequence[ValuedTask]) -> str:
    said = {each.assumptions[key].text for each in tasks if key in each.assumptions}
    if len(said) == 1:
        return f"base: {next(iter(said))}"
    amounts = {each.case.amounts[key] for each in tasks if each.case and key in each.case.amounts}
    medians = sorted(marks(amount)[1] for amount in amounts)
    if not medians:
        return f"base: differs between {len(said)} tasks"
    return f"base: {amount_words(key, medians[0])} to {amount_words(key, medians[-1])}, by task"
