"""Made-up training tables whose true probabilities are known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.domain.event_log.working_calendar import WorkingCalendar
from planner.domain.foresight.arranged_log import MomentKind, log_arrange
from planner.domain.foresight.feature_kinds import Feature, FeatureGroup, FeatureType
from planner.domain.foresight.targets import Period, Problem, TargetSpec
from planner.domain.foresight.training_table import Exclusion, TrainingTable
from planner.domain.foresight.volume_table import volume_table

WEEK = (30, 22, 20, 19, 16, 4, 2)
SCORES = {"broker": 0.9, "web": -0.6, "phone": 0.0, "app": -0.3}


@dataclass(frozen=True)
class MadeTable:
    """A table and the true probability of "yes" (or the true amount) of each row."""

    table: TrainingTable
    truth: np.ndarray


def made_table(*, rows: int, seed: int, problem: Problem = Problem.BINARY, noise_columns: int = 3) -> MadeTable:
    """Signal in amount (curved), channel and one interaction; the rest is noise. The last quarter is the test."""
    rng = np.random.default_rng(seed)
    if problem is Problem.FORECASTING:
        return made_series(days=rows, rng=rng)
    frame = _features(rows, noise_columns, rng)
    score = frame["channel"].map(SCORES).fillna(0.4).to_numpy(float)
    score = score + 1.4 * np.tanh((frame["amount"].fillna(3000).to_numpy(float) - 3000) / 2000)
    score = score + 1.2 * np.where(frame["injury"].to_numpy(bool), frame["parties"].to_numpy(float) - 2, 0)
    truth = 1 / (1 + np.exp(-(score - 0.4)))
    label = _label(problem, truth, score, rng)
    columns = list(frame.columns)
    frame = _moments(frame.assign(label=label), rng)
    split_at = pd.Timestamp(frame["moment"].iloc[int(rows * 0.75)])
    part = np.where(frame["moment"] >= split_at, "test", np.where(frame["known_at"] < split_at, "train", "purged"))
    target = TargetSpec.later(task="Triage", activity="Investigate")
    table = TrainingTable(
        target,
        frame.assign(part=pd.Series(part, dtype="string")),
        tuple(_described(name) for name in columns),
        (),
        (Exclusion("the case is still open", 12),),
        problem,
        MomentKind.START,
        split_at,
    )
    return MadeTable(table, truth)


def arrivals_log(days: int, rng: np.random.Generator, *, first: str = "2023-01-02") -> pd.DataFrame:
    """A log of one task: on weekdays many cases, most on Mondays, few at weekends, slowly more of them."""
    dates = pd.date_range(first, periods=days, tz="UTC")
    level = np.array(WEEK)[dates.day_of_week] * (1 + 0.3 * np.arange(days) / days)
    counts = rng.poisson(level)
    start = np.repeat(dates.to_numpy("datetime64[us]"), counts) + (rng.random(counts.sum()) * 86_399e6).astype("m8[us]")
    times = pd.Series(np.sort(start)).dt.tz_localize("UTC")
    case = [f"C-{place}" for place in range(len(times))]
    return pd.DataFrame({"case": case, "activity": "Triage", "start": times, "end": times, "resource": None})


def made_series(*, days: int, rng: np.random.Generator) -> MadeTable:
    """How many cases come each day, with a planted week; the truth is what is expected of each day."""
    log = log_arrange(arrivals_log(days, rng))
    calendar = WorkingCalendar.weekly(range(6), 8 * 60, 18 * 60, zone="Europe/Berlin")
    table = volume_table(log, TargetSpec.volume(task="Triage", period=Period.DAY), calendar=calendar)
    return MadeTable(table, table.frame["mean_28"].to_numpy(float))


def _features(rows: int, noise: int, rng: np.random.Generator) -> pd.DataFrame:
    amount = rng.gamma(2.0, 1500.0, rows).round(2)
    amount[rng.random(rows) < 0.05] = np.nan
    frame = pd.DataFrame(
        {
            "amount": amount,
            "parties": rng.integers(1, 5, rows).astype(float),
            "injury": pd.array(rng.random(rows) < 0.25, dtype="boolean"),
            "channel": pd.array(rng.choice([*SCORES, "=HYPER()", "NA"], rows), dtype="string"),
            "region": pd.array([f"region {n}" for n in rng.zipf(1.6, rows).clip(max=90)], dtype="string"),
        }
    )
    for place in range(noise):
        frame[f"noise {place}"] = rng.normal(size=rows)
    return frame


def _label(problem: Problem, truth: np.ndarray, score: np.ndarray, rng: np.random.Generator) -> object:
    if problem is Problem.REGRESSION:
        return np.exp(score / 2 + rng.normal(0, 0.3, len(score))) * 12
    if problem is Problem.MULTICLASS:
        noisy = score + rng.normal(0, 0.7, len(score))
        return pd.array(np.select([noisy < -0.5, noisy < 0.8], ["Close", "Settle"], "Investigate"), dtype="string")
    return pd.array(np.where(rng.random(len(truth)) < truth, "yes", "no"), dtype="string")


def _moments(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    start = pd.Timestamp("2024-01-01T08:00:00Z")
    moment = start + pd.to_timedelta(np.arange(len(frame)) * 0.7, unit="h")
    known = moment + pd.to_timedelta(rng.gamma(2.0, 20.0, len(frame)), unit="h")
    case = pd.Series([f"C-{place}" for place in range(len(frame))], dtype="string")
    return pd.concat([pd.DataFrame({"case": case, "moment": moment, "known_at": known}), frame], axis=1)


def _described(name: str) -> Feature:
    kind = {"injury": FeatureType.BOOLEAN, "channel": FeatureType.CATEGORY, "region": FeatureType.CATEGORY}
    unit = "EUR" if name == "amount" else ""
    return Feature(name, name, kind.get(name, FeatureType.NUMBER), unit, "case attribute", FeatureGroup.ATTRIBUTE)
