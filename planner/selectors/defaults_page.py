"""The page of what is set for many tasks at once: each assumption, what holds without it, and how many tasks use it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from planner.domain.valuation.assumptions import ADOPTION, ERROR_FORM, HORIZON, INPUTS, ErrorForm, Group, example_of
from planner.domain.valuation.estimate import Assumption, Origin
from planner.models import AssumptionDefault, Task
from planner.selectors.assumption_defaults import DefaultsScope, defaults_of, defaults_version
from planner.selectors.value_form import FORM_WORDS, NOTE, SOURCE, TITLES, group_of, sign_words, words_of
from planner.selectors.value_inputs import assumption_layers, shared_in
from planner.selectors.value_places import OF_THE_WORKSPACE, Place, place_of

Layers = Mapping[str, tuple[Assumption, ...]]


class _OfTask(NamedTuple):
    """What assumptions of a task start from, and where they are changed."""

    pk: int
    process_id: int
    lane: str
    volume_a_year: float | None
    volume_source: str
    handling_minutes: float | None
    handling_source: str


_COLUMNS = _OfTask._fields
_BENEATH = {
    Origin.LANE: (Origin.PROCESS, Origin.WORKSPACE, Origin.DEFAULT),
    Origin.PROCESS: (Origin.WORKSPACE, Origin.DEFAULT),
    Origin.WORKSPACE: (Origin.DEFAULT,),
}
"""What holds where nothing is set in a scope."""


@dataclass(frozen=True)
class DefaultRow:
    """One assumption of a scope. `used` of the scope's tasks take it from here, or would if it were set."""

    key: str
    label: str
    unit: str
    sign: str
    text: str
    source: str
    note: str
    without: Place
    used: int
    is_set: bool
    problem: str
    example: str
    options: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> str:
        """What is written, in words where it is a choice."""
        return dict(self.options).get(self.text, self.text)


@dataclass(frozen=True)
class DefaultSection:
    """The assumptions of one group."""

    title: str
    rows: tuple[DefaultRow, ...]


@dataclass(frozen=True)
class DefaultsPage:
    """Everything that can be set in a scope; `version` is what an edit is made on."""

    sections: tuple[DefaultSection, ...]
    version: int
    tasks: int
    count_set: int


def defaults_page(
    scope: DefaultsScope, problems: Mapping[str, str] | None = None, written: Mapping[str, str] | None = None
) -> DefaultsPage:
    """`problems` and `written` keep what was typed and could not be read. A few queries, however many tasks."""
    found, said = defaults_of(scope), _said(scope)
    wrong, typed = problems or {}, written or {}
    rows = [
        _row(scope, key, found.get(key), said, problem=wrong.get(key, ""), written=typed) for key in settable(scope)
    ]
    sections = (DefaultSection(TITLES[group], _of(group, rows)) for group in Group)
    return DefaultsPage(tuple(each for each in sections if each.rows), defaults_version(found), len(said), len(found))


def settable(scope: DefaultsScope) -> list[str]:
    """What can be set in a scope, in the order of the page."""
    keys = list(INPUTS)
    keys.insert(keys.index("coverage") + 1, ADOPTION)
    keys.insert(keys.index("error_today"), ERROR_FORM)
    keys.append(HORIZON)
    return [key for key in keys if scope.process is not None or key not in OF_THE_WORKSPACE]


def _said(scope: DefaultsScope) -> list[tuple[_OfTask, Layers]]:
    """What is said of each task of the scope. Plain columns: rows of thousands of tasks would take half the page."""
    tasks = Task.objects.of(scope.workspace).work().order_by("position", "id")
    if scope.process is not None:
        tasks = tasks.filter(process=scope.process)
    if scope.lane:
        tasks = tasks.filter(lane=scope.lane)
    shared = shared_in(scope.workspace)
    said: list[tuple[_OfTask, Layers]] = []
    for *columns, entries in tasks.values_list(*_COLUMNS, "estimate__assumptions"):
        task = _OfTask(*columns)
        said.append((task, assumption_layers(task, scope.workspace, entries or {}, shared[task.process_id])))
    return said


def _of(group: Group, rows: Sequence[DefaultRow]) -> tuple[DefaultRow, ...]:
    return tuple(row for row in rows if group_of(row.key) is group)


def _row(
    scope: DefaultsScope,
    key: str,
    own: AssumptionDefault | None,
    said: Sequence[tuple[_OfTask, Layers]],
    *,
    problem: str,
    written: Mapping[str, str],
) -> DefaultRow:
    label, unit = words_of(key, scope.workspace.currency)
    options = tuple((form.value, FORM_WORDS[form]) for form in ErrorForm) if key == ERROR_FORM else ()
    kept = (own.text, own.source, own.note) if own else ("", "", "")
    origin = _origin(scope)
    takes = {origin} if own else set(_BENEATH[origin])
    alike = _alike(key, said)
    text, source, note = (
        written.get(name, kept_text)
        for name, kept_text in zip((key, f"{SOURCE}{key}", f"{NOTE}{key}"), kept, strict=True)
    )
    return DefaultRow(
        *(key, label, unit, sign_words(key), text, source, note),
        without=_without(scope, key, alike),
        used=sum(many for many, _, found in alike if (found[0].origin if found else Origin.DEFAULT) in takes),
        is_set=own is not None,
        problem=problem,
        example="" if options else f"such as {example_of(key)}",
        options=options,
    )


def _origin(scope: DefaultsScope) -> Origin:
    if scope.process is None:
        return Origin.WORKSPACE
    return Origin.LANE if scope.lane else Origin.PROCESS


def _alike(key: str, said: Sequence[tuple[_OfTask, Layers]]) -> list[tuple[int, _OfTask, Sequence[Assumption]]]:
    """What is said of an assumption: of how many tasks, the first of them, and the layers.

    Of most assumptions thousands of tasks share one default, which is looked at once.
    """
    rows = [layers.get(key, ()) for _, layers in said]
    marks = [id(row[0]) if len(row) == 1 else id(row) for row in rows]
    many = Counter(marks)
    return [(many.pop(mark), task, row) for mark, (task, _), row in zip(marks, said, rows, strict=True) if mark in many]


def _without(scope: DefaultsScope, key: str, alike: Sequence[tuple[int, _OfTask, Sequence[Assumption]]]) -> Place:
    """What the tasks would take from farther away; the most usual where it differs from task to task."""
    farther = _BENEATH[_origin(scope)]
    counts: Counter[str] = Counter()
    said: dict[str, tuple[_OfTask, Assumption]] = {}
    for many, task, layers in alike:
        first = next((each for each in layers if each.origin in farther), None)
        if first is not None:
            counts[first.text] += many
            said.setdefault(first.text, (task, first))
    if not counts:
        return Place("", "nothing: the log or the task says it" if alike else "no task yet", "")
    usual, times = counts.most_common(1)[0]
    of, told = said[usual]
    place = place_of(Task(pk=of.pk, process_id=of.process_id, lane=of.lane, workspace=scope.workspace), told)
    shown = FORM_WORDS[ErrorForm(usual)] if key == ERROR_FORM else usual
    if len(counts) == 1:
        return Place(shown, place.source, place.url)
    return Place(shown, f"differs from task to task; this one for {times} of {counts.total()}", "")
