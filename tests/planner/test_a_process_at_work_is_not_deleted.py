"""A process a job works on is not deleted under it; once the job is over, it is."""

import pytest

from jobs.models import RunState
from planner.models import Process
from planner.services import process_create
from tests.api.conftest import Calling, calling, unthrottled  # noqa: F401  fixtures
from tests.conftest import Cast
from tests.planner.under_check import under_check

pytestmark = pytest.mark.django_db


def test_the_page_says_which_job_and_keeps_the_process(cast: Cast) -> None:
    process = process_create(access=cast.access(cast.editor), name="Claims")
    run = under_check(process)
    browser, where = cast.browser(cast.editor), f"/w/{cast.workspace.slug}/processes/{process.pk}/delete/"
    told = browser.post(where, follow=True).content.decode()
    assert "What can be foretold in Claims" in told
    assert Process.objects.filter(pk=process.pk).exists()
    run.state = RunState.CANCELLED.value
    run.save()
    browser.post(where)
    assert not Process.objects.filter(pk=process.pk).exists()


def test_the_api_answers_with_a_conflict(cast: Cast, calling: Calling) -> None:  # noqa: F811
    process = process_create(access=cast.access(cast.editor), name="Claims")
    under_check(process, RunState.QUEUED)
    answer = calling(cast.editor).delete(f"/api/v1/processes/{process.pk}/", HTTP_IF_MATCH="*")
    assert (answer.status_code, Process.objects.filter(pk=process.pk).exists()) == (409, True)
    assert "Cancel that job" in answer.json()["detail"]
