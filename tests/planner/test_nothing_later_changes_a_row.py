"""Whatever happens after a moment, in its own case or any other, no bit of what a row of that moment holds changes."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.domain.claims_log.claims import INVESTIGATE, LETTER, SETTLE, TRIAGE, claims_generate
from planner.domain.event_log.eventlog import pair_instances
from planner.domain.event_log.intake import read_log
from planner.domain.foresight.arranged_log import DAY, ArrangedLog, MomentKind, Moments, log_arrange, task_moments
from planner.domain.foresight.feature_kinds import Feature, FeatureGroup
from planner.domain.foresight.features import features_at
from planner.domain.foresight.labels import labels_of
from planner.domain.foresight.outcome_history import outcome_history
from planner.domain.foresight.targets import TargetSpec
from tests.planner.later_events import rewritten_after

EXAMPLES = Path(__file__).parents[2] / "examples"
Plant = Callable[[ArrangedLog, Moments, TargetSpec], pd.Series]
ACROSS = (FeatureGroup.OTHER_CASES, FeatureGroup.OUTCOMES)


def rows_of(
    frame: pd.DataFrame, target: TargetSpec, kind: MomentKind, plant: Plant | None = None
) -> tuple[pd.DataFrame, list[Feature]]:
    """What is known in every case that reached the task, by case, with its moment; and a planted column.

    Outcomes that the log keeps as attributes of the case are filled in at its end and no inputs.
    """
    log = log_arrange(frame)
    moments = task_moments(log, target.task, kind=kind)
    known = features_at(log, moments, key=b"a key of tests")
    problem = labels_of(log, moments, target).problem
    inputs = tuple(one for one in known.features if not one.column.startswith("case:outcome"))
    history = outcome_history(log, moments, target, problem, known=known.frame, inputs=inputs)
    rows = known.frame[[one.name for one in inputs]].assign(**history.data, at=moments.time)
    if plant is not None:
        rows = rows.assign(planted=plant(log, moments, target).to_numpy())
    return rows.set_index(pd.Index(log.cases[moments.case]).astype(str)), [*inputs, *history.features]


def changed(
    frame: pd.DataFrame,
    target: TargetSpec,
    cut: pd.Timestamp,
    seed: int,
    plant: Plant | None = None,
    *,
    few: bool = False,
) -> set[str]:
    """The columns in which a row up to the moment differs once everything after it was rewritten.

    Which attributes are told at all is chosen from the whole log: in a log of `few` cases other ones may be.
    """
    kind = log_arrange(frame).moment_kind
    before, features = rows_of(frame, target, kind, plant)
    after, _ = rows_of(rewritten_after(frame, cut, np.random.default_rng(seed)), target, kind, plant)
    until = int(cut.tz_localize(None).to_datetime64().astype("datetime64[us]").astype(np.int64))
    before = before[before["at"] <= until]
    after = after[after["at"] <= until]
    pd.testing.assert_index_equal(before.index, after.index)
    lost = {one.name for one in features if one.group in ACROSS} - set(after.columns)
    common = [name for name in before.columns if name in after.columns]
    assert few or len(common) > 0.8 * len(before.columns)
    lost = set() if few else lost
    return lost | {name for name in common if not same_bits(before[name], after[name])}


def same_bits(left: pd.Series, right: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(left) and pd.api.types.is_numeric_dtype(right):
        return left.to_numpy(np.float64).tobytes() == right.to_numpy(np.float64).tobytes()
    return bool(left.astype("string").fillna("").equals(right.astype("string").fillna("")))


def moments_of(frame: pd.DataFrame, task: str, *, count: int) -> list[pd.Timestamp]:
    """Moments of rows, evenly spread: the start of the task, the end in a log without starts."""
    column = "start" if log_arrange(frame).moment_kind is MomentKind.START else "end"
    times = frame.loc[frame["activity"] == task, column].sort_values()
    return [times.iloc[int(place)] for place in np.linspace(0, len(times) - 1, count)]


def claims() -> pd.DataFrame:
    drawn = claims_generate(cases=400, first_day=pd.Timestamp("2024-01-01"), days=200, rng=np.random.default_rng(7))
    paired = drawn.rename(columns={"case_id": "case", "start_time": "start", "end_time": "end"})
    attributes = [name for name in paired.columns if name not in {"case", "activity", "start", "end", "resource"}]
    frame = paired.rename(columns={name: f"case:{name}" for name in attributes})
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    rng = np.random.default_rng(8)
    cases = frame["case"].unique()
    paid = dict(zip(cases, rng.choice(["paid", "refused"], len(cases)), strict=True))
    amount = dict(zip(cases, rng.gamma(2.0, 500.0, len(cases)), strict=True))
    seen = rng.choice(np.array(["calm", "angry", None], dtype=object), len(frame))
    return frame.assign(
        **{
            "case:outcome": frame["case"].map(paid),
            "case:outcome_amount": frame["case"].map(amount),
            "event:mood": seen,
            "row": np.arange(len(frame)),
        }
    )


CLAIMS_TARGETS = {
    "next": TargetSpec.next_activity(task=TRIAGE, positive=INVESTIGATE),
    "next of several": TargetSpec.next_activity(task=TRIAGE),
    "later": TargetSpec.later(task=TRIAGE, activity=LETTER),
    "later, among endings": TargetSpec.later(task=TRIAGE, activity=INVESTIGATE, alternatives=(SETTLE,)),
    "remaining": TargetSpec.remaining_time(task=SETTLE),
    "attribute": TargetSpec.attribute(task=SETTLE, column="case:outcome", positive="paid"),
    "amount": TargetSpec.attribute(task=SETTLE, column="case:outcome_amount"),
}


@pytest.fixture(scope="module")
def claims_log() -> pd.DataFrame:
    return claims()


@pytest.mark.parametrize("name", CLAIMS_TARGETS)
def test_no_later_event_of_the_claims_changes_a_row(claims_log: pd.DataFrame, name: str) -> None:
    target = CLAIMS_TARGETS[name]
    for seed, cut in enumerate(moments_of(claims_log, target.task, count=4)[1:]):
        assert changed(claims_log, target, cut, seed) == set()


ANALYZE, PAY = "Analyze Request for Quotation", "Pay Invoice"
AMEND = "Amend Request for Quotation"
PURCHASE_TARGETS = {
    "next": TargetSpec.next_activity(task=ANALYZE, positive=AMEND),
    "later": TargetSpec.later(task=ANALYZE, activity=PAY),
    "later, among endings": TargetSpec.later(task=ANALYZE, activity=PAY, alternatives=(AMEND,)),
    "remaining": TargetSpec.remaining_time(task=ANALYZE),
    "attribute": TargetSpec.attribute(task=ANALYZE, column="case:outcome", positive="kept"),
}


@pytest.fixture(scope="module")
def purchases() -> pd.DataFrame:
    """A recorded log of a purchasing department, with an outcome of each case."""
    with (EXAMPLES / "PurchasingExample.csv.gz").open("rb") as source:
        frame = pair_instances(read_log(source, None)).frame
    frame = frame.astype(dict.fromkeys(["case", "activity", "resource"], object))
    kept = frame["case"].map(lambda name: "kept" if hash_of(name) % 3 else "returned")
    return frame.assign(**{"case:outcome": kept, "row": np.arange(len(frame))})


def hash_of(name: object) -> int:
    return sum(str(name).encode())


@pytest.mark.parametrize("name", PURCHASE_TARGETS)
def test_no_later_event_of_a_recorded_log_changes_a_row(purchases: pd.DataFrame, name: str) -> None:
    target = PURCHASE_TARGETS[name]
    for seed, cut in enumerate(moments_of(purchases, target.task, count=4)[1:]):
        assert changed(purchases, target, cut, seed) == set()


def small_log(rng: np.random.Generator) -> pd.DataFrame:
    """Overlapping instances, equal times, silences of weeks, people and values that are missing."""
    size, starts = int(rng.integers(12, 80)), bool(rng.integers(2))
    days = rng.integers(0, rng.choice([3, 40, 200]), size)
    length = rng.integers(0, 5, size) if starts else np.zeros(size, int)
    case = rng.choice([f"c{number}" for number in range(8)], size)
    frame = pd.DataFrame(
        {
            "case": case,
            "activity": [*"abc", *rng.choice(["a", "b", "c"], size - 3)],
            "start": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(days, unit="D"),
            "end": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(days + length, unit="D"),
            "resource": rng.choice(np.array(["kim", "lee", None], dtype=object), size),
            "event:mood": rng.choice(np.array(["x", "y", None], dtype=object), size),
            "case:outcome": ["won" if hash_of(name) % 2 else "lost" for name in case],
        }
    )
    return frame.assign(row=np.arange(size))


SMALL_TARGETS = (
    TargetSpec.next_activity(task="a", positive="b"),
    TargetSpec.later(task="a", activity="b"),
    TargetSpec.later(task="a", activity="b", alternatives=("c",)),
    TargetSpec.later(task="a", activity="a"),
    TargetSpec.remaining_time(task="a"),
    TargetSpec.attribute(task="a", column="case:outcome", positive="won"),
)


@pytest.mark.parametrize("target", SMALL_TARGETS, ids=[target.text for target in SMALL_TARGETS])
@pytest.mark.parametrize("seed", range(4))
def test_no_later_event_changes_any_row_of_a_small_log(target: TargetSpec, seed: int) -> None:
    frame = small_log(np.random.default_rng(seed))
    for cut in moments_of(frame, "a", count=3):
        assert changed(frame, target, cut, seed, few=True) == set()


def hindsight_rate(log: ArrangedLog, moments: Moments, target: TargetSpec) -> pd.Series:
    """The rate of yes in all cases that came before, whether or not it was known yet."""
    yes = (labels_of(log, moments, target).value == "yes").fillna(False).to_numpy(bool)
    order = np.argsort(moments.time, kind="stable")
    rate = np.empty(len(yes))
    rate[order] = np.cumsum(yes[order]) / np.arange(1, len(yes) + 1)
    return pd.Series(rate)


def length_of_case(log: ArrangedLog, moments: Moments, target: TargetSpec) -> pd.Series:
    return pd.Series((log.last_row - log.first_row)[moments.case])


def busy_week_around(log: ArrangedLog, moments: Moments, target: TargetSpec) -> pd.Series:
    """Events of all cases in the week around the moment, the days after it as well."""
    times = np.sort(log.end)
    later, earlier = moments.time + 3 * DAY, moments.time - 3 * DAY
    return pd.Series(np.searchsorted(times, later) - np.searchsorted(times, earlier))


def hindsight_open_cases(log: ArrangedLog, moments: Moments, target: TargetSpec) -> pd.Series:
    """Cases begun whose last event, as it turned out, was still to come."""
    begun, last = np.sort(log.begun), np.sort(log.end[log.last_row])
    return pd.Series(np.searchsorted(begun, moments.time) - np.searchsorted(last, moments.time))


@pytest.mark.parametrize("plant", [hindsight_rate, length_of_case, busy_week_around, hindsight_open_cases])
def test_a_leak_that_is_planted_is_found_and_nothing_else(claims_log: pd.DataFrame, plant: Plant) -> None:
    target = CLAIMS_TARGETS["next"]
    cut = moments_of(claims_log, target.task, count=3)[1]
    assert changed(claims_log, target, cut, 3, plant) == {"planted"}


def test_an_honest_column_that_is_planted_is_no_leak(claims_log: pd.DataFrame) -> None:
    target = CLAIMS_TARGETS["next"]
    cut = moments_of(claims_log, target.task, count=3)[1]
    honest = lambda log, moments, target: pd.Series(np.searchsorted(np.sort(log.end), moments.time))  # noqa: E731
    assert changed(claims_log, target, cut, 3, honest) == set()
