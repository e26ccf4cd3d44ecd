"""The cast every test may call on: an owner, an editor and a viewer of one workspace, and a stranger with another."""

import signal
from dataclasses import dataclass
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from hypothesis import HealthCheck, settings

from accounts.access import Access
from accounts.models import Membership, Role, User, Workspace

# A slow machine is no finding: no test here asserts a time, drawn examples neither.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


class _FailuresAtOnce:
    """Tells each failure when it happens: a run that is cut off would otherwise keep them to itself."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._terminal.write_line(f"\nFAILED {report.nodeid} ({report.when})\n{report.longreprtext[-1_500:]}")


@pytest.hookimpl(trylast=True)  # the terminal's reporter has to be there
def pytest_configure(config: pytest.Config) -> None:
    # A job of a shell without job control ignores Ctrl+C, and so do all its children: what a person ends with
    # Ctrl+C could not be tested.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_FailuresAtOnce(terminal))


PASSWORD = "correct horse battery staple"


@cache
def password_hash() -> str:
    """Hashed once a test process: the real hasher is slow on purpose."""
    return make_password(PASSWORD)


@dataclass(frozen=True)
class Cast:
    """Four people and two workspaces. `workspace` has the first three; `elsewhere` has the stranger alone."""

    workspace: Workspace
    elsewhere: Workspace
    owner: User
    editor: User
    viewer: User
    stranger: User
    password: str = PASSWORD

    def browser(self, user: User | None = None) -> Client:
        """A test client, signed in as `user` when one is given."""
        client = Client()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def access(self, user: User, workspace: Workspace | None = None) -> Access:
        """What `user` may do in `workspace` (the shared one unless told)."""
        where = workspace or self.workspace
        return Access(user=user, workspace=where, role=Role(where.memberships.get(user=user).role))


def person(name: str) -> User:
    return User.objects.create(email=f"{name.lower()}@example.org", name=name, password=password_hash())


@pytest.fixture
def cast(db: None) -> Cast:
    """Olga owns, Edith edits, Vera views Acme's workspace; Stan has a workspace of his own."""
    acme = Workspace.objects.create(name="Acme", slug="acme")
    other = Workspace.objects.create(name="Other", slug="other")
    people = {role: person(name) for role, name in zip(Role, ("Olga", "Edith", "Vera"), strict=True)}
    for role, user in people.items():
        Membership.objects.create(workspace=acme, user=user, role=role)
    stranger = person("Stan")
    Membership.objects.create(workspace=other, user=stranger, role=Role.OWNER)
    return Cast(
        workspace=acme,
        elsewhere=other,
        owner=people[Role.OWNER],
        editor=people[Role.EDITOR],
        viewer=people[Role.VIEWER],
        stranger=stranger,
    )
