"""Forecasts of periods: the specification of a series, and project code that makes the features of the table."""

import io
import json
import subprocess
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.domain.acceptance import checks_read
from pipelines.domain.architecture import Architecture, Problem, Serving, layers, valid_combinations
from pipelines.domain.figures import figure_rows
from pipelines.domain.specification import Specification
from pipelines.domain.table_data import series_facts, table_rows
from pipelines.services.environments import environment_python
from pipelines.services.skeletons import lock_read
from planner.domain.foresight.period_features import series_features
from planner.domain.foresight.periods import SeriesShape, day_number, day_of
from planner.domain.foresight.targets import Period
from planner.domain.foresight.targets import Problem as Asked
from tests.generated.unpacking import borrow_environment, clean_environment, make, unpacked
from tests.pipelines.projects import project_of, specification_of, with_rows
from tests.pipelines.tables import made_table

MADE = made_table(rows=450, seed=4, problem=Asked.FORECASTING)
SHAPES = [
    SeriesShape(Period.DAY, 7, "UTC", date(2023, 1, 3), tuple(range(7)), ()),
    SeriesShape(Period.DAY, 7, "UTC", date(2023, 1, 3), (0, 1, 2, 3, 4), (date(2023, 4, 10), date(2023, 4, 3))),
    SeriesShape(Period.WEEK, 4, "UTC", date(2023, 1, 2), (0, 1, 2, 3, 4), (date(2023, 5, 1),)),
    SeriesShape(Period.WEEK, 52, "UTC", date(2020, 1, 6), (0, 2), tuple(date(2021, 12, day) for day in range(20, 32))),
]


ASKED = """
import json, sys
from datetime import date
from triage_claim_model.lags import Series, features
from triage_claim_model.problems import DataProblem

found = []
for asked in json.load(sys.stdin):
    series = Series(**asked["series"])
    known = {date.fromisoformat(day): value for day, value in asked["known"]}
    rows = []
    for period in known:
        try:
            rows.append(features({day: value for day, value in known.items() if day < period}, period, series))
        except DataProblem:
            rows.append(None)
    found.append(rows)
print(json.dumps(found))
"""


def made_by_project(asked: list[dict[str, object]], tmp_path: Path) -> list[list[dict[str, object] | None]]:
    """What `lags.py` of a generated project says of each period of some series, from what came before it."""
    root = unpacked(project_of(specification_of(MADE)), tmp_path)
    done = subprocess.run(
        [str(environment_python(lock_read(Architecture()))), "-c", ASKED],
        cwd=root, env=clean_environment(root) | {"PYTHONPATH": "src"}, capture_output=True, text=True, check=False,
        input=json.dumps(asked),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[list[dict[str, object] | None]] = json.loads(done.stdout)
    return found


def test_the_project_makes_the_features_of_the_table_on_any_series(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    tables, asked = [], []
    for shape in SHAPES:
        grid = shape.grid(day_number(shape.origin), day_number(shape.origin) + 300 * shape.period.days)
        starts = grid[shape.open_in(grid) > 0]
        values = rng.poisson(6, len(starts)).astype(float)
        tables.append(series_features(shape, starts, values))
        days = [day_of(int(start)).isoformat() for start in starts]
        asked.append({"series": asdict(series_facts(shape)), "known": list(zip(days, values.tolist(), strict=True))})
    for table, rows in zip(tables, made_by_project(asked, tmp_path), strict=True):
        whole = table.notna().all(axis=1).tolist()
        assert [row is not None for row in rows] == whole
        assert [row for row in rows if row is not None] == table[whole].to_dict(orient="records")
        assert sum(whole) > 80


def test_a_specification_of_a_series_survives_json() -> None:
    specification = specification_of(MADE)
    assert Specification.from_json(json.loads(json.dumps(specification.as_json()))) == specification
    assert specification.series is not None
    assert specification.label.unit == "cases a day"


def test_rows_are_named_by_the_day_their_period_begins_on() -> None:
    rows = table_rows(MADE.table, specification_of(MADE)).rows.decode().splitlines()
    assert [row.split(",")[0] for row in rows[1:3]] == MADE.table.frame["case"].head(2).tolist()


def test_the_download_without_rows_holds_no_count_of_the_log() -> None:
    bare = project_of(specification_of(MADE))
    assert "data/training.csv" not in bare.files
    sample = pd.read_csv(io.BytesIO(bare.files["data/sample.csv"]))
    assert sample["outcome"].tolist()[:60] != MADE.table.frame["label"].tolist()[:60]
    assert set(sample.columns) >= {feature.name for feature in specification_of(MADE).features}


def test_only_forecasts_hold_the_code_of_forecasts() -> None:
    assert not any("forecast" in layer for layer in layers(Architecture()))
    assert "between/forecast_service" in layers(Architecture(), Problem.FORECASTING)
    assert "between/forecast_service" not in layers(Architecture(serving=Serving.ON_DEMAND), Problem.FORECASTING)
    plain = project_of(specification_of(made_table(rows=300, seed=1)))
    assert not any("lags" in path or "forecast" in path for path in plain.files)


def test_every_pattern_that_fits_gives_the_next_periods() -> None:
    fitting = [architecture for problem, architecture in valid_combinations() if problem is Problem.FORECASTING]
    assert all(any("between/forecast_" in layer for layer in layers(each, Problem.FORECASTING)) for each in fitting)


def test_the_canvas_can_demand_what_a_forecast_measures() -> None:
    checks, unread = checks_read("MASE at most 0.9 and RMSE below 12")
    assert [(check.metric, check.sign, check.needed) for check in checks] == [
        ("mase", "<=", 0.9),
        ("root_mean_squared_error", "<=", 12.0),
    ]
    assert unread == ""


def test_the_figures_of_a_forecast_stand_beside_the_seasonal_naive() -> None:
    metrics = {"task": "forecasting", "model": {"mase": 0.7, "mean_absolute_error": 3.0}, "rule": {"mase": 0.9}}
    rows = figure_rows(metrics, [{"metric": "mase", "sign": "<=", "needed": 0.8}])
    assert (rows[0].figure.label, rows[0].rule, rows[0].better, rows[0].holds) == ("MASE", 0.9, True, True)


def test_a_planted_week_is_foretold_better_than_by_the_week_before_and_served(tmp_path: Path) -> None:
    root = unpacked(with_rows(MADE, specification_of(MADE)), tmp_path)
    borrow_environment(root)
    make(root, "pipeline")
    verdict = json.loads((root / "work/test/acceptance.json").read_text(encoding="utf-8"))
    metrics = json.loads((root / "work/evaluate/metrics.json").read_text(encoding="utf-8"))
    smoke = json.loads((root / "work/serve_smoke/smoke.json").read_text(encoding="utf-8"))
    assert verdict["beats_rule"], verdict
    assert metrics["model"]["mase_high"] < 1.0
    assert metrics["model"]["error_against_rule"] < 0.9
    assert 0.75 <= metrics["model"]["interval_coverage"] <= 1.0
    assert smoke["periods_forecast"] == 7
