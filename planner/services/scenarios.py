"""Scenarios of one's own: made, changed, taken away; what they set is text, as on a task."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput, StaleEdit
from planner.domain.valuation.assumptions import ERROR_FORM, kept_text
from planner.domain.valuation.scenarios import Usual
from planner.models import Process, ProcessScenario, Task
from planner.services.estimates import assumption_problem, name_of

LONGEST = {"name": 80, "note": 400}
MOST_SCENARIOS = 12
"""Beside each other on one page."""
Texts = Mapping[str, str]


@dataclass(frozen=True)
class ScenarioEntry:
    """A scenario as people give it: texts by assumption for all tasks, and by the id of a task for single ones."""

    name: str
    note: str = ""
    amounts: Texts = field(default_factory=dict)
    task_amounts: Mapping[str, Texts] = field(default_factory=dict)


def scenario_create(*, access: Access, process: Process, entry: ScenarioEntry) -> ProcessScenario:
    """Make a scenario. InvalidInput names each field that cannot be used, Conflict says there are too many."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        held = Process.objects.of(access.workspace).select_for_update().get_or_404(pk=process.pk)
        fields = _checked(access, held, entry)
        if held.scenarios.count() >= MOST_SCENARIOS:
            words = f"A process has at most {MOST_SCENARIOS} of its own: delete one that is done with."
            raise Conflict("Not saved: there are enough scenarios.", detail=words)
        found = ProcessScenario.objects.create(
            workspace=access.workspace, process=held, created_by=access.user, **fields
        )
        _audit(access, "scenario.created", found, _told({}, _flat(found)))
    return found


def scenario_update(
    *, access: Access, scenario: ProcessScenario, entry: ScenarioEntry, version: int | None = None
) -> ProcessScenario:
    """Change a scenario; `entry` is the whole of it. `version` is the one the edit was made on, None for any.

    InvalidInput names each field that cannot be used, StaleEdit says what holds meanwhile.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        held = _held(access, scenario, version)
        fields = _checked(access, held.process, entry, held)
        before = {**_flat(held), "name": held.name, "note": held.note}
        if all(getattr(held, name) == value for name, value in fields.items()):
            return held
        for name, value in fields.items():
            setattr(held, name, value)
        held.version += 1
        held.save()
        _audit(access, "scenario.changed", held, _told(before, {**_flat(held), "name": held.name, "note": held.note}))
    return held


def scenario_delete(*, access: Access, scenario: ProcessScenario, version: int | None = None) -> None:
    """Take a scenario away. StaleEdit where it is no longer the version that was looked at."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        held = _held(access, scenario, version)
        _audit(access, "scenario.deleted", held, _told(_flat(held), {}))
        held.delete()


def _held(access: Access, scenario: ProcessScenario, version: int | None) -> ProcessScenario:
    Process.objects.of(access.workspace).select_for_update().get_or_404(pk=scenario.process_id)
    rows = ProcessScenario.objects.of(access.workspace).select_related("process").select_for_update(of=("self",))
    held = rows.get_or_404(pk=scenario.pk)
    if version is not None and version != held.version:
        now = [f"{name}: now {text}" for name, text in _flat(held).items()]
        raise StaleEdit(
            f"Not saved: the scenario “{held.name}” was changed meanwhile.",
            detail="The page now shows what holds; make your change again.",
            changed=[f"It is called {held.name}, version {held.version}.", *(now or ["It sets nothing now."])],
        )
    return held


def _checked(
    access: Access, process: Process, entry: ScenarioEntry, held: ProcessScenario | None = None
) -> dict[str, object]:
    """The fields to store. InvalidInput names every one that cannot be."""
    name, note = entry.name.strip(), entry.note.strip()
    problems = [
        FieldProblem(key, f"Write at most {LONGEST[key]} characters.")
        for key, text in (("name", name), ("note", note))
        if len(text) > LONGEST[key]
    ]
    problems += [
        FieldProblem(key, "Write it without control characters.")
        for key, text in (("name", name), ("note", note))
        if "\x00" in text
    ]
    problems += [FieldProblem("name", words) for words in [_name_problem(process, name, held)] if words]
    amounts = _texts("amounts", entry.amounts, process.workspace.currency, problems)
    known = _tasks(process, entry.task_amounts)
    task_amounts: dict[str, dict[str, str]] = {}
    before = held.task_amounts if held else {}
    for task, texts in entry.task_amounts.items():
        if task in before and dict(texts) == before[task]:
            task_amounts[task] = before[task]  # also of a task that is removed and may come back
        elif task not in known:
            problems.append(FieldProblem(f"task_amounts.{task[:20]}", "This process has no such task."))
        elif found := _texts(f"task_amounts.{task}", texts, process.workspace.currency, problems):
            task_amounts[task] = found
    if problems:
        raise InvalidInput("Not saved.", detail="Mend the fields named.", errors=problems)
    return {"name": name, "note": note, "amounts": amounts, "task_amounts": task_amounts}


def _name_problem(process: Process, name: str, held: ProcessScenario | None) -> str:
    if not name:
        return "Name it, such as “Wages rise”."
    if name.casefold() in set(Usual):
        return f"“{name}” is one of the three that are always there: choose another name."
    others = process.scenarios.exclude(pk=held.pk) if held else process.scenarios.all()
    if name.casefold() in {other.casefold() for other in others.values_list("name", flat=True)}:
        return f"There is a scenario “{name[:80]}” already: choose another name."
    return ""


def _texts(path: str, texts: Texts, currency: str, problems: list[FieldProblem]) -> dict[str, str]:
    found = {}
    for key, given in texts.items():
        text = given.strip()
        sentence = assumption_problem(key, {"text": text}, currency)
        if key == ERROR_FORM:
            sentence = "How errors are counted is chosen on the task, not in a scenario."
        if sentence:
            problems.append(FieldProblem(f"{path}.{key[:40]}", sentence))
        elif text:
            found[key] = kept_text(key, text, currency)
    return found


def _tasks(process: Process, given: Mapping[str, Texts]) -> set[str]:
    """The ids among those given that are tasks of the process."""
    wanted = {int(key) for key in given if key.isascii() and key.isdecimal() and len(key) < 19}
    work = Task.objects.of(process.workspace).work().filter(process=process)
    return {str(pk) for pk in work.values_list("pk", flat=True) if pk in wanted}


def _flat(scenario: ProcessScenario) -> dict[str, str]:
    """What it sets, by assumption in words; of single tasks with the task's name."""
    names = dict(Task.objects.filter(process=scenario.process).values_list("pk", "name"))
    found = {name_of(key): text for key, text in scenario.amounts.items()}
    for task, texts in scenario.task_amounts.items():
        who = names.get(int(task), "a task that is gone")
        found |= {f"{name_of(key)}, {who}": text for key, text in texts.items()}
    return found


def _told(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, dict[str, str]]:
    keys = dict.fromkeys([*before, *after])
    return {
        key: {"from": before.get(key, "–"), "to": after.get(key, "–")}
        for key in keys
        if before.get(key) != after.get(key)
    }


def _audit(access: Access, verb: str, scenario: ProcessScenario, told: Mapping[str, object]) -> None:
    detail = {"scenario": scenario.name, **told}
    audit_record(access=access, verb=verb, subject=f"process:{scenario.process_id}", detail=detail)
