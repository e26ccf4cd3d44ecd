"""Files of a run with digest and origin, one by one; a model's lineage back to its data and on to its predictions."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from pipelines.models import PipelineRun, PredictionRecord
from tests.conftest import Cast
from tests.pipelines.made_generations import pipeline_made
from tests.pipelines.made_runs import run_made, stage_made
from tests.pipelines.made_versions import version_made

RULE = b'{"rule": "<b>"}'
AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def found(cast: Cast) -> PipelineRun:
    run = run_made(pipeline_made(cast.workspace))
    stage_made(
        run,
        "baseline",
        files={"rule.json": RULE, "parts/a <i>.csv": b"1,2\n"},
        fingerprint_parts={"parameters": {"settings.seed": "7"}, "inputs": {"split": "ab12"}},
    )
    stage_made(run, "train")
    return run


@pytest.mark.django_db
def test_each_file_stands_with_its_digest_and_what_it_was_made_from(cast: Cast, found: PipelineRun) -> None:
    page = cast.browser(cast.viewer).get(reverse("pipelines:artifacts", args=["acme", found.pk])).content.decode()
    assert "two files, 19 B" in page.replace("2 files", "two files")
    assert hashlib.sha256(RULE).hexdigest() in page
    assert "settings.seed" in page
    assert "a &lt;i&gt;.csv" in page
    assert "<i>" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("api", [False, True])
def test_one_file_comes_alone_as_a_download(cast: Cast, found: PipelineRun, *, api: bool) -> None:
    where = f"/api/v1/runs/{found.pk}/stages/baseline/files/?workspace=acme" if api else (
        reverse("pipelines:stage_files", args=["acme", found.pk, "baseline"]) + "?"
    )  # fmt: skip
    browser = cast.browser(cast.viewer)
    answer = browser.get(f"{where}&path=rule.json")
    assert b"".join(answer.streaming_content) == RULE  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="rule.json"'
    assert answer["Content-Type"] == "application/octet-stream"
    for path in ("../rule.json", "rule.json%00", "/etc/passwd", "other.json", ""):
        assert browser.get(f"{where}&path={path}").status_code in (400, 404)


@pytest.mark.django_db
def test_the_api_lists_files_and_origins_by_stage(cast: Cast, found: PipelineRun) -> None:
    told = cast.browser(cast.viewer).get(f"/api/v1/runs/{found.pk}/artifacts/?workspace=acme").json()
    assert [stage["stage"] for stage in told] == ["baseline"]
    rule = next(file for file in told[0]["files"] if file["path"] == "rule.json")
    assert rule == {"path": "rule.json", "size": len(RULE), "digest": hashlib.sha256(RULE).hexdigest()}
    assert told[0]["origins"][0] == {"kind": "inputs", "parts": {"split": "ab12"}}


@pytest.mark.django_db
def test_a_model_is_followed_to_its_data_and_to_its_predictions(cast: Cast) -> None:
    pipeline = pipeline_made(cast.workspace)
    one, two = version_made(pipeline), version_made(pipeline)
    for version, code in ((one, "c1"), (two, "c2")):
        version.lineage = {"data": "d" * 64, "code": code}
        version.save()
    for place, version in enumerate((one, one, two)):
        PredictionRecord.objects.create(
            workspace=cast.workspace,
            pipeline=pipeline,
            version=version,
            key=f"case {place}",
            at=AT,
            input_digest="0" * 64,
        )
    browser = cast.browser(cast.viewer)
    told = browser.get(f"/api/v1/models/{one.pk}/lineage/?workspace=acme").json()
    assert told["sources"] == [
        {"kind": "data", "digest": "d" * 64, "shared": [two.pk]},
        {"kind": "code", "digest": "c1", "shared": []},
    ]
    assert (told["run"], told["predictions"]) == (one.run_id, 2)
    page = browser.get(reverse("pipelines:version", args=["acme", one.pk])).content.decode()
    predictions = reverse("pipelines:predictions", args=["acme", pipeline.pk])
    assert f'href="{predictions}?version=1"' in page
    assert reverse("pipelines:version", args=["acme", two.pk]) in page
    made = browser.get(f"{predictions}?version=1").content.decode()
    assert "case 1" in made
    assert "case 2" not in made
