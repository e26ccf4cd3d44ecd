"""The demo: there at once, with its sign-in; the worked example walks through all steps as jobs."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from accounts.models import User, Workspace
from canvas.models import Canvas
from jobs.models import Run, RunState, StageState
from jobs.services import run_drain
from pipelines.management.commands import load_demo
from pipelines.models import Generation, PipelineRun
from pipelines.tasks import demo_canvas, demo_example, demo_run
from planner.models import LogUpload, Process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "")


@pytest.fixture
def demo() -> Run:
    return load_demo.demo_create(password=load_demo.DEMO_PASSWORD)


def walk_through(demo: Run) -> None:
    """Each stage of the demo, and what it starts worked off before the next; the pipeline's own run is left queued."""
    for name, task in (("example", demo_example), ("canvas", demo_canvas), ("run", demo_run)):
        task(stage_id=demo.stages.get(name=name).pk, attempt=0)
        started = Run.objects.under_way().exclude(kind="pipelines.run").exclude(pk=demo.pk)
        while ids := list(started.values_list("pk", flat=True)):
            run_drain(run_ids=ids)


def test_the_demo_is_there_before_its_example(demo: Run) -> None:
    workspace = Workspace.objects.get(is_demo=True)
    user = User.objects.get(email=load_demo.DEMO_EMAIL)
    assert user.check_password(load_demo.DEMO_PASSWORD)
    assert not Process.objects.exists()
    assert not LogUpload.objects.exists()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/w/{workspace.slug}/").content.decode()
    assert "The worked example is being prepared" in page
    assert demo.title in page
    assert 'hx-trigger="every 4s"' in page


def test_a_second_call_changes_nothing(demo: Run) -> None:
    call_command("load_demo", verbosity=0)
    assert (Workspace.objects.count(), User.objects.count(), Run.objects.count()) == (1, 1, 1)


def test_the_example_comes_with_every_step_of_the_way(demo: Run) -> None:
    walk_through(demo)
    demo.refresh_from_db()
    assert demo.state_of is RunState.SUCCEEDED
    process = Process.objects.get(example=load_demo.EXAMPLE)
    canvas = Canvas.objects.get(task__process=process)
    generation = Generation.objects.get(pipeline__canvas=canvas)
    started = PipelineRun.objects.get(generation=generation)
    assert canvas.task.name == "Triage claim"  # the one planted decision that a model predicts well and profitably
    assert generation.rows > 0
    assert started.run.stages.count() > 5
    page = Client()
    page.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    assert "Triage claim" in page.get(f"/w/{process.workspace.slug}/").content.decode()


def test_a_cancelled_import_stops_the_demo_with_a_sentence(demo: Run) -> None:
    run_drain_one_stage(demo)
    Run.objects.filter(kind="import").update(state=RunState.CANCELLED.value)
    run_drain(run_ids=[demo.pk])
    demo.refresh_from_db()
    assert demo.state_of is RunState.FAILED
    assert "did not end well" in demo.stages.get(name="canvas").reason


def run_drain_one_stage(demo: Run) -> None:
    """The first stage alone; what it starts waits."""
    demo_example(stage_id=demo.stages.get(name="example").pk, attempt=0)


def test_a_step_waits_for_the_job_before_it_and_counts_no_error(demo: Run) -> None:
    run_drain_one_stage(demo)
    waiting = demo.stages.get(name="canvas")
    demo_canvas(stage_id=waiting.pk, attempt=0)
    waiting.refresh_from_db()
    assert waiting.state_of is StageState.READY
    assert (waiting.errors, waiting.lost) == (0, 0)
    assert waiting.reason == "Waits for “Import claims.csv.gz”."
    assert waiting.not_before is not None
