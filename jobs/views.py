"""Pages of jobs: the list, one job live, and its progress card on other pages. They are polled."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from accounts.access import WorkspaceRequest, workspace_view
from jobs.models import LogEntry, Run, RunState
from jobs.selectors import log_after, log_asked, log_latest, log_search, next_address, run_picture
from jobs.services import run_cancel, run_retry

PAGE = 50


@require_safe
@never_cache
@workspace_view()
def run_list(request: WorkspaceRequest) -> HttpResponse:
    """All jobs of the workspace, newest first."""
    runs = Run.objects.of(request.workspace).select_related("created_by")
    page = Paginator(runs, PAGE).get_page(request.GET.get("page"))
    under_way = Run.objects.of(request.workspace).under_way().count()
    return render(request, "jobs/list.html", {"page": page, "under_way": under_way})


@require_safe
@never_cache
@workspace_view()
def run_page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One job: its stages and its log, live."""
    run = _run(request, pk)
    return render(request, "jobs/run.html", _shown(run, log_latest(run)))


@require_safe
@never_cache
@workspace_view()
def run_live(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What has changed on the page of a job since log entry `after`."""
    run, after = _run(request, pk), request.GET.get("after", "")
    entries = log_after(run, int(after) if after.isdecimal() and len(after) < 19 else 0)
    shown = _shown(run, entries) | {"swap": True}
    shown["last"] = shown["last"] or after
    return render(request, "jobs/_live.html", shown)


@require_safe
@never_cache
@workspace_view()
def run_progress(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The card of a job on another page. When the job is over it sends the reader on, or has the page read anew."""
    run = _run(request, pk)
    onward = next_address(run)
    if run.state_of is RunState.SUCCEEDED and onward:
        return HttpResponseClientRedirect(onward)
    if run.is_over:
        return HttpResponseClientRefresh()
    return render(request, "jobs/_progress.html", {"run": run, "back": _path_shown(request)})


@require_safe
@never_cache
@workspace_view()
def run_log(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The whole log of a job in pages, narrowed to a stage and to lines that hold some words."""
    run = _run(request, pk)
    found = log_search(run, **log_asked(request.GET))
    return render(request, "jobs/log.html", {"run": run, "log": found, "many": not found.stage})


@require_POST
@workspace_view()
def run_cancel_now(request: WorkspaceRequest, pk: int) -> HttpResponse:
    run = run_cancel(access=request.access, run=_run(request, pk))
    messages.info(request, "Cancelled." if run.is_over else "It is being cancelled; that takes a few seconds.")
    return _back(request, run)


@require_POST
@workspace_view()
def run_retry_now(request: WorkspaceRequest, pk: int) -> HttpResponse:
    run = run_retry(access=request.access, run=_run(request, pk))
    messages.success(request, "It is being tried again.")
    return _back(request, run)


def _run(request: WorkspaceRequest, pk: int) -> Run:
    return Run.objects.of(request.workspace).get_or_404(pk=pk)


def _shown(run: Run, entries: list[LogEntry]) -> dict[str, object]:
    picture = run_picture(run, now=timezone.now())
    return {
        "run": run,
        "picture": picture,
        "entries": entries,
        "many": len(picture.stages) > 1,
        "last": entries[-1].pk if entries else "",
        "next": next_address(run),
    }


def _path_shown(request: WorkspaceRequest) -> str:
    """The path of the page that holds the card, from htmx's own header."""
    return request.htmx.current_url_abs_path or ""


def _back(request: WorkspaceRequest, run: Run) -> HttpResponse:
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None):
        return redirect(wanted)
    return redirect("jobs:run", slug=request.workspace.slug, pk=run.pk)
