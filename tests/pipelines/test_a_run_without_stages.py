"""The page of a run whose stages are gone shows them as not begun instead of failing."""

import pytest

from pipelines.models import PipelineRun
from tests.conftest import Cast
from tests.house.populated import populate

pytestmark = pytest.mark.django_db


def test_the_page_is_shown(cast: Cast) -> None:
    populate(cast.workspace)
    found = PipelineRun.objects.get()
    found.run.stages.all().delete()
    for rest in ("", "live/"):
        answer = cast.browser(cast.editor).get(f"/w/acme/runs/{found.pk}/{rest}")
        assert answer.status_code in (200, 204)
