"""Every figure of the value page says how it comes about, and a break-even is where the value is nothing."""

import html
import re

import pytest

from planner.models import Task
from planner.selectors.value_figures import payback_formula
from planner.selectors.value_tasks import valued_task
from planner.services import estimate_update
from tests.conftest import Cast
from tests.planner.called import called
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db

COSTS = (
    *("discovery", "data_acquisition", "labels", "person_days", "integration", "change_management", "inference"),
    *("hosting", "monitoring", "retrainings", "new_labels", "support"),
)


@pytest.fixture
def task(cast: Cast) -> Task:
    return task_of(claims_process(cast.workspace), "Triage")


def figures(cast: Cast, task: Task) -> dict[str, str]:
    """What stands in the band, by label, as text."""
    text = cast.browser(cast.viewer).get(f"/w/acme/tasks/{task.pk}/value/").content.decode()
    band = re.search(r'<dl class="figures">(.*?)</dl>', text, re.DOTALL)
    assert band
    entries = re.findall(r"<dt>(.*?)</dt>(.*?)(?=<dt>|$)", band[1], re.DOTALL)
    return {plain(label): plain(words) for label, words in entries}


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def written(cast: Cast, task: Task, texts: dict[str, str]) -> None:
    changes = {key: {"text": text} for key, text in texts.items()}
    estimate_update(access=cast.access(cast.editor), task=task, changes=changes, version=None)


def test_each_figure_opens_into_its_formula_with_its_own_numbers(cast: Cast, task: Task) -> None:
    found = figures(cast, task)
    assert len(found) == 9
    assert all("How it is computed" in words for words in found.values())
    brief = valued_task(task).brief
    assert brief is not None
    roi = re.search(r"= (\S+ ?\d*) ÷ (\S+ ?\d*) = ([\d.]+) %", found["Return, mean NPV ÷ mean costs"])
    assert roi
    above, below, share = (float(text.replace("\u2009", "").replace(" ", "")) for text in roi.groups())
    assert above / below == pytest.approx(share / 100, rel=1e-3)
    assert above == pytest.approx(brief.summary.mean, abs=1)


def test_a_return_without_costs_is_undefined(cast: Cast, task: Task) -> None:
    written(cast, task, dict.fromkeys(COSTS, "0"))
    found = figures(cast, task)
    assert found["Return, mean NPV ÷ mean costs"].startswith("undefined there are no costs to return on")
    assert found["Internal rate of return"].startswith("none no rate makes this flow worth nothing")
    assert "nothing is paid in advance" in found["Payback, undiscounted"]


def test_what_never_comes_back_says_what_is_still_out(cast: Cast, task: Task) -> None:
    written(cast, task, {"volume": "3000"})
    found = figures(cast, task)
    for kind in ("undiscounted", "discounted"):
        assert found[f"Payback, {kind}"].startswith("never")
        assert re.search(r"never: after year 5 [\d\u2009 ]+ are still out", found[f"Payback, {kind}"])


def test_the_discounted_payback_is_later(cast: Cast, task: Task) -> None:
    figures_now = called(cast, cast.viewer).get(f"/api/v1/tasks/{task.pk}/estimate/").json()["figures"]
    assert figures_now["payback_years"] < figures_now["payback_discounted_years"]
    assert figures_now["pv_benefits"]["p5"] < figures_now["pv_benefits"]["mean"] < figures_now["pv_benefits"]["p95"]


@pytest.mark.parametrize("key", ["volume", "integration", "minutes_before", "hosting"])
def test_at_its_break_even_a_task_is_worth_nothing(cast: Cast, task: Task, key: str) -> None:
    fixed = {"day_rate": "600", "error_cost": "10", "minutes_review": "9.9", "minutes_exception": "0.5"}
    written(cast, task, fixed)
    body = called(cast, cast.viewer).get(f"/api/v1/tasks/{task.pk}/estimate/").json()
    found = {each["key"]: each for each in body["break_even"]}[key]
    assert found["found"] == "one"
    written(cast, task, {key: f"{found['values'][0]:.9g}"})
    brief = valued_task(Task.objects.get(pk=task.pk)).brief
    assert brief is not None
    assert brief.summary.mean == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize(
    ("flows", "years", "says"),
    [
        ([-100.0, 60.0, 80.0], 1.5, "after year 1 40 are still out, year 2 brings 80: 1 + 40 ÷ 80 = 1.5 years"),
        ([-100.0, 100.0], 1.0, "at the start 100 are still out, year 1 brings 100: 0 + 100 ÷ 100 = 1 years"),
        ([-100.0, 20.0], None, "never: after year 1 80 are still out"),
        ([0.0, 20.0], 0.0, "nothing is paid in advance"),
    ],
)
def test_a_payback_is_written_as_a_sum(flows: list[float], years: float | None, says: str) -> None:
    assert payback_formula(flows, years) == says
