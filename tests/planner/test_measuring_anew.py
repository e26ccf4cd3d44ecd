"""A newer log of a known process: what differs is shown, each difference taken or left, and people's figures stay."""

import pytest

from common.errors import Conflict, InvalidInput, NotAllowed, StaleEdit
from jobs.models import Run
from jobs.services import run_drain
from planner.domain.discovery.filtering import GraphFilter
from planner.domain.discovery.remeasuring import Difference, Kind
from planner.models import DecisionTarget, EstimateResult, EventLog, Flow, Process, Source, Task
from planner.selectors import latest_log, process_graph
from planner.services import (
    flow_update,
    graph_filter_apply,
    log_apply,
    log_compare,
    log_match,
    snapshot_undo,
    task_delete,
    task_update,
)
from tests.conftest import Cast
from tests.planner.measuring import PATHS, Path, measured_process, newer_log
from tests.planner.processes import drawn_process, the_process

pytestmark = pytest.mark.django_db(transaction=True)

NEWER: list[Path] = [
    ("Register", "Check", *(("Mail",) if n % 10 == 0 else ()), "Pay" if n % 5 else "Reject") for n in range(60)
]


@pytest.fixture
def process(cast: Cast) -> Process:
    return measured_process(cast.access(cast.editor))


def fresh(process: Process) -> Process:
    return Process.objects.select_related("workspace").get(pk=process.pk)


def by_key(found: tuple[Difference, ...]) -> dict[str, Difference]:
    return {one.key: one for one in found}


def state(process: Process) -> object:
    tasks = {
        task.name: (task.activity, task.visits_a_case, task.volume_a_year, task.handling_minutes, task.figures)
        for task in process.tasks.all()
    }
    flows = {(one.source.name, one.target.name): (one.count, one.probability) for one in process.flows.all()}
    return tasks, flows, fresh(process).cases_a_year


def shares(process: Process) -> dict[tuple[str, str], float | None]:
    return {(flow.source.name, flow.target.name): flow.probability for flow in process.flows.all()}


def test_a_log_for_a_known_process_changes_nothing_until_it_is_applied(cast: Cast, process: Process) -> None:
    before = state(process)
    log = newer_log(cast.access(cast.editor), process, NEWER)
    assert log.process == process
    assert Process.objects.count() == 1
    assert state(process) == before
    in_use = latest_log(process)
    assert in_use is not None
    assert in_use.pk != log.pk


def test_the_same_log_twice_is_no_difference(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    assert log_compare(process=process, log=newer_log(access, process, PATHS)).differences == ()
    task_delete(access=access, task=process.tasks.get(name="Phone"))
    task_update(access=access, task=process.tasks.get(name="Check"), changes={"handling_minutes": 12})
    flow_update(access=access, flow=Flow.objects.get(source__name="Check", target__name="Pay"), probability=0.5)
    graph_filter_apply(access=access, process=process, chosen=GraphFilter(0.9, 0.5))
    log = newer_log(access, process, PATHS)
    assert log_compare(process=process, log=log).differences == ()
    before = state(process)
    log_apply(access=access, log=log)
    assert state(process) == before


def test_what_differs_is_named_on_both_sides(cast: Cast, process: Process) -> None:
    log = newer_log(cast.access(cast.editor), process, NEWER, minutes=9)
    found = log_compare(process=process, log=log)
    named = by_key(found.differences)
    phone, check = (process.tasks.get(name=name) for name in ("Phone", "Check"))
    assert (named["new:Mail"].subject, named["new:Mail"].taken) == ("Mail", True)
    assert (named[f"gone:{phone.pk}"].subject, named[f"gone:{phone.pk}"].taken) == ("Phone", False)
    handling = named[f"figure:{check.pk}:handling"]
    assert (handling.before, handling.after, handling.change) == (6, 9, pytest.approx(0.5))
    branches = {one.target: (one.before, one.after) for one in named[f"branches:t{check.pk}"].branches}
    assert branches["Phone"] == (pytest.approx(0.1), None)
    assert branches["Mail"] == (None, pytest.approx(0.1))
    assert [one.kind for one in found.differences if one.kind is Kind.CASES]


@pytest.mark.second_leg
def test_taken_differences_are_written_and_the_graph_stays_whole(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    log = newer_log(access, process, NEWER, minutes=9)
    phone = process.tasks.get(name="Phone")
    found = log_compare(process=process, log=log)
    log_apply(access=access, log=log, taken={*found.taken, f"gone:{phone.pk}"}, version=fresh(process).version)
    assert set(process.tasks.work().values_list("name", flat=True)) == {"Register", "Check", "Mail", "Pay", "Reject"}
    check = process.tasks.get(name="Check")
    assert (check.handling_minutes, check.handling_source) == (9, Source.LOG)
    pay = process.tasks.get(name="Pay")
    assert pay.visits_a_case == pytest.approx(0.8)
    assert pay.volume_a_year == pytest.approx(0.8 * (fresh(process).cases_a_year or 0))
    assert shares(process)["Check", "Mail"] == pytest.approx(0.1)
    assert process_graph(fresh(process)).findings() == []
    visits = process_graph(fresh(process)).expected_visits()
    for task in process.tasks.work():
        assert visits[str(task.pk)] == pytest.approx(task.visits_a_case)
    assert log_compare(process=process, log=EventLog.objects.exclude(pk=log.pk).get()).older == log
    with pytest.raises(Conflict):
        log_compare(process=fresh(process), log=log)


def test_what_a_person_set_stays_and_the_log_stands_behind_it(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    check, pay = (process.tasks.get(name=name) for name in ("Check", "Pay"))
    task_update(access=access, task=check, changes={"handling_minutes": 12, "waiting_hours": 3, "name": "Look"})
    task_update(access=access, task=pay, changes={"volume_a_year": 777})
    flow_update(access=access, flow=Flow.objects.get(source=check, target=pay), probability=0.5)
    log = newer_log(access, process, NEWER, minutes=9)
    named = by_key(log_compare(process=process, log=log).differences)
    handling = named[f"figure:{check.pk}:handling"]
    assert (handling.held, handling.before, handling.after) == (True, 12, 9)
    log_apply(access=access, log=log)
    check.refresh_from_db()
    assert (check.name, check.handling_minutes, check.waiting_hours) == ("Look", 12, 3)
    assert check.figures["handling_minutes"] == 9
    assert process.tasks.get(name="Pay").volume_a_year == 777
    assert shares(process)["Look", "Pay"] == 0.5
    task_update(access=access, task=check, changes={"handling_minutes": None})
    check.refresh_from_db()
    assert (check.handling_minutes, check.handling_source) == (9, Source.LOG)


def test_differences_left_stay_and_steps_past_a_task_left_out_are_counted(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    log = newer_log(access, process, NEWER, minutes=9)
    found = log_compare(process=process, log=log)
    check = process.tasks.get(name="Check")
    log_apply(access=access, log=log, taken=found.taken - {"new:Mail", f"figure:{check.pk}:handling"})
    assert not process.tasks.filter(name="Mail").exists()
    check.refresh_from_db()
    assert (check.handling_minutes, check.figures["handling_minutes"]) == (6, 6)
    counted = {flow.target.name: flow.count for flow in check.outgoing.filter(removed_at=None)}
    assert (counted["Pay"], counted["Reject"]) == (48, 12)
    nothing = newer_log(access, process, PATHS)
    before = shares(process)
    log_apply(access=access, log=nothing, taken=())
    assert shares(process) == before


@pytest.mark.second_leg
def test_the_older_log_is_kept_and_can_be_returned_to(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    older, before = latest_log(process), state(process)
    assert older is not None
    log_apply(access=access, log=newer_log(access, process, NEWER, minutes=9))
    back = EventLog.objects.select_related("process__workspace").get(pk=older.pk)
    found = log_compare(process=back.process, log=back)
    mail = process.tasks.get(name="Mail")
    log_apply(access=access, log=back, taken={*found.taken, f"gone:{mail.pk}"})
    assert state(process) == before
    in_use = latest_log(process)
    assert in_use is not None
    assert in_use.pk == older.pk


@pytest.mark.second_leg
def test_applying_a_log_is_undone_as_one(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    before, older = state(process), latest_log(process)
    log_apply(access=access, log=newer_log(access, process, NEWER, minutes=9))
    assert state(process) != before
    assert snapshot_undo(access=access, process=fresh(process))
    assert state(process) == before
    assert latest_log(process) == older


def test_a_renamed_activity_is_guessed_and_a_person_can_say_otherwise(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    renamed: list[Path] = [tuple("Phone call" if name == "Phone" else name for name in path) for path in PATHS]
    log = newer_log(access, process, renamed)
    phone = process.tasks.get(name="Phone")
    found = log_compare(process=process, log=log)
    assert (found.matching.tasks["Phone call"], found.matching.guessed) == (phone.pk, {"Phone call"})
    assert found.differences == ()
    log_match(access=access, log=log, matching={"Phone call": None})
    assert {"new:Phone call", f"gone:{phone.pk}"} <= set(by_key(log_compare(process=process, log=log).differences))
    with pytest.raises(InvalidInput):
        log_match(access=access, log=log, matching={"Phone call": phone.pk, "Pay": phone.pk})
    with pytest.raises(InvalidInput):
        log_match(access=access, log=log, matching={"Nonsense": phone.pk})
    log_match(access=access, log=log, matching={"Phone call": phone.pk})
    log_apply(access=access, log=log)
    phone.refresh_from_db()
    assert (phone.name, phone.activity) == ("Phone", "Phone call")


def test_a_task_a_person_removed_does_not_come_back_by_itself(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    task_delete(access=access, task=process.tasks.get(name="Phone"))
    log = newer_log(access, process, [*PATHS, ("Register", "Phone", "Pay")])
    assert "new:Phone" not in by_key(log_compare(process=process, log=log).differences)
    log_apply(access=access, log=log)
    assert not process.tasks.filter(name="Phone").exists()


def test_a_drawn_process_is_measured_by_its_first_log(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    log = newer_log(access, process, [("Triage", *(("Ask", "Triage") if n % 5 == 0 else ()), "Pay") for n in range(40)])
    named = by_key(log_compare(process=process, log=log).differences)
    assert named[f"figure:{tasks['Ask'].pk}:handling"].held
    assert named["cases"].held
    log_apply(access=access, log=log)
    process = fresh(process)
    assert process.cases_a_year == 1000
    ask = process.tasks.get(name="Ask")
    assert (ask.activity, ask.handling_minutes, ask.visits_a_case) == ("Ask", 9, pytest.approx(0.2))
    assert ask.volume_a_year == pytest.approx(200)
    assert shares(process)["Triage", "Ask"] == 0.25
    assert shares(process)["Triage", "Pay"] == pytest.approx(0.75)


def test_values_and_targets_follow_the_log_in_use(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    run_drain(run_ids=list(Run.objects.filter(kind="planner.screen").values_list("pk", flat=True)))
    older = latest_log(process)
    assert set(DecisionTarget.objects.values_list("log", flat=True)) == {older.pk if older else None}
    valued = EstimateResult.objects.count()
    log = newer_log(access, process, NEWER, minutes=9)
    log_apply(access=access, log=log)
    waiting = Run.objects.filter(kind="planner.screen", stages__params__log=log.pk).distinct()
    values = Run.objects.filter(kind="planner.value", subject=f"process:{process.pk}")
    run_drain(run_ids=[run.pk for run in values])
    assert EstimateResult.objects.count() > valued
    run_drain(run_ids=[run.pk for run in waiting])
    screened = DecisionTarget.objects.filter(task__activity__in=("Check", "Mail")).values_list("log", flat=True)
    assert set(screened) == {log.pk}


def test_nothing_is_changed_by_viewers_stale_edits_and_unknown_differences(cast: Cast, process: Process) -> None:
    log = newer_log(cast.access(cast.editor), process, NEWER)
    before = state(process)
    with pytest.raises(NotAllowed):
        log_apply(access=cast.access(cast.viewer), log=log)
    with pytest.raises(StaleEdit):
        log_apply(access=cast.access(cast.owner), log=log, version=99)
    with pytest.raises(InvalidInput, match="not what it was"):
        log_apply(access=cast.access(cast.owner), log=log, taken={"gone:0"})
    assert state(process) == before
    assert Task.everything.filter(process=process).count() == process.tasks.count()
