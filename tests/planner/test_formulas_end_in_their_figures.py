"""The formula of a figure ends in the figure it explains, and its own numbers lead there."""

import re

import pytest

from planner.domain.valuation.explanation import figure
from planner.selectors.value_figures import figures_of
from planner.selectors.value_tasks import valued_task
from planner.services import estimate_update
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db
LABELS = ("Present value of benefits", "Present value of costs")


def numbers(text: str) -> list[float]:
    """The numbers of a line as they are written, percentages as shares."""
    found = re.findall(r"(−?\d+(?:\u202f\d{3})*(?:\.\d+)?)( %)?", text)
    return [
        float(digits.replace("\u202f", "").replace("−", "-")) / (100 if percent else 1) for digits, percent in found
    ]


@pytest.mark.parametrize("production", ["75 %", "30 % to 60 %", "100 %"])
def test_present_values_lead_to_the_mean_that_is_shown(cast: Cast, production: str) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    change = {"production": {"text": production}}
    estimate_update(access=cast.access(cast.editor), task=task, changes=change, version=0)
    found = valued_task(task)
    assert found.outcome is not None
    benefits, costs = (each for each in figures_of(found, found.outcome) if each.label in LABELS)
    for shown, mean in ((benefits, found.outcome.benefits.mean), (costs, found.outcome.costs.mean)):
        assert shown.formula[-1].endswith(figure(mean))
    if production == "100 %":
        return
    whole, reached, mean = numbers(benefits.formula[-1])
    assert whole * reached == pytest.approx(mean, rel=0.02)
    whole, reached, once, lost, mean = numbers(costs.formula[-1])
    assert whole * reached + once * lost == pytest.approx(mean, rel=0.02)
    assert reached + lost == pytest.approx(1)
