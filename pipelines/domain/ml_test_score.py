"""The ML Test Score: 28 tests in four groups of seven, and how they add up.

Source: Breck, Cai, Nielsen, Salib, Sculley, "The ML Test Score", IEEE Big Data 2017. Half a point for a test done by
hand with its result written down, a point for one that is automated; the score is the smallest of the four sums.
"""

from collections.abc import Mapping
from dataclasses import dataclass

DONE_POINTS: Mapping[str, float] = {"not": 0.0, "by_hand": 0.5, "automated": 1.0}
"""What a person says of a test, and its points."""
NAME_OF_POINTS: Mapping[float, str] = {points: name for name, points in DONE_POINTS.items()}


@dataclass(frozen=True)
class ScoredTest:
    """One test of the paper: its key, its name, and what it asks in a sentence."""

    key: str
    name: str
    asks: str


@dataclass(frozen=True)
class ScoredGroup:
    key: str
    name: str
    tests: tuple[ScoredTest, ...]


GROUPS: tuple[ScoredGroup, ...] = (
    ScoredGroup(
        "data",
        "Features and data",
        (
            ScoredTest("schema", "Expectations are a schema", "Is every row checked against a written schema?"),
            ScoredTest("beneficial", "Every feature helps", "Is it measured what each feature adds to the answers?"),
            ScoredTest("cost", "No feature costs too much", "Is each feature worth its delay, upkeep and risk?"),
            ScoredTest("requirements", "Features meet the rules", "Is it checked that only allowed sources are used?"),
            ScoredTest("privacy", "Privacy is controlled", "Is access to personal data limited at every step?"),
            ScoredTest("new_features", "Features are added quickly", "Does a new feature reach use within weeks?"),
            ScoredTest("feature_code", "Feature code is tested", "Are the tests of all code that makes features run?"),
        ),
    ),
    ScoredGroup(
        "model",
        "Model development",
        (
            ScoredTest("reviewed", "The specification is reviewed", "Did a second person look at what is built?"),
            ScoredTest("correlate", "Figures before and in use agree", "Are both known, and do they move together?"),
            ScoredTest("tuned", "Settings are tuned", "Were several settings of the model tried?"),
            ScoredTest("staleness", "The effect of age is known", "Is it known how much worse an older model is?"),
            ScoredTest("simpler", "A simpler model is not better", "Does it beat a simple rule on later cases?"),
            ScoredTest("slices", "Good enough in every group", "Are figures looked at by group, not only in all?"),
            ScoredTest("inclusion", "Inclusion is tested", "Was it tested that no group of people is treated worse?"),
        ),
    ),
    ScoredGroup(
        "infrastructure",
        "Infrastructure",
        (
            ScoredTest("reproducible", "Training is reproducible", "Does the same input give the same model again?"),
            ScoredTest("model_code", "Model code is tested", "Are the unit tests of the model's code run?"),
            ScoredTest("integration", "The whole pipeline is tested", "Does it run from the rows to an answer?"),
            ScoredTest("validated", "Quality is checked before use", "Is a model held to limits before it is served?"),
            ScoredTest("debuggable", "Answers can be followed", "Can one answer be looked at step by step?"),
            ScoredTest("canary", "A new model starts beside the old", "Does it prove itself before it takes over?"),
            ScoredTest("roll_back", "The old model comes back quickly", "Is going back possible, and tried?"),
        ),
    ),
    ScoredGroup(
        "monitoring",
        "Monitoring",
        (
            ScoredTest("dependencies", "Changes of sources are told", "Is somebody told when data or code change?"),
            ScoredTest("invariants", "Inputs stay as they were", "Are inputs in use held against those learnt from?"),
            ScoredTest("skew", "Served as trained", "Does what is served answer as the trained model does?"),
            ScoredTest("not_stale", "The model is not too old", "Does age or a worse figure start a new training?"),
            ScoredTest("stable", "Numbers stay numbers", "Is a figure that is not a number, or endless, noticed?"),
            ScoredTest("compute", "Speed and memory hold", "Is it noticed when answers get slower?"),
            ScoredTest("quality", "Predictions stay as good", "Are predictions in use held against outcomes?"),
        ),
    ),
)
TESTS: Mapping[str, ScoredTest] = {test.key: test for group in GROUPS for test in group.tests}
BANDS: tuple[tuple[float, str], ...] = (
    (0, "More of a research project than a system for use."),
    (1, "Not wholly untested, but serious holes in reliability are possible."),
    (2, "A first pass at making it fit for use; more work may be needed."),
    (3, "Reasonably tested; more of the tests may be automated."),
    (5, "Strong automated testing and monitoring, fit for what must not fail."),
    (7, "Exceptional automated testing and monitoring."),
)
"""Highest score of each range, and what the paper says of it."""


def group_points(group: ScoredGroup, points: Mapping[str, float]) -> float:
    """The sum of a group, 0 to 7. A test without points counts nothing."""
    return sum(points.get(test.key, 0.0) for test in group.tests)


def final_score(points: Mapping[str, float]) -> float:
    """The smallest of the four sums, 0 to 7.

    >>> final_score({test: 1.0 for test in TESTS} | {"privacy": 0.5})
    6.5
    """
    return min(group_points(group, points) for group in GROUPS)


def weakest_group(points: Mapping[str, float]) -> ScoredGroup:
    """The group that decides the score; the first of several."""
    return min(GROUPS, key=lambda group: group_points(group, points))


def score_words(score: float) -> str:
    """What the paper says of a score.

    >>> score_words(3), score_words(3.5)
    ('Reasonably tested; more of the tests may be automated.', \
'Strong automated testing and monitoring, fit for what must not fail.')
    """
    return next(words for highest, words in BANDS if score <= highest)


def best_points(shown: float, marked: float) -> float:
    """What counts of a test: what the app shows, or what a person says where that is higher."""
    return max(shown, marked)
