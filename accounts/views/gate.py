"""In and out: the landing page, signing up, signing in, the demo, password reset."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView, PasswordResetConfirmView, PasswordResetDoneView, PasswordResetView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import ResetForm, SignInForm, SignUpForm, WorkspaceForm
from accounts.models import User
from accounts.selectors import demo_user, start_workspace
from accounts.services import invitation_accept, mail_folder, user_create, workspace_create
from common.errors import NotFound, ProblemError

BACKEND = "django.contrib.auth.backends.ModelBackend"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "testserver")


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What Taskworth does, for whoever is signed out; others go where they were."""
    if request.user.is_authenticated:
        return redirect("accounts:start")
    return render(request, "accounts/landing.html", {"demo": demo_user() is not None})


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """After signing in: the workspace one was in last, the first one, or the page that makes one."""
    if not isinstance(request.user, User):
        return redirect("accounts:sign_in")
    workspace = start_workspace(request.user, request.session.get("workspace", ""))
    return redirect("planner:home", slug=workspace.slug) if workspace else redirect("accounts:workspaces")


def next_address(request: HttpRequest) -> str:
    """Where the person wanted to go, when it is an address of ours."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if safe else ""


class SignIn(LoginView):
    """Sign in; the door is locked for an hour after several wrong tries (accounts.lockout)."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, demo=demo_user() is not None)


@never_cache
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest) -> HttpResponse:
    """A new person with a workspace; without one for whoever comes with an invitation."""
    wanted = next_address(request)
    invited = wanted.startswith("/join/")
    person = SignUpForm(request.POST or None)
    workspace = None if invited else WorkspaceForm(request.POST or None, prefix="workspace")
    if request.method == "POST" and person.is_valid() and (workspace is None or workspace.is_valid()):
        user = _signed_up(person, workspace)
        login(request, user, backend=BACKEND)
        if invited:
            return _joined(request, user, wanted)
        return redirect(wanted or "accounts:start")
    shown = {"person": person, "workspace": workspace, "next": wanted}
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/sign_up.html", shown, status=status)


def _joined(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    """Join with the invitation that led here: the press that made the account was the yes to it."""
    try:
        membership = invitation_accept(user=user, secret=wanted.split("/")[2], now=timezone.now())
    except ProblemError:  # used up or for somebody else: its own page says so
        return redirect(wanted)
    messages.success(request, f"You are {membership.get_role_display().lower()} of {membership.workspace.name}.")
    return redirect("planner:home", slug=membership.workspace.slug)


def _signed_up(person: SignUpForm, workspace: WorkspaceForm | None) -> User:
    given = person.cleaned_data
    user = user_create(email=given["email"], password=given["password"], name=given["name"])
    if workspace is not None:
        workspace_create(user=user, settings=workspace.settings())
    return user


@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo's person."""
    user = demo_user()
    if user is None:
        raise NotFound("There is no demo on this installation.", detail="Sign up instead; it takes a minute.")
    login(request, user, backend=BACKEND)
    messages.info(request, "This is the demo. Others may be in it too; sign up for a workspace of your own.")
    return redirect("accounts:start")


class Reset(PasswordResetView):
    template_name = "accounts/reset.html"
    email_template_name = "accounts/reset_mail.txt"
    subject_template_name = "accounts/reset_subject.txt"
    form_class = ResetForm
    success_url = reverse_lazy("accounts:reset_sent")


class ResetSent(PasswordResetDoneView):
    """Says where the mail is: on a local installation without a mail server it is a file."""

    template_name = "accounts/reset_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **mail_words(self.request))


def mail_words(request: HttpRequest) -> dict[str, object]:
    """Whether mails are sent; the folder they are written to is told only to who sits at the machine."""
    folder, host = mail_folder(), request.get_host().rsplit(":", 1)[0]
    return {"mail_sent": not folder, "mail_folder": folder if host in LOCAL_HOSTS else ""}


class ResetConfirm(PasswordResetConfirmView):
    template_name = "accounts/reset_confirm.html"
    success_url = reverse_lazy("accounts:start")
    post_reset_login = True
    post_reset_login_backend = BACKEND

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is changed and you are signed in.")
        return super().form_valid(form)
