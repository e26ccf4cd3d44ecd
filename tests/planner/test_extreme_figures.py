"""Figures at the edge of what can be counted: computed, or refused beside their field; never a 500, never a NaN."""

import json
import math
import re
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.valuation.amounts import LARGEST, SMALLEST, UnreadableAmount, read_amount
from planner.domain.valuation.assumptions import INPUTS, ErrorForm
from planner.domain.valuation.estimate import Assumption, EstimateFacts, Origin, case_of, propose_estimate
from planner.domain.valuation.explanation import explain_npv
from planner.domain.valuation.ranking import RankBy
from planner.domain.valuation.uncertainty import bar_edges, histogram, information_by_input, tornado
from planner.models import EstimateResult, Task
from planner.selectors.value_outcome import outcome_of, scores_together, simulated
from tests.api.conftest import Calling, calling, unthrottled  # noqa: F401  fixtures
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

BEYOND = ("1e308", "-1e308", "1e400", "1e300", "9" * 79, "1e-300", "1e-400", "1 to 1e308", "pert(1, 2, 1e308)")
AMOUNTS = ("1e12", "1e-12", "0", "1e6 to 1e12", "1e-12 to 1e-7", "pert(0, 0, 1e12)", "beta(1e-12, 1e12)", "3 to 4")
SHARES = ("0", "100 %", "1e-9 %", "beta(1e-12, 1e-12)", "0 % to 100 %")
RATES = ("-99 %", "1000 %", "-99 % to 0 %", "8 %")
FACTS = EstimateFacts(
    volume_a_year=1e3, volume_origin=Origin.LOG, handling_minutes=11.0, handling_origin=Origin.LOG, wage=38.0,
    hours_a_day=8.0, discount_rate=0.08, horizon=5,
)  # fmt: skip


def text_of(key: str) -> st.SearchStrategy[str]:
    return st.sampled_from(RATES if key == "discount_rate" else SHARES if INPUTS[key].is_share else AMOUNTS)


@st.composite
def extreme_texts(draw: st.DrawFn) -> dict[str, str]:
    keys = draw(st.sets(st.sampled_from(sorted(INPUTS))))
    texts = {key: draw(text_of(key)) for key in sorted(keys)}
    form = draw(st.sampled_from(list(ErrorForm)))
    return texts | {"horizon": draw(st.sampled_from(["1", "50"])), "error_form": form.value}


def finite(*amounts: Any) -> bool:
    return all(math.isfinite(float(amount)) for amount in amounts if amount is not None)


@given(texts=extreme_texts())
def test_every_value_of_what_can_be_read_is_finite(texts: dict[str, str]) -> None:
    people = {key: Assumption(key, text, "", Origin.PERSON) for key, text in texts.items()}
    case = case_of(propose_estimate(FACTS) | people)
    outcome, simulation = outcome_of(case, "extreme"), simulated(case, "extreme")
    summary = outcome.summary
    assert finite(*(getattr(summary, name) for name in summary.__dataclass_fields__))
    assert finite(*outcome.irr.rates, outcome.payback_years, outcome.figures.npv_per_once)
    assert finite(*(end for swing in tornado(case) for end in (swing.low, swing.high, swing.npv_low, swing.npv_high)))
    assert finite(*(each.worth for each in information_by_input(simulation)))
    assert finite(*(line.value for _, line in explain_npv(case).rows()))
    bars = histogram(simulation.npv, bar_edges(simulation.npv))
    assert finite(*(end for bar in bars for end in (bar.low, bar.high, bar.share)))
    assert not any(math.isnan(score) for by in RankBy for score in scores_together([(case, "extreme")], by)[0])


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_it_is_or_refused(number: float) -> None:
    if number == 0 or SMALLEST <= abs(number) <= LARGEST:
        assert math.isclose(read_amount(f"{number!r}").mean, number, rel_tol=1e-12)
        return
    with pytest.raises(UnreadableAmount, match="too (large|small) to count with"):
        read_amount(f"{number!r}")


@pytest.fixture
def task(cast: Cast) -> Task:
    return task_of(claims_process(cast.workspace), "Triage")


@pytest.mark.parametrize("text", BEYOND)
def test_what_cannot_be_counted_is_refused_beside_its_field_by_page_and_api(
    cast: Cast,
    task: Task,
    calling: Calling,  # noqa: F811
    text: str,
) -> None:
    client, address = calling(cast.editor), f"/api/v1/tasks/{task.pk}/estimate/"
    change = {"assumptions": [{"key": key, "text": text} for key in INPUTS]}
    answer = client.patch(address, change, format="json", HTTP_IF_MATCH=f'"estimate-{task.pk}-0"')
    assert answer.status_code == 400
    assert {error["path"] for error in answer.json()["errors"]} == set(INPUTS)
    where = reverse("planner:value", args=["acme", task.pk])
    page = cast.browser(cast.editor).post(where, {"version": "0", "a-volume": text})
    assert page.status_code == 400
    assert text in page.content.decode()
    assert not EstimateResult.objects.exists()


EVERYTHING = {
    key: "-99 %" if key == "discount_rate" else "100 %" if spec.is_share else "1e12" for key, spec in INPUTS.items()
}


@pytest.mark.second_leg
def test_the_largest_that_can_be_counted_is_shown_on_every_page_and_in_the_api(
    cast: Cast,
    task: Task,
    calling: Calling,  # noqa: F811
) -> None:
    client, address = calling(cast.editor), f"/api/v1/tasks/{task.pk}/estimate/"
    texts = EVERYTHING | {"error_cost": "0 to 1e12", "horizon": "50", "production": "50 %"}
    change = {"assumptions": [{"key": key, "text": text} for key, text in texts.items()]}
    answer = client.patch(address, change, format="json", HTTP_IF_MATCH=f'"estimate-{task.pk}-0"')
    assert answer.status_code == 200, answer.content
    ranking = client.get(f"/api/v1/processes/{task.process_id}/ranking/")
    for body in (answer.content, ranking.content):
        json.loads(body, parse_constant=pytest.fail)
    browser = cast.browser(cast.viewer)
    for name, pk in (("value", task.pk), ("values", task.process_id), ("ranking", task.process_id)):
        page = browser.get(reverse(f"planner:{name}", args=["acme", pk]))
        assert page.status_code == 200
        text = page.content.decode()
        assert not re.search(r"(?<![\w+/-])NaN(?![\w+/-])", text)  # a token of a form may hold these letters by chance
        assert max(len(word) for word in text.split()) < 4000


@pytest.mark.parametrize("value", ["1e308", "1e-300", "-1"])
def test_figures_of_the_graph_are_refused_beside_their_field(
    cast: Cast,
    task: Task,
    calling: Calling,  # noqa: F811
    value: str,
) -> None:
    client = calling(cast.editor)
    version = {"HTTP_IF_MATCH": f'"process-{task.process_id}-1"', "content_type": "application/json"}
    fields = ("handling_minutes", "volume_a_year", "waiting_hours")
    for field in (*fields, *(["x"] if value == "1e308" else [])):
        answer = client.patch(f"/api/v1/tasks/{task.pk}/", f'{{"{field}": {value}}}', **version)
        assert answer.status_code == 400, field
        assert answer.json()["errors"][0]["path"] == field
    process = f"/api/v1/processes/{task.process_id}/"
    answer = client.patch(process, f'{{"cases_a_year": {value}}}', **version)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "cases_a_year")
    assert client.patch(process, '{"cases_a_year": 1e400}', **version).status_code == 400
    node = f'{{"nodes": [{{"key": "a", "name": "A", "volume_a_year": {value}}}], "flows": []}}'
    answer = client.put(f"{process}graph/", node, **version)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "nodes.0.volume_a_year")
    where = reverse("planner:tasks", args=["acme", task.process_id])
    page = cast.browser(cast.editor).post(where, {"version": "1", f"volume_a_year-{task.pk}": value}, follow=True)
    assert "Volume is 0, or a number from" in page.content.decode()
    task.refresh_from_db()
    assert task.volume_a_year == 42_000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hourly_wage", "1e308"),
        ("discount_percent", "-99.999"),
        ("horizon_years", "1" * 400),
        ("hours_a_day", "1e-300"),
    ],
)
def test_settings_of_a_workspace_are_refused_beside_their_field(cast: Cast, field: str, value: str) -> None:
    given = {
        "name": "Acme", "currency": "EUR", "hourly_wage": "38", "discount_percent": "8", "working_days_a_year": "220",
        "hours_a_day": "8", "horizon_years": "5",
    }  # fmt: skip
    where = reverse("accounts:settings", args=["acme"])
    page = cast.browser(cast.owner).post(where, given | {field: value})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    cast.workspace.refresh_from_db()
    assert cast.workspace.hourly_wage == 38
