"""The page of what is set for many tasks at once: each assumption, what holds without it, and how many tasks use it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.domain.valuation.assumptions import ADOPTION, ERROR_FORM, HORIZON, INPUTS, ErrorForm, Group, example_of
from planner.domain.valuation.estimate import Assumption, Origin
from planner.models import AssumptionDefault, Task
from planner.selectors.assumption_defaults import DefaultsScope, defaults_of, defaults_version
from planner.selectors.value_form import FORM_WORDS, NOTE, SOURCE, TITLES, group_of, sign_words, words_of
from planner.selectors.value_inputs import assumption_layers, set_by_people, shared_in
from planner.selectors.value_places import OF_THE_WORKSPACE, Place, place_of

Layers = Mapping[str, tuple[Assumption, ...]]
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
    found, tasks = defaults_of(scope), _tasks(scope)
    shared = shared_in(scope.workspace)
    said = [
        (task, assumption_layers(task, scope.workspace, set_by_people(task), shared[task.process_id])) for task in tasks
    ]
    wrong, typed = problems or {}, written or {}
    rows = [
        _row(scope, key, found.get(key), said, problem=wrong.get(key, ""), written=typed) for key in settable(scope)
    ]
    sections = (DefaultSection(TITLES[group], _of(group, rows)) for group in Group)
    return DefaultsPage(tuple(each for each in sections if each.rows), defaults_version(found), len(tasks), len(found))


def settable(scope: DefaultsScope) -> list[str]:
    """What can be set in a scope, in the order of the page."""
    keys = list(INPUTS)
    keys.insert(keys.index("coverage") + 1, ADOPTION)
    keys.insert(keys.index("error_today"), ERROR_FORM)
    keys.append(HORIZON)
    return [key for key in keys if scope.process is not None or key not in OF_THE_WORKSPACE]


def _tasks(scope: DefaultsScope) -> list[Task]:
    tasks = Task.objects.of(scope.workspace).work().select_related("estimate", "workspace").order_by("position", "id")
    if scope.process is not None:
        tasks = tasks.filter(process=scope.process)
    return list(tasks.filter(lane=scope.lane) if scope.lane else tasks)


def _of(group: Group, rows: Sequence[DefaultRow]) -> tuple[DefaultRow, ...]:
    return tuple(row for row in rows if group_of(row.key) is group)


def _row(
    scope: DefaultsScope,
    key: str,
    own: AssumptionDefault | None,
    said: Sequence[tuple[Task, Layers]],
    *,
    problem: str,
    written: Mapping[str, str],
) -> DefaultRow:
    label, unit = words_of(key, scope.workspace.currency)
    options = tuple((form.value, FORM_WORDS[form]) for form in ErrorForm) if key == ERROR_FORM else ()
    kept = (own.text, own.source, own.note) if own else ("", "", "")
    origin = _origin(scope)
    takes = {origin} if own else set(_BENEATH[origin])
    first = [layers[key][0].origin if layers.get(key) else Origin.DEFAULT for _, layers in said]
    text, source, note = (
        written.get(name, kept_text)
        for name, kept_text in zip((key, f"{SOURCE}{key}", f"{NOTE}{key}"), kept, strict=True)
    )
    return DefaultRow(
        *(key, label, unit, sign_words(key), text, source, note),
        without=_without(key, origin, said),
        used=sum(each in takes for each in first),
        is_set=own is not None,
        problem=problem,
        example="" if options else f"such as {example_of(key)}",
        options=options,
    )


def _origin(scope: DefaultsScope) -> Origin:
    if scope.process is None:
        return Origin.WORKSPACE
    return Origin.LANE if scope.lane else Origin.PROCESS


def _without(key: str, origin: Origin, said: Sequence[tuple[Task, Layers]]) -> Place:
    """What the tasks would take from farther away; the most usual where it differs from task to task."""
    found = []
    for task, layers in said:
        beneath = [each for each in layers.get(key, ()) if each.origin in _BENEATH[origin]]
        if beneath:
            found.append((task, beneath[0]))
    if not found:
        return Place("", "nothing: the log or the task says it" if said else "no task yet", "")
    counts = Counter(each.text for _, each in found)
    usual = counts.most_common(1)[0][0]
    place = place_of(*next(pair for pair in found if pair[1].text == usual))
    shown = FORM_WORDS[ErrorForm(usual)] if key == ERROR_FORM else usual
    if len(counts) == 1:
        return Place(shown, place.source, place.url)
    return Place(shown, f"differs from task to task; this one for {counts[usual]} of {len(found)}", "")
