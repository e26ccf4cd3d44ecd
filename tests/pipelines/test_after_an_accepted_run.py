"""When a run is over, its page moves the steps above it by itself, and a run worth it says how to put it to work."""

import pytest
from django.urls import reverse

from jobs.models import Run
from pipelines.models import PipelineRun
from pipelines.services import pipeline_retire, pipeline_run_start
from tests.conftest import Cast
from tests.pipelines.claims_setup import triage_generated

pytestmark = pytest.mark.django_db(transaction=True)
NEXT = "Next: put it into service."
MOVES = 'hx-swap-oob="true"'


@pytest.fixture
def found(cast: Cast) -> PipelineRun:
    access = cast.access(cast.editor)
    return pipeline_run_start(access=access, generation=triage_generated(access))


def ended(found: PipelineRun, *, accepted: bool) -> None:
    Run.objects.filter(pk=found.run_id).update(state="succeeded")
    PipelineRun.objects.filter(pk=found.pk).update(accepted=accepted, verdict="accepted" if accepted else "refused")


def shown(cast: Cast, found: PipelineRun) -> dict[str, str]:
    browser = cast.browser(cast.viewer)
    pages = {
        "run": reverse("pipelines:run", args=["acme", found.pk]),
        "live": reverse("pipelines:live", args=["acme", found.pk]),
        "life": reverse("pipelines:life", args=["acme", found.pipeline_id]),
    }
    return {name: browser.get(url).content.decode() for name, url in pages.items()}


def test_the_steps_move_when_the_run_is_over_and_the_next_step_is_named(cast: Cast, found: PipelineRun) -> None:
    before = shown(cast, found)
    assert MOVES not in before["live"]
    assert not any(NEXT in page for page in before.values())

    ended(found, accepted=True)
    after = shown(cast, found)
    assert MOVES in after["live"]
    assert 'id="steps"' in after["live"]
    assert MOVES not in after["run"], "a page of its own has its steps already"
    download = reverse("pipelines:download", args=["acme", found.generation_id])
    assert all(NEXT in page and download in page for page in after.values())


def test_nothing_is_put_to_work_that_was_refused_or_retired(cast: Cast, found: PipelineRun) -> None:
    ended(found, accepted=False)
    assert not any(NEXT in page for page in shown(cast, found).values())
    ended(found, accepted=True)
    pipeline_retire(access=cast.access(cast.editor), pipeline=found.pipeline, reason="The task is gone.")
    assert not any(NEXT in page for page in shown(cast, found).values())
