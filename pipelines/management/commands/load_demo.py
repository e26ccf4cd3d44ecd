"""`manage.py load_demo`: the workspace a newcomer looks at first. Made once; a second call changes nothing.

It is part of the first start, so it loads nothing heavy: the example itself is a job, worked off once the server runs.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from accounts.access import Access
from accounts.models import User, Workspace
from accounts.services import WorkspaceSettings, user_create, workspace_create
from jobs.models import Run
from jobs.services import StageSpec, run_submit

DEMO_EMAIL = "demo@taskworth.example"
DEMO_PASSWORD = "look around first"  # noqa: S105: shown to everybody who starts a local installation
EXAMPLE = "claims"
KIND = "pipelines.demo"
TITLE = "Prepare the worked example"
STAGES = (
    StageSpec("example", "pipelines.demo_example", params={"example": EXAMPLE}),
    StageSpec("canvas", "pipelines.demo_canvas", ("example",), params={"example": EXAMPLE}),
    StageSpec("run", "pipelines.demo_run", ("canvas",), params={"example": EXAMPLE}),
)


class Command(BaseCommand):
    help = "Create the demo workspace with a worked example, unless there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", default=DEMO_PASSWORD, help="password of the demo's person")

    def handle(self, *args: Any, **options: Any) -> None:
        if Workspace.objects.filter(is_demo=True).exists():
            self.stdout.write("The demo is there already.")
            return
        run = demo_create(password=options["password"])
        if options["verbosity"]:
            self.stdout.write(f"Demo made: sign in as {DEMO_EMAIL}. {run.title} is queued.")


@transaction.atomic
def demo_create(*, password: str) -> Run:
    """A person, a workspace that they own, and a job that walks the worked example through all steps of the way."""
    user = User.objects.filter(email=DEMO_EMAIL).first()
    user = user or user_create(email=DEMO_EMAIL, password=password, name="Demo")
    workspace = workspace_create(user=user, settings=WorkspaceSettings(name="Demo"))
    Workspace.objects.filter(pk=workspace.pk).update(is_demo=True)
    return run_submit(access=Access.system(workspace), kind=KIND, title=TITLE, stages=STAGES, idempotency_key="demo:1")
