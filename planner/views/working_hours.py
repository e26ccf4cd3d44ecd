"""When do people work? Of the workspace, and of a process where it is otherwise."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import Role
from common.errors import FieldProblem, ProblemError
from planner.forms import WorkingHoursForm, problem_place
from planner.selectors import choice_words, default_hours, hours_fit, hours_in_force, latest_log
from planner.selectors.process import plans_words
from planner.services import process_hours_update, workspace_hours_update
from planner.views.processes import process_of


@workspace_view(writes=Role.OWNER)
def workspace_hours(request: WorkspaceRequest) -> HttpResponse:
    """The hours of the workspace. Members read them, owners change them."""
    choice = default_hours(request.workspace)
    form = WorkingHoursForm(request.POST or None, choice=choice)
    problem: ProblemError | None = None
    left: tuple[FieldProblem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            workspace_hours_update(access=request.access, choice=form.choice() or {})
        except ProblemError as refused:
            problem, left = refused, problem_place(refused, {"": form})
        else:
            messages.success(request, "Working hours saved. Processes without hours of their own are measured again.")
            return redirect("planner:workspace_hours", request.workspace.slug)
    context = {"form": form, "words": choice_words(choice), "problem": problem, "problem_left": left}
    return render(request, "planner/workspace_hours.html", context, status=422 if form.errors or problem else 200)


@workspace_view()
def process_hours(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The hours of one process: the workspace's, or its own."""
    found = process_of(request, pk)
    hours = hours_in_force(found)
    form = WorkingHoursForm(
        request.POST or None, choice=hours.choice if hours.own else None, default_words=hours.default_words
    )
    problem: ProblemError | None = None
    left: tuple[FieldProblem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            process_hours_update(access=request.access, process=found, choice=form.choice())
        except ProblemError as refused:
            problem, left = refused, problem_place(refused, {"": form})
        else:
            measured = " Its log is measured again." if latest_log(found) else ""
            messages.success(request, f"Working hours saved.{measured}")
            return redirect(reverse("planner:process", args=[request.workspace.slug, pk]))
    context = {"process": found, "current_step": "process", "form": form, "hours": hours, "problem": problem}
    log = latest_log(found)
    context |= {"problem_left": left, "plans": plans_words(log), "fit": hours_fit(log, hours.choice)}
    return render(request, "planner/process_hours.html", context, status=422 if form.errors or problem else 200)
