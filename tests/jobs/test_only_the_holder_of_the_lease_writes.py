"""Claims by compare-and-swap: stale and doubled messages are refused, a zombie writes nothing, a beat saves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from jobs.models import LogEvent, RunState, Stage, StageState
from jobs.services import (
    LeaseLost,
    stage_beat,
    stage_claim,
    stage_fail,
    stage_hand_back,
    stage_reap,
    stage_succeed,
)
from jobs.services.recording import log_entry
from tests.jobs.conftest import Submit, drained, spec

pytestmark = pytest.mark.second_leg


def claim(submit: Submit) -> Stage:
    stage = submit().stages.get()
    claimed = stage_claim(stage_id=stage.pk, attempt=0)
    assert claimed is not None
    return claimed


def reap(stage: Stage) -> bool:
    stage.refresh_from_db(fields=["beat"])
    return stage_reap(stage_id=stage.pk, token=stage.token, beat=stage.beat)


def test_a_doubled_message_claims_nothing(submit: Submit) -> None:
    stage = claim(submit)
    assert stage_claim(stage_id=stage.pk, attempt=0) is None


def test_a_stale_message_claims_nothing(submit: Submit) -> None:
    stage = claim(submit)
    assert reap(stage)
    assert stage_claim(stage_id=stage.pk, attempt=0) is None
    assert stage_claim(stage_id=stage.pk, attempt=1) is not None


def test_of_many_racers_one_wins(submit: Submit) -> None:
    stage_ids = [submit().stages.get().pk for _ in range(10)]

    def race(stage_id: int) -> int:
        won = stage_claim(stage_id=stage_id, attempt=0) is not None
        connection.close()
        return stage_id if won else 0

    with ThreadPoolExecutor(4) as racers:
        wins = [won for won in racers.map(race, stage_ids * 4) if won]
    assert sorted(wins) == sorted(stage_ids)


def test_two_parents_that_finish_together_do_not_miss_each_other(submit: Submit) -> None:
    runs = [submit([spec("left"), spec("right"), spec("join", "left", "right")]) for _ in range(5)]
    parents = [stage for run in runs for stage in run.stages.exclude(name="join")]
    held = [stage_claim(stage_id=stage.pk, attempt=0) for stage in parents]

    def finish(stage: Stage | None) -> None:
        assert stage is not None
        stage_succeed(stage, output={})
        connection.close()

    with ThreadPoolExecutor(2) as both:
        list(both.map(finish, held))
    assert {run.stages.get(name="join").state_of for run in runs} == {StageState.READY}


def test_whoever_lost_the_lease_writes_nothing(submit: Submit) -> None:
    zombie = claim(submit)
    assert reap(zombie)
    entry = log_entry(zombie, LogEvent.MESSAGE, "from the grave")
    assert not stage_beat(zombie, values={"progress": 0.9}, entries=[entry])
    for write in (
        lambda: stage_succeed(zombie, output={"wrong": True}),
        lambda: stage_fail(zombie, reason="wrong", final=True),
        lambda: stage_hand_back(zombie),
    ):
        with pytest.raises(LeaseLost):
            write()
    zombie.refresh_from_db()
    assert (zombie.state_of, zombie.output, zombie.progress) == (StageState.READY, {}, None)
    assert not zombie.log.filter(text="from the grave").exists()


def test_one_beat_saves_the_lease(submit: Submit) -> None:
    stage = claim(submit)
    seen = stage.beat
    assert stage_beat(stage, values={})
    assert not stage_reap(stage_id=stage.pk, token=stage.token, beat=seen)


def test_a_loss_is_not_an_error(submit: Submit) -> None:
    stage = claim(submit)
    reap(stage)
    stage.refresh_from_db()
    assert (stage.lost, stage.errors, stage.state_of) == (1, 0, StageState.READY)


def test_a_stage_handed_back_is_neither_lost_nor_failed(submit: Submit) -> None:
    stage = claim(submit)
    stage_hand_back(stage)
    stage.refresh_from_db()
    assert (stage.lost, stage.errors, stage.state_of, stage.attempt) == (0, 0, StageState.READY, 1)


def test_before_its_backoff_is_over_it_is_not_claimed(submit: Submit) -> None:
    stage = claim(submit)
    stage_fail(stage, reason="it broke", final=False)
    assert stage_claim(stage_id=stage.pk, attempt=1) is None


def test_a_backoff_set_under_another_clock_does_not_last(submit: Submit) -> None:
    stage = claim(submit)
    stage_fail(stage, reason="it broke", final=False)
    Stage.objects.filter(pk=stage.pk).update(not_before=timezone.now() + timedelta(hours=1))
    assert stage_claim(stage_id=stage.pk, attempt=1) is not None


def test_a_run_left_half_done_by_a_zombie_ends_well(submit: Submit) -> None:
    stage = claim(submit)
    reap(stage)
    run = stage.run
    drained(run)
    assert run.state_of is RunState.SUCCEEDED
