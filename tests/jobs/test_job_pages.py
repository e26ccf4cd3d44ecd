"""Pages of a job: who sees them, what they say while it runs and when it is over, cancel and retry."""

from collections.abc import Callable

import pytest

from jobs.models import LogEvent, Run, RunState, StageState
from jobs.services import run_submit, stage_beat, stage_claim, stage_fail, stage_succeed
from jobs.services.recording import log_entry
from tests.conftest import Cast
from tests.jobs.conftest import spec

Start = Callable[..., Run]


@pytest.fixture
def start(cast: Cast) -> Start:
    def started(*names: str, **params: str) -> Run:
        stages = [spec(name) for name in names or ("only",)]
        return run_submit(
            access=cast.access(cast.editor), kind="import", title="Import claims.csv", stages=stages, params=params
        )

    return started


def page(run: Run, rest: str = "") -> str:
    return f"/w/acme/jobs/{run.pk}/{rest}"


def begin(run: Run) -> None:
    stage = run.stages.get()
    claimed = stage_claim(stage_id=stage.pk, attempt=0)
    assert claimed is not None
    entry = log_entry(claimed, LogEvent.MESSAGE, "reading line 1 <b>")
    assert stage_beat(claimed, values={"progress": 0.62, "progress_note": "cases"}, entries=[entry])


def finish(run: Run) -> None:
    stage_succeed(run.stages.get(), output={})


def test_the_page_says_how_far_it_is(cast: Cast, start: Start) -> None:
    run = start()
    begin(run)
    text = cast.browser(cast.viewer).get(page(run)).content.decode()
    assert "Running: 62 %" in text
    assert "reading line 1 &lt;b&gt;" in text
    assert 'hx-trigger="every 1s"' in text


def test_only_new_lines_are_sent_to_a_page_that_is_open(cast: Cast, start: Start) -> None:
    run = start()
    begin(run)
    last = run.log.latest("pk").pk
    answer = cast.browser(cast.viewer).get(page(run, f"live/?after={last}")).content.decode()
    assert "reading line 1" not in answer
    assert f"after={last}" in answer


def test_when_it_is_over_nothing_is_polled(cast: Cast, start: Start) -> None:
    run = start()
    begin(run)
    finish(run)
    answer = cast.browser(cast.viewer).get(page(run, "live/")).content.decode()
    assert "hx-trigger" not in answer
    assert "Every stage is done" in answer


def test_the_card_sends_on_to_what_was_made(cast: Cast, start: Start) -> None:
    run = start(next="/w/acme/processes/1/")
    begin(run)
    assert cast.browser(cast.viewer).get(page(run, "progress/")).status_code == 200
    finish(run)
    assert cast.browser(cast.viewer).get(page(run, "progress/"))["HX-Redirect"] == "/w/acme/processes/1/"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_card_never_sends_to_another_site(cast: Cast, start: Start, elsewhere: str) -> None:
    run = start(next=elsewhere)
    begin(run)
    finish(run)
    answer = cast.browser(cast.viewer).get(page(run, "progress/"))
    assert not answer.has_header("HX-Redirect")
    assert answer["HX-Refresh"] == "true"


def test_the_reason_of_a_failure_stands_on_the_page(cast: Cast, start: Start) -> None:
    run = start()
    begin(run)
    stage_fail(run.stages.get(), reason="Column “case” is missing.", final=True)
    text = cast.browser(cast.editor).get(page(run)).content.decode()
    assert "Column “case” is missing." in text
    assert "Try again" in text


def test_cancel_and_try_again(cast: Cast, start: Start) -> None:
    run = start("a", "b")
    browser = cast.browser(cast.editor)
    assert browser.post(page(run, "cancel/"))["Location"] == page(run)
    run.refresh_from_db()
    assert run.state_of is RunState.CANCELLED
    browser.post(page(run, "retry/"), {"next": "/w/acme/"})
    assert {stage.state_of for stage in run.stages.all()} == {StageState.READY}


def test_a_viewer_may_look_and_not_cancel(cast: Cast, start: Start) -> None:
    run = start()
    browser = cast.browser(cast.viewer)
    assert "Cancel" not in browser.get(page(run)).content.decode()
    assert browser.post(page(run, "cancel/")).status_code == 403


@pytest.mark.parametrize("rest", ["", "live/", "progress/"])
def test_a_stranger_finds_nothing(cast: Cast, start: Start, rest: str) -> None:
    run = start()
    stranger = cast.browser(cast.stranger)
    assert stranger.get(page(run, rest)).status_code == 404
    assert stranger.get(page(run, rest).replace("acme", "other")).status_code == 404


def test_a_stranger_cannot_cancel(cast: Cast, start: Start) -> None:
    run = start()
    assert cast.browser(cast.stranger).post(page(run, "cancel/").replace("acme", "other")).status_code == 404
    run.refresh_from_db()
    assert run.cancel_requested is False


def test_the_list_counts_what_is_under_way(cast: Cast, start: Start) -> None:
    start()
    finished = start()
    begin(finished)
    finish(finished)
    text = cast.browser(cast.viewer).get("/w/acme/jobs/").content.decode()
    assert "1 job under way" in text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_page_says_that_the_queue_is_away(cast: Cast, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start()
    monkeypatch.setattr("django.conf.settings.REDIS_URL", "redis://127.0.0.1:1/0")
    assert "The queue cannot be reached" in cast.browser(cast.viewer).get(page(run)).content.decode()
