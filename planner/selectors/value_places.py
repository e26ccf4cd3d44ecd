"""Where an assumption is set: the page on which it can be changed, and what it stands in place of."""

from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from accounts.access import Access
from planner.domain.valuation.assumptions import HORIZON
from planner.domain.valuation.estimate import Assumption, Origin
from planner.models import Task

OF_THE_WORKSPACE = frozenset({"wage", "discount_rate", HORIZON})
"""In the workspace these are its settings, one number each."""


@dataclass(frozen=True)
class Place:
    """One thing that is said of an assumption, and where; `url` is empty where there is nothing to open."""

    text: str
    source: str
    url: str


@dataclass(frozen=True)
class Scope:
    """Somewhere the text in use may be set as a default: `name` is sent, `words` are read."""

    name: str
    words: str


def place_of(task: Task, said: Assumption) -> Place:
    """Where one thing that is said of a task's assumption can be changed."""
    return Place(said.text, said.source, _url(task, said))


def scopes_for(task: Task, key: str, access: Access) -> tuple[Scope, ...]:
    """Where this person may set the assumption of a task as a default, the narrowest first."""
    found = []
    if access.can_edit and task.lane:
        found.append(Scope("lane", f"the lane {task.lane}"))
    if access.can_edit:
        found.append(Scope("process", "the process"))
    if access.is_owner and key not in OF_THE_WORKSPACE:
        found.append(Scope("workspace", "the workspace"))
    return tuple(found)


def _url(task: Task, said: Assumption) -> str:
    slug, anchor = task.workspace.slug, f"#a-{said.key}"
    of_the_process = reverse("planner:process_assumptions", args=[slug, task.process_id])
    return {
        Origin.LANE: f"{of_the_process}?lane={quote(task.lane)}{anchor}",
        Origin.PROCESS: f"{of_the_process}{anchor}",
        Origin.WORKSPACE: _of_the_workspace(slug, said.key, anchor),
        Origin.LOG: reverse("planner:task", args=[slug, task.pk]),
        Origin.PERSON: reverse("planner:task", args=[slug, task.pk]),
    }.get(said.origin, "")


def _of_the_workspace(slug: str, key: str, anchor: str) -> str:
    if key in OF_THE_WORKSPACE:
        return reverse("accounts:settings", args=[slug])
    return f"{reverse('planner:assumptions', args=[slug])}{anchor}"
