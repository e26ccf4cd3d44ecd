"""Comparing logs lists what can be seen to differ, counts the rest, and takes it along."""

import re

import pytest
from django.urls import reverse

from planner.domain.discovery.remeasuring import Branch, Difference, Kind
from planner.models import Task
from planner.selectors.log_pages import difference_groups, left_out, seen
from tests.conftest import Cast
from tests.planner.measuring import PATHS, measured_process, newer_log


def figure(measure: str, before: float, after: float, *, held: bool = False) -> Difference:
    return Difference(f"figure:7:{measure}", Kind.FIGURE, "Check", measure, before, after, held)


def branches(*found: Branch) -> Difference:
    return Difference("branches:t7", Kind.BRANCHES, "Check", branches=found)


@pytest.mark.parametrize(
    "small",
    [
        figure("handling", 12.01, 12.02),
        figure("rework", 0.031, 0.034),
        figure("rework", 0.004, 0.012),
        branches(Branch("Pay", 0.70, 0.703), Branch("Reject", 0.30, 0.297)),
    ],
)
def test_what_reads_alike_or_moved_by_less_than_a_point_is_counted_and_still_taken(small: Difference) -> None:
    large = figure("waiting", 2.0, 4.0)
    assert seen([large, small]) == [large]
    rest = left_out([large, small])
    assert (rest.words, rest.keys) == ("1 difference too small to list", [small.key])


def test_what_a_person_set_is_always_listed() -> None:
    held = figure("handling", 12.01, 12.02, held=True)
    assert seen([held]) == [held]
    assert left_out([held]).words == ""


def test_of_the_branches_of_a_task_only_those_that_moved_are_written() -> None:
    one = branches(Branch("Pay", 0.70, 0.60), Branch("Phone", 0.05, 0.146), Branch("Mail", 0.25, 0.254))
    line = difference_groups([one])[0].lines[0]
    assert "Mail" not in line.before + line.after
    assert line.change == "2 moved and 1 by less than a point"


@pytest.mark.django_db(transaction=True)
def test_the_page_leads_to_the_tasks_and_takes_what_it_does_not_list(cast: Cast) -> None:
    paths = [path for _ in range(5) for path in PATHS]
    process = measured_process(cast.access(cast.editor), paths)
    check = Task.objects.get(process=process, name="Check")
    newer = [("Register", "Check", "Phone", "Pay") if n == 1 else path for n, path in enumerate(paths)]
    log = newer_log(cast.access(cast.editor), process, newer, minutes=9)
    address = reverse("planner:log", args=["acme", log.pk])
    text = cast.browser(cast.editor).get(address).content.decode()
    assert f'href="{reverse("planner:task", args=["acme", check.pk])}"' in text
    assert "too small to list" in text
    hidden = re.findall(r'type="hidden" name="taken" value="([^"]+)"', text)
    assert f"branches:t{check.pk}" in hidden
    for before, after in re.findall(r'data-label="Now">([^<]*)</td><td[^>]*>([^<]*)<', text):
        assert before != after
