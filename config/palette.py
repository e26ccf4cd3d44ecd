"""Find or do: one field over processes, tasks, pipelines and actions of a workspace (Ctrl K)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import Role, Workspace
from accounts.selectors import memberships_of
from common.formatting import things
from pipelines.models import Pipeline
from planner.models import Process, Task

SHOWN: Final = 8


@dataclass(frozen=True)
class Entry:
    """One line of the palette: where it leads, in words, with its sign."""

    label: str
    url: str
    words: str
    icon: str


@dataclass(frozen=True)
class Action:
    """Something one can do from anywhere; `also` are other words it is found by."""

    label: str
    name: str
    icon: str
    also: str = ""
    role: Role = Role.VIEWER


ACTIONS: Final = (
    Action("Import a log", "planner:import", "upload", "csv xes event log bring new process", Role.EDITOR),
    Action("Home", "planner:home", "home", "where do we stand start worked example"),
    Action("All pipelines", "pipelines:list", "pipeline", "runs models"),
    Action("Workspace settings", "accounts:settings", "settings", "currency wage discount rate horizon"),
    Action("Members and invitations", "accounts:members", "people", "invite role owner editor viewer"),
    Action("API tokens", "accounts:tokens", "key", "rest api key secret"),
    Action("Audit trail", "accounts:audit", "book", "history who did what"),
    Action("Glossary", "glossary", "help", "words terms meaning roi npv auc payback help"),
)


def address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def matches(text: str, words: Sequence[str]) -> bool:
    return all(word in text.lower() for word in words)


def processes_found(workspace: Workspace, query: str) -> Iterable[Entry]:
    found = Process.objects.of(workspace).filter(name__icontains=query)[:SHOWN]
    for process in found:
        yield Entry(process.name, address("planner:process", workspace.slug, process.pk), "process", "graph")


def tasks_found(workspace: Workspace, query: str) -> Iterable[Entry]:
    if not query:
        return
    found = Task.objects.of(workspace).filter(kind="task", name__icontains=query).select_related("process")[:SHOWN]
    for task in found:
        yield Entry(task.name, address("planner:task", workspace.slug, task.pk), task.process.name, "check")


def pipelines_found(workspace: Workspace, query: str) -> Iterable[Entry]:
    found = Pipeline.objects.of(workspace).filter(task__name__icontains=query).select_related("task")[:SHOWN]
    for pipeline in found:
        url = address("pipelines:pipeline", workspace.slug, pipeline.pk)
        yield Entry(pipeline.task.name, url, f"pipeline, {pipeline.get_state_display().lower()}", "pipeline")


def actions_found(request: WorkspaceRequest, words: Sequence[str]) -> Iterable[Entry]:
    for action in ACTIONS:
        url = address(action.name, request.workspace.slug) or address(action.name)
        allowed = request.access.can_edit or action.role == Role.VIEWER
        if allowed and matches(f"{action.label} {action.also}", words):
            yield Entry(action.label, url, "action", action.icon)
    for membership in memberships_of(request.user):
        other = membership.workspace
        if other != request.workspace and matches(f"switch workspace {other.name}", words):
            yield Entry(f"Switch to {other.name}", address("planner:home", other.slug), "workspace", "folder")


def groups_found(request: WorkspaceRequest, query: str) -> list[tuple[str, list[Entry]]]:
    """What matches, grouped; what has no page yet is left out."""
    workspace = request.workspace
    groups = {
        "Processes": processes_found(workspace, query),
        "Tasks": tasks_found(workspace, query),
        "Pipelines": pipelines_found(workspace, query),
        "Do": actions_found(request, query.lower().split()),
    }
    found = [(title, [entry for entry in entries if entry.url]) for title, entries in groups.items()]
    return [(title, entries) for title, entries in found if entries]


@require_safe
@workspace_view()
def find(request: WorkspaceRequest) -> HttpResponse:
    """The list for the palette, or a page of its own where there is no JavaScript."""
    query = request.GET.get("q", "").strip()[:120]
    groups = groups_found(request, query)
    shown = {"groups": groups, "query": query, "count": things(sum(len(found) for _, found in groups), "thing")}
    page = "includes/_palette_list.html" if request.headers.get("HX-Request") else "find.html"
    return render(request, page, shown)
