"""The ML Test Score: how points add up, what the app shows by itself, and the marks people set."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from common.errors import InvalidInput, NotAllowed, StaleEdit
from jobs.models import Stage
from pipelines.domain.ml_test_score import GROUPS, TESTS, best_points, final_score, group_points, score_words
from pipelines.domain.score_evidence import ScoreFacts, evidence_of
from pipelines.models import MonitoringReport, Pipeline, PipelineRun, Trigger, TriggerKind
from pipelines.selectors import ScoredRow, pipeline_test_score
from pipelines.services import (
    MarkEntry,
    score_mark_set,
    score_marks_replace,
    version_promote,
    version_roll_back,
)
from tests.conftest import Cast
from tests.pipelines.made_versions import packaged, version_made

POINTS = st.fixed_dictionaries({key: st.sampled_from([0.0, 0.5, 1.0]) for key in TESTS})
NOTE = "Minutes of 3 March, wiki page Triage."


@given(POINTS, st.sampled_from(sorted(TESTS)))
def test_the_score_is_the_lowest_group_and_never_falls_with_another_test_done(
    points: dict[str, float], test: str
) -> None:
    sums = [group_points(group, points) for group in GROUPS]
    assert final_score(points) == min(sums)
    assert sum(sums) == sum(points.values())
    more = points | {test: best_points(points[test], 1.0)}
    assert final_score(points) <= final_score(more) <= final_score(points) + 1


def test_there_are_four_groups_of_seven_and_words_for_every_range() -> None:
    assert [len(group.tests) for group in GROUPS] == [7, 7, 7, 7]
    assert len(TESTS) == 28
    words = [score_words(half / 2) for half in range(15)]
    first_of_each = [words.index(one) / 2 for one in dict.fromkeys(words)]
    assert first_of_each == [0, 0.5, 1.5, 2.5, 3.5, 5.5]


def test_nothing_known_shows_nothing() -> None:
    assert {found.points for found in evidence_of(ScoreFacts()).values()} == {0}


def test_what_a_run_shows_and_made_up_rows_do_not() -> None:
    run = ScoreFacts(
        results={
            "validate": {"profile": {"rows": 9}},
            "train": {"tuning": {"tried": [{"result": "finished"}, {"result": "finished"}]}},
            "evaluate": {"points": {"importance": {"features": [{"mean": 0.2}, {"mean": 0.0}]}}},
        },
        number=3,
        metrics={"model": {"auc": 0.8}, "slices": [{}]},
        acceptance={"beats_rule": True, "checks": [{"holds": True}]},
        smoke={"rows": 20},
    )
    shown = {key: found.points for key, found in evidence_of(run).items() if found.points}
    of_figures = {"beneficial": 0.5, "tuned": 1, "simpler": 1, "slices": 0.5, "validated": 1}
    of_code = {"schema": 1, "integration": 1, "skew": 1, "stable": 1}
    assert shown == of_figures | of_code
    made_up = evidence_of(ScoreFacts(**{**vars(run), "made_up": True}))
    assert {key for key, found in made_up.items() if found.points} == set(of_code)


def test_trained_twice_alike_is_reproducible_and_otherwise_is_not() -> None:
    def points(**trainings: tuple[str, ...]) -> float:
        return evidence_of(ScoreFacts(results={}, trainings=trainings))["reproducible"].points

    assert points(same=("a",), other=("b",)) == 0
    assert points(same=("a", "a")) == 1
    assert points(same=("a", "a"), other=("b", "c")) == 0


def test_measured_in_use_is_half_without_a_limit_of_the_canvas() -> None:
    def points(limits: list[dict[str, str]]) -> list[float]:
        report = {
            "drift": {"amount": {}},
            "performance": {"figures": {"auc": {"value": 0.8}}},
            "service": {"p95_ms": 9.0, "limits": limits},
        }
        found = evidence_of(ScoreFacts(report=report))
        return [found[key].points for key in ("invariants", "compute", "quality")]

    assert points([]) == [1, 0.5, 0.5]
    assert points([{"metric": "auc"}, {"metric": "latency_ms"}]) == [1, 1, 1]


def row_of(pipeline: Pipeline, test: str) -> ScoredRow:
    score = pipeline_test_score(pipeline)
    return next(row for found in score.groups for row in found.rows if row.test.key == test)


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return packaged(cast.workspace)


@pytest.mark.django_db
def test_the_life_of_a_pipeline_shows_itself(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    first, second = version_made(pipeline), version_made(pipeline, chance=0.8)
    version_promote(access=access, version=first)
    assert row_of(pipeline, "roll_back").points == 0
    version_promote(access=access, version=second)
    assert row_of(pipeline, "roll_back").points == 0.5
    version_roll_back(access=access, pipeline=pipeline, to=first, reason="Worse.")
    assert row_of(pipeline, "roll_back").points == 1
    Trigger.objects.create(workspace=cast.workspace, pipeline=pipeline, kind=TriggerKind.DATA)
    assert row_of(pipeline, "dependencies").points == 0.5
    for run in PipelineRun.objects.all():
        trained = {"files": [{"path": "model.skops", "digest": "m"}, {"path": "times.json", "digest": str(run.pk)}]}
        Stage.objects.create(
            workspace=cast.workspace, run=run.run, name="train", position=1, state="succeeded", fingerprint="f",
            output=trained,
        )  # fmt: skip
    assert row_of(pipeline, "reproducible").points == 1


@pytest.mark.django_db
def test_an_old_report_shows_nothing(cast: Cast, pipeline: Pipeline) -> None:
    now = timezone.now()
    report = MonitoringReport.objects.create(
        workspace=cast.workspace, pipeline=pipeline, begins=now, ends=now, drift={"amount": {}}
    )
    assert row_of(pipeline, "invariants").points == 1
    MonitoringReport.objects.filter(pk=report.pk).update(created_at=now - timedelta(days=32))
    assert row_of(pipeline, "invariants").points == 0


@pytest.mark.django_db
def test_a_mark_counts_where_it_is_higher_and_leaves_a_trail(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    Trigger.objects.create(workspace=cast.workspace, pipeline=pipeline, kind=TriggerKind.SCHEDULE, cron="0 2 * * 1")
    for test in ("privacy", "not_stale"):
        score_mark_set(access=access, pipeline=pipeline, test=test, entry=MarkEntry("by_hand", NOTE), version=0)
    assert (row_of(pipeline, "privacy").points, row_of(pipeline, "not_stale").points) == (0.5, 1)
    assert AuditEntry.objects.filter(verb="test-score.marked").count() == 2
    with pytest.raises(StaleEdit):
        score_mark_set(access=access, pipeline=pipeline, test="privacy", entry=MarkEntry("automated", "x"), version=0)
    for wrong in (MarkEntry("by_hand", " "), MarkEntry("twice", NOTE), MarkEntry("by_hand", "x" * 501)):
        with pytest.raises(InvalidInput):
            score_marks_replace(access=access, pipeline=pipeline, marks={"cost": wrong}, version=None)
    with pytest.raises(NotAllowed):
        score_mark_set(
            access=cast.access(cast.viewer), pipeline=pipeline, test="cost", entry=MarkEntry("not"), version=None
        )
    assert row_of(pipeline, "privacy").points == 0.5


@pytest.mark.django_db
def test_on_the_page(cast: Cast, pipeline: Pipeline) -> None:
    address = reverse("pipelines:test_score", args=["acme", pipeline.pk])
    browser = cast.browser(cast.editor)
    page = browser.get(address).content.decode()
    assert "0 of 7, held down by features and data" in page
    assert "No points yet: “" in page
    body = {"test": "cost", "done": "by_hand", "note": "<b>wiki</b>", "version": 0}
    refused = browser.post(address, body | {"note": ""})
    assert refused.status_code == 422
    assert "Say where the result is written down" in refused.content.decode()
    assert browser.post(address, body).status_code == 302
    page = browser.get(address).content.decode()
    assert "0.5 of 7" in page
    assert "&lt;b&gt;wiki&lt;/b&gt;" in page
    assert browser.post(address, body).status_code == 409
    assert cast.browser(cast.viewer).post(address, body | {"version": 1}).status_code == 403
    assert 'name="note"' in page
    assert 'name="note"' not in cast.browser(cast.viewer).get(address).content.decode()
    for name in ("life", "value"):
        assert address in browser.get(reverse(f"pipelines:{name}", args=["acme", pipeline.pk])).content.decode()


@pytest.mark.django_db
def test_over_the_api(cast: Cast, pipeline: Pipeline) -> None:
    browser, base = cast.browser(cast.editor), f"/api/v1/pipelines/{pipeline.pk}"
    client, kind, path = {"HTTP_X_WORKSPACE": "acme"}, "application/json", f"{base}/test-marks/"
    read = browser.get(path, **client)
    assert read.json() == {"marks": []}
    body = {"marks": [{"test": "cost", "done": "automated", "note": NOTE}, {"test": "privacy", "done": "not"}]}
    assert browser.put(path, body, kind, **client).status_code == 428
    saved = browser.put(path, body, kind, HTTP_IF_MATCH=read.headers["ETag"], **client)
    assert [mark["done"] for mark in saved.json()["marks"]] == ["automated"], saved.content
    assert browser.put(path, body, kind, HTTP_IF_MATCH=read.headers["ETag"], **client).status_code == 412
    told = browser.get(f"{base}/test-score/", **client).json()
    assert (told["score"], told["groups"][0]["points"]) == (0, 1)
    tests = {one["test"]: one for group in told["groups"] for one in group["tests"]}
    assert (tests["cost"]["marked"], tests["cost"]["evidence"]) == (1, "")
    twice = {"marks": [*body["marks"], *body["marks"]]}
    for wrong in (twice, {"marks": [{"test": "nothing", "done": "not"}]}, {"marks": [], "more": 1}):
        assert browser.put(path, wrong, kind, HTTP_IF_MATCH="*", **client).status_code == 400
    emptied = browser.put(path, {"marks": []}, kind, HTTP_IF_MATCH=saved.headers["ETag"], **client)
    assert [mark["done"] for mark in emptied.json()["marks"]] == ["not"]
    assert emptied.headers["ETag"] != saved.headers["ETag"]
