"""What still rests on another log than the one a process rests on now, said wherever figures follow from it."""

from collections import defaultdict

from accounts.models import Workspace
from common.formatting import things
from jobs.models import Run
from planner.models import DecisionTarget, EventLog, Process, Task
from planner.selectors.foresight import screen_under_way
from planner.selectors.process import latest_log


def older_measures(process: Process, task: Task | None = None) -> str:
    """A sentence where something still rests on another log than the one in use, empty where nothing does.

    With `task`, of this task alone.
    """
    now = latest_log(process)
    if now is None:
        return ""
    targets = DecisionTarget.objects.of(process.workspace).filter(task__process=process, task__removed_at=None)
    if task is not None:
        targets = targets.filter(task=task)
    older = list(targets.exclude(log=now).values_list("log__name", "task_id").distinct())
    return _words(older[0][0], {task for _, task in older}) if older else ""


def older_note(process: Process, task: Task | None = None) -> str:
    """The same sentence, empty also while a check is under way that will make it untrue. At most three queries."""
    return "" if screen_under_way(process) else older_measures(process, task)


def older_of_workspace(workspace: Workspace) -> dict[int, str]:
    """The note of each process that has one, by its id. Three queries, however many processes there are."""
    subjects = Run.objects.of(workspace).under_way().filter(kind="planner.screen").values_list("subject", flat=True)
    checking = set(subjects)
    in_use: dict[int, int] = {}
    for process, log in EventLog.objects.of(workspace).in_use().values_list("process_id", "id"):
        in_use.setdefault(process, log)
    targets = DecisionTarget.objects.of(workspace).filter(task__removed_at=None)
    older = defaultdict(list)
    for process, log, name, task in targets.values_list("task__process_id", "log_id", "log__name", "task_id"):
        if in_use.get(process, log) != log and f"process:{process}" not in checking:
            older[process].append((name, task))
    return {process: _words(rows[0][0], {task for _, task in rows}) for process, rows in older.items()}


def _words(log: str, tasks: set[int]) -> str:
    return f"What can be foretold at {things(len(tasks), 'task')} was checked on an older log, {log}."
