"""Defaults set for a workspace, a process or a lane hold wherever nothing narrower is said; the narrowest wins."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import InvalidInput, NotAllowed, StaleEdit
from planner.models import AssumptionDefault, Process, Task
from planner.selectors.assumption_defaults import DefaultsScope, defaults_of, defaults_version
from planner.selectors.value_tasks import valued_task, valued_tasks
from planner.services import assumption_defaults_update, estimate_update
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]


def lane_process(cast: Cast) -> Process:
    process = claims_process(cast.workspace)
    Task.objects.filter(process=process, name__in=["Triage", "Pay"]).update(lane="Back office")
    return process


def set_default(cast: Cast, scope: DefaultsScope, key: str, text: str, **more: str) -> None:
    who = cast.owner if scope.process is None else cast.editor
    changes = {key: {"text": text, **more}}
    assumption_defaults_update(access=cast.access(who), scope=scope, changes=changes)


def in_use(process: Process, name: str, key: str) -> tuple[str, str]:
    found = valued_task(task_of(process, name)).assumptions[key]
    return found.text, found.origin.value


def test_the_narrower_default_wins_and_what_it_replaces_stays_visible(cast: Cast) -> None:
    process = lane_process(cast)
    set_default(cast, DefaultsScope(cast.workspace), "coverage", "10 % to 20 %")
    set_default(cast, DefaultsScope(cast.workspace, process), "coverage", "30 % to 40 %", source="pilot")
    set_default(cast, DefaultsScope(cast.workspace, process, "Back office"), "coverage", "60 % to 70 %")
    assert in_use(process, "Triage", "coverage") == ("60 % to 70 %", "lane")
    assert in_use(process, "Request documents", "coverage") == ("30 % to 40 %", "process")
    task = task_of(process, "Triage")
    estimate_update(
        access=cast.access(cast.editor), task=task, changes={"coverage": {"text": "90 %", "source": ""}}, version=0
    )
    layers = valued_task(task_of(process, "Triage")).layers["coverage"]
    assert [said.origin.value for said in layers] == ["person", "lane", "process", "workspace", "default"]
    assert layers[2].source == "set for the process: pilot"


def test_what_the_log_measured_is_not_replaced_by_a_default(cast: Cast) -> None:
    process = lane_process(cast)
    set_default(cast, DefaultsScope(cast.workspace, process), "volume", "1 to 2")
    assert in_use(process, "Triage", "volume")[1] == "log"
    assert in_use(process, "Pay", "volume")[1] == "log"


def test_a_default_fills_what_the_log_does_not_say_and_other_defaults_follow_it(cast: Cast) -> None:
    process = lane_process(cast)
    assert valued_task(task_of(process, "Pay")).gap == "handling minutes missing"
    set_default(cast, DefaultsScope(cast.workspace, process, "Back office"), "minutes_before", "8 to 12")
    found = valued_task(task_of(process, "Pay"))
    assert found.outcome is not None
    assert found.assumptions["minutes_review"].text == "10 to 12"


def test_the_wage_of_a_lane_moves_the_costs_that_rest_on_it(cast: Cast) -> None:
    process = lane_process(cast)
    before = in_use(process, "Triage", "day_rate")[0]
    set_default(cast, DefaultsScope(cast.workspace, process, "Back office"), "wage", "90 to 110")
    assert in_use(process, "Triage", "day_rate")[0] != before
    assert in_use(process, "Request documents", "day_rate")[0] == before


def test_an_empty_text_takes_a_default_away(cast: Cast) -> None:
    process = lane_process(cast)
    scope = DefaultsScope(cast.workspace, process)
    set_default(cast, scope, "hosting", "100")
    set_default(cast, scope, "hosting", "")
    assert defaults_of(scope) == {}
    assert in_use(process, "Triage", "hosting")[1] == "default"


def test_nothing_is_saved_unless_every_text_can_be_read(cast: Cast) -> None:
    process = lane_process(cast)
    changes = {"hosting": {"text": "100"}, "coverage": {"text": "150 %"}, "nonsense": {"text": "1"}}
    with pytest.raises(InvalidInput) as refused:
        assumption_defaults_update(
            access=cast.access(cast.editor), scope=DefaultsScope(cast.workspace, process), changes=changes
        )
    assert {problem.path for problem in refused.value.errors} == {"coverage", "nonsense"}
    assert not AssumptionDefault.objects.exists()


def test_a_lane_nobody_works_in_and_settings_of_the_workspace_are_refused(cast: Cast) -> None:
    process = lane_process(cast)
    with pytest.raises(InvalidInput, match="Not saved") as refused:
        set_default(cast, DefaultsScope(cast.workspace, process, "Nowhere"), "hosting", "100")
    assert "Nowhere" in refused.value.errors[0].message
    with pytest.raises(InvalidInput) as refused:
        set_default(cast, DefaultsScope(cast.workspace), "wage", "40")
    assert "settings of the workspace" in refused.value.errors[0].message


def test_a_stale_edit_is_told_what_holds(cast: Cast) -> None:
    process = lane_process(cast)
    scope = DefaultsScope(cast.workspace, process)
    version = defaults_version(defaults_of(scope))
    set_default(cast, scope, "hosting", "100")
    with pytest.raises(StaleEdit) as refused:
        assumption_defaults_update(
            access=cast.access(cast.editor), scope=scope, changes={"support": {"text": "5"}}, version=version
        )
    assert any("Hosting: now 100" in words for words in refused.value.changed)
    assert set(defaults_of(scope)) == {"hosting"}


def test_viewers_change_nothing_and_editors_not_the_workspace(cast: Cast) -> None:
    process = lane_process(cast)
    changes = {"hosting": {"text": "100"}}
    with pytest.raises(NotAllowed):
        assumption_defaults_update(
            access=cast.access(cast.viewer), scope=DefaultsScope(cast.workspace, process), changes=changes
        )
    with pytest.raises(NotAllowed):
        assumption_defaults_update(
            access=cast.access(cast.editor), scope=DefaultsScope(cast.workspace), changes=changes
        )


def test_defaults_cost_as_many_queries_for_one_task_as_for_many(cast: Cast) -> None:
    counts = []
    for figures in ({"One": (10.0, 5.0)}, {f"Task {number}": (10.0, 5.0) for number in range(12)}):
        process = claims_process(cast.workspace, figures)
        set_default(cast, DefaultsScope(cast.workspace, process), "hosting", "100")
        with CaptureQueriesContext(connection) as found:
            valued_tasks(process)
        counts.append(len(found))
    assert counts[0] == counts[1]
