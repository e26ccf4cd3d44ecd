"""Runs elsewhere stand among the others, marked, with a page of their own; what they tell is text."""

import pytest

from accounts.models import User
from pipelines.domain.outside import EventKind
from pipelines.models import Pipeline
from pipelines.services import GivenEvent, outside_events_take
from tests.conftest import Cast
from tests.pipelines.made_generations import pipeline_made
from tests.pipelines.made_outside import outside_told


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return pipeline_made(cast.workspace)


def page(cast: Cast, path: str, user: User | None = None) -> str:
    answer = cast.browser(user or cast.viewer).get(f"/w/acme/{path}")
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_page_tells_stages_log_figures_files_and_models(cast: Cast, pipeline: Pipeline) -> None:
    run = outside_told(cast.access(cast.editor), pipeline)
    told = page(cast, f"outside-runs/{run.pk}/")
    for words in ("nightly-17", "no memory left", "loss 0.25", "package/model.skops", "Version 1", "build-3.example"):
        assert words in told
    assert "fitting &lt;b&gt;trees&lt;/b&gt;" in told
    assert "fitting" not in page(cast, f"outside-runs/{run.pk}/?stage=test")


def test_the_page_of_the_pipeline_says_what_to_set_for_it(cast: Cast, pipeline: Pipeline) -> None:
    told = page(cast, f"pipelines/{pipeline.pk}/")
    assert f'<code id="report-address">http://testserver/api/v1/pipelines/{pipeline.pk}/</code>' in told
    assert 'href="/w/acme/tokens/">make one' in told


def test_it_stands_among_the_runs_and_is_counted_on_the_board(cast: Cast, pipeline: Pipeline) -> None:
    run = outside_told(cast.access(cast.editor), pipeline)
    for path in (f"pipelines/{pipeline.pk}/", f"pipelines/{pipeline.pk}/life/"):
        assert f"/outside-runs/{run.pk}/" in page(cast, path)
    assert "1 run elsewhere" in page(cast, "pipelines/")


def test_the_page_follows_while_it_runs_and_rests_when_it_is_over(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    run = outside_told(access, pipeline)
    before = page(cast, f"outside-runs/{run.pk}/")
    assert 'id="outside-run" hx-get' in before
    after = before.split("after=")[1].split("&")[0]
    viewer = cast.browser(cast.viewer)
    assert viewer.get(f"/w/acme/outside-runs/{run.pk}/live/?after={after}").status_code == 204
    end = GivenEvent(10, EventKind.ENDED, {"state": "failed"})
    outside_events_take(access=access, run=run, events=[end])
    later = viewer.get(f"/w/acme/outside-runs/{run.pk}/live/?after={after}").content.decode()
    assert " failed</h1>" in later
    assert "hx-trigger" not in later
