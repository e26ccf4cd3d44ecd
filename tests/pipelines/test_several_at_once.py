"""The pipelines of a process or a portfolio: generated in one go, downloaded as one archive."""

import io
import zipfile

import pytest

from canvas.models import Canvas
from pipelines.domain.archive import archives_join
from pipelines.models import Pipeline
from planner.models import PortfolioPlan, Task
from tests.pipelines.made_generations import pipeline_made


@pytest.fixture
def plan(cast):
    """A portfolio that chose two tasks: one has a pipeline, the other a canvas."""
    built = pipeline_made(cast.workspace)
    process = built.task.process
    other = Task.objects.create(workspace=cast.workspace, process=process, name="Settle", activity="Settle")
    Canvas.objects.create(workspace=cast.workspace, task=other)
    chosen = [{"id": built.task_id}, {"id": other.pk}]
    return PortfolioPlan.objects.create(workspace=cast.workspace, name="Spring", result={"chosen": chosen})


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name.split("/")[0] for name in archive.namelist()}


def test_what_a_portfolio_chose_is_generated_in_one_go(cast, plan):
    browser = cast.browser(cast.editor)
    browser.post(f"/w/acme/portfolios/{plan.pk}/pipelines/generate/")
    assert Pipeline.objects.of(cast.workspace).count() == 2
    assert browser.post(f"/w/acme/portfolios/{plan.pk}/pipelines/generate/").status_code == 400


def test_their_projects_are_one_archive_with_a_folder_each(cast, plan):
    browser = cast.browser(cast.viewer)
    answer = browser.get(f"/w/acme/portfolios/{plan.pk}/pipelines/download/")
    assert members(b"".join(answer.streaming_content)) == {Pipeline.objects.get().generations.get().slug}
    assert 'filename="spring-pipelines.zip"' in answer["Content-Disposition"]


@pytest.mark.parametrize("rest", ["", "download/"])
def test_strangers_find_nothing_and_viewers_generate_nothing(cast, plan, rest):
    assert cast.browser(cast.stranger).get(f"/w/acme/portfolios/{plan.pk}/pipelines/{rest}").status_code == 404
    assert cast.browser(cast.viewer).get(f"/w/acme/portfolios/{plan.pk}/pipelines/{rest}").status_code == 200
    assert cast.browser(cast.viewer).post(f"/w/acme/portfolios/{plan.pk}/pipelines/generate/").status_code == 403


def test_two_projects_of_one_name_get_folders_of_their_own():
    packed = b"".join(archives_join([("a", {"x": b"1"}), ("a", {"x": b"2"})]))
    assert members(packed) == {"a", "a-2"}
