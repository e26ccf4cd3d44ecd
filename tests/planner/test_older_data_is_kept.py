"""An installation from before a change of the tables goes on with its data."""

import datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from planner.models import EventLog, Flow

pytestmark = [pytest.mark.second_leg, pytest.mark.django_db(transaction=True)]
FIRST = [("planner", "0001_initial"), ("pipelines", "0001_initial"), ("accounts", "0001_initial")]


@pytest.fixture
def before():
    """The tables as they first were; afterwards as they are now."""
    executor = MigrationExecutor(connection)
    executor.migrate([*FIRST, ("jobs", "0001_initial"), ("canvas", "0001_initial")])
    yield executor.loader.project_state(FIRST).apps
    now = MigrationExecutor(connection)
    now.migrate(now.loader.graph.leaf_nodes())


def imported_process(apps: StateApps) -> int:
    """A process with a log and a branch, as an import once left them; the id of its log."""
    workspace = apps.get_model("accounts", "Workspace").objects.create(name="Acme", slug="acme-before")
    process = apps.get_model("planner", "Process").objects.create(workspace=workspace, name="Claims")
    blob = apps.get_model("jobs", "Blob").objects.create(workspace=workspace, digest="0" * 64, size=1)
    begun = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    log = apps.get_model("planner", "EventLog").objects.create(
        workspace=workspace, process=process, events=blob, name="log.csv", first_start=begun, last_start=begun
    )
    task = apps.get_model("planner", "Task")
    ends = [task.objects.create(workspace=workspace, process=process, name=name) for name in "ab"]
    apps.get_model("planner", "Flow").objects.create(
        workspace=workspace, process=process, source=ends[0], target=ends[1], count=9, probability=1.0
    )
    return int(log.pk)


def test_the_log_of_an_older_installation_is_the_one_in_use(before: StateApps) -> None:
    log = imported_process(before)
    now = MigrationExecutor(connection)
    now.migrate(now.loader.graph.leaf_nodes())
    assert list(EventLog.objects.in_use().values_list("pk", flat=True)) == [log]
    assert Flow.objects.get().probability_source == "log"
