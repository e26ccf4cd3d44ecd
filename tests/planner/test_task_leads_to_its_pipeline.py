"""The page of a task leads to what was built for it: its pipeline, the life of its model, what that earns."""

from datetime import date

from pipelines.models import Pipeline, RealisedMonth
from tests.conftest import Cast
from tests.pipelines.made_generations import pipeline_made


def page_of(cast: Cast, pipeline: Pipeline) -> str:
    return cast.browser(cast.viewer).get(f"/w/acme/tasks/{pipeline.task_id}/").content.decode()


def test_each_is_linked_where_there_is_one(cast: Cast) -> None:
    pipeline = pipeline_made(cast.workspace)
    where = f"/w/acme/pipelines/{pipeline.pk}/"
    page = page_of(cast, pipeline)
    assert f'href="{where}"' in page
    assert f'href="{where}life/"' not in page
    Pipeline.objects.filter(pk=pipeline.pk).update(state="serving")
    assert f'href="{where}life/"' in page_of(cast, pipeline)
    RealisedMonth.objects.create(workspace=cast.workspace, pipeline=pipeline, month=date(2026, 3, 1))
    page = page_of(cast, pipeline)
    assert f'href="{where}value/"' in page
    assert "1 month counted" in page


def test_a_task_without_a_pipeline_says_nothing_of_one(cast: Cast) -> None:
    pipeline = pipeline_made(cast.workspace)
    Pipeline.objects.filter(pk=pipeline.pk).delete()
    assert "What was built for it" not in page_of(cast, pipeline)
