"""The log of a job in pages: words in any case, one stage, line numbers; nothing in a line takes effect on a page."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jobs.domain.log_text import marked, visible
from jobs.models import LogEntry, LogEvent, Run, Stage
from jobs.selectors import log_search
from tests.conftest import Cast


@pytest.fixture
def job(cast: Cast) -> Run:
    """Two stages of five lines each, one after the other; every second line is a loss."""
    run = Run.objects.create(workspace=cast.workspace, kind="test", title="Job", state="succeeded")
    for place, name in enumerate(("fit", "judge")):
        stage = Stage.objects.create(workspace=cast.workspace, run=run, name=name, position=place, task_name="t")
        say(stage, *(f"Loss {line}" if line % 2 else f"step {line}" for line in range(1, 6)))
    return run


def say(stage: Stage, *texts: str) -> None:
    for text in texts:
        LogEntry.objects.create(
            workspace_id=stage.workspace_id, run_id=stage.run_id, stage=stage, event=LogEvent.MESSAGE, text=text
        )


def shown(run: Run, **asked: object) -> list[tuple[int, str]]:
    return [(line.number, line.entry.text) for line in log_search(run, **asked).shown]


@pytest.mark.django_db
def test_lines_keep_their_number_whatever_is_looked_for(job: Run) -> None:
    assert shown(job, query="loss") == [
        (1, "Loss 1"), (3, "Loss 3"), (5, "Loss 5"), (6, "Loss 1"), (8, "Loss 3"), (10, "Loss 5"),
    ]  # fmt: skip
    assert shown(job, query="LOSS", stage="judge") == [(1, "Loss 1"), (3, "Loss 3"), (5, "Loss 5")]
    assert shown(job, query="loss", page=2, size=4) == [(8, "Loss 3"), (10, "Loss 5")]
    assert shown(job, page=2, size=4)[0] == (5, "Loss 5")
    assert shown(job, query="100 %") == []
    assert len(shown(job, page=99, size=4)) == 2


@pytest.mark.django_db
def test_an_unchanged_stage_shows_what_was_said_then(cast: Cast, job: Run) -> None:
    again = Run.objects.create(workspace=cast.workspace, kind="test", title="Again", state="succeeded")
    source = job.stages.get(name="fit")
    Stage.objects.create(
        workspace=cast.workspace, run=again, name="fit", position=0, task_name="t", state="cached", cached_from=source
    )
    assert shown(again, stage="fit", query="step") == [(2, "step 2"), (4, "step 4")]


@pytest.mark.django_db
def test_escapes_and_markup_are_shown_as_text(cast: Cast, job: Run) -> None:
    say(job.stages.get(name="fit"), "\x1b[2J<script>alert(1)</script> \u202egnp", "50 % of a.b")
    where = reverse("jobs:log", args=["acme", job.pk])
    page = cast.browser(cast.viewer).get(where, {"q": "alert(1"}).content.decode()
    assert "1 line of 12 with" in page.replace("one line", "1 line")
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "␛[2J&lt;script&gt;<mark>alert(1</mark>)&lt;/script&gt; ⟨U+202E⟩gnp" in page
    assert "50 % of a.b" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [{"page": "x"}, {"page": "-1"}, {"page": "9" * 30}, {"stage": "none"}, {"q": "\x00"}])
def test_what_cannot_be_asked_shows_everything(cast: Cast, job: Run, asked: dict[str, str]) -> None:
    answer = cast.browser(cast.viewer).get(reverse("jobs:log", args=["acme", job.pk]), asked)
    assert answer.status_code == 200
    assert "Loss 5" in answer.content.decode()


@pytest.mark.django_db
def test_the_api_narrows_by_words_and_stage(cast: Cast, job: Run) -> None:
    where = f"/api/v1/jobs/{job.pk}/log/?workspace=acme&q=loss&stage=judge"
    told = cast.browser(cast.viewer).get(where).json()
    assert [(entry["stage"], entry["text"]) for entry in told] == [("judge", f"Loss {line}") for line in (1, 3, 5)]


@given(st.text(), st.text(min_size=1, max_size=3))
def test_pieces_are_the_line_and_marked_ones_the_words(text: str, query: str) -> None:
    pieces = marked(visible(text), query)
    assert "".join(piece for piece, _ in pieces) == visible(text)
    assert all(len(piece) == len(query) for piece, hit in pieces if hit)


@given(st.text())
def test_what_is_visible_controls_nothing_and_stays_so(text: str) -> None:
    assert not any(ord(char) < 0x20 and char not in "\t\n" for char in visible(text))
    assert visible(visible(text)) == visible(text)
