"""The effect of automating tasks over the API: read with tasks and shares, refused where they cannot be."""

import pytest

from planner.models import Task
from planner.selectors.value_results import MOST_AT_ONCE, forget_values
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process
from tests.planner.test_large_processes import large

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    return drawn_process(cast.access(cast.editor))


def there(tasks: dict[str, Task]) -> str:
    return f"/api/v1/processes/{the_process(tasks).pk}/effect/"


def test_a_case_before_and_after_with_its_formulas(calling: Calling, cast: Cast, tasks: dict[str, Task]) -> None:
    triage = tasks["Triage"].pk
    body = calling(cast.viewer).get(f"{there(tasks)}?tasks={triage}&repeats={triage}:1").json()
    found = {each["name"]: each for each in body["tasks"]}
    assert found["Ask"]["volume_before"] == pytest.approx(1000 / 3)
    assert found["Ask"]["volume_after"] == pytest.approx(0)
    assert (found["Triage"]["automated"], found["Triage"]["repeats_removed"]) == (True, 1.0)
    assert [each["lessened"] for each in body["flows"]].count(True) == 1
    assert body["before"]["minutes"] == pytest.approx(13)
    assert body["after"]["minutes"] == pytest.approx(found["Triage"]["minutes_after"] + 2)
    assert body["after"]["cost_a_year"] == pytest.approx(1000 * body["after"]["cost"])
    labels = [each["label"] for each in body["formulas"]]
    assert {"minutes a visit, Triage", "Triage → Ask", "cost a case, after"} <= set(labels)


def test_none_chosen_is_as_before(calling: Calling, cast: Cast, tasks: dict[str, Task]) -> None:
    body = calling(cast.viewer).get(f"{there(tasks)}?tasks=").json()
    assert body["before"] == body["after"]
    assert body["flows"] == []


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("tasks=x", "tasks"),
        ("tasks=999999", "tasks"),
        ("repeats=5", "repeats"),
        ("repeats=x:0.5", "repeats"),
        ("tasks={0}&repeats={0}:2000 %25", "repeats.{0}"),
        ("tasks={0}&repeats={0}:NaN", "repeats.{0}"),
    ],
)
def test_what_cannot_be_is_named(calling: Calling, cast: Cast, tasks: dict[str, Task], query: str, path: str) -> None:
    triage = tasks["Triage"].pk
    refused = calling(cast.viewer).get(f"{there(tasks)}?{query.format(triage)}")
    assert refused.status_code == 400, refused.content
    assert refused.json()["errors"][0]["path"] == path.format(triage)


def test_strangers_see_nothing(calling: Calling, cast: Cast, tasks: dict[str, Task]) -> None:
    assert calling(cast.stranger, workspace=cast.elsewhere).get(there(tasks)).status_code == 404


def test_which_tasks_is_not_known_while_they_are_valued(calling: Calling, cast: Cast) -> None:
    forget_values()
    process = large(cast, MOST_AT_ONCE + 1)
    asked = calling(cast.viewer).get(f"/api/v1/processes/{process.pk}/effect/")
    assert asked.status_code == 409
    assert asked.json()["title"] == "Which tasks are worth a model is being computed."
    assert calling(cast.viewer).get(f"/api/v1/processes/{process.pk}/effect/?tasks=").status_code == 200
