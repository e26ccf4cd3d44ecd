"""A run elsewhere tells what happens: each event once, whatever the network does; what cannot be is named."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import Role
from pipelines.domain.outside import path_problem, plain_line
from pipelines.models import ModelVersion, OutcomeOrigin, OutsideEvent, OutsideRun, Pipeline, PredictionRecord
from pipelines.services import GivenOutcome, outcomes_record, policy_change, version_promote
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.pipelines.made_generations import pipeline_made
from tests.pipelines.made_outside import MODEL as TOLD_MODEL
from tests.pipelines.made_outside import A, B

MODEL: dict[str, Any] = {"kind": "model", **TOLD_MODEL}


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return pipeline_made(cast.workspace)


@pytest.fixture
def client(cast: Cast, calling: Calling) -> APIClient:
    return calling(cast.editor)


def begun(client: APIClient, pipeline: Pipeline, key: str = "run-1") -> int:
    answer = client.post(f"/api/v1/pipelines/{pipeline.pk}/outside-runs/", {"key": key}, format="json")
    assert answer.status_code in (200, 201), answer.json()
    return int(answer.json()["id"])


def tell(client: APIClient, run: int, *events: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/outside-runs/{run}/events/", {"events": events}, format="json")


def numbered(*events: dict[str, Any], start: int = 1) -> list[dict[str, Any]]:
    minute = "2026-11-29T10:{:02}:00Z"
    return [{"sequence": n, "at": minute.format(n), **event} for n, event in enumerate(events, start=start)]


WHOLE = numbered(
    {"kind": "stage_started", "stage": "train", "fingerprint": A},
    {"kind": "log", "stage": "train", "lines": ["fitting"]},
    {"kind": "metric", "stage": "train", "name": "loss", "value": 0.5},
    {"kind": "stage_failed", "stage": "train", "reason": "memory"},
    {"kind": "stage_started", "stage": "train"},
    {"kind": "metric", "stage": "train", "name": "loss", "value": 0.25},
    {"kind": "stage_succeeded", "stage": "train", "seconds": 2.5},
    {"kind": "artifact", "stage": "train", "name": "package/model.skops", "digest": B, "size": 12},
    {"kind": "metric", "name": "auc", "value": 0.8},
    MODEL,
    {"kind": "ended", "state": "succeeded"},
)


def test_a_run_begun_twice_is_one(client: APIClient, pipeline: Pipeline) -> None:
    assert begun(client, pipeline) == begun(client, pipeline)
    assert begun(client, pipeline, "run-2") != begun(client, pipeline)


@pytest.mark.parametrize("seed", range(4))
def test_events_in_any_order_and_doubled_give_the_same_run(client: APIClient, pipeline: Pipeline, seed: int) -> None:
    run, dice = begun(client, pipeline), random.Random(seed)
    for _ in range(2):
        events = WHOLE.copy()
        dice.shuffle(events)
        for start in range(0, len(events), 4):
            part = events[start : start + 4]
            answer = tell(client, run, *sorted(part, key=lambda one: one["kind"] == "ended"), part[0])
            assert answer.status_code == 200, answer.json()
    assert OutsideEvent.objects.count() == len(WHOLE)
    told = client.get(f"/api/v1/outside-runs/{run}/").json()
    stage = told["stages"]["train"]
    assert (stage["state"], stage["seconds"], stage["metrics"]) == ("succeeded", 2.5, {"loss": 0.25})
    assert stage["begun"].startswith("2026-11-29T10:05")
    assert (told["state"], told["metrics"], told["finished_at"]) == (
        "succeeded",
        {"auc": 0.8},
        "2026-11-29T10:11:00Z",
    )
    assert ModelVersion.objects.get().pk in told["versions"]


def test_after_the_end_nothing_more_is_taken_but_what_was_before_and_what_was_late(
    client: APIClient, pipeline: Pipeline
) -> None:
    run = begun(client, pipeline)
    assert tell(client, run, WHOLE[0], WHOLE[10]).status_code == 200
    late = tell(client, run, WHOLE[0], {"sequence": 12, "kind": "metric", "name": "auc", "value": 0.9})
    assert late.status_code == 409
    assert late.json()["title"] == "This run ended on 2026-11-29 at 10:11:00 UTC."
    assert [one["path"] for one in late.json()["errors"]] == ["events.1.sequence"]
    assert tell(client, run, WHOLE[0], WHOLE[10]).json() == {"taken": 0, "known": 2}
    assert tell(client, run, *WHOLE[1:8]).json() == {"taken": 7, "known": 0}
    again = tell(client, run, {"sequence": 9, "kind": "ended", "state": "failed"})
    assert (again.status_code, OutsideRun.objects.get().state) == (409, "succeeded")


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("value", {"kind": "metric", "name": "auc", "value": "NaN"}),
    ("value", {"kind": "metric", "name": "auc", "value": None}),
    ("value", {"kind": "metric", "name": "auc", "value": True}),
    ("value", {"kind": "metric", "name": "auc"}),
    ("lines", {"kind": "metric", "name": "auc", "value": 1, "lines": ["x"]}),
    ("name", {"kind": "artifact", "name": "../../etc/passwd", "digest": A, "size": 1}),
    ("name", {"kind": "artifact", "name": "/etc/passwd", "digest": A, "size": 1}),
    ("name", {"kind": "artifact", "name": "work\\..\\x", "digest": A, "size": 1}),
    ("digest", {"kind": "artifact", "name": "x", "digest": "no", "size": 1}),
    ("size", {"kind": "artifact", "name": "x", "digest": A, "size": -1}),
    ("lines", {"kind": "log", "lines": ["x"] * 501}),
    ("lines", {"kind": "log", "lines": [{"x": 1}]}),
    ("state", {"kind": "ended", "state": "perhaps"}),
    ("manifest", {**MODEL, "manifest": {"classes": 3}}),
    ("inputs", {**MODEL, "inputs": [3]}),
    ("acceptance", {**MODEL, "acceptance": {"accepted": "yes"}}),
    ("kind", {"kind": "explosion"}),
    ("colour", {"kind": "stage_started", "stage": "train", "colour": "red"}),
]


@pytest.mark.parametrize(("field", "event"), WRONG, ids=[f"{one['kind']} {field}" for field, one in WRONG])
def test_what_cannot_be_is_named_and_nothing_is_kept(
    client: APIClient, pipeline: Pipeline, field: str, event: dict[str, Any]
) -> None:
    run = begun(client, pipeline)
    answer = tell(client, run, WHOLE[0], {"sequence": 2, **event})
    assert answer.status_code == 400
    assert f"events.1.{field}" in {one["path"] for one in answer.json()["errors"]}, answer.json()
    assert OutsideEvent.objects.count() == 0


def test_a_nan_is_no_json(client: APIClient, pipeline: Pipeline) -> None:
    body = b'{"events": [{"sequence": 1, "kind": "metric", "name": "auc", "value": NaN}]}'
    answer = client.post(
        f"/api/v1/outside-runs/{begun(client, pipeline)}/events/", body, content_type="application/json"
    )
    assert (answer.status_code, "NaN" in answer.json()["detail"]) == (400, True)


def test_a_line_is_kept_as_plain_text(client: APIClient, pipeline: Pipeline) -> None:
    hostile = "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m <script>alert(1)</script> \u202etxt"
    assert tell(client, begun(client, pipeline), {"sequence": 1, "kind": "log", "lines": [hostile]}).status_code == 200
    assert OutsideEvent.objects.get().body == {"lines": ["red <script>alert(1)</script> txt"]}


@given(st.text())
def test_no_line_keeps_what_a_terminal_or_an_eye_does_not_see(line: str) -> None:
    assert plain_line(line).isprintable()


@given(st.lists(st.sampled_from(["..", ".", "a", "", " ", "b.c"]), max_size=4))
def test_a_clean_name_stays_below_its_folder(parts: list[str]) -> None:
    assert (path_problem("/".join(parts)) == "") == (bool(parts) and all(part in ("a", "b.c") for part in parts))


def test_a_model_told_is_a_version_that_can_be_promoted(client: APIClient, cast: Cast, pipeline: Pipeline) -> None:
    tell(client, begun(client, pipeline), *WHOLE)
    version = ModelVersion.objects.get()
    assert (version.accepted, version.package, version.card) == (True, None, "# Model card")
    assert version.lineage["model"] == B
    assert [alias.name for alias in version.aliases.all()] == ["candidate"]
    pipeline.refresh_from_db()
    assert pipeline.state == "packaged"
    version_promote(access=cast.access(cast.editor), version=version)
    browser = cast.browser(cast.viewer)
    for page in (f"models/{version.pk}/", f"pipelines/{pipeline.pk}/models/", f"pipelines/{pipeline.pk}/life/"):
        assert browser.get(f"/w/acme/{page}").status_code == 200


def test_a_model_of_made_up_rows_is_not_accepted(client: APIClient, pipeline: Pipeline) -> None:
    made_up = {**MODEL, "metrics": {**MODEL["metrics"], "made_up": True}}
    tell(client, begun(client, pipeline), {"sequence": 1, **made_up})
    assert ModelVersion.objects.get().accepted is False


def predicted(key: str = "case-1", **other: Any) -> dict[str, Any]:
    output = {"prediction": "yes", "probability": 0.7, "decided_by": "model"}
    return {"key": key, "model": B[:12], "inputs": {"amount": 1.5}, "output": output, "latency_ms": 3.5, **other}


def tell_predictions(client: APIClient, pipeline: Pipeline, *predictions: dict[str, Any]) -> Any:
    body = {"predictions": predictions}
    return client.post(f"/api/v1/pipelines/{pipeline.pk}/predictions/", body, format="json")


def test_predictions_are_kept_once_and_joined_by_their_key(client: APIClient, cast: Cast, pipeline: Pipeline) -> None:
    tell(client, begun(client, pipeline), *WHOLE)
    both = (predicted(), predicted("case-2"))
    assert tell_predictions(client, pipeline, *both, predicted()).json() == {"kept": 2, "known": 1}
    assert tell_predictions(client, pipeline, *both).json() == {"kept": 0, "known": 2}
    record = PredictionRecord.objects.get(key="case-1")
    assert (record.version, record.score, record.decision) == (ModelVersion.objects.get(), 0.7, "yes")
    given = [GivenOutcome("case-1", "yes")]
    access = cast.access(cast.editor)
    assert outcomes_record(access=access, pipeline=pipeline, outcomes=given, origin=OutcomeOrigin.API).joined == 1


def test_predictions_keep_digests_alone_where_the_workspace_says_so(
    client: APIClient, cast: Cast, pipeline: Pipeline
) -> None:
    policy_change(access=cast.access(cast.owner), approval_needed=False, keep_inputs=False, version=None)
    tell(client, begun(client, pipeline), *WHOLE)
    tell_predictions(client, pipeline, predicted())
    assert PredictionRecord.objects.get().inputs is None


@pytest.mark.parametrize(
    ("status", "path", "second"),
    [
        (400, "predictions.1.key", {"key": None}),
        (400, "predictions.1.key", {"key": ""}),
        (400, "predictions.1.key", {"key": "a\u202eb"}),
        (400, "predictions.1.model", {"model": "c" * 12}),
        (400, "predictions.1.model", {"model": "b"}),
        (400, "predictions.1.inputs", {"inputs": 3}),
        (409, "predictions.1.key", {"key": "case-1", "inputs": {"amount": 2}}),
    ],
)
def test_a_prediction_that_cannot_be_kept_is_named(
    client: APIClient, pipeline: Pipeline, status: int, path: str, second: dict[str, Any]
) -> None:
    tell(client, begun(client, pipeline), *WHOLE)
    wrong = {name: value for name, value in {**predicted("case-2"), **second}.items() if value is not None}
    answer = tell_predictions(client, pipeline, predicted(), wrong)
    assert (answer.status_code, [one["path"] for one in answer.json()["errors"]]) == (status, [path])
    assert PredictionRecord.objects.count() == 0


def test_a_viewer_tells_nothing_and_a_stranger_finds_nothing(
    client: APIClient, cast: Cast, calling: Calling, pipeline: Pipeline
) -> None:
    run = begun(client, pipeline)
    assert cast.access(cast.viewer).role == Role.VIEWER
    assert tell(calling(cast.viewer, write=False), run, WHOLE[0]).status_code == 403
    assert tell(calling(cast.stranger, workspace=cast.elsewhere), run, WHOLE[0]).status_code == 404
    assert OutsideEvent.objects.count() == 0
