"""From an imported log to targets with verdicts: the check as a job, the choice of a person, the training table."""

import io

import pandas as pd
import pytest
from django.urls import reverse

from common.errors import Conflict, InvalidInput, NotAllowed
from jobs.domain.states import RunState
from jobs.models import Run
from jobs.services import blob_open, run_drain
from planner.domain.suitability.verdicts import Verdict
from planner.models import DecisionTarget, Process, Task
from planner.selectors import chosen_target, screen_run
from planner.services import (
    foresight_screen,
    log_import_start,
    log_upload_create,
    process_create,
    target_choose,
    targets_propose,
    training_table_build,
)
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def log_file(cases: int = 400) -> io.BytesIO:
    """Orders that are checked by two people, then refused where the amount is above 500, else shipped."""
    lines = ["case,activity,start_time,end_time,resource,amount"]
    for number in range(cases):
        day = pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(hours=6 * number)
        amount = (number * 37) % 1000
        steps = ["Receive", "Check", "Refuse" if amount > 500 else "Ship"]
        for place, activity in enumerate(steps):
            start = day + pd.Timedelta(minutes=30 * place + number % 7)
            end = start + pd.Timedelta(minutes=10 + number % 5)
            who = "Kim Passa" if number % 3 else "Lee Ono"
            lines.append(f"o{number},{activity},{start.isoformat()},{end.isoformat()},{who},{amount}")
    return io.BytesIO("\n".join(lines).encode())


def imported(cast: Cast) -> Process:
    """An imported process; the check that starts with it has not run yet."""
    access = cast.access(cast.editor)
    upload = log_upload_create(access=access, file=log_file(), filename="orders.csv")
    run = log_import_start(access=access, upload=upload)
    run_drain(run_ids=[run.pk])
    upload.refresh_from_db()
    assert upload.process is not None
    return upload.process


def checked(cast: Cast) -> Process:
    process = imported(cast)
    drain(cast)
    return process


def drain(cast: Cast) -> None:
    run_drain(run_ids=[run.pk for run in Run.objects.of(cast.workspace) if not run.is_over])


def task_of(process: Process, name: str) -> Task:
    return Task.objects.of(process.workspace).get(process=process, name=name)


def test_importing_a_log_checks_every_task_and_asking_twice_is_one_job(cast: Cast) -> None:
    process = imported(cast)
    run = screen_run(cast.workspace, process)
    assert run is not None
    assert foresight_screen(access=cast.access(cast.editor), process=process) == run
    run_drain(run_ids=[run.pk])
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED.value
    chosen = chosen_target(task_of(process, "Check"))
    assert chosen is not None
    assert chosen.found is Verdict.WRITE_A_RULE
    assert "amount" in chosen.reason
    tasks = Task.objects.of(cast.workspace).work().filter(process=process)
    assert all(task.targets.chosen().count() == 1 for task in tasks)


def test_a_person_chooses_a_target_and_it_stays_when_checked_again(cast: Cast) -> None:
    process = checked(cast)
    task, access = task_of(process, "Check"), cast.access(cast.editor)
    row = target_choose(access=access, task=task, text="remaining")
    drain(cast)
    row.refresh_from_db()
    assert row.verdict != ""
    foresight_screen(access=access, process=process, again=True)
    drain(cast)
    chosen = chosen_target(task)
    assert chosen is not None
    assert (chosen.text, chosen.picked, chosen.chosen_by) == ("remaining", True, cast.editor)


def test_a_target_nobody_proposed_is_checked_when_asked_for(cast: Cast) -> None:
    process = checked(cast)
    task = task_of(process, "Receive")
    row = target_choose(access=cast.access(cast.editor), task=task, text="later:Refuse")
    drain(cast)
    row.refresh_from_db()
    assert row.found is Verdict.WRITE_A_RULE


def test_what_the_log_does_not_have_cannot_be_chosen_and_nothing_changes(cast: Cast) -> None:
    process = checked(cast)
    task = task_of(process, "Check")
    before = chosen_target(task)
    for text in ("next:Fly", "attribute:wings", "whatever"):
        with pytest.raises(InvalidInput) as refused:
            target_choose(access=cast.access(cast.editor), task=task, text=text)
        assert refused.value.errors[0].path == "target"
    assert chosen_target(task) == before


def test_a_viewer_may_not_choose(cast: Cast) -> None:
    process = checked(cast)
    with pytest.raises(NotAllowed):
        target_choose(access=cast.access(cast.viewer), task=task_of(process, "Check"), text="remaining")


def test_without_a_log_there_is_nothing_to_check(cast: Cast) -> None:
    process = process_create(access=cast.access(cast.editor), name="Drawn")
    with pytest.raises(Conflict, match="no event log"):
        foresight_screen(access=cast.access(cast.editor), process=process)


def test_the_training_table_names_no_person_and_says_what_it_holds(cast: Cast) -> None:
    process = checked(cast)
    task = task_of(process, "Check")
    built = training_table_build(task=task)
    with blob_open(built.blob) as source:
        frame = pd.read_parquet(io.BytesIO(source.read()))
    assert "Kim Passa" not in frame.to_csv()
    assert set(frame["part"]) <= {"train", "purged", "test"}
    assert built.description["rows"] == len(frame)
    assert {feature["name"] for feature in built.description["features"]} <= set(frame.columns)


def test_the_most_useful_targets_come_first_and_none_before_the_check(cast: Cast) -> None:
    process = imported(cast)
    task, access = task_of(process, "Check"), cast.access(cast.editor)
    assert targets_propose(access=access, task=task) == []
    drain(cast)
    assert [row.position for row in targets_propose(access=access, task=task)] == list(range(task.targets.count()))


def test_the_pages_show_targets_with_evidence_and_take_a_choice(cast: Cast) -> None:
    process = checked(cast)
    task = task_of(process, "Check")
    browser = cast.browser(cast.editor)
    overview = browser.get(reverse("planner:foresight", args=["acme", process.pk])).content.decode()
    assert "Write a rule" in overview
    address = reverse("planner:targets", args=["acme", task.pk])
    page = browser.get(address).content.decode()
    assert "amount" in page
    assert "to learn from" in page
    answer = browser.post(address, {"target": "remaining"}, follow=True)
    assert "How many hours until the case ends?" in answer.content.decode()
    assert DecisionTarget.objects.of(cast.workspace).chosen().get(task=task).text == "remaining"


def test_a_refused_choice_is_said_on_the_page(cast: Cast) -> None:
    process = checked(cast)
    address = reverse("planner:targets", args=["acme", task_of(process, "Check").pk])
    page = cast.browser(cast.editor).post(address, {"target": "next:Fly"}, follow=True)
    assert "The log has no activity “Fly”." in page.content.decode()
