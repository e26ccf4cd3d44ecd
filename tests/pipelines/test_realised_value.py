"""Months in use: counted by a job, held against the plan, costs by hand, into the estimate, and to retirement."""

import json
from datetime import UTC, datetime, timedelta
from typing import cast as cast_to

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Access
from common.errors import Conflict, InvalidInput, StaleEdit
from jobs.models import Run, Stage
from jobs.services import run_drain
from pipelines.domain.realised import month_after, month_of
from pipelines.models import OutcomeOrigin, Pipeline, PredictionRecord, Promotion, RealisedMonth
from pipelines.selectors import measured_of, realised_standing
from pipelines.services import (
    GivenOutcome,
    measured_take,
    month_costs_set,
    months_compute,
    months_publish,
    months_start,
    months_tick,
    outcomes_record,
    version_promote,
    version_roll_back,
)
from pipelines.services.contexts import Context
from planner.models import Estimate, MeasuredValue, Task
from planner.selectors import valued_task
from planner.services import estimate_update
from tests.conftest import Cast
from tests.pipelines.made_versions import packaged, version_made

pytestmark = pytest.mark.django_db

ASSUMED = {
    "volume": "12000",
    "coverage": "80 %",
    "adoption": "100 %",
    "minutes_before": "10",
    "minutes_review": "10",
    "minutes_exception": "1",
    "wage": "60",
    "recapture": "50 %",
    "error_today": "4 %",
    "error_model": "4 %",
    "error_cost": "100",
    "hosting": "1200",
    "inference": "0",
    "monitoring": "0",
    "retrainings": "0",
    "support": "0",
    "new_labels": "0",
}


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    found = packaged(cast.workspace)
    version_promote(access=cast.access(cast.editor), version=version_made(found))
    changes = {key: {"text": text} for key, text in ASSUMED.items()}
    Task.objects.filter(pk=found.task_id).update(volume_a_year=12000, handling_minutes=10)
    estimate_update(access=cast.access(cast.editor), task=found.task, changes=changes, version=None)
    return Pipeline.objects.with_task().select_related("workspace").get(pk=found.pk)


def used_for(
    pipeline: Pipeline, months: int, *, cases: int = 20, left: int = 5, told: int = 10, wrong: int = 1
) -> None:
    """Predictions in each of the last complete months; of `told` decisions a month the outcome is known."""
    version, first = pipeline.versions.get(), month_after(month_of(timezone.now()), -months)
    Promotion.objects.update(asked_at=datetime.combine(first, datetime.min.time(), UTC))
    records, outcomes = [], []
    for place in range(months):
        at = datetime.combine(month_after(first, place), datetime.min.time(), UTC) + timedelta(days=9)
        for case in range(cases):
            key = f"{place}-{case}"
            records.append(
                PredictionRecord(
                    workspace=pipeline.workspace,
                    pipeline=pipeline,
                    version=version,
                    key=key,
                    at=at,
                    input_digest="0" * 64,
                    score=0.5,
                    decision="" if case < left else "no",
                )
            )
            if left <= case < left + told:
                outcomes.append(GivenOutcome(key, "yes" if case < left + wrong else "no"))
    PredictionRecord.objects.bulk_create(records)
    if outcomes:
        access = Access.system(pipeline.workspace)
        outcomes_record(access=access, pipeline=pipeline, outcomes=outcomes, origin=OutcomeOrigin.API)


class Counting:
    """What the work of the job is given."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.params, self.workspace_id = {"pipeline": pipeline.pk}, pipeline.workspace_id

    def progress(self, share: float, note: str = "") -> None:
        """Nobody looks."""

    def log(self, text: str, level: str = "info") -> None:
        """Nobody reads."""


def counted(pipeline: Pipeline) -> list[RealisedMonth]:
    """The months, counted as the job counts them."""
    found = json.loads(json.dumps(months_compute(cast_to(Context, Counting(pipeline)))))
    months_publish(Stage(), found)
    return list(RealisedMonth.objects.filter(pipeline=pipeline))


def test_a_month_is_counted_and_valued_as_the_estimate_values_it(pipeline: Pipeline) -> None:
    used_for(pipeline, 1)
    done, current = counted(pipeline)
    assert (done.volume, done.alone, done.known) == (20, 15, 10)
    assert done.counts == {"tp": 0, "fp": 0, "fn": 1, "tn": 9}
    # 15 of 20 save 9 of 10 minutes, half of which are used; 1 in 10 is wrong instead of 4 in 100.
    assert done.realised["labour"] == pytest.approx(15 * 9 / 60 * 60 * 0.5)
    assert done.realised["errors"]["value"] == pytest.approx(15 * (0.04 - 0.1) * 100)
    assert done.realised["errors"]["low"] < done.realised["errors"]["value"] < done.realised["errors"]["high"]
    assert done.realised["cost"] == pytest.approx(100)
    assert done.planned["net"] == pytest.approx(1000 * 0.8 * 9 / 60 * 60 * 0.5 - 100)
    assert current.volume == 0
    assert 0 < current.share < 1


def test_the_plan_of_a_month_that_is_over_stays_what_it_was(cast: Cast, pipeline: Pipeline) -> None:
    used_for(pipeline, 1)
    before = counted(pipeline)[0].planned["net"]
    estimate_update(access=cast.access(cast.editor), task=pipeline.task, changes={"wage": {"text": "90"}}, version=None)
    after = counted(pipeline)[0]
    assert after.planned["net"] == before
    assert after.realised["labour"] == pytest.approx(15 * 9 / 60 * 90 * 0.5)


def test_without_outcomes_it_says_so(cast: Cast, pipeline: Pipeline) -> None:
    used_for(pipeline, 1, told=0)
    counted(pipeline)
    page = cast.browser(cast.viewer).get(reverse("pipelines:value", args=["acme", pipeline.pk])).content.decode()
    assert "No complete month is known yet" in page
    assert "15 outcomes of 15 not known" in page
    assert "What is to come cannot be said yet" in page


def test_nothing_is_counted_before_it_is_in_use(cast: Cast) -> None:
    with pytest.raises(Conflict, match="Nothing was in use"):
        months_start(access=cast.access(cast.editor), pipeline=packaged(cast.workspace))


@pytest.mark.django_db(transaction=True)
def test_it_is_counted_by_itself_and_again_when_outcomes_arrive(cast: Cast, pipeline: Pipeline) -> None:
    kind = "pipelines.realise"
    months_tick()
    assert not Run.objects.filter(kind=kind).exists()
    used_for(pipeline, 1, told=0)
    months_tick()
    run = Run.objects.get(kind=kind)
    run_drain(run_ids=[run.pk])
    months_tick()
    assert Run.objects.filter(kind=kind).count() == 1
    Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(minutes=6))
    months_tick()
    assert Run.objects.filter(kind=kind).count() == 1
    outcomes_record(
        access=cast.access(cast.editor),
        pipeline=pipeline,
        outcomes=[GivenOutcome("0-7", "no")],
        origin=OutcomeOrigin.API,
    )
    months_tick()
    run_drain(run_ids=[Run.objects.filter(kind=kind).latest("id").pk])
    assert RealisedMonth.objects.get(volume=20).known == 1


def test_costs_of_a_month_are_entered_and_stand_in_the_place_of_the_plan(cast: Cast, pipeline: Pipeline) -> None:
    used_for(pipeline, 1)
    month, browser = counted(pipeline)[0], cast.browser(cast.editor)
    url = reverse("pipelines:month", args=["acme", month.pk])
    assert "Hosting" in browser.get(url).content.decode()
    wrong = browser.post(url, {"revision": 1, "c-hosting": "-3", "cases": "25"})
    assert wrong.status_code == 422
    saved = browser.post(url, {"revision": 1, "c-hosting": "40", "c-other": "5", "cases": "25"}, follow=True)
    page = saved.content.decode()
    assert "Costs of" in page
    assert "80 %" in page  # 20 of 25 cases got a prediction
    month.refresh_from_db()
    assert month.realised["cost"] == 45
    assert month.realised["planned_costs"] == []
    assert browser.post(url, {"revision": 1, "c-hosting": "41"}).status_code == 409
    assert cast.browser(cast.viewer).post(url, {"revision": 2, "c-hosting": "41"}).status_code == 403
    month.refresh_from_db()
    assert month.costs == {"hosting": 40, "other": 5}


def test_costs_that_are_none_are_refused(cast: Cast, pipeline: Pipeline) -> None:
    used_for(pipeline, 1)
    month, access = counted(pipeline)[0], cast.access(cast.editor)
    for costs, cases in (({"hosting": float("nan")}, None), ({"bribes": 3.0}, None), ({}, 0)):
        with pytest.raises(InvalidInput):
            month_costs_set(access=access, month=month, costs=costs, cases=cases, revision=None)


def test_what_was_measured_goes_into_the_estimate(cast: Cast, pipeline: Pipeline) -> None:
    used_for(pipeline, 2)
    month = counted(pipeline)[0]
    access = cast.access(cast.editor)
    month_costs_set(access=access, month=month, costs={"hosting": 50.0}, cases=30, revision=None)
    standing = realised_standing(pipeline)
    assert measured_of(standing) is not None
    before = valued_task(pipeline.task)
    with pytest.raises(StaleEdit):
        measured_take(access=access, pipeline=pipeline, standing=standing, version=99)
    assert not MeasuredValue.objects.exists()
    browser = cast.browser(cast.editor)
    version = Estimate.objects.get(task=pipeline.task).version
    url = reverse("pipelines:value_take", args=["acme", pipeline.pk])
    page = browser.post(url, {"version": version}, follow=True).content.decode()
    assert "In the estimate now" in page
    after = valued_task(Task.objects.select_related("process", "workspace").get(pk=pipeline.task_id))
    assert after.assumptions["hosting"].text == "600"
    assert after.assumptions["hosting"].source.startswith("measured: ")
    assert after.assumptions["volume"].text == "342 to 378"
    assert after.case is not None
    assert after.case.by_key["error_model"].mean == pytest.approx(0.1, abs=0.02)
    assert after.brief is not None
    assert before.brief is not None
    assert after.brief.summary.mean < before.brief.summary.mean


def test_a_pipeline_that_loses_money_is_proposed_for_retirement(cast: Cast, pipeline: Pipeline) -> None:
    used_for(pipeline, 3, wrong=9)
    counted(pipeline)
    pipeline.refresh_from_db()
    assert "more than they brought" in pipeline.value_gone
    browser = cast.browser(cast.viewer)
    for name in ("value", "life"):
        page = browser.get(reverse(f"pipelines:{name}", args=["acme", pipeline.pk])).content.decode()
        assert "Its value is gone" in page
        assert "The last 3 complete months cost" in page
    assert "value gone" in browser.get(reverse("pipelines:list", args=["acme"])).content.decode()


def test_life_tells_of_models_put_into_use_and_back(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    first = pipeline.versions.get()
    second = version_made(pipeline, chance=0.8)
    version_promote(access=access, version=second)
    version_roll_back(access=access, pipeline=pipeline, to=first, reason="It annoyed people.")
    page = cast.browser(cast.viewer).get(reverse("pipelines:life", args=["acme", pipeline.pk])).content.decode()
    assert "Rolled back. It annoyed people." in page
    assert page.index("Rolled back.") < page.index("Promoted.")


def test_over_the_api(cast: Cast, pipeline: Pipeline) -> None:
    used_for(pipeline, 1)
    browser, base = cast.browser(cast.editor), "/api/v1"
    client = {"HTTP_X_WORKSPACE": "acme"}
    counted(pipeline)
    months = browser.get(f"{base}/pipelines/{pipeline.pk}/months/", **client)
    assert months.status_code == 200, months.content
    month = months.json()["results"][0]
    one = browser.get(f"{base}/months/{month['id']}/", **client)
    body = {"costs": {"hosting": 10}, "cases": 40}
    path, kind = f"{base}/months/{month['id']}/", "application/json"
    assert browser.put(path, body, kind, **client).status_code == 428
    saved = browser.put(path, body, kind, HTTP_IF_MATCH=one.headers["ETag"], **client)
    assert saved.json()["realised"]["cost"] == 10
    assert browser.put(path, body, kind, HTTP_IF_MATCH=one.headers["ETag"], **client).status_code == 412
    value = browser.get(f"{base}/pipelines/{pipeline.pk}/value/", **client).json()
    assert value["known_months"] == 1
    assert value["expected"]["low"] < value["expected"]["value"]
    taken = browser.post(f"{base}/pipelines/{pipeline.pk}/value/take/", {}, kind, **client)
    assert taken.status_code == 200, taken.content
    assert taken.json()["estimate_version"] == 2
