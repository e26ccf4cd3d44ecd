"""What the frame of every page shows: where one is, in which workspace, with which role."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.models import User, Workspace
from canvas.selectors import mentions_waiting
from common.formatting import price, share


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Shell:
    """The frame of a page. Without a workspace it is the signed-out one: no navigation, no palette."""

    workspace: Workspace | None = None
    role_label: str = ""
    home: str = ""
    find: str = ""
    sign_in: str = ""
    nav: Sequence[Link] = ()
    money_words: str = ""
    person: User | None = None

    @cached_property
    def mentions(self) -> int:
        """Comments that wait for this person's answer; asked for only by pages that show it."""
        if self.workspace is None or self.person is None:
            return 0
        return mentions_waiting(self.workspace, self.person).count()


SECTIONS = {"canvas": "Processes", "planner": "Processes", "pipelines": "Pipelines", "jobs": "Pipelines"}


def address(name: str, slug: str, otherwise: str = "") -> str:
    """The address of a page of the workspace, or `otherwise` when there is none of that name."""
    try:
        return reverse(name, kwargs={"slug": slug})
    except NoReverseMatch:
        return otherwise


def section(request: HttpRequest) -> str:
    """Which entry of the top bar a page belongs to."""
    match = request.resolver_match
    if match is None:
        return ""
    if match.view_name == "planner:home":
        return "Home"
    return "Portfolios" if "portfolio" in match.view_name else SECTIONS.get(match.namespace, "")


def money_words(workspace: Workspace) -> str:
    """How amounts of this workspace are counted, for the foot of its pages."""
    return (
        f"Amounts in {workspace.currency}, {share(workspace.discount_rate)} a year, {workspace.horizon_years} years, "
        f"{price(workspace.hourly_wage)} an hour unless said otherwise"
    )


def workspace_shell(request: HttpRequest, workspace: Workspace) -> Shell:
    slug, here = workspace.slug, section(request)
    home = address("planner:home", slug, "/")
    pages = {
        "Home": home,
        "Processes": address("planner:processes", slug, f"{home}#processes"),
        "Portfolios": address("planner:portfolios", slug, home),
        "Pipelines": address("pipelines:list", slug, home),
    }
    membership = getattr(request, "membership", None)
    return Shell(
        workspace=workspace,
        role_label=membership.get_role_display().lower() if membership else "",
        home=home,
        find=address("find", slug),
        nav=[Link(label, url, label == here) for label, url in pages.items()],
        money_words=money_words(workspace),
        person=request.user if isinstance(request.user, User) else None,
    )


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: `shell` for templates/base.html."""
    workspace = getattr(request, "workspace", None)
    if isinstance(workspace, Workspace):
        return {"shell": workspace_shell(request, workspace)}
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {"shell": Shell(home=reverse("accounts:start") if signed_in else "", sign_in=reverse("accounts:sign_in"))}
