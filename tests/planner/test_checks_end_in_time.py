"""The check of a process ends in time: dearest first, within a budget, and what it did not come to is said as such."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.urls import reverse

from jobs.models import Run
from jobs.services import run_drain
from planner.domain.foresight.arranged_log import MOST_CASES, ArrangedLog, log_arrange, log_sample
from planner.domain.foresight.foresight import screen
from planner.domain.foresight.proposals import endings_of, proposals_for
from planner.domain.foresight.rule_search import rule_search
from planner.domain.foresight.screening import MOST_SCREENED, OutOfTime, proposals_screen
from planner.domain.foresight.task_view import view_of
from planner.domain.suitability.verdicts import Verdict
from planner.models import DecisionTarget, EventLog, Process, Task
from planner.selectors import valued_tasks
from planner.services import foresight_job, foresight_screen, task_screen
from tests.api.conftest import Calling, calling, unthrottled  # noqa: F401  fixtures
from tests.conftest import Cast
from tests.planner.test_foresight_jobs import drain, imported, log_file, task_of


@pytest.fixture
def log() -> ArrangedLog:
    events = pd.read_csv(log_file()).rename(columns={"start_time": "start", "end_time": "end", "amount": "case:amount"})
    return log_arrange(events)


def told(_: float, __: str) -> None:
    """Nobody listens."""


def compute(process: Process, clock: Iterator[int] | None = None, **params: object) -> tuple[dict[str, Any], list[str]]:
    log, notes = EventLog.objects.of(process.workspace).get(process=process), []
    ticking = clock or count(0, 0)
    found = foresight_job.foresight_compute(
        params={"log": log.pk, "seconds": 10, **params},
        progress=lambda share, note: notes.append(f"{share:.2f} {note}"),
        clock=lambda: float(next(ticking)),
    )
    return found, notes


@pytest.fixture
def process(cast: Cast, transactional_db: None) -> Process:
    return imported(cast)


def test_the_dearest_task_is_checked_first_and_progress_has_a_number(process: Process) -> None:
    task_of(process, "Ship")
    Task.objects.filter(process=process, name="Ship").update(handling_minutes=9_000)
    Task.objects.filter(process=process, name="Check").update(handling_minutes=900)
    found, notes = compute(process)
    assert found["unreached"] == []
    assert notes[0] == "0.00 checking Ship (1 of 4)"
    assert notes[1] == "0.25 checking Check (2 of 4)"
    assert notes[-1] == "1.00 4 of 4 tasks checked"


def test_when_the_time_is_up_the_rest_is_not_checked_yet_and_one_can_be_checked_alone(
    cast: Cast, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    Task.objects.filter(process=process, name="Receive").update(handling_minutes=9_000)
    monkeypatch.setattr("planner.services.foresight.BUDGET_S", 0)
    Run.objects.of(cast.workspace).filter(kind="planner.screen").delete()
    foresight_screen(access=cast.access(cast.editor), process=process)
    drain(cast)
    checked = {row.task.name for row in DecisionTarget.objects.of(cast.workspace).select_related("task")}
    assert checked == {"Receive"}
    unreached = [found for found in valued_tasks(process) if found.task.name != "Receive"]
    assert len(unreached) == 3
    assert all(found.foreseen.finding is None for found in unreached)
    assert {found.finding.verdict for found in unreached if found.finding} <= {Verdict.NOT_WORTH_IT}
    browser = cast.browser(cast.editor)
    page = browser.get(reverse("planner:foresight", args=["acme", process.pk])).content.decode()
    assert "3 tasks not checked yet." in page
    assert page.count("The check has not come to it") == 3
    task = task_of(process, "Check")
    asked = browser.post(reverse("planner:task_check", args=["acme", task.pk]))
    assert asked.status_code == 302
    assert task_screen(access=cast.access(cast.editor), task=task) == Run.objects.of(cast.workspace).latest("id")
    drain(cast)
    assert task.targets.chosen().get().found is not None
    assert not task_of(process, "Ship").targets.exists()


def test_checking_again_begins_with_those_that_were_not_reached(process: Process) -> None:
    Task.objects.filter(process=process, name="Receive").update(handling_minutes=9_000)
    log = EventLog.objects.get(process=process)
    DecisionTarget.objects.create(
        workspace=process.workspace, task=task_of(process, "Receive"), log=log, text="remaining", verdict="predict",
        spec={"task": "Receive", "kind": "remaining_time", "name": "remaining_hours", "positive": "",
              "label_kind": "outcome", "alternatives": []},
        role="time",
    )  # fmt: skip
    found, notes = compute(process, count(0, 20))
    assert "checking Receive" not in notes[0]
    assert len(found["unreached"]) == 3


def test_a_task_can_be_checked_alone_through_the_api(cast: Cast, process: Process, calling: Calling) -> None:  # noqa: F811
    task = task_of(process, "Check")
    answer = calling(cast.editor).post(f"/api/v1/tasks/{task.pk}/foresight/")
    assert answer.status_code == 202
    run_drain(run_ids=[answer.json()["id"]])
    assert task.targets.screened().exists()
    assert calling(cast.viewer).post(f"/api/v1/tasks/{task.pk}/foresight/").status_code == 403


def test_a_task_half_looked_at_is_given_up_whole(log: ArrangedLog) -> None:
    view = view_of(log, "Check", pseudonym_key=b"k")
    proposals = proposals_for(view, endings=())
    asked = iter([True, False])
    with pytest.raises(OutOfTime):
        proposals_screen(view, [*proposals, *proposals], rng=np.random.default_rng(1), time_left=lambda: next(asked))


def test_only_so_many_targets_of_a_task_are_screened(log: ArrangedLog) -> None:
    view = view_of(log, "Check", pseudonym_key=b"k")
    eligible = [proposal for proposal in proposals_for(view, endings=()) if proposal.eligible]
    found = proposals_screen(view, eligible * 20, rng=np.random.default_rng(1))
    assert sum(one.screen is not None for one in found) <= MOST_SCREENED


def test_the_cases_of_a_task_alone_say_the_same_as_the_whole_log(log: ArrangedLog) -> None:
    some, reached = log_sample(log, np.random.default_rng(1), task="Ship")
    assert 0 < len(some.case) < len(log.case)
    whole, part = (view_of(each, "Ship", pseudonym_key=b"k", whole=log) for each in (log, some))
    assert reached == len(part.moments.case)
    pd.testing.assert_frame_equal(whole.known.frame, part.known.frame)
    for proposal in proposals_for(whole, endings=endings_of(log)):
        pd.testing.assert_frame_equal(whole.table(proposal.target).frame, part.table(proposal.target).frame)
        one, other = (screen(view, proposal.target, rng=np.random.default_rng(1)) for view in (whole, part))
        assert one.finding == other.finding


def test_of_very_many_cases_a_sample_is_looked_at_that_can_be_drawn_again() -> None:
    cases = MOST_CASES + 5_000
    times = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(np.arange(cases), unit="min")
    events = pd.DataFrame({"case": [f"c{n:06d}" for n in range(cases)], "activity": "A", "start": pd.NaT, "end": times})
    log = log_arrange(events)
    first, reached = log_sample(log, np.random.default_rng(7), task="A")
    again, _ = log_sample(log, np.random.default_rng(7), task="A")
    assert (reached, len(first.cases)) == (cases, MOST_CASES)
    assert list(first.cases) == list(again.cases)
    assert first.usual_gap == log.usual_gap


def test_a_rule_over_very_many_columns_is_found_on_fewer_rows(
    log: ArrangedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of(log, "Check", pseudonym_key=b"k")
    table = view.table(proposals_for(view, endings=())[0].target)
    monkeypatch.setattr("planner.domain.foresight.rule_search.FEWEST_ROWS", 60)
    monkeypatch.setattr("planner.domain.foresight.rule_search.MOST_CELLS", 60)
    rule = rule_search(table.train, table.test, table.features, "label")
    assert rule is not None
    assert round(rule.share * 60) == pytest.approx(rule.share * 60)
    assert rule.share > 0.9
