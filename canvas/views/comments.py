"""Talking about the blocks of a canvas, and where one is mentioned."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import Role
from canvas.domain.blocks import BLOCKS
from canvas.forms import CommentForm, UptoForm
from canvas.models import Canvas, CanvasComment
from canvas.selectors import canvas_talk, mentions_waiting, talk_path
from canvas.services import comment_change, comment_create, comment_delete, comment_require_author, comment_resolve
from canvas.views.sheets import found_canvas
from common.errors import InvalidInput, StaleEdit

MOST_SHOWN = 100


def found_comment(request: WorkspaceRequest, pk: int) -> CanvasComment:
    found = CanvasComment.objects.of(request.workspace).filter(canvas__task__removed_at=None)
    people = ("author", "resolved_by")
    return found.select_related(*people, "canvas__workspace", "canvas__task__process").get_or_404(pk=pk)


def _shown(request: WorkspaceRequest, canvas: Canvas) -> dict[str, object]:
    shown = {"process": canvas.task.process, "task": canvas.task, "canvas": canvas, "current_step": "canvas"}
    return {**shown, "may_edit": request.access.can_edit}


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_view(writes=Role.VIEWER)
def every(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """All that is said about a canvas, resolved ones too (`?upto=7`: by version 7); posted to, one more comment."""
    canvas = found_canvas(request, task_id)
    if request.method == "POST":
        return _say(request, canvas)
    form = UptoForm(request.GET)
    upto = form.cleaned_data["upto"] if form.is_valid() else None
    shown = {**_shown(request, canvas), "talk": canvas_talk(canvas, upto=upto), "upto": upto}
    return render(request, "canvas/comments.html", shown, status=200 if form.is_valid() else 422)


def _say(request: WorkspaceRequest, canvas: Canvas) -> HttpResponse:
    block, text = request.POST.get("block", ""), request.POST.get("text", "")
    if block not in BLOCKS:
        raise Http404("The canvas has no such block.")
    link, problem = request.build_absolute_uri(talk_path(canvas, block)), ""
    try:
        comment_create(access=request.access, canvas=canvas, block=block, text=text, link=link)
    except InvalidInput as fault:
        problem = fault.errors[0].message
    if not request.htmx and not problem:
        return redirect(talk_path(canvas, block))
    said = {"problem": problem, "typed": text if problem else ""}
    talk = canvas_talk(canvas)
    shown = {**_shown(request, canvas), "talk": talk, "of": talk.blocks[block], "changed": [], **said}
    template = "canvas/_spoken.html" if request.htmx else "canvas/comments.html"
    return render(request, template, shown, status=422 if problem else 200)


@require_safe
@workspace_view()
def live(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """What changed among the comments since the page was made (`?seen=` as it stood there); 204 where nothing did."""
    canvas, seen = found_canvas(request, task_id), request.GET.get("seen", "")
    talk = canvas_talk(canvas)
    if talk.stamp == seen:
        return HttpResponse(status=204)
    shown = {**_shown(request, canvas), "talk": talk, "changed": talk.changed_since(seen)}
    return render(request, "canvas/_talk_live.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_view(writes=Role.VIEWER)
def one(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One comment; its author may write it anew here."""
    comment = found_comment(request, pk)
    canvas, own = comment.canvas, comment.author_id == request.user.pk
    if request.method == "POST":
        comment_require_author(access=request.access, comment=comment)
    posted = request.POST if request.method == "POST" else None
    form = CommentForm(posted, initial={"text": comment.text, "version": comment.version})
    if request.method == "POST" and form.is_valid():
        link = request.build_absolute_uri(talk_path(canvas, comment.block))
        try:
            comment_change(access=request.access, comment=comment, link=link, **form.cleaned_data)
        except (InvalidInput, StaleEdit) as fault:
            form.add_error(None if isinstance(fault, StaleEdit) else "text", fault.detail)
        else:
            return redirect(talk_path(canvas, comment.block))
    shown = {**_shown(request, canvas), "comment": comment, "own": own, "form": form}
    back = {"back": talk_path(canvas, comment.block)}
    return render(request, "canvas/comment.html", {**shown, **back}, status=422 if form.errors else 200)


@require_POST
@workspace_view(writes=Role.VIEWER)
def delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Take one's own comment away."""
    comment = found_comment(request, pk)
    comment_delete(access=request.access, comment=comment)
    messages.success(request, "The comment is deleted.")
    return redirect(talk_path(comment.canvas, comment.block))


@require_POST
@workspace_view()
def resolve(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Say that a comment is dealt with, or open it again (`resolved=no`)."""
    comment = found_comment(request, pk)
    comment_resolve(access=request.access, comment=comment, resolved=request.POST.get("resolved") != "no")
    if not request.htmx:
        return redirect(talk_path(comment.canvas, comment.block))
    shown = {**_shown(request, comment.canvas), "talk": canvas_talk(comment.canvas), "changed": []}
    return render(request, "canvas/_talk_live.html", shown)


@require_safe
@workspace_view()
def mentions(request: WorkspaceRequest) -> HttpResponse:
    """Open comments that mention one and that one has not answered."""
    waiting = mentions_waiting(request.workspace, request.user)
    rows = [(each.comment, talk_path(each.comment.canvas, each.comment.block)) for each in waiting[:MOST_SHOWN]]
    return render(request, "canvas/mentions.html", {"rows": rows, "total": waiting.count()})
