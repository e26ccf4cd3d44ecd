"""What a pipeline learns from: the source, tables people bring, and what the columns of one are."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import Role
from canvas.models import Canvas
from common.errors import InvalidInput, ProblemError, StaleEdit
from pipelines.forms import RolesForm, SourceForm, TableForm
from pipelines.models import RowsFrom, TrainingUpload
from pipelines.selectors import training_choice, training_targets, upload_view
from pipelines.services import (
    training_roles_update,
    training_source_choose,
    training_upload_create,
    training_upload_delete,
    upload_derivatives,
)
from pipelines.views.options import canvas_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@workspace_view()
def rows(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Where the rows come from; choose another source or, of the log, another target."""
    canvas = canvas_of(request, task_id)
    if request.method != "POST":
        return _rows(request, canvas)
    if "target" in request.POST:
        return _target(request, canvas, request.POST["target"])
    form = SourceForm(training_choice(canvas), request.POST)
    if not form.is_valid():
        return _rows(request, canvas, source=form)
    rows_from, upload = form.chosen()
    training_source_choose(access=request.access, canvas=canvas, rows_from=rows_from, upload=upload)
    messages.success(request, "Kept: the next generation learns from it.")
    return redirect("pipelines:rows", request.workspace.slug, task_id)


@require_POST
@workspace_view(role=Role.EDITOR)
def bring(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Bring a table; it is looked at by a job."""
    canvas = canvas_of(request, task_id)
    form = TableForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = training_upload_create(
                access=request.access, canvas=canvas, file=file, filename=file.name or "table"
            )
        except ProblemError as problem:
            for one in problem.errors:
                form.add_error("file", one.message)
            if not problem.errors:
                form.add_error("file", str(problem))
        else:
            return redirect("pipelines:table", request.workspace.slug, upload.pk)
    return _rows(request, canvas, table=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@workspace_view()
def table(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One table: what was found in its columns, and what they are for."""
    upload = _upload(request, pk)
    view = upload_view(upload)
    if request.method != "POST" or view is None:
        return _table(request, upload)
    form = RolesForm(upload, view, request.POST)
    if not form.is_valid():
        return _table(request, upload, form=form)
    try:
        training_roles_update(
            access=request.access, upload=upload, changes=form.changes(), version=form.cleaned_data["version"]
        )
    except InvalidInput as problem:
        form.place(problem)
        return _table(request, upload, form=form)
    except StaleEdit as problem:
        return _table(request, _upload(request, pk), problem=problem)
    messages.success(request, f"Kept: what the columns of {upload.filename} are.")
    return redirect("pipelines:table", request.workspace.slug, pk)


@require_POST
@workspace_view(role=Role.EDITOR)
def table_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Delete a table with what was generated from it."""
    upload = _upload(request, pk)
    try:
        training_upload_delete(access=request.access, upload=upload)
    except ProblemError as problem:
        messages.error(request, str(problem))
        return redirect("pipelines:table", request.workspace.slug, pk)
    messages.success(request, f"{upload.filename} is deleted.")
    return redirect("pipelines:rows", request.workspace.slug, upload.canvas.task_id)


def _target(request: WorkspaceRequest, canvas: Canvas, text: str) -> HttpResponse:
    request.access.require(Role.EDITOR)
    try:
        training_source_choose(access=request.access, canvas=canvas, rows_from=RowsFrom.LOG, target=text.strip())
    except ProblemError as problem:
        messages.error(request, " ".join([str(problem), *(one.message for one in problem.errors)]))
    else:
        messages.success(request, "Kept: the next generation learns to foretell it, from the event log.")
    return redirect("pipelines:rows", request.workspace.slug, canvas.task_id)


def _upload(request: WorkspaceRequest, pk: int) -> TrainingUpload:
    found = TrainingUpload.objects.of(request.workspace).select_related("run", "blob", "canvas__task__process")
    return found.get_or_404(pk=pk)


def _rows(
    request: WorkspaceRequest, canvas: Canvas, *, source: SourceForm | None = None, table: TableForm | None = None
) -> HttpResponse:
    choice = training_choice(canvas)
    shown = {
        "process": canvas.task.process,
        "current_step": "pipeline",
        "task": canvas.task,
        "choice": choice,
        "targets": training_targets(canvas) if choice.log else [],
        "form": source or SourceForm(choice),
        "table_form": table or TableForm(),
    }
    wrong = any(form is not None and form.errors for form in (source, table))
    return render(request, "pipelines/rows.html", shown, status=422 if wrong else 200)


def _table(
    request: WorkspaceRequest,
    upload: TrainingUpload,
    *,
    form: RolesForm | None = None,
    problem: StaleEdit | None = None,
) -> HttpResponse:
    view = upload_view(upload)
    shown = {
        "process": upload.canvas.task.process,
        "current_step": "pipeline",
        "task": upload.canvas.task,
        "upload": upload,
        "view": view,
        "form": form or (RolesForm(upload, view) if view else None),
        "problem": problem,
        "derived": upload_derivatives(upload).words,
    }
    status = problem.status if problem else 422 if form is not None else 200
    return render(request, "pipelines/table.html", shown, status=status)
