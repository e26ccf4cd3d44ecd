"""How pipelines may be built, what a generation changed, and several projects at once, through the API."""

import io
import zipfile

import pytest

from canvas.models import Canvas
from jobs.models import Stage
from pipelines.domain.licences import LicenceKind
from planner.models import PortfolioPlan, Task
from tests.pipelines.made_generations import generation_made, pipeline_made


@pytest.fixture
def pipeline(cast):
    return pipeline_made(cast.workspace)


@pytest.fixture
def plan(cast, pipeline):
    """A portfolio that chose two tasks: one has a pipeline, the other a canvas."""
    process = pipeline.task.process
    other = Task.objects.create(workspace=cast.workspace, process=process, name="Settle", activity="Settle")
    Canvas.objects.create(workspace=cast.workspace, task=other)
    chosen = [{"id": pipeline.task_id}, {"id": other.pk}]
    return PortfolioPlan.objects.create(workspace=cast.workspace, name="Spring", result={"chosen": chosen})


def test_the_options_are_told_and_those_that_clash_refused(cast, calling, pipeline):
    client = calling(cast.editor)
    told = client.get(f"/api/v1/canvases/{pipeline.canvas_id}/options/").json()
    assert [axis["name"] for axis in told["axes"]][:2] == ["form", "serving"]
    answer = client.post(
        f"/api/v1/pipelines/{pipeline.pk}/generations/",
        {"options": {"deployment": "serverless", "serving": "model_on_demand"}},
        format="json",
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == "options.serving"


def test_an_option_that_does_not_exist_is_named_with_those_that_do(cast, calling, pipeline):
    address, sent = f"/api/v1/pipelines/{pipeline.pk}/generations/", {"options": {"serving": "magic"}}
    answer = calling(cast.editor).post(address, sent, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == "options.serving"
    assert "none of model_as_service" in answer.json()["errors"][0]["message"]


def test_what_a_generation_changed_is_told_file_by_file(cast, calling, pipeline):
    first, second = pipeline.generations.get(), generation_made(pipeline, decisions__action="Call the customer")
    told = calling(cast.viewer).get(f"/api/v1/generations/{second.pk}/difference/").json()
    assert (told["before"], told["after"]) == (first.pk, second.pk)
    canvas = next(file for file in told["files"] if file["path"] == "config/canvas.json")
    assert canvas["added"] >= 1
    assert any("customer" in line["text"] for line in canvas["lines"] if line["sign"] == "+")
    of_first = calling(cast.viewer).get(f"/api/v1/generations/{first.pk}/difference/").json()
    assert (of_first["before"], of_first["count"]) == (None, 0)


@pytest.mark.parametrize("of", ["processes", "portfolios"])
def test_projects_come_as_one_archive(cast, calling, pipeline, plan, of):
    pk = plan.pk if of == "portfolios" else pipeline.task.process_id
    answer = calling(cast.viewer).get(f"/api/v1/{of}/{pk}/pipelines/download/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {pipeline.generations.get().slug}


def test_those_of_a_portfolio_are_generated_at_once(cast, calling, plan):
    address = f"/api/v1/portfolios/{plan.pk}/pipelines/"
    answer = calling(cast.editor).post(address, {"include_rows": True}, format="json")
    assert answer.status_code == 202
    assert len(answer.json()) == 1
    assert calling(cast.viewer).post(address, {}, format="json").status_code == 403


def test_the_licences_are_told_and_one_is_taken(cast, calling, pipeline):
    client = calling(cast.editor)
    told = client.get(f"/api/v1/canvases/{pipeline.canvas_id}/options/").json()
    assert [each["value"] for each in told["licences"]] == list(LicenceKind)
    assert told["licence"]["kind"] == "all-rights-reserved"
    address = f"/api/v1/pipelines/{pipeline.pk}/generations/"
    sent = {"licence": {"kind": "Apache-2.0", "holder": "Acme", "year": 2025}}
    job = client.post(address, sent, format="json").json()["job"]
    assert Stage.objects.get(run=job).params["licence"] == sent["licence"]


@pytest.mark.parametrize(
    ("wrong", "where"), [({"holder": "\u200b"}, "holder"), ({"kind": "free"}, "kind"), ({"yeer": 1}, "yeer")]
)
def test_a_licence_that_cannot_be_granted_is_refused_with_its_place(cast, calling, pipeline, wrong, where):
    sent = {"licence": {"kind": "MIT", "holder": "Acme", "year": 2025} | wrong}
    answer = calling(cast.editor).post(f"/api/v1/pipelines/{pipeline.pk}/generations/", sent, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == f"licence.{where}"
    assert not Stage.objects.exists()
