"""Estimates: proposed for every task, edited in place, taken back, each edit kept with what it did to the value."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput, StaleEdit
from planner.domain.valuation.assumptions import ADOPTION, ERROR_FORM, HORIZON, INPUTS, kept_text, read_text
from planner.models import Estimate, EstimateChange, Process, Task
from planner.selectors.value_inputs import KEYS
from planner.selectors.value_tasks import ValuedTask, valued_task, valued_tasks
from planner.services.results import results_keep, results_now

LONGEST_SOURCE = 200
LONGEST_NOTE = 400
LONGEST_TEXT = 200
NAMES = {ADOPTION: "Adoption by year", ERROR_FORM: "How errors are counted", HORIZON: "Years counted"}
Change = Mapping[str, str]
"""The text of an assumption, optionally its source and a note; an empty text goes back to what is proposed.

A note that is not given stays as it is.
"""


def name_of(key: str) -> str:
    """An assumption's name for people."""
    return NAMES.get(key) or INPUTS[key].label


def estimate_prefill(*, access: Access, process: Process) -> list[ValuedTask]:
    """Value every task from what is proposed and set, and keep each new result; returns the tasks as valued."""
    access.require(Role.EDITOR)
    tasks = valued_tasks(process, most=None)
    results_keep([result for found in tasks for result in results_now(found)])
    return tasks


def estimate_update(*, access: Access, task: Task, changes: Mapping[str, Change], version: int | None) -> Estimate:
    """Set assumptions by key. Nothing is saved unless every text can be read.

    `version` is the one the edit was made on (0 before the first edit, None for whatever it is now).
    InvalidInput names each field that cannot be used, StaleEdit says what somebody else changed meanwhile.
    """
    access.require(Role.EDITOR)
    cleaned = _cleaned(changes, access.workspace.currency)
    with transaction.atomic():
        estimate = _locked(task)
        _refuse_stale(estimate, version)
        kept = {key: _with_note(entry, estimate.assumptions.get(key)) for key, entry in cleaned.items()}
        after = {key: entry for key, entry in kept.items() if entry != estimate.assumptions.get(key)}
        if after:
            _apply(access, task, estimate, after)
    return estimate


def estimate_undo(*, access: Access, task: Task, version: int | None) -> Estimate:
    """Take back the last edit that has not been taken back; Conflict where there is none."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        estimate = _locked(task)
        _refuse_stale(estimate, version)
        last = undoable(estimate)
        if last is None:
            raise Conflict("There is nothing to undo.", detail="No assumption of this task has been changed.")
        _apply(access, task, estimate, last.before, undoes=last.version)
    return estimate


def undoable(estimate: Estimate) -> EstimateChange | None:
    """The last edit that is neither an undo nor undone."""
    taken_back: set[int] = set()
    for change in estimate.changes.order_by("-version"):
        if change.undoes is not None:
            taken_back.add(change.undoes)
        elif change.version not in taken_back:
            return change
    return None


def _locked(task: Task) -> Estimate:
    estimate, _ = Estimate.objects.select_for_update().get_or_create(task=task, defaults={"workspace": task.workspace})
    return estimate


def _cleaned(changes: Mapping[str, Change], currency: str) -> dict[str, dict[str, str] | None]:
    problems = []
    cleaned: dict[str, dict[str, str] | None] = {}
    for key, change in changes.items():
        sentence = assumption_problem(key, change, currency)
        if sentence:
            problems.append(FieldProblem(key, sentence))
            continue
        text, source = change.get("text", "").strip(), change.get("source", "").strip()
        noted = {"note": change["note"].strip()} if "note" in change else {}
        cleaned[key] = {"text": kept_text(key, text, currency), "source": source, **noted} if text else None
    if problems:
        raise InvalidInput("Not saved.", detail="Mend the fields named.", errors=problems)
    return cleaned


def _with_note(entry: dict[str, str] | None, before: Mapping[str, str] | None) -> dict[str, str] | None:
    """The entry with the note that is to stay; without one, as it was kept before there were notes."""
    if entry is None:
        return None
    note = entry.get("note", (before or {}).get("note", ""))
    return {key: entry[key] for key in ("text", "source")} | ({"note": note} if note else {})


def assumption_problem(key: str, change: Change, currency: str) -> str:
    """What is wrong with an assumption as written, "" where nothing is."""
    text = change.get("text", "").strip()
    if key not in KEYS:
        return "There is no assumption of this name."
    for field, most in (("text", LONGEST_TEXT), ("source", LONGEST_SOURCE), ("note", LONGEST_NOTE)):
        if len(change.get(field, "").strip()) > most:
            return f"The {field} may have {most} characters."
    try:
        if text:
            read_text(key, text, currency)
    except ValueError as problem:
        return str(problem)
    return ""


def _refuse_stale(estimate: Estimate, version: int | None) -> None:
    if version is None or version == estimate.version:
        return
    later = estimate.changes.filter(version__gt=version).select_related("changed_by").order_by("version")
    raise StaleEdit(
        "Not saved: these assumptions were changed meanwhile.",
        detail="The page now shows what holds; make your change again.",
        changed=[words for change in later for words in changed_words(change)],
    )


def changed_words(change: EstimateChange) -> list[str]:
    """What an edit did, one sentence an assumption."""
    who = str(change.changed_by) if change.changed_by else "somebody"
    return [
        f"{name_of(key)}: {change.written_before.get(key, '–')} became {_text(entry)}, by {who}"
        for key, entry in change.after.items()
        if key in KEYS
    ]


def _text(entry: Mapping[str, str] | None) -> str:
    return entry["text"] if entry else "what is proposed"


def _apply(access: Access, task: Task, estimate: Estimate, after: Mapping[str, Any], undoes: int | None = None) -> None:
    """Write the edit, its history and the new result."""
    before = valued_task(task)
    change = EstimateChange(
        workspace=task.workspace,
        estimate=estimate,
        version=estimate.version + 1,
        before={key: estimate.assumptions.get(key) for key in after},
        after=dict(after),
        written_before={key: found.text for key, found in before.assumptions.items() if key in after},
        undoes=undoes,
        mean_before=before.brief.summary.mean if before.brief else None,
        changed_by=access.user,
    )
    kept = {key: entry for key, entry in {**estimate.assumptions, **after}.items() if entry is not None}
    estimate.assumptions, estimate.version, estimate.updated_at = kept, estimate.version + 1, timezone.now()
    estimate.save(update_fields=["assumptions", "version", "updated_at"])
    task.estimate = estimate
    now = valued_task(task)
    if now.brief is not None:
        change.mean_after = now.brief.summary.mean
        results_keep(results_now(now))
    change.save()
    told = {
        name_of(key): {"from": change.written_before.get(key, "–"), "to": _text(entry)} for key, entry in after.items()
    }
    verb = "assumptions.changed" if undoes is None else "assumptions.taken-back"
    audit_record(access=access, verb=verb, subject=f"task:{task.pk}", detail={"task": task.name, **told})
