"""Processes of the fault tests, which know their stages: `python -m tests.faults.program dispatch|submit …`."""

import os
import sys

import django

from tests.faults.clock import clock_worn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
clock_worn()
django.setup()

from django.core.management import call_command  # noqa: E402

from accounts.access import Access  # noqa: E402
from accounts.models import Workspace  # noqa: E402
from jobs.services import StageSpec, run_submit  # noqa: E402
from tests.jobs import stages  # noqa: E402


def submit(key: str) -> int:
    """What a web process does: submit a run of one stage, and ring."""
    access = Access.system(Workspace.objects.get(slug="acme"))
    specs = [StageSpec("only", stages.stage_run.name)]
    return run_submit(access=access, kind="test", title="A test", stages=specs, idempotency_key=key).pk


if __name__ == "__main__":
    if sys.argv[1] == "dispatch":
        call_command("dispatch")
    else:
        sys.stdout.write(f"{submit(sys.argv[2])}\n")
