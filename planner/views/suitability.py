"""Which of the tasks could a prediction do: the questionnaire of a process, answered in place."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import WorkspaceRequest, workspace_view
from planner.domain.suitability.suitability import QUESTIONS
from planner.forms.suitability import posted_answers
from planner.models import Process, Task
from planner.selectors.foresight import screen_under_way
from planner.selectors.suitability_page import suitability_headline, suitability_lede, suitability_line
from planner.selectors.value_tasks import valued_task, valued_tasks
from planner.services.suitability import GivenAnswer, suitabilities_update
from planner.views import decisions


@require_GET
@workspace_view()
def suitability(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The grid; `?task=` opens one task with the words of every question."""
    process = Process.objects.of(request.workspace).select_related("workspace").get_or_404(pk=pk)
    return render(request, "planner/suitability.html", context(request, process))


@require_POST
@workspace_view()
def answer(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Save the answers of one task that differ from what stands."""
    task = Task.objects.of(request.workspace).work().select_related("process__workspace", "workspace").get_or_404(pk=pk)
    known = {found.question: found for found in valued_task(task).answers}
    given = [
        GivenAnswer(task=task.pk, question=key, score=each[0], reason=each[1])
        for key, each in posted_answers(request.POST, known).items()
    ]
    suitabilities_update(access=request.access, process=task.process, answers=given)
    if request.htmx:
        return render(request, "planner/suitability/_answer.html", context(request, task.process, task.pk))
    where = reverse("planner:suitability", args=[request.workspace.slug, task.process_id])
    return redirect(f"{where}?{_opened(task)}" if "opened" in request.POST else where)


def _opened(task: Task) -> str:
    query = QueryDict(mutable=True)
    query["task"] = str(task.pk)
    return query.urlencode()


def context(request: WorkspaceRequest, process: Process, task_id: int | None = None) -> dict[str, object]:
    """Every line, and the one that is open."""
    lines = [suitability_line(found) for found in valued_tasks(process)]
    asked = str(task_id or request.GET.get("task", ""))
    opened = next((line for line in lines if str(line.found.task.pk) == asked), None)
    return (decisions.shown(opened.found.task) if opened else {}) | {
        "process": process,
        "current_step": "suitability",
        "questions": QUESTIONS,
        "lines": lines,
        "opened": opened,
        "headline": suitability_headline(lines),
        "lede": suitability_lede(lines),
        "checking": screen_under_way(process),
        "can_edit": request.access.can_edit,
    }
