"""Import: is this file what I think it is?"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import ProblemError
from planner.domain.event_log.text_encodings import encoding_words
from planner.forms import MappingForm, UploadForm, WorkingHoursForm, problem_place
from planner.models import EventLog, LogUpload
from planner.selectors import choice_words, default_hours, import_problem, import_rows, uploads_open
from planner.selectors.imports import import_warning
from planner.selectors.working_hours import default_zone
from planner.services import (
    example_load,
    examples_available,
    log_import_start,
    log_upload_create,
    log_upload_discard,
    log_upload_look,
    log_upload_map,
    log_upload_replace,
)


@workspace_view()
def import_log(request: WorkspaceRequest) -> HttpResponse:
    """Bring a file, go on with one brought before, or open an example."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        upload = log_upload_create(access=request.access, file=file, filename=file.name or "log")
        return redirect("planner:upload", request.workspace.slug, upload.pk)
    context = {"form": form, "uploads": uploads_open(request.workspace), "examples": examples_available()}
    return render(request, "planner/import.html", context, status=422 if form.errors else 200)


@workspace_view()
def upload(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What was read of one file; choose its columns and import it."""
    found = _upload(request, pk)
    if request.method == "POST":
        return _look(request, found) if "look" in request.POST else _start(request, found)
    return _page(request, found, MappingForm(found))


@require_POST
@workspace_view()
def upload_rows(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The first rows under the choices in the form, nothing kept: what changes as they are changed."""
    found = _upload(request, pk)
    form = MappingForm(found, request.POST)
    form.is_valid()
    mapping = form.mapping()
    context = {"upload": found, "rows": import_rows(found, mapping), "warning": import_warning(found, mapping)}
    return render(request, "planner/_import_parsed.html", context)


@require_POST
@workspace_view()
def upload_replace(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Bring the mended file in place of the one that could not be used."""
    found, form = _upload(request, pk), UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        log_upload_replace(access=request.access, upload=found, file=file, filename=file.name or "log")
    return redirect("planner:upload", request.workspace.slug, pk)


@require_POST
@workspace_view()
def upload_discard(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Put a file away that is not wanted."""
    found = _upload(request, pk)
    log_upload_discard(access=request.access, upload=found)
    messages.success(request, f"{found.filename} is discarded.")
    return redirect("planner:import", request.workspace.slug)


@require_POST
@workspace_view()
def example(request: WorkspaceRequest, key: str) -> HttpResponse:
    """Open a worked example: import it, or go to the one imported before."""
    example_load(access=request.access, key=key)
    brought = LogUpload.objects.of(request.workspace).filter(example=key).exclude(run=None).first()
    if brought is not None and brought.process_id is not None:
        return redirect("planner:tasks", request.workspace.slug, brought.process_id)
    return redirect("planner:upload", request.workspace.slug, brought.pk if brought else 0)


def _upload(request: WorkspaceRequest, pk: int) -> LogUpload:
    found = LogUpload.objects.of(request.workspace).select_related("run", "process", "blob")
    return found.get_or_404(pk=pk)


def _look(request: WorkspaceRequest, found: LogUpload) -> HttpResponse:
    """Read the file again in another encoding, by another separator, at another sheet."""
    form = MappingForm(found, request.POST)
    form.is_valid()
    log_upload_look(access=request.access, upload=found, reading=form.mapping())
    return redirect("planner:upload", request.workspace.slug, found.pk)


def _start(request: WorkspaceRequest, found: LogUpload) -> HttpResponse:
    form = MappingForm(found, request.POST)
    hours = _hours(request, found, form)
    if not (form.is_valid() and hours.is_valid()):
        return _page(request, found, form, hours=hours, status=422)
    try:
        log_upload_map(
            access=request.access,
            upload=found,
            mapping=form.mapping(),
            name=form.cleaned_data.get("name", ""),
            calendar=hours.choice(),
        )
        log_import_start(access=request.access, upload=found)
    except ProblemError as problem:
        return _page(request, found, form, hours=hours, problem=problem, status=problem.status)
    return redirect("planner:upload", request.workspace.slug, found.pk)


def _hours(request: WorkspaceRequest, found: LogUpload, form: MappingForm) -> WorkingHoursForm:
    """Working hours asked with the import; a form without them leaves those of the workspace.

    Where the zone of the log's times is asked, it is theirs as well; else theirs is the only one to ask.
    """
    asked = request.POST if request.POST.get("hours-which") and found.updates_id is None else None
    words = choice_words(default_hours(request.workspace))
    data = asked or ({"hours-which": "default"} if request.method == "POST" else None)
    zone = None if "zone" in form.fields else default_zone(request.workspace)
    return WorkingHoursForm(data, choice=found.calendar, default_words=words, zone=zone, prefix="hours")


def _page(
    request: WorkspaceRequest,
    found: LogUpload,
    form: MappingForm,
    *,
    hours: WorkingHoursForm | None = None,
    problem: ProblemError | None = None,
    status: int = 200,
) -> HttpResponse:
    if found.process_id is not None and found.run is not None and found.run.is_over:
        log = EventLog.objects.of(request.workspace).filter(upload=found).first() if found.updates_id else None
        if log is not None:
            return redirect("planner:log", request.workspace.slug, log.pk)
        return redirect("planner:tasks", request.workspace.slug, found.process_id)
    hours = hours or _hours(request, found, form)
    mapping = form.mapping() if form.is_bound else found.mapping
    rows = import_rows(found, mapping)
    left = problem_place(problem, {"": form, "hours.": hours}) if problem else ()
    context = {
        "upload": found,
        "form": form,
        "hours_form": hours,
        "default_hours": choice_words(default_hours(request.workspace)),
        "rows": rows,
        "warning": None if found.is_moving else import_warning(found, mapping),
        "problem": problem,
        "problem_left": left,
        "wrong": sum(map(len, (form.errors, hours.errors if hours.is_bound else ()))),
        "failed": import_problem(found),
        "encoding_words": encoding_words(str(found.preview.get("encoding") or "")),
        "replace": UploadForm(),
        "moving": found.is_moving,
    }
    return render(request, "planner/import_check.html", context, status=status)
