"""One's own page, one's workspaces, and joining one by invitation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.forms import NameForm, WorkspaceForm
from accounts.models import User
from accounts.selectors import demo_user, memberships_of
from accounts.services import invitation_accept, invitation_found, user_rename, workspace_create
from common.errors import NotAllowed


class SignedIn(HttpRequest):
    """A request behind `login_required`. Never made, only promised by types."""

    user: User


@login_required
def profile(request: SignedIn) -> HttpResponse:
    """Name, password, workspaces."""
    form = NameForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user_rename(user=request.user, name=form.cleaned_data["name"])
        messages.success(request, "Your name is saved.")
        return redirect("accounts:profile")
    shown = {"form": form, "memberships": memberships_of(request.user)}
    return render(request, "accounts/profile.html", shown)


class ChangePassword(PasswordChangeView):
    template_name = "accounts/change_password.html"
    success_url = reverse_lazy("accounts:profile")

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.user == demo_user():
            # Everybody signs in with this account: whoever changed its password would lock the others out.
            raise NotAllowed("The demo's password cannot be changed.", detail="Sign up for an account of your own.")
        messages.success(self.request, "Your password is changed. Other browsers are signed out.")
        return super().form_valid(form)


@login_required
def workspaces(request: SignedIn) -> HttpResponse:
    """The workspaces one is in, and a form for a new one."""
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workspace = workspace_create(user=request.user, settings=form.settings())
        return redirect("planner:home", slug=workspace.slug)
    shown = {"form": form, "memberships": memberships_of(request.user)}
    return render(request, "accounts/workspaces.html", shown, status=422 if form.errors else 200)


@never_cache
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """An invitation: says to what, then signs in or up, then joins on a press."""
    invitation = invitation_found(secret=secret, now=timezone.now())
    if request.method == "POST" and isinstance(request.user, User):
        membership = invitation_accept(user=request.user, secret=secret, now=timezone.now())
        messages.success(request, f"You are {membership.get_role_display().lower()} of {membership.workspace.name}.")
        return redirect("planner:home", slug=membership.workspace.slug)
    return render(request, "accounts/join.html", {"invitation": invitation, "next": request.path})
