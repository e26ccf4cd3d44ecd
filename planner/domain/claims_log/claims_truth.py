"""The best AUC any model can reach on the claims log, from the generator's own probabilities."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from planner.domain.claims_log.claims import CASE_ATTRIBUTES, DECISIONS, PlantedDecision, true_probability
from planner.domain.claims_log.claims_calendar import Floats
from planner.domain.foresight.training_table import TrainingTable, training_table


@dataclass(frozen=True)
class BestPossible:
    """Best AUC: `on_rows` scores the true probability on the observed labels of these test rows,
    `expected` is the mean over all labels these rows could have had. `by_order` is reached once
    one of two parallel tasks is done, None where order says nothing."""

    test_cases: int
    positives: int
    on_rows: float
    expected: float
    by_order: float | None


def events_of(claims: pd.DataFrame) -> pd.DataFrame:
    """The claims file in the columns of an imported event log."""
    events = pd.DataFrame(
        {
            "case": claims["case_id"].astype("string"),
            "activity": claims["activity"].astype("string"),
            "start": pd.to_datetime(claims["start_time"], utc=True),
            "end": pd.to_datetime(claims["end_time"], utc=True),
            "resource": claims["resource"].astype("string"),
            "row": np.arange(len(claims)),
        }
    )
    attributes = claims[list(CASE_ATTRIBUTES)].add_prefix("case:")
    return pd.concat([events, attributes], axis=1)


def expected_auc(probability: Floats) -> float:
    """AUC of the true probabilities against the labels they produce, in the mean.

    A pair counts p·(1-q) where p is the higher score and the positive; ties count half.

    >>> expected_auc(np.array([0.5, 0.5, 0.5]))
    0.5
    >>> expected_auc(np.array([1.0, 0.0]))
    1.0
    """
    values, counts = np.unique(probability, return_counts=True)
    positive, negative = values * counts, (1 - values) * counts
    below = np.concatenate([[0.0], np.cumsum(negative)[:-1]])
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))


def best_possible(
    decision: PlantedDecision, claims: pd.DataFrame, test_cases: pd.Series, yes: pd.Series
) -> BestPossible:
    """Best AUC on the given cases (`case_id`s) with the labels observed there (True is positive)."""
    cases = claims.drop_duplicates("case_id").set_index("case_id").loc[list(test_cases)]
    probability = true_probability(decision.key, cases)
    labels = yes.to_numpy(bool)
    return BestPossible(
        test_cases=len(labels),
        positives=int(labels.sum()),
        on_rows=float(roc_auc_score(labels, probability)),
        expected=expected_auc(probability),
        by_order=1.0 if decision.key == "order" else None,
    )


def truth_of(claims: pd.DataFrame) -> dict[str, tuple[PlantedDecision, TrainingTable, BestPossible]]:
    """For every planted decision its training table and the best AUC on that table's test rows."""
    events = events_of(claims)
    found = {}
    for decision in DECISIONS:
        table = training_table(events, decision.target, pseudonym_key=b"claims")
        test = table.test
        best = best_possible(decision, claims, test_cases=test["case"], yes=test["label"] == "yes")
        found[decision.key] = (decision, table, best)
    return found
