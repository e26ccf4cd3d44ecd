"""The times of a run on one axis: waiting apart from working, every attempt, and the same as a table."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jobs.models import LogEntry, Stage
from pipelines.domain.gantt import EVENTS, Doing, GanttRow, segments_of
from tests.conftest import Cast
from tests.pipelines.made_generations import pipeline_made
from tests.pipelines.made_runs import START, run_made, stage_made


def happened(stage: Stage, *events: tuple[str, float]) -> None:
    for event, second in events:
        LogEntry.objects.create(
            workspace_id=stage.workspace_id, run_id=stage.run_id, stage=stage, event=event,
            at=START + timedelta(seconds=second),
        )  # fmt: skip


@pytest.mark.django_db
def test_waiting_stands_apart_from_working_in_picture_and_table(cast: Cast) -> None:
    found = run_made(pipeline_made(cast.workspace))
    first = stage_made(found, "ingest", begins=2, seconds=3)
    happened(first, ("ready", 0), ("claimed", 2), ("succeeded", 5))
    second = stage_made(found, "validate", begins=20, seconds=1, attempt=2)
    happened(second, ("ready", 5), ("claimed", 6), ("failed", 8), ("claimed", 20), ("succeeded", 21))
    stage_made(found, "prepare", state="cached", attempt=0, begins=21, seconds=0)
    page = cast.browser(cast.viewer).get(reverse("pipelines:run", args=["acme", found.pk])).content.decode()
    times = page[page.index('id="d-t"') :]
    assert "Validate 3.0 s, waited 13.0 s" in times
    assert times.count('class="f-waited" x="1') + times.count('class="f-waited" x="2') == 3
    row = times[times.index('<th scope="row">Validate') :].split("</tr>")[0]
    assert [cell.split("<")[0] for cell in row.split('class="num">')[1:]] == ["5.0", "13.0", "0.0", "3.0", "2", "21.0"]
    assert '<th scope="row">Prepare' not in times.split("</table>")[0]


@given(st.lists(st.tuples(st.sampled_from([*EVENTS, "message"]), st.floats(0, 100)), max_size=12), st.booleans())
def test_what_a_stage_did_never_overlaps_nor_leaves_the_run(events: list[tuple[str, float]], over: bool) -> None:
    ordered = sorted(events, key=lambda each: each[1])
    told = segments_of(ordered, now=100.0, over=over)
    assert all(each.length >= 0 and each.end <= 100.0 + 1e-9 for each in told)
    assert all(one.end <= other.start + 1e-9 for one, other in pairwise(told))


def test_a_stage_that_waits_for_a_person_says_how_long() -> None:
    told = segments_of([("waiting", 0.0), ("approved", 4.0), ("claimed", 5.0)], now=9.0, over=False)
    row = GanttRow("package", "Package", told, under_way=True)
    assert [each.doing for each in told] == [Doing.ASKED, Doing.WAITED, Doing.RAN]
    assert (row.asked, row.waited, row.ran, row.ends) == (4.0, 1.0, 4.0, 9.0)


def test_between_giving_up_and_trying_again_nobody_waited() -> None:
    events = [
        ("ready", 0.0),
        ("claimed", 1.0),
        ("failed", 3.0),
        ("ready", 900.0),
        ("claimed", 901.0),
        ("succeeded", 902.0),
    ]
    told = segments_of(events, now=902.0, over=True)
    assert sum(each.length for each in told if each.doing is Doing.WAITED) == 2.0
