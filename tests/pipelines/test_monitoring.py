"""Predictions and the outcomes that arrive later say what moved and how good the model is; past a limit it is stale."""

import json
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.access import Access
from common.errors import Conflict, InvalidInput
from jobs.services import blob_store, run_drain
from pipelines.domain.archive import archive_write
from pipelines.domain.monitoring.drift import drift_of, psi
from pipelines.domain.monitoring.performance import area, share
from pipelines.models import ModelVersion, MonitoringReport, OutcomeOrigin, OutcomeRecord, Pipeline, PredictionRecord
from pipelines.services import (
    GivenOutcome,
    monitoring_start,
    outcomes_read,
    outcomes_record,
    version_promote,
)
from tests.conftest import Cast
from tests.pipelines.made_versions import packaged, version_made

REFERENCE = {
    "rows": 1000,
    "features": {
        "amount": {"kind": "number", "missing": 0.1, "quantiles": np.linspace(0, 100, 101).tolist()},
        "branch": {"kind": "category", "shares": {"north": 0.7, "south": 0.3}},
        "late": {"kind": "flag", "shares": {"0": 0.9, "1": 0.1}},
    },
}


def rows(count: int, *, shift: float = 0.0, north: float = 0.7, seed: int = 1) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)
    amounts = rng.uniform(0, 100, count) + shift
    missing = rng.random(count) < 0.1
    branches = np.where(rng.random(count) < north, "north", "south")
    late = rng.random(count) < 0.1
    return [
        {"amount": None if gone else float(amount), "branch": str(branch), "late": bool(flag)}
        for amount, gone, branch, flag in zip(amounts, missing, branches, late, strict=True)
    ]


def drifted(**changed: float) -> dict[str, float]:
    return {one.name: one.psi for one in drift_of(pd.DataFrame(rows(4000, **changed)), REFERENCE)}


def test_what_did_not_move_is_below_a_tenth_and_what_moved_is_found_alone() -> None:
    assert max(drifted().values()) < 0.02
    moved = drifted(shift=30)
    assert moved["amount"] > 0.25
    assert max(moved["branch"], moved["late"]) < 0.02
    assert drifted(north=0.2)["branch"] > 0.8


def test_the_tests_agree_with_chance() -> None:
    same = {one.name: one.p_value or 0.0 for one in drift_of(pd.DataFrame(rows(4000)), REFERENCE)}
    assert min(same.values()) > 0.001
    other = {one.name: one.p_value or 0.0 for one in drift_of(pd.DataFrame(rows(4000, shift=30, north=0.2)), REFERENCE)}
    assert max(other["amount"], other["branch"]) < 1e-6


def test_a_feature_nobody_gave_and_a_value_never_met_are_told() -> None:
    frame = pd.DataFrame([{"branch": "west", "late": True}] * 100)
    found = {one.name: one for one in drift_of(frame, REFERENCE)}
    assert found["amount"].missing == 1.0
    assert found["branch"].new == 1.0


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=12))
def test_psi_is_never_below_zero_and_zero_for_equal_shares(weights: list[float]) -> None:
    then = np.array(weights) / sum(weights)
    assert psi(then, then) == 0
    assert psi(then, then[::-1]) >= 0


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share(hits: int, others: int) -> None:
    found = share(hits, hits + others)
    if hits + others == 0:
        assert found is None
        return
    assert found is not None
    assert 0 <= found.low <= found.value <= found.high <= 1


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=60))
def test_the_area_is_the_share_of_pairs_in_order(pairs: list[tuple[int, bool]]) -> None:
    scores, positive = np.array([float(p[0]) for p in pairs]), np.array([p[1] for p in pairs])
    found = area(scores, positive)
    if positive.all() or not positive.any():
        assert found is None
        return
    wins = [(a > b) + 0.5 * (a == b) for a in scores[positive] for b in scores[~positive]]
    assert found is not None
    assert found.value == pytest.approx(float(np.mean(wins)))


# With predictions and outcomes of a pipeline.


@pytest.fixture
def pipeline(cast: Cast, transactional_db: None) -> Pipeline:
    found = packaged(cast.workspace)
    version = version_made(found)
    files = {"manifest.json": b"{}", "reference.json": json.dumps(REFERENCE).encode()}
    blob = blob_store(workspace=cast.workspace, source=archive_write(files), media_type="application/zip")
    ModelVersion.objects.filter(pk=version.pk).update(package=blob)
    version_promote(access=cast.access(cast.editor), version=version)
    return Pipeline.objects.with_task().select_related("workspace", "canvas").get(pk=found.pk)


def predicted(pipeline: Pipeline, given: list[dict[str, object]], *, right: float = 0.9) -> None:
    """Each row predicted by the champion, with an outcome that agrees in a share `right` of cases."""
    version, now, rng = pipeline.versions.get(), timezone.now(), np.random.default_rng(5)
    scores = rng.random(len(given))
    records = [
        PredictionRecord(
            workspace=pipeline.workspace,
            pipeline=pipeline,
            version=version,
            key=f"case {place}",
            at=now - timedelta(days=place % 20),
            input_digest="0" * 64,
            inputs=row,
            score=float(score),
            decision="yes" if score > 0.5 else "no",
            latency_ms=float(place % 50),
        )
        for place, (row, score) in enumerate(zip(given, scores, strict=True))
    ]
    PredictionRecord.objects.bulk_create(records)
    agrees = rng.random(len(given)) < right
    told = [
        GivenOutcome(record.key, record.decision if same else {"yes": "no", "no": "yes"}[record.decision])
        for record, same in zip(records, agrees, strict=True)
    ]
    access = _access(pipeline)
    outcomes_record(access=access, pipeline=pipeline, outcomes=told, origin=OutcomeOrigin.API)


def _access(pipeline: Pipeline) -> Access:
    return Access.system(pipeline.workspace)


def looked_at(pipeline: Pipeline) -> MonitoringReport:
    job = monitoring_start(access=_access(pipeline), pipeline=pipeline)
    run_drain(run_ids=[job.pk])
    assert [stage.reason for stage in job.stages.all()] == [""]
    return MonitoringReport.objects.filter(pipeline=pipeline)[0]


def test_nothing_moved_and_it_is_monitored(cast: Cast, pipeline: Pipeline) -> None:
    with pytest.raises(Conflict, match="Nothing was predicted"):
        monitoring_start(access=cast.access(cast.editor), pipeline=pipeline)
    predicted(pipeline, rows(600))
    report = looked_at(pipeline)
    assert (report.predictions, report.outcomes, report.breaches) == (600, 600, [])
    figures = report.performance["figures"]
    assert figures["accuracy"]["low"] < 0.9 < figures["accuracy"]["high"]
    assert sum(report.performance["counts"].values()) == 600
    assert report.service["p95_ms"] == pytest.approx(47, abs=2)
    assert Pipeline.objects.get().state == "monitored"
    page = cast.browser(cast.viewer).get(reverse("pipelines:monitoring", args=["acme", pipeline.pk])).content.decode()
    assert "Nothing is past its limit" in page
    assert "600 predictions and 600 outcomes" in page


def test_what_is_past_its_limit_makes_it_stale_and_back(cast: Cast, pipeline: Pipeline) -> None:
    predicted(pipeline, rows(600, shift=40))
    report = looked_at(pipeline)
    assert [breach["what"] for breach in report.breaches] == ["psi:amount"]
    assert Pipeline.objects.get().state == "stale"
    page = cast.browser(cast.viewer).get(reverse("pipelines:monitoring", args=["acme", pipeline.pk])).content.decode()
    assert "amount has moved: PSI" in page
    PredictionRecord.objects.all().delete()
    OutcomeRecord.objects.all().delete()
    predicted(pipeline, rows(600))
    looked_at(pipeline)
    assert Pipeline.objects.get().state == "monitored"


def test_outcomes_before_and_after_their_prediction_and_told_again(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    early = outcomes_record(
        access=access, pipeline=pipeline, outcomes=[GivenOutcome("case 1", "yes")], origin=OutcomeOrigin.PAGE
    )
    assert (early.kept, early.joined) == (1, 0)
    predicted(pipeline, rows(60))
    again = outcomes_record(
        access=access,
        pipeline=pipeline,
        outcomes=[GivenOutcome("case 1", "yes"), GivenOutcome("case 1", "no"), GivenOutcome("case 77", "no")],
        origin=OutcomeOrigin.PAGE,
    )
    assert (again.kept, again.joined) == (2, 1)
    assert OutcomeRecord.objects.get(key="case 1").value == "no"


def test_a_prediction_leads_to_telling_its_outcome_and_shows_it(cast: Cast, pipeline: Pipeline) -> None:
    predicted(pipeline, rows(3))
    OutcomeRecord.objects.exclude(key="case 1").delete()
    OutcomeRecord.objects.update(value="yes, really")
    address = reverse("pipelines:predictions", args=["acme", pipeline.pk])
    page = cast.browser(cast.editor).get(address).content.decode()
    assert "yes, really" in page
    monitoring = reverse("pipelines:monitoring", args=["acme", pipeline.pk])
    assert f"{monitoring}?key=case%202#o-t" in page
    assert f"{monitoring}?key=case%201#o-t" not in page
    assert 'value="case 2"' in cast.browser(cast.editor).get(monitoring, {"key": "case 2"}).content.decode()
    assert "?key=" not in cast.browser(cast.viewer).get(address).content.decode()


def test_a_file_of_outcomes_is_taken_whole_or_not_at_all(cast: Cast, pipeline: Pipeline) -> None:
    url = reverse("pipelines:outcomes", args=["acme", pipeline.pk])
    browser = cast.browser(cast.editor)

    def sent(content: bytes) -> str:
        return browser.post(url, {"file": SimpleUploadedFile("o.csv", content)}, follow=True).content.decode()

    assert "2 outcomes kept, 0 of a case that was predicted" in sent("case;outcome\nä 1;yes\n2;no\n".encode())
    assert "Line 2 has one column" in sent(b"3,yes\n4\n")
    assert "“maybe” is none of the outcomes: no, yes." in sent(b"5,yes\n6,maybe\n")
    assert "is no text" in sent(b"\xff\xfe\x00")
    for broken in (b'f8,"a"\rb', b'k,"open', b"a,b\0", b"k," + b"x" * 200_000):
        answer = browser.post(url, {"file": SimpleUploadedFile("o.csv", broken)})
        assert (answer.status_code, "Line" in answer.content.decode() or b"NUL" in answer.content) == (422, True)
    assert "split it" in sent(b"a,yes\n" * 10_001)
    assert OutcomeRecord.objects.count() == 2
    assert [one.value for one in outcomes_read(b"a,1.5\nb,nan\n")] == [1.5, "nan"]
    with pytest.raises(InvalidInput) as refused:
        outcomes_record(
            access=cast.access(cast.editor),
            pipeline=pipeline,
            outcomes=[GivenOutcome("", "yes"), GivenOutcome("x", ""), GivenOutcome("y", float("nan"))],
            origin=OutcomeOrigin.API,
        )
    assert [problem.path for problem in refused.value.errors] == [
        "outcomes.0.key",
        "outcomes.1.value",
        "outcomes.2.value",
    ]


@pytest.mark.parametrize("words", [(True, False), (1, 0), (1.0, 0.0), ("yes", "no"), ("True", "off"), ("1", "0")])
def test_a_flag_counts_in_every_way_a_service_takes_it(words: tuple[object, object]) -> None:
    reference = {"rows": 500, "features": {"late": {"kind": "flag", "shares": {"0": 0.9, "1": 0.1}}}}
    rows = pd.DataFrame({"late": [words[0]] * 10 + [words[1]] * 90})
    found = drift_of(rows, reference)[0]
    assert found.missing == 0.0
    assert found.psi == pytest.approx(0.0)
