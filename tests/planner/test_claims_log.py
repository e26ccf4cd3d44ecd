"""The synthetic claims log: the same seed gives the same file, and its planted truth is there."""

import numpy as np
import pandas as pd
import pytest

from planner.domain.claims_log.claims import DECISIONS, claims_generate, planted, true_probability
from planner.domain.claims_log.claims_truth import expected_auc, truth_of

MONDAY = pd.Timestamp("2024-01-01", tz="UTC")


def generate(cases: int = 13000, seed: int = 20240101) -> pd.DataFrame:
    return claims_generate(cases=cases, first_day=MONDAY, days=364, rng=np.random.default_rng(seed))


@pytest.fixture(scope="module")
def claims() -> pd.DataFrame:
    return generate()


def test_the_same_seed_gives_the_same_file() -> None:
    assert generate(300).to_csv() == generate(300).to_csv()
    assert generate(300).to_csv() != generate(300, seed=2).to_csv()


def test_nothing_can_be_generated_from_no_cases() -> None:
    with pytest.raises(ValueError, match="At least one case"):
        generate(0)


def test_every_decision_has_two_thousand_later_cases_and_its_planted_auc(claims: pd.DataFrame) -> None:
    truth = truth_of(claims)
    assert set(truth) == {decision.key for decision in DECISIONS}
    assert all(best.test_cases >= 2000 for _, _, best in truth.values())
    model, chance, rule, order = (truth[key][2] for key in ("model", "chance", "rule", "order"))
    assert 0.96 <= model.on_rows <= 0.98
    assert abs(model.on_rows - model.expected) < 0.02
    assert chance.on_rows == chance.expected == 0.5
    assert rule.on_rows > 0.97
    assert (order.expected, order.by_order) == (0.5, 1.0)


def test_decisions_happen_as_often_as_their_true_probability_says(claims: pd.DataFrame) -> None:
    for decision, table, _ in truth_of(claims).values():
        cases = claims.drop_duplicates("case_id").set_index("case_id").loc[list(table.frame["case"])]
        expected = true_probability(decision.key, cases).mean()
        assert (table.frame["label"] == "yes").mean() == pytest.approx(expected, abs=0.015)


def test_times_are_those_of_people_in_an_office(claims: pd.DataFrame) -> None:
    start, end = (pd.to_datetime(claims[name]) for name in ("start_time", "end_time"))
    by_hand = claims["activity"] != "Register claim"
    assert (end >= start).all()
    assert start[by_hand].dt.hour.between(8, 17).all()
    assert start[by_hand].dt.day_of_week.max() <= 4
    assert (start[~by_hand] == end[~by_hand]).all()
    assert claims.loc[~by_hand, "resource"].nunique() == 1


def test_some_cases_repeat_work_and_the_latest_are_still_open(claims: pd.DataFrame) -> None:
    repeated = claims.groupby(["case_id", "activity"]).size()
    assert (repeated > 1).groupby("activity").sum()["Investigate claim"] > 100
    closed = claims.loc[claims["activity"] == "Close claim", "case_id"].nunique()
    assert 0.95 < closed / claims["case_id"].nunique() < 1.0


def test_the_mean_auc_of_true_probabilities_is_that_of_many_draws() -> None:
    rng = np.random.default_rng(5)
    probability = rng.random(400)
    draws = []
    for _ in range(200):
        yes = rng.random(400) < probability
        pairs = probability[yes][:, None] - probability[~yes][None, :]
        draws.append((pairs > 0).mean())
    assert expected_auc(probability) == pytest.approx(np.mean(draws), abs=0.01)


def test_a_planted_decision_is_found_by_its_key() -> None:
    assert planted("model").task == "Triage claim"
