"""The canvas as a file: taken away in four forms, brought back in two."""

import json
from collections.abc import Callable
from io import BytesIO

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import Role
from canvas.domain.document import CanvasDocument
from canvas.domain.rendering import json_of, markdown_of
from canvas.forms import BringForm
from canvas.selectors import canvas_document
from canvas.services import PAPERS, Paper, canvas_import, paper_picture, paper_sheet
from canvas.views.sheets import found_canvas
from common.errors import InvalidInput
from common.security import file_response

Writer = Callable[[CanvasDocument, Paper], bytes]


def _markdown(document: CanvasDocument, paper: Paper) -> bytes:
    return markdown_of(document).encode()


def _json(document: CanvasDocument, paper: Paper) -> bytes:
    return json.dumps(json_of(document), ensure_ascii=False, indent=2).encode()


def _pdf(document: CanvasDocument, paper: Paper) -> bytes:
    return paper_sheet(document, paper=paper)


def _png(document: CanvasDocument, paper: Paper) -> bytes:
    return paper_picture(document, paper=paper)


WRITERS: dict[str, tuple[str, Writer]] = {
    "md": ("text/markdown; charset=utf-8", _markdown),
    "json": ("application/json", _json),
    "pdf": ("application/pdf", _pdf),
    "png": ("image/png", _png),
}


@require_safe
@workspace_view()
def export(request: WorkspaceRequest, task_id: int, form: str) -> HttpResponseBase:
    """The canvas as a file: Markdown, JSON, or one sheet of paper as PDF or PNG (`?paper=a3` for the larger one)."""
    if form not in WRITERS:
        raise Http404("A canvas is exported as md, json, pdf or png.")
    paper = next((each for each in PAPERS if each == request.GET.get("paper", "a4")), None)
    if paper is None:
        raise Http404("The paper is a4 or a3.")
    document = canvas_document(found_canvas(request, task_id))
    media_type, write = WRITERS[form]
    larger = "-a3" if paper == "a3" and form in ("pdf", "png") else ""
    name = f"canvas-{slugify(document.header.task) or 'task'}{larger}.{form}"
    return file_response(BytesIO(write(document, paper)), filename=name, media_type=media_type)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_view(role=Role.EDITOR)
def bring(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Bring a canvas as Markdown or JSON: the whole file is taken over, or nothing of it."""
    canvas = found_canvas(request, task_id)
    form = BringForm(request.POST or None, request.FILES or None, initial={"version": canvas.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            changed = canvas_import(
                access=request.access, canvas=canvas, text=given["text"], form=given["form"], version=given["version"]
            )
        except InvalidInput as problem:
            for each in problem.errors:
                form.add_error(None, f"{each.path.capitalize()}: {each.message}" if each.path else each.message)
        else:
            taken = changed.version > canvas.version
            messages.success(request, "The file was taken over." if taken else "The file says what the canvas says.")
            return redirect("canvas:sheet", request.workspace.slug, task_id)
    shown = {"process": canvas.task.process, "task": canvas.task, "current_step": "canvas", "form": form}
    return render(request, "canvas/bring.html", shown, status=422 if form.errors else 200)
