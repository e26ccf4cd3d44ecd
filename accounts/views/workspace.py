"""A workspace's own pages: settings, members and invitations, API tokens, audit trail."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from accounts.forms import InvitationForm, RoleForm, TokenForm, WorkspaceForm
from accounts.models import ApiToken, Invitation, Membership, Role
from accounts.selectors import audit_trail, invitations_waiting, members_of, tokens_seen_by
from accounts.services import (
    api_token_create,
    api_token_revoke,
    invitation_create,
    invitation_mail,
    invitation_revoke,
    member_remove,
    member_role_change,
    workspace_update,
)
from accounts.views.gate import mail_words

PAGE = 50


@workspace_view(writes=Role.OWNER)
def settings(request: WorkspaceRequest) -> HttpResponse:
    """What the workspace counts with. Members read it, owners change it."""
    form = WorkspaceForm(request.POST or None, initial=WorkspaceForm.initial_of(request.workspace))
    if request.method == "POST" and form.is_valid():
        workspace_update(access=request.access, settings=form.settings())
        messages.success(request, "Settings saved. Values are counted with them from now on.")
        return redirect("accounts:settings", slug=request.workspace.slug)
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@workspace_view(writes=Role.OWNER)
def members(request: WorkspaceRequest) -> HttpResponse:
    """Who is in, who is invited; owners invite. A new link is shown in the answer, once."""
    form = InvitationForm(request.POST or None)
    shown: dict[str, object] = {"form": form, "roles": Role.choices}
    if request.method == "POST" and form.is_valid():
        shown |= _invited(request, form)
    shown["members"] = members_of(request.workspace)
    shown["invitations"] = invitations_waiting(request.workspace) if request.access.is_owner else []
    return render(request, "accounts/members.html", shown, status=422 if form.errors else 200)


def _invited(request: WorkspaceRequest, form: InvitationForm) -> dict[str, object]:
    role, email = Role(form.cleaned_data["role"]), form.cleaned_data["email"]
    invitation, secret = invitation_create(access=request.access, role=role, email=email, now=timezone.now())
    link = request.build_absolute_uri(reverse("accounts:join", kwargs={"secret": secret}))
    if email:
        invitation_mail(invitation=invitation, link=link)
    return {"link": link, "invited": invitation, "form": InvitationForm(), **mail_words(request)}


@require_POST
@workspace_view(writes=Role.OWNER)
def member_role(request: WorkspaceRequest, pk: int) -> HttpResponse:
    membership = Membership.objects.of(request.workspace).get_or_404(pk=pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        changed = member_role_change(access=request.access, membership=membership, role=Role(form.cleaned_data["role"]))
        messages.success(request, f"{changed.user} is {changed.get_role_display().lower()} now.")
    return redirect("accounts:members", slug=request.workspace.slug)


@require_POST
@workspace_view(writes=Role.VIEWER)
def member_leave(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Take a member out, or leave. The service knows who may."""
    membership = Membership.objects.of(request.workspace).get_or_404(pk=pk)
    member_remove(access=request.access, membership=membership)
    if membership.user_id == request.user.pk:
        messages.success(request, f"You have left {request.workspace.name}.")
        return redirect("accounts:workspaces")
    messages.success(request, f"{membership.user} is no longer a member.")
    return redirect("accounts:members", slug=request.workspace.slug)


@require_POST
@workspace_view(writes=Role.OWNER)
def invitation_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    invitation = Invitation.objects.of(request.workspace).get_or_404(pk=pk)
    invitation_revoke(access=request.access, invitation=invitation)
    messages.success(request, "The invitation is taken back; its link no longer works.")
    return redirect("accounts:members", slug=request.workspace.slug)


@never_cache
@workspace_view(writes=Role.VIEWER)
def tokens(request: WorkspaceRequest) -> HttpResponse:
    """Keys of the REST API. A new one is shown in the answer, once."""
    form = TokenForm(request.POST or None)
    shown: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        expires = form.expires_at(timezone.now())
        token, secret = api_token_create(
            access=request.access, name=form.cleaned_data["name"], can_write=form.can_write, expires_at=expires
        )
        shown |= {"made": token, "secret": secret, "form": TokenForm()}
    shown |= {"tokens": tokens_seen_by(request.membership), "now": timezone.now()}
    return render(request, "accounts/tokens.html", shown, status=422 if form.errors else 200)


@require_POST
@workspace_view(writes=Role.VIEWER)
def token_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    token = ApiToken.objects.of(request.workspace).get_or_404(pk=pk)
    api_token_revoke(access=request.access, token=token)
    messages.success(request, f"The token {token.name} is revoked; calls with it are refused from now on.")
    return redirect("accounts:tokens", slug=request.workspace.slug)


@require_safe
@workspace_view()
def audit(request: WorkspaceRequest) -> HttpResponse:
    """Who did what, newest first."""
    entries = Paginator(audit_trail(request.workspace), PAGE)
    page = entries.get_page(request.GET.get("page"))
    return render(request, "accounts/audit.html", {"page": page, "entries": entries})
