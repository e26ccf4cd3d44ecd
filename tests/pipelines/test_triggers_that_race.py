"""Many triggers and several dispatchers at one moment: each change starts once, and none is lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts.access import Access
from accounts.models import Membership
from canvas.models import Canvas
from jobs.models import Run
from jobs.services import blob_store
from pipelines.models import Firing, Pipeline, PipelineRun, Trigger, TriggerKind
from pipelines.services import trigger_create, triggers_tick
from pipelines.services.firing import trigger_notice
from planner.models import EventLog, Process, Task
from tests.conftest import Cast
from tests.pipelines.made_generations import generation_made, pipeline_made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
LOOKERS, PIPELINES = 4, 6
KINDS = (TriggerKind.CODE, TriggerKind.DATA, TriggerKind.MODEL, TriggerKind.SCHEDULE)


def at_once(*works: Callable[[], object]) -> None:
    """All begin together, each on a connection of its own. A database of one file lets one write: they take turns."""
    start = Barrier(len(works))

    def begun(work: Callable[[], object]) -> object:
        try:
            start.wait()
            return work()
        finally:
            connections.close_all()

    if connection.vendor == "sqlite":
        for work in works:
            work()
        return
    with ThreadPoolExecutor(len(works)) as racers:
        for done in [racers.submit(begun, work) for work in works]:
            done.result()


def another(pipeline: Pipeline, number: int) -> Pipeline:
    """A pipeline of another task of the same process, with a generation."""
    ours = {"workspace": pipeline.workspace}
    task = Task.objects.create(**ours, process=pipeline.task.process, name=f"Task {number}", activity=f"Task {number}")
    canvas = Canvas.objects.create(**ours, task=task)
    found = Pipeline.objects.create(**ours, canvas=canvas, task=task, state="generated")
    generation_made(found)
    return found


def new_log(process: Process) -> None:
    blob = blob_store(workspace=process.workspace, source=b"rows", media_type="application/x-parquet")
    now = timezone.now()
    EventLog.objects.create(
        workspace=process.workspace, process=process, events=blob, name="May", first_start=now, last_start=now
    )


def test_two_dozen_changes_and_four_dispatchers_start_each_once(cast: Cast) -> None:
    first = pipeline_made(cast.workspace)
    pipelines = [first, *(another(first, number) for number in range(1, PIPELINES))]
    access = cast.access(cast.editor)
    for pipeline in pipelines:
        for kind in KINDS:
            trigger_create(access=access, pipeline=pipeline, kind=kind, cron="0 2 * * *")
    for pipeline in pipelines:
        generation_made(pipeline, value_proposition__objective="Sooner")
    new_log(first.task.process)
    Trigger.objects.filter(kind="schedule").update(next_at=timezone.now() - timedelta(minutes=1))
    for _ in range(3):
        at_once(*[triggers_tick] * LOOKERS)
    noted = Counter(Firing.objects.exclude(state="nothing").values_list("pipeline", "trigger__kind"))
    expected = {(pipeline.pk, kind): 1 for pipeline in pipelines for kind in ("code", "data", "schedule")}
    assert noted == expected, "each change is noted once, none is missed"
    for pipeline in pipelines:
        firings = Firing.objects.filter(pipeline=pipeline).exclude(state="nothing")
        told = dict(firings.values_list("trigger__kind", "state"))
        assert told["data"] == "held", "it waits for its generation"
        assert {told["code"], told["schedule"]} <= {"joined", "started"}
        assert Run.objects.filter(kind="pipelines.generate", subject=pipeline.subject).count() == 1
    started = Firing.objects.filter(state="started").exclude(run=None)
    assert len(set(started.values_list("run", flat=True))) == started.count() == PipelineRun.objects.count()


def test_a_change_noted_while_a_run_starts_is_never_without_one(cast: Cast) -> None:
    pipeline = pipeline_made(cast.workspace)
    access = cast.access(cast.editor)
    for _ in range(20):
        trigger_create(access=access, pipeline=pipeline, kind=TriggerKind.CODE)
    for number in range(3):
        generation_made(pipeline, value_proposition__objective=f"Goal {number}")
        at_once(*[triggers_tick] * LOOKERS)
        triggers_tick()
        newest = pipeline.generations.first()
        change = f"generation:{newest.digest}"
        assert Firing.objects.filter(change=change).count() == 20
        assert not Firing.objects.filter(state="held").exists()
        assert PipelineRun.objects.filter(generation=newest).exists(), "the newest code runs"


def test_new_data_does_not_join_a_run_of_the_data_before(cast: Cast) -> None:
    pipeline = pipeline_made(cast.workspace)
    access = cast.access(cast.editor)
    code = trigger_create(access=access, pipeline=pipeline, kind=TriggerKind.CODE, quiet_seconds=900)
    data = trigger_create(access=access, pipeline=pipeline, kind=TriggerKind.DATA, quiet_seconds=900)
    now = timezone.now()
    noted = [
        trigger_notice(trigger=trigger, change=change, words=change, now=now)
        for trigger, change in ((code, "a"), (data, "b"), (data, "c"), (code, "d"))
    ]
    assert [one.state for one in noted if one] == ["held", "held", "joined", "joined"]


def test_what_joined_a_refused_one_runs_in_its_place(cast: Cast) -> None:
    pipeline = pipeline_made(cast.workspace)
    mine = trigger_create(access=cast.access(cast.editor), pipeline=pipeline, kind=TriggerKind.CODE)
    other = trigger_create(access=Access.system(cast.workspace), pipeline=pipeline, kind=TriggerKind.CODE)
    now = timezone.now()
    trigger_notice(trigger=mine, change="a", words="a", now=now)
    trigger_notice(trigger=other, change="b", words="b", now=now)
    Membership.objects.filter(workspace=cast.workspace, user=cast.editor).delete()
    for _ in range(2):
        triggers_tick()
    states = dict(Firing.objects.filter(change__in="ab").values_list("change", "state"))
    assert states == {"a": "refused", "b": "started"}
