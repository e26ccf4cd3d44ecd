"""Plots of an evaluation: those that suit the kind of task, each with a table; an old project says what is missing."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from pipelines.charts import evaluation_plots
from pipelines.charts.classes import classes_plot, found_at, wilson
from pipelines.charts.plot import distinct
from pipelines.models import Pipeline
from tests.conftest import Cast
from tests.pipelines.made_generations import pipeline_made
from tests.pipelines.made_runs import run_made, stage_made

IMPORTANCE = {
    "metric": "log_loss",
    "rows": 900,
    "repeats": 5,
    "usual": 0.5,
    "features": [
        {"feature": "amount", "mean": 0.09, "spread": 0.01},
        {"feature": "<img src=x>", "mean": -0.001, "spread": 0.002},
    ],
}
CURVE = {"outcome": "yes", "rows": 40, "auc": 0.75, "auc_low": 0.7, "auc_high": 0.8}
LINES = {"model": [[0.0, 0.0], [0.2, 0.6], [1.0, 1.0]], "rule": [[0.0, 0.0], [0.5, 0.6], [1.0, 1.0]]}
SLICE = {"feature": "region", "group": "north", "rows": 60, "auc": 0.61, "auc_low": 0.5, "auc_high": 0.7}
BINARY = {
    "task": "binary",
    "confusion": {"tp": 30, "fn": 10, "fp": 5, "tn": 55},
    "calibration": [{"predicted": 0.2, "happened": 0.3, "rows": 50}, {"predicted": 0.7, "happened": 0.6, "rows": 50}],
    "slices": [SLICE, SLICE | {"group": "south", "auc": None, "auc_low": None, "auc_high": None}],
}
POINTS = {"format": 1, "rows": 100, "roc": [CURVE | LINES], "importance": IMPORTANCE}
QUANTILES = {"p5": -3.0, "p25": -1.0, "p50": 0.0, "p75": 2.0, "p95": 6.0}
AMOUNTS = {
    "format": 1,
    "rows": 22,
    "residuals": {
        "mean": 0.1,
        "quantiles": QUANTILES,
        "edges": [-3.0, 0.0, 6.0],
        "counts": [9, 11],
        "below": 1,
        "above": 1,
    },
    "by_answer": [{"answer": 10.0, "actual": 12.0, "rows": 22, "quantiles": QUANTILES}],
    "slices": {
        "metric": "mean_absolute_error",
        "groups": [
            {"feature": "period", "group": "first third", "rows": 7, "mean": 2.0, "low": 1.5, "high": 2.5},
            {"feature": "period", "group": "last third", "rows": 7, "mean": 4.0, "low": 3.0, "high": 5.0},
        ],
    },
    "importance": IMPORTANCE | {"metric": "mean_absolute_error"},
}
HORIZON = {"horizon": 1, "origins": 9, "model": 2.0, "rule": 3.0, "low": -4.0, "high": 4.0, "covered": 0.9}
FORECAST = {
    "task": "forecasting",
    "unit": "cases",
    "horizons": [HORIZON, HORIZON | {"horizon": 2, "model": 2.5}],
}
SERIES = {"periods": ["2026-01-05", "2026-01-06"], "actual": [10.0, 8.0], "model": [9.0, 8.5], "rule": [7.0, 8.2]}


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return pipeline_made(cast.workspace)


def shown(browser: Client, name: str, pk: int) -> str:
    answer = browser.get(reverse(name, args=["acme", pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
def test_each_plot_stands_with_its_finding_and_a_table(cast: Cast, pipeline: Pipeline) -> None:
    found = run_made(pipeline)
    stage_made(found, "evaluate", results={"metrics": BINARY, "points": POINTS})
    page = shown(cast.browser(cast.viewer), "pipelines:plots", found.pk)
    assert "It finds 60 % of what it looks for at 20 % needless alarms" in page
    assert "Its probabilities are off by 10 % on average" in page
    assert "It acts on 75 % of the cases that need it, and on 8 % of the others" in page
    assert "Weakest where region: north" in page
    assert page.count("The same as a table") == page.count("data-figure=") == 5
    assert "<img src=x>" not in page
    assert "Some plots are missing" not in page


@pytest.mark.django_db
def test_an_old_project_says_which_plots_it_lacks(cast: Cast, pipeline: Pipeline) -> None:
    found = run_made(pipeline)
    stage_made(found, "evaluate", results={"metrics": BINARY})
    page = shown(cast.browser(cast.viewer), "pipelines:plots", found.pk)
    assert "Some plots are missing" in page
    assert 'data-figure="calibration"' in page
    assert 'data-figure="roc"' not in page


@pytest.mark.django_db
def test_before_the_evaluation_the_page_says_when_plots_come(cast: Cast, pipeline: Pipeline) -> None:
    page = shown(cast.browser(cast.viewer), "pipelines:plots", run_made(pipeline).pk)
    assert "Not evaluated yet" in page
    assert "data-figure" not in page


@pytest.mark.django_db
def test_the_api_gives_the_points_as_written_and_the_tables(cast: Cast, pipeline: Pipeline) -> None:
    found = run_made(pipeline)
    stage_made(found, "evaluate", results={"metrics": BINARY, "points": POINTS})
    told = cast.browser(cast.viewer).get(f"/api/v1/runs/{found.pk}/plots/?workspace=acme").json()
    assert told["complete"] is True
    assert told["points"]["roc"][0]["model"] == LINES["model"]
    roc = next(plot for plot in told["plots"] if plot["name"] == "roc")
    assert roc["rows"][0][:3] == ["yes", "0.75", "0.7 to 0.8"]


def test_amounts_have_residuals_and_forecasts_their_periods() -> None:
    plots = {plot.name: plot for plot in evaluation_plots({"task": "regression", "unit": "h"}, AMOUNTS, {})}
    assert list(plots) == ["residuals", "by-answer", "importance", "slices"]
    assert plots["residuals"].title == "Half of the answers are −1 h to 2 h off"
    assert sum(int(row[1]) for row in plots["residuals"].rows) == 22
    assert plots["slices"].title == "Weakest where period: last third: off by, on average 4"
    ahead = evaluation_plots(FORECAST, AMOUNTS | {"series": SERIES}, {})
    assert [plot.name for plot in ahead[:2]] == ["series", "horizons"]
    assert ahead[0].title == "It was nearer than the seasonal naive in 1 of 2 periods"
    assert ahead[1].title == "Off by 2 cases one period ahead, by 2.5 cases 2 ahead"


def test_names_of_people_take_no_effect_in_a_figure() -> None:
    plot = next(
        each for each in evaluation_plots(BINARY, POINTS, {"amount": "<b>Sum</b>"}) if each.name == "importance"
    )
    assert plot.figure["data"][0]["y"] == ["&lt;b&gt;Sum&lt;/b&gt;", "&lt;img src=x&gt;"]
    assert plot.rows[0][0] == "<b>Sum</b>"
    assert "var(--line-strong)" in plot.figure["data"][0]["marker"]["color"][1]


def test_of_many_outcomes_the_rarest_stand_together() -> None:
    names = [f"outcome {place}" for place in range(30)]
    matrix = [[30 - row if row == column else 1 for column in range(30)] for row in range(30)]
    plot = classes_plot(names, matrix)
    assert len(plot.rows) == 12
    assert plot.rows[-1][0] == "all others"
    assert sum(int(cell.replace("\u202f", "")) for row in plot.rows for cell in row[1:]) == sum(map(sum, matrix))
    json.dumps(plot.figure, allow_nan=False)


@given(st.floats(0, 1), st.integers(0, 10_000))
def test_the_interval_of_a_share_holds_it_and_stays_a_share(part: float, rows: int) -> None:
    low, high = wilson(part, rows)
    assert 0 <= low <= part + 1e-9
    assert part - 1e-9 <= high <= 1


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_alarms_never_find_less(one: float, other: float) -> None:
    points = [[0.0, 0.0], [0.0, 0.3], [0.4, 0.7], [0.4, 0.8], [1.0, 1.0]]
    assert found_at(points, min(one, other)) <= found_at(points, max(one, other)) + 1e-12


@given(st.lists(st.text("ab<", max_size=3), max_size=20))
def test_categories_are_never_the_same(names: list[str]) -> None:
    assert len(set(distinct(names))) == len(names)
