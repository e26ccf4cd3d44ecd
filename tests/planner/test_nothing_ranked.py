"""Where no task is ranked the page says why, by what was found, and what to do; home and the steps say the same."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import Access
from planner.models import Process, Task
from planner.selectors import process_cards, value_steps
from planner.selectors.ranking_page import ranking_page
from planner.services import estimate_prefill, ranking_of
from tests.conftest import Cast
from tests.planner.test_verdicts_and_values import checked
from tests.planner.under_check import under_check
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db

FIGURES: dict[str, tuple[float | None, float | None]] = {"Triage": (42_000, 9.0), "Pay": (35_000, 2.0)}


@pytest.fixture
def process(cast: Cast) -> Process:
    """Every task valued, none of them to be ranked."""
    found = claims_process(cast.workspace, FIGURES)
    checked(task_of(found, "Triage"), "gather_data_first")
    checked(task_of(found, "Pay"), "trivial")
    return found


def test_the_headline_counts_the_reasons(process: Process) -> None:
    page = ranking_page(ranking_of(process))
    assert page.headline == "None of 2 tasks is worth a model: 1 gather data first, 1 trivial"
    assert "handling minutes" not in page.lede
    assert "Gather data first: too few cases" in page.lede


def test_each_reason_has_a_next_step(process: Process) -> None:
    page = ranking_page(ranking_of(process))
    assert [step.action for step in page.onward] == ["See what is missing", "See its targets", "Open Triage"]
    assert page.onward[0].words.startswith("of Triage")


def test_the_page_links_the_steps(client: Client, cast: Cast, process: Process) -> None:
    client.force_login(cast.editor)
    text = client.get(reverse("planner:ranking", args=[cast.workspace.slug, process.pk])).content.decode()
    assert reverse("planner:targets", args=[cast.workspace.slug, task_of(process, "Pay").pk]) in text
    assert "No task is left" not in text


def test_home_and_the_steps_say_the_same(cast: Cast, process: Process) -> None:
    estimate_prefill(access=Access.system(cast.workspace), process=process)
    (card,) = process_cards(cast.workspace)
    steps = {step.key: step.words for step in value_steps(process)}
    assert (card.best, card.without_best, steps["ranking"]) == (None, "none worth a model", "none worth a model")
    assert card.next_words == "Ranking: see why, and what to do"


def test_missing_figures_are_asked_for_first(cast: Cast) -> None:
    found = claims_process(cast.workspace, {"Triage": (42_000, 9.0), "Pay": (None, None)})
    checked(task_of(found, "Triage"), "write_a_rule")
    page = ranking_page(ranking_of(found))
    assert page.headline == "None of 2 tasks is worth a model: 1 write a rule, 1 not valued yet"
    assert [step.action for step in page.onward] == ["Set the figures", "See the rule", "Open Triage"]


def test_a_check_under_way_gives_no_verdict_that_could_flip(client: Client, cast: Cast) -> None:
    process = claims_process(cast.workspace)
    under_check(process)
    Task.objects.filter(process=process, name="Pay").update(automatic_proposed=True)
    ranking = ranking_of(process)
    assert {row.valued.finding for row in ranking.rows} == {None}
    assert {row.valued.unchecked for row in ranking.rows} == {"being checked"}
    client.force_login(cast.viewer)
    text = client.get(reverse("planner:ranking", args=[cast.workspace.slug, process.pk])).content.decode()
    assert "The check is running: the order may change." in text
    assert "being checked" in text
    (card,) = process_cards(cast.workspace)
    assert card.without_best == "being checked"
