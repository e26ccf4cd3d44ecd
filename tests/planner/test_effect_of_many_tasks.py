"""The effect on a process of many tasks: found by name, what changes first, nothing chosen is lost, nobody waits."""

import re

import pytest

from jobs.models import Run
from jobs.services import run_drain
from planner.models import Process
from planner.selectors.effect_page import MOST_CHOICES, MOST_TASKS
from planner.selectors.value_results import MOST_AT_ONCE, forget_values
from tests.conftest import Cast
from tests.planner.test_large_processes import large, named

pytestmark = pytest.mark.django_db(transaction=True)
MANY = max(MOST_AT_ONCE, MOST_TASKS) + 40
BOX = re.compile(r'<input type="(checkbox|hidden)"[^>]* name="tasks" value="(\d+)"( checked)?')


@pytest.fixture
def process(cast: Cast) -> Process:
    forget_values()
    return large(cast, MANY)


def page(cast: Cast, process: Process, query: str = "") -> str:
    answer = cast.browser(cast.viewer).get(f"/w/acme/processes/{process.pk}/effect/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def boxes(text: str) -> list[tuple[str, str, str]]:
    return BOX.findall(text)


def rows(text: str) -> int:
    return text.count('data-label="Visits a case"')


def test_what_is_not_valued_yet_is_said_and_computed_as_a_job(cast: Cast, process: Process) -> None:
    assert "is being computed" in page(cast, process)
    assert Run.objects.under_way().filter(title__startswith="Rank the tasks").count() == 1
    page(cast, process)
    assert Run.objects.under_way().filter(title__startswith="Rank the tasks").count() == 1
    run_drain(run_ids=list(Run.objects.under_way().values_list("pk", flat=True)))
    assert "is being computed" not in page(cast, process)


def test_tasks_are_found_by_name_and_the_chosen_stay_chosen(cast: Cast, process: Process) -> None:
    chosen = str(named(process, MANY - 1).pk)
    first = boxes(page(cast, process, f"chosen=1&tasks={chosen}&repeats-{chosen}="))
    assert len(first) == MOST_CHOICES
    assert first[0] == ("checkbox", chosen, " checked"), "the chosen come first"
    found = boxes(page(cast, process, f"chosen=1&tasks={chosen}&q=task+0007"))
    assert found == [("hidden", chosen, ""), ("checkbox", str(named(process, 7).pk), "")]
    nothing = page(cast, process, f"chosen=1&tasks={chosen}&q=nowhere")
    assert "No task is called that." in nothing
    assert boxes(nothing) == [("hidden", chosen, "")]


def test_the_table_holds_what_changes_most_and_all_when_asked(cast: Cast, process: Process) -> None:
    chosen = named(process, MANY - 1)
    text = page(cast, process, f"chosen=1&tasks={chosen.pk}")
    assert rows(text) == MOST_TASKS
    assert f"{MOST_TASKS} of {MANY} tasks" in text
    assert text.index(f">{chosen.name}</a></th>") < text.index(">Task 0000</a></th>")
    assert rows(page(cast, process, f"chosen=1&tasks={chosen.pk}&all=1")) == MANY
