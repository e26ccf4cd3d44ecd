"""Estimates brought back as a file: every row checked, shown before it is applied, applied whole or not at all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction

from accounts.access import Access
from accounts.models import Role, Workspace
from common.errors import InvalidInput, StaleEdit
from planner.domain.valuation.assumptions import kept_text, read_text
from planner.domain.valuation.estimate import TEMPLATE
from planner.domain.valuation.estimate_table import CellProblem, ReadRow, as_cell
from planner.models import Process
from planner.selectors.estimate_table import SaidTask, said_tasks
from planner.selectors.value_inputs import KEYS
from planner.services.estimate_reading import cells_refused, estimate_rows
from planner.services.estimates import assumption_problem, changed_words, estimate_update, name_of

MOST_TASKS = 200
_SALT = "planner.estimates"
_DAY = 86_400


@dataclass(frozen=True)
class ImportedChange:
    """One assumption of one task that a file would change: its text from and to, and what is kept beside it.

    `text` is what is set, empty where it goes back to what is proposed, which is `after` then.
    """

    task: int
    process: str
    name: str
    key: str
    label: str
    before: str
    after: str
    text: str
    source: str
    note: str | None


@dataclass(frozen=True)
class ImportPreview:
    """What a file would change. `token` applies it; `unchanged` rows say what holds already.

    `beside` counts rows whose source or note alone differs where nobody has set the text: these are left.
    """

    changes: tuple[ImportedChange, ...]
    unchanged: int
    beside: int
    token: str

    @property
    def tasks(self) -> int:
        """How many tasks it touches."""
        return len({change.task for change in self.changes})


def estimate_import_preview(
    *, access: Access, process: Process | None, data: bytes, filename: str = ""
) -> ImportPreview:
    """Check a file for the tasks of a process, or of the whole workspace, and say what it would change.

    InvalidInput names each row that cannot be used. Nothing is changed.
    """
    access.require(Role.EDITOR)
    rows = estimate_rows(data)
    said = said_tasks(access.workspace, process)
    found, problems = _matched(rows, said, access.workspace.currency)
    if problems:
        raise cells_refused(sorted(problems, key=lambda each: each.row))
    origin = f"from the file {filename[:80]}" if filename else "from a file"
    changes, beside = [], 0
    for row, task, key in found:
        change = _change(row, task, key, origin, access.workspace.currency)
        if change is None:
            beside += _only_beside(row, task, key)
        else:
            changes.append(change)
    preview = ImportPreview(tuple(changes), len(rows) - len(changes), beside, "")
    if preview.tasks > MOST_TASKS:
        words = f"It changes {preview.tasks} tasks; at most {MOST_TASKS} can be changed at once: bring it in parts."
        raise InvalidInput("Nothing was changed: too much at once.", detail=words)
    versions = {each.task.pk: each.version for each in said}
    place = process.pk if process is not None else None
    content = {"workspace": access.workspace.pk, "process": place, "tasks": _by_task(changes, versions)}
    return ImportPreview(preview.changes, preview.unchanged, beside, signing.dumps(content, salt=_SALT, compress=True))


def estimate_import_apply(*, access: Access, token: str) -> int:
    """Apply what a preview showed; returns how many tasks were changed, each with one edit that can be undone.

    StaleEdit says what somebody changed since the preview; nothing is changed then.
    """
    access.require(Role.EDITOR)
    wanted = _content(access.workspace, token)
    with transaction.atomic():
        said = _checked(access.workspace, wanted)
        for pk, (version, rows) in wanted.items():
            changes = {row["key"]: _entry(row) for row in rows}
            estimate_update(access=access, task=said[int(pk)].task, changes=changes, version=version)
    return len(wanted)


def estimate_import_check(*, workspace: Workspace, token: str) -> int:
    """How many tasks a token changes; InvalidInput and StaleEdit where it can no longer be applied."""
    wanted = _content(workspace, token)
    _checked(workspace, wanted)
    return len(wanted)


def estimate_import_belongs(*, workspace: Workspace, process: Process | None, token: str) -> None:
    """InvalidInput where a preview was made of another process, or of the whole workspace."""
    place = process.pk if process is not None else None
    if _preview_of(workspace, token)["process"] != place:
        words = "Send it to where the file was looked at, or bring the file here."
        raise InvalidInput("Nothing was changed: this preview is of another place.", detail=words)


def _checked(workspace: Workspace, wanted: Mapping[str, Any]) -> dict[int, SaidTask]:
    """The tasks, all of them as the preview showed them."""
    said = {each.task.pk: each for each in said_tasks(workspace, ids=[int(pk) for pk in wanted])}
    stale = [words for pk, (version, rows) in wanted.items() for words in _stale(said.get(int(pk)), version, rows)]
    if stale:
        detail = "Bring the file again to see what it would change now."
        raise StaleEdit("Nothing was changed: the estimates were changed meanwhile.", changed=stale, detail=detail)
    return said


def _matched(
    rows: Sequence[ReadRow], said: Sequence[SaidTask], currency: str
) -> tuple[list[tuple[ReadRow, SaidTask, str]], list[CellProblem]]:
    """Each row with its task and key, and everything wrong in any row."""
    by_id = {str(each.task.pk): each for each in said}
    by_name: dict[str, list[SaidTask]] = defaultdict(list)
    for each in said:
        by_name[_plain(each.task.name)].append(each)
    found, problems = [], []
    seen: dict[tuple[int, str], int] = {}
    for row in rows:
        task = _task_of(row, by_id, by_name)
        key = row.cells.get("key", "").strip()
        wrong = [task] if isinstance(task, CellProblem) else []
        if not isinstance(task, CellProblem):
            if (first := seen.setdefault((task.task.pk, key), row.number)) != row.number:
                wrong.append(CellProblem(row.number, "key", f"Row {first} says {key[:40]} of this task already."))
            found.append((row, task, key))
        problems += wrong + _unusable(row, key, currency)
    return found, problems


def _task_of(
    row: ReadRow, by_id: Mapping[str, SaidTask], by_name: Mapping[str, Sequence[SaidTask]]
) -> SaidTask | CellProblem:
    number, name = row.cells.get("task id", "").strip(), _plain(row.cells.get("task", ""))
    process = _plain(row.cells.get("process", ""))
    if number:
        task = by_id.get(number)
        if task is None:
            return CellProblem(row.number, "task id", f"There is no task {number[:20]} here.")
        if name and name != _plain(task.task.name):
            return CellProblem(row.number, "task", f"Task {number} is “{task.task.name}”, not “{name[:60]}”.")
        return task
    found = [each for each in by_name.get(name, ()) if not process or process == _plain(each.task.process.name)]
    if not found:
        return CellProblem(row.number, "task", f"There is no task “{name[:60]}” here.")
    if len(found) > 1:
        return CellProblem(row.number, "task", f"{len(found)} tasks are called “{name[:60]}”: give the task id.")
    return found[0]


def _unusable(row: ReadRow, key: str, currency: str) -> list[CellProblem]:
    if key not in KEYS:
        return [CellProblem(row.number, "key", f"There is no assumption “{key[:40]}”.")]
    given = {field: row.cells[field] for field in ("text", "source", "note") if field in row.cells}
    sentence = assumption_problem(key, given, currency)
    return [CellProblem(row.number, "text", sentence)] if sentence else []


def _change(row: ReadRow, said: SaidTask, key: str, origin: str, currency: str) -> ImportedChange | None:
    """What a row would change; None where it says what holds, or nothing."""
    text, before = row.cells.get("text", "").strip(), said.text(key)
    kept = said.kept.get(key)
    source, note = _given(row, "source"), _given(row, "note")
    if not text:
        if kept is None:
            return None
        beneath = said.layers[key][1:]
        return _changed(said, key, beneath[0].text if beneath else "", clears=True)
    text = kept_text(key, text, currency)
    if same_text(key, text, before):
        if kept is None or not _differs(said, key, source, note):
            return None
        own = str(kept.get("source") or "")
        return _changed(said, key, before, own if source is None else source, note)
    if not _is_other(source, said.source(key)):
        own = str((kept or {}).get("source") or "")
        source = origin if kept is None or own.startswith(TEMPLATE) else own
    if not _is_other(note, said.note(key)):
        note = None
    return _changed(said, key, text, source or "", note)


def _changed(
    said: SaidTask, key: str, after: str, source: str = "", note: str | None = None, *, clears: bool = False
) -> ImportedChange:
    names = (said.task.pk, said.task.process.name, said.task.name, key, name_of(key))
    return ImportedChange(*names, said.text(key), after, "" if clears else after, source, note)


def _differs(said: SaidTask, key: str, source: str | None, note: str | None) -> bool:
    return _is_other(source, said.source(key)) or _is_other(note, said.note(key))


def _is_other(given: str | None, kept: str) -> bool:
    return given is not None and _plain(given) != _plain(kept)


def _only_beside(row: ReadRow, said: SaidTask, key: str) -> bool:
    text = row.cells.get("text", "").strip()
    return bool(text) and _differs(said, key, _given(row, "source"), _given(row, "note"))


def _given(row: ReadRow, field: str) -> str | None:
    return row.cells[field].strip() if field in row.cells else None


def same_text(key: str, one: str, other: str) -> bool:
    """Whether two texts mean the same for an assumption.

    >>> same_text("volume", "31 000", "31000"), same_text("coverage", "80%", "80 %"), same_text("volume", "1", "2")
    (True, True, False)
    """
    if _plain(one) == _plain(other):
        return True
    try:
        return bool(read_text(key, one) == read_text(key, other))
    except ValueError:
        return False


def _plain(text: str) -> str:
    """A text as it is compared: spaces of any kind alike, and without what no cell can hold."""
    return " ".join(as_cell(text).split())


def _by_task(changes: Sequence[ImportedChange], versions: Mapping[int, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in changes:
        row = {"key": each.key, "before": each.before, "text": each.text, "source": each.source, "note": each.note}
        found.setdefault(str(each.task), (versions[each.task], []))[1].append(row)
    return found


def _content(workspace: Workspace, token: str) -> dict[str, Any]:
    found: dict[str, Any] = _preview_of(workspace, token)["tasks"]
    return found


def _preview_of(workspace: Workspace, token: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=_DAY)
    except signing.BadSignature:
        content = {}
    if content.get("workspace") != workspace.pk:
        raise InvalidInput("Nothing was changed: the preview has gone.", detail="Bring the file again.")
    return content


def _stale(said: SaidTask | None, version: int, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What of a task is no longer as the preview showed it."""
    if said is None:
        return ["A task of the file is no longer there."]
    name = said.task.name
    if said.version != version:
        later = said.task.estimate.changes.filter(version__gt=version).select_related("changed_by").order_by("version")
        return [f"{name}: {words}" for change in later for words in changed_words(change)]
    return [
        f"{name}: {name_of(row['key'])}: {row['before'] or '–'} became {said.text(row['key']) or '–'}"
        for row in rows
        if said.text(row["key"]) != row["before"]
    ]


def _entry(row: Mapping[str, Any]) -> dict[str, str]:
    entry = {"text": str(row["text"]), "source": str(row["source"])}
    return entry if row["note"] is None else {**entry, "note": str(row["note"])}
