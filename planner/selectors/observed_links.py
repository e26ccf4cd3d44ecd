"""From a task to what the log says of it: the links into the pages of how the process really runs."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from common.formatting import count, hours, share
from planner.models import Task
from planner.selectors.process_tasks import TaskSheet


@dataclass(frozen=True)
class LogLink:
    """A finding about a task, and where all of it is told."""

    words: str
    url: str


def task_in_log(task: Task, sheet: TaskSheet) -> tuple[LogLink, ...]:
    """What the log says of a task, none for one that is not in a log."""
    if not task.activity:
        return ()
    found = [("variants", f"The ways through it, in {count(task.figures.get('cases'))} cases")]
    wait = waiting_words(task, sheet)
    if wait:
        found.insert(0, ("times", wait))
    if task.rework_share:
        found.append(("rework", f"{share(task.rework_share)} of its visits repeat it"))
    if task.resources:
        found.append(("resources", "Who does it, and whom it comes from"))
    return tuple(LogLink(words, observed_url(task, tab)) for tab, words in found)


def waiting_words(task: Task, sheet: TaskSheet) -> str:
    """How long cases wait before a task, and its rank in the process by that.

    Empty where nothing waits there.
    """
    waits = sorted((row.waiting for row in sheet.rows if row.waiting), reverse=True)
    mine = next((row.waiting for row in sheet.rows if row.task.pk == task.pk), None)
    if not mine:
        return ""
    place = waits.index(mine) + 1
    return f"Waits {hours(mine)}, {'the longest in the process' if place == 1 else f'rank {place} of {len(waits)}'}"


def observed_url(task: Task, tab: str) -> str:
    """The tab that tells about the activity of a task."""
    page = reverse("planner:observed", args=[task.workspace.slug, task.process_id])
    return f"{page}?{urlencode({'tab': tab, 'activity': task.activity})}"
