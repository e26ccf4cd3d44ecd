"""New data, new code, a worse model and a schedule start one run each, after their quiet period, and say why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Membership, Role
from common.errors import InvalidInput, NotAllowed, StaleEdit
from jobs.models import Run
from pipelines.domain.cron import cron_words
from pipelines.models import Firing, MonitoringReport, Pipeline, PipelineRun, Trigger, TriggerKind
from pipelines.services import trigger_change, trigger_create, trigger_delete, triggers_tick, version_promote
from tests.conftest import Cast
from tests.pipelines.made_generations import generation_made, pipeline_made
from tests.pipelines.made_versions import version_made

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return pipeline_made(cast.workspace)


def made(cast: Cast, pipeline: Pipeline, kind: TriggerKind, **values: object) -> Trigger:
    return trigger_create(access=cast.access(cast.editor), pipeline=pipeline, kind=kind, **values)


def states() -> list[tuple[str, str]]:
    return list(Firing.objects.exclude(plan={}, state="nothing").order_by("pk").values_list("trigger__kind", "state"))


def test_new_code_starts_one_run_and_says_what_it_runs(cast: Cast, pipeline: Pipeline) -> None:
    made(cast, pipeline, TriggerKind.CODE)
    assert triggers_tick() == 0, "what was there before is no change"
    generation = generation_made(pipeline, value_proposition__objective="Sooner")
    assert triggers_tick() == 1
    assert triggers_tick() == 0, "the same change starts one run"
    run = PipelineRun.objects.get()
    assert (run.generation, run.started_by) == (generation, "trigger")
    firing = Firing.objects.get(state="started")
    assert firing.run == run
    assert firing.plan["ingest"] == "It did not run here before."
    assert AuditEntry.objects.get(verb="trigger.fired").actor == cast.editor


@pytest.mark.parametrize("role", [None, Role.VIEWER])
def test_it_does_not_act_for_who_edits_here_no_more(cast: Cast, pipeline: Pipeline, role: Role | None) -> None:
    trigger = made(cast, pipeline, TriggerKind.CODE)
    mine = Membership.objects.filter(workspace=cast.workspace, user=cast.editor)
    if role is None:
        mine.delete()
    else:
        mine.update(role=role)
    generation_made(pipeline, value_proposition__objective="Sooner")
    assert triggers_tick() == 0
    assert f"{cast.editor} made this trigger and edits here no more." in Firing.objects.get(state="refused").words
    trigger_change(access=cast.access(cast.owner), trigger=trigger, version=trigger.version, enabled=True)
    generation_made(pipeline, value_proposition__objective="Sooner still")
    assert triggers_tick() == 1
    assert AuditEntry.objects.filter(verb="trigger.fired").latest("id").actor == cast.owner


def test_a_schedule_fires_once_for_each_planned_moment(cast: Cast, pipeline: Pipeline) -> None:
    trigger = made(cast, pipeline, TriggerKind.SCHEDULE, cron="0 2 * * *", zone="Europe/Berlin")
    assert trigger.next_at > timezone.now()
    assert triggers_tick() == 0
    planned = timezone.now() - timedelta(minutes=1)
    for _ in range(3):  # several dispatchers, each with its own look
        Trigger.objects.filter(pk=trigger.pk).update(next_at=planned)
        triggers_tick()
    assert PipelineRun.objects.count() == 1
    trigger.refresh_from_db()
    assert trigger.next_at > timezone.now()


def test_changes_within_the_quiet_period_are_one_run(cast: Cast, pipeline: Pipeline) -> None:
    made(cast, pipeline, TriggerKind.CODE, quiet_seconds=900)
    for text in ("one", "two", "three"):
        generation_made(pipeline, value_proposition__objective=text)
        assert triggers_tick() == 0
    assert states() == [("code", "held"), ("code", "joined"), ("code", "joined")]
    Firing.objects.filter(state="held").update(due_at=timezone.now() - timedelta(seconds=1))
    assert triggers_tick() == 1
    assert PipelineRun.objects.get().generation.number == 4, "the latest is what runs"


def test_a_worse_model_in_use_retrains_and_is_told_once(cast: Cast, pipeline: Pipeline) -> None:
    Pipeline.objects.filter(pk=pipeline.pk).update(state="packaged")
    version = version_made(pipeline)
    version_promote(access=cast.access(cast.editor), version=version)
    generation_made(pipeline)
    made(cast, pipeline, TriggerKind.MODEL)
    for _ in range(2):
        MonitoringReport.objects.create(
            workspace=cast.workspace,
            pipeline=pipeline,
            version=version,
            begins=datetime(2026, 1, 1, tzinfo=UTC),
            ends=datetime(2026, 2, 1, tzinfo=UTC),
            breaches=[{"what": "psi:amount", "words": "amount has moved: PSI 0.31, at most 0.2."}],
        )
        triggers_tick()
    run = PipelineRun.objects.get(started_by="trigger")
    assert Firing.objects.get(state="started").words.startswith("amount has moved")
    assert Pipeline.objects.get().state == "retraining"
    Run.objects.filter(pk=run.run_id).update(state="failed")
    triggers_tick()
    assert Pipeline.objects.get().state == "serving", "the champion went on answering"


def test_nothing_to_run_is_said(cast: Cast, pipeline: Pipeline) -> None:
    made(cast, pipeline, TriggerKind.SCHEDULE, cron="0 2 * * *")
    pipeline.generations.all().delete()
    Trigger.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    assert triggers_tick() == 0
    firing = Firing.objects.get()
    assert firing.state == "refused"
    assert "nothing to run yet" in firing.words


@pytest.mark.parametrize(
    ("schedule", "path", "words"),
    [
        (("* * * * *", "UTC"), "cron", "every five minutes"),
        (("*/1 2 * * *", "UTC"), "cron", "every five minutes"),
        (("0 0 30 2 *", "UTC"), "cron", "no schedule"),
        (("0 2 * *", "UTC"), "cron", "five fields"),
        (("0 0 2 * * *", "UTC"), "cron", "five fields"),
        (("every night", "UTC"), "cron", "five fields"),
        (("99 2 * * *", "UTC"), "cron", "no schedule"),
        (("0 2 * * *", "Mars/Olympus"), "zone", "no time zone"),
        (("0 2 * * *", "../../etc/passwd"), "zone", "no time zone"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(
    cast: Cast, pipeline: Pipeline, schedule: tuple[str, str], path: str, words: str
) -> None:
    cron, zone = schedule
    with pytest.raises(InvalidInput) as refused:
        made(cast, pipeline, TriggerKind.SCHEDULE, cron=cron, zone=zone)
    problem = refused.value.errors[0]
    assert (problem.path, words in problem.message) == (path, True), problem
    answer = cast.browser(cast.editor).post(
        reverse("pipelines:triggers", args=["acme", pipeline.pk]), {"kind": "schedule", "cron": cron, "zone": zone}
    )
    assert answer.status_code == 422
    assert not Trigger.objects.exists()


@pytest.mark.parametrize(
    ("cron", "zone", "words"),
    [
        ("0 6 * * 1", "UTC", "every Monday 06:00 UTC"),
        ("0 6,18 * * 1-5", "UTC", "every day from Monday to Friday 06:00 and 18:00 UTC"),
        ("5 4 * * 0,7", "Europe/Berlin", "every Sunday 04:05 Europe/Berlin"),
        ("*/5 * * * *", "UTC", "every 5 minutes"),
        ("20 * * * *", "UTC", "every hour at minute 20"),
        ("0 */6 * * *", "UTC", "every 6 hours"),
        ("0 2 1 * *", "UTC", "on day 1 of every month 02:00 UTC"),
        ("0 2 * * MON#1", "UTC", ""),
        ("0 2 1-7 * 1", "UTC", ""),
        ("0-10/5 2 L * *", "UTC", ""),
    ],
)
def test_a_schedule_is_said_in_words(cron: str, zone: str, words: str) -> None:
    assert cron_words(cron, zone) == words


def test_the_page_says_a_schedule_in_words_beside_its_line(cast: Cast, pipeline: Pipeline) -> None:
    made(cast, pipeline, TriggerKind.SCHEDULE, cron="0 6 * * 1")
    page = cast.browser(cast.viewer).get(reverse("pipelines:triggers", args=["acme", pipeline.pk])).content.decode()
    assert "Every Monday 06:00 UTC" in page
    assert "<code>0 6 * * 1</code>" in page


def test_generating_the_same_again_is_no_new_code(cast: Cast, pipeline: Pipeline) -> None:
    made(cast, pipeline, TriggerKind.CODE)
    same = generation_made(pipeline)
    assert same.digest == pipeline.generations.get(number=1).digest
    assert triggers_tick() == 0
    assert states() == []
    generation_made(pipeline, value_proposition__objective="Sooner")
    assert triggers_tick() == 1


def test_switched_off_it_looks_away_and_a_stale_switch_is_refused(cast: Cast, pipeline: Pipeline) -> None:
    trigger = made(cast, pipeline, TriggerKind.CODE)
    access = cast.access(cast.editor)
    off = trigger_change(access=access, trigger=trigger, version=1, enabled=False)
    generation_made(pipeline, value_proposition__objective="Sooner")
    assert triggers_tick() == 0
    with pytest.raises(StaleEdit):
        trigger_change(access=access, trigger=trigger, version=1, enabled=True)
    trigger_change(access=access, trigger=trigger, version=off.version, enabled=True)
    assert triggers_tick() == 0, "what came while it was off is no change"
    with pytest.raises(NotAllowed):
        trigger_delete(access=cast.access(cast.viewer), trigger=trigger)
    trigger_delete(access=access, trigger=trigger)
    assert not Trigger.objects.exists()


def test_the_page_shows_triggers_and_what_they_did(cast: Cast, pipeline: Pipeline) -> None:
    url = reverse("pipelines:triggers", args=["acme", pipeline.pk])
    browser = cast.browser(cast.editor)
    assert "Only people start its runs" in browser.get(url).content.decode()
    browser.post(url, {"kind": "code", "quiet_seconds": "0"})
    generation_made(pipeline, value_proposition__objective="Sooner")
    triggers_tick()
    page = browser.get(url).content.decode()
    assert "1 trigger looks after it" in page
    assert "started a run" in page
    assert "Generation 2." in page
    viewer = cast.browser(cast.viewer).get(url).content.decode()
    assert "Add a trigger" not in viewer


def test_a_look_at_many_takes_no_more_queries_than_at_one(cast: Cast, pipeline: Pipeline) -> None:
    for _ in range(2):
        made(cast, pipeline, TriggerKind.CODE)
        made(cast, pipeline, TriggerKind.DATA)
    triggers_tick()
    with CaptureQueriesContext(connection) as few:
        triggers_tick()
    for _ in range(4):
        made(cast, pipeline, TriggerKind.CODE)
        made(cast, pipeline, TriggerKind.DATA)
        made(cast, pipeline, TriggerKind.MODEL)
    with CaptureQueriesContext(connection) as many:
        triggers_tick()
    assert len(many) == len(few)
