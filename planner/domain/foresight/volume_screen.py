"""Screens a volume before anything is built: can its next period be foretold better than by the one a season ago?"""

import numpy as np
from scipy import stats

from planner.domain.foresight.feature_kinds import Feature
from planner.domain.foresight.foresight import LEAST_GAIN, Screen
from planner.domain.foresight.period_features import SEASON, long_mean
from planner.domain.foresight.quick_models import counts_foretell
from planner.domain.foresight.targets import Problem, TargetError, TargetSpec
from planner.domain.foresight.task_view import TaskView
from planner.domain.foresight.training_table import LABEL, TrainingTable
from planner.domain.suitability.verdicts import Finding, Verdict


def screen_volume(view: TaskView, target: TargetSpec, *, rng: np.random.Generator) -> Screen:
    """On the latest quarter of the periods; a log that tells too little gives the sentence that says so."""
    try:
        table = view.table(target)
    except TargetError as error:
        return _screen(view, target, Finding(Verdict.GATHER_DATA_FIRST, str(error)))
    train, test = table.train, table.test
    truth = test[LABEL].to_numpy(np.float64)
    naive = np.abs(truth - test[SEASON].to_numpy(np.float64))
    off = np.abs(truth - counts_foretell(train, test, table.features, LABEL, level=long_mean(target.period), rng=rng))
    gain = naive - off
    low = float(gain.mean() - stats.norm.ppf(0.975) * gain.std(ddof=1) / np.sqrt(len(gain)))
    season = next(feature for feature in table.features if feature.name == SEASON)
    finding = _finding(float(off.mean()), float(naive.mean()), low, f"{target.name}s", season)
    return _screen(view, target, finding, table, (float(off.mean()), float(naive.mean())))


def _finding(off: float, naive: float, low: float, periods: str, season: Feature) -> Finding:
    words = f"Off by {off:.3g} cases on later {periods} in the mean, against {naive:.3g} with the {season.label}"
    if low <= LEAST_GAIN * naive:
        return Finding(Verdict.NOT_PREDICTABLE, f"{words}: no better, within the uncertainty.")
    return Finding(Verdict.PREDICT, f"{words}.")


def _screen(
    view: TaskView,
    target: TargetSpec,
    finding: Finding,
    table: TrainingTable | None = None,
    errors: tuple[float | None, float | None] = (None, None),
) -> Screen:
    hours = 24.0 * target.period.days
    return Screen(
        target=target,
        problem=Problem.FORECASTING,
        moment_kind=view.moments.kind,
        finding=finding,
        labelled=len(table.frame) if table else 0,
        train=len(table.train) if table else 0,
        test=len(table.test) if table else 0,
        purged=table.purged if table else 0,
        smaller_class=None,
        positive_share=None,
        excluded=table.excluded if table else (),
        features=len(table.features) if table else 0,
        inputs=table.features if table else (),
        split_at=table.split_at if table else None,
        wait_hours=hours,
        error=errors[0],
        baseline_error=errors[1],
    )
