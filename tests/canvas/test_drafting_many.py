"""Many canvases are drafted by a job: the same drafts, once, and never over what a person typed meanwhile."""

import pytest

from canvas.models import Canvas
from canvas.services import (
    canvas_draft,
    canvas_field_update,
    canvases_draft_compute,
    canvases_draft_first,
    canvases_draft_portfolio,
    canvases_draft_top,
)
from canvas.services.drafting_job import AT_ONCE
from common.errors import InvalidInput, NotAllowed
from jobs.domain.states import RunState
from jobs.models import Blob, Run
from jobs.services import run_cancel, run_drain
from planner.models import PortfolioPlan, Process, Task
from planner.selectors.value_results import MOST_AT_ONCE
from tests.canvas.conftest import task_of
from tests.conftest import Cast
from tests.planner.chosen import choose

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
MANY = AT_ONCE + 3


@pytest.fixture
def tasks(process: Process) -> list[Task]:
    return [task_of(process, f"Task {number}", position=number) for number in range(MANY)]


def started(cast: Cast, process: Process, k: int = MANY) -> Run:
    found = canvases_draft_top(access=cast.access(cast.editor), process=process, k=k)
    assert isinstance(found, Run)
    return found


def ended(run: Run) -> Run:
    run_drain(run_ids=[run.pk])
    run.refresh_from_db()
    return run


def test_the_job_drafts_what_would_have_been_drafted_at_once(cast: Cast, process: Process, tasks: list[Task]) -> None:
    assert ended(started(cast, process)).state == RunState.SUCCEEDED
    by_job = {canvas.task_id: (canvas.fields, canvas.designed_by) for canvas in Canvas.objects.all()}
    Canvas.objects.all().delete()
    at_once = canvases_draft_first(access=cast.access(cast.editor), process=process, k=MANY)
    assert by_job == {canvas.task_id: (canvas.fields, canvas.designed_by) for canvas in at_once}
    assert len(by_job) == MANY
    assert not Blob.objects.exists(), "what was passed on is not kept"


def test_the_index_shows_how_far_it_is_and_one_press_is_one_job(
    cast: Cast, process: Process, tasks: list[Task]
) -> None:
    client, index = cast.browser(cast.editor), f"/w/acme/processes/{process.pk}/canvases/"
    for _ in range(3):
        text = client.post(f"{index}draft/", {"k": MANY}, follow=True).content.decode()
    run = Run.objects.get()
    assert f'id="job-{run.pk}"' in text
    assert not Canvas.objects.exists()
    ended(run)
    text = client.get(index).content.decode()
    assert "Eight canvases drafted" in text
    assert f'id="job-{run.pk}"' not in text
    versions = dict(Canvas.objects.values_list("pk", "version"))
    client.post(f"{index}draft/", {"k": MANY})
    ended(Run.objects.latest("pk"))
    assert dict(Canvas.objects.values_list("pk", "version")) == versions, "drafting again changes nothing"


def test_what_a_person_typed_while_it_ran_stays(cast: Cast, process: Process, tasks: list[Task]) -> None:
    run, access = started(cast, process), cast.access(cast.owner)
    canvas = canvas_draft(access=access, task=tasks[0])
    canvas_field_update(
        access=access, canvas=canvas, block="value_proposition", field="objective", value="Mine", version=None
    )
    Task.objects.filter(pk=tasks[1].pk).delete()
    assert ended(run).state == RunState.SUCCEEDED
    canvas.refresh_from_db()
    assert canvas.fields["value_proposition"]["objective"]["value"] == "Mine"
    assert Canvas.objects.count() == MANY - 1


def test_one_that_is_cancelled_drafts_nothing(cast: Cast, process: Process, tasks: list[Task]) -> None:
    run = started(cast, process)
    run_cancel(access=cast.access(cast.editor), run=run)
    assert ended(run).state == RunState.CANCELLED
    assert not Canvas.objects.exists()
    assert ended(started(cast, process)).state == RunState.SUCCEEDED
    assert Canvas.objects.count() == MANY


def test_it_says_which_task_it_is_at(cast: Cast, process: Process, tasks: list[Task]) -> None:
    said: list[tuple[float, str]] = []
    params = started(cast, process).stages.get().params
    canvases_draft_compute(params=params, progress=lambda share, words: said.append((share, words)))
    assert said[-1] == ((MANY - 1) / MANY, f"drafting the canvas of Task {MANY - 1} ({MANY} of {MANY})")


def test_few_are_drafted_at_once_and_a_viewer_drafts_none(cast: Cast, process: Process, tasks: list[Task]) -> None:
    few = canvases_draft_top(access=cast.access(cast.editor), process=process, k=AT_ONCE)
    assert not isinstance(few, Run)
    assert len(few) == AT_ONCE
    with pytest.raises(NotAllowed):
        canvases_draft_top(access=cast.access(cast.viewer), process=process, k=MANY)
    where = f"/w/acme/processes/{process.pk}/canvases/draft/"
    assert cast.browser(cast.viewer).post(where, {"k": MANY}).status_code == 403
    assert cast.browser(cast.stranger).post(where, {"k": MANY}).status_code == 404
    assert not Run.objects.exists()


def test_a_large_process_is_ranked_by_the_job_too(cast: Cast, process: Process) -> None:
    for number in range(MOST_AT_ONCE + 1):
        task_of(process, f"Task {number}", position=number, handling_minutes=11.0 + number)
    with pytest.raises(InvalidInput):
        canvases_draft_top(access=cast.access(cast.editor), process=process, k=51)
    assert ended(started(cast, process, 1)).state == RunState.SUCCEEDED
    first = canvases_draft_first(access=cast.access(cast.editor), process=process, k=1)
    assert [canvas.task_id for canvas in first] == list(Canvas.objects.values_list("task_id", flat=True))


def test_where_nothing_is_ranked_the_job_says_why(cast: Cast, process: Process) -> None:
    for number in range(MOST_AT_ONCE + 1):
        task_of(process, f"Task {number}", position=number, volume_a_year=None, volume_source="none")
    run = ended(started(cast, process, 3))
    assert run.state == RunState.FAILED
    assert "No task can be ranked yet" in run.stages.get().reason


def test_canvases_of_a_portfolio_come_by_a_job_and_those_there_stay(
    cast: Cast, process: Process, tasks: list[Task]
) -> None:
    canvas = canvas_draft(access=cast.access(cast.owner), task=tasks[0])
    plan = choose(PortfolioPlan.objects.create(workspace=cast.workspace, name="Next year"))
    assert len(plan.result["chosen"]) == MANY
    client, where = cast.browser(cast.editor), f"/w/acme/portfolios/{plan.pk}/canvases/"
    text = client.post(f"{where}draft/", follow=True).content.decode()
    run = Run.objects.latest("pk")
    assert f'id="job-{run.pk}"' in text
    assert ended(run).state == RunState.SUCCEEDED
    assert Canvas.objects.count() == MANY
    assert Canvas.objects.get(task=tasks[0]).version == canvas.version
    again = canvases_draft_portfolio(access=cast.access(cast.editor), plan=plan)
    assert not isinstance(again, Run), "nothing is left to draft"
