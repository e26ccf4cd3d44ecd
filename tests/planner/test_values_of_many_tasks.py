"""Pages of value of a process of many tasks: a page at a time, found by name, valued as a job, nobody waits."""

import pytest

from common.paged_rows import MOST_ROWS
from jobs.models import Run
from jobs.services import run_drain
from planner.models import Process
from planner.selectors.scenarios_page import MOST_ROWS as IN_SCENARIOS
from planner.selectors.value_results import MOST_AT_ONCE, forget_values
from tests.conftest import Cast
from tests.planner.test_large_processes import large

pytestmark = pytest.mark.django_db(transaction=True)
MANY = max(MOST_AT_ONCE, MOST_ROWS) + 20


@pytest.fixture
def process(cast: Cast) -> Process:
    forget_values()
    return large(cast, MANY)


def page(cast: Cast, process: Process, name: str, query: str = "") -> str:
    answer = cast.browser(cast.editor).get(f"/w/acme/processes/{process.pk}/{name}/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def jobs() -> list[int]:
    return list(Run.objects.under_way().filter(title__startswith="Rank the tasks").values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("name", "rows"), [("values", MOST_ROWS), ("scenarios", IN_SCENARIOS), ("canvases", MOST_ROWS)]
)
def test_values_are_computed_as_a_job_and_shown_page_by_page(
    cast: Cast, process: Process, name: str, rows: int
) -> None:
    first = page(cast, process, name)
    assert len(jobs()) == 1
    assert f'id="job-{jobs()[0]}"' in first, "its progress is shown"
    run_drain(run_ids=jobs())

    first = page(cast, process, name)
    assert not jobs()
    assert f"1–{rows} of {MANY}" in first
    assert f"{rows + 1}–{min(2 * rows, MANY)} of {MANY}" in page(cast, process, name, "page=2")
    found = page(cast, process, name, "q=task+0007")
    assert f"with “task 0007”, of {MANY} in all" in found
    assert found.count("Task 00") < first.count("Task 00")
