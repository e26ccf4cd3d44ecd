"""The log answers what it can, people answer the rest, and the verdict follows the table."""

import pytest

from planner.domain.suitability.stability import RatePeriod, Stability
from planner.domain.suitability.suitability import (
    QUESTIONS,
    Answer,
    Source,
    TaskFacts,
    judgment_is_the_task,
    merged,
    propose,
    standing,
)
from planner.domain.suitability.verdicts import Evidence, Verdict, judge


def moving(before: int, after: int, cases: int = 1000) -> Stability:
    """So many of the cases in the earlier and in the later half had the outcome."""
    halves = RatePeriod("2025-01-01", cases, before), RatePeriod("2025-07-01", cases, after)
    return Stability("yes", "quarter", halves, *halves)


KNOWN = TaskFacts(
    volume_a_year=31_000,
    branches=2,
    attributes=("amount", "region", "kind", "age"),
    labelled=8000,
    outcome="fraud",
    rates=moving(400, 404),
    feedback_days=3,
    rule_share=0.81,
)


def scores(facts: TaskFacts) -> dict[str, int | None]:
    return {answer.question: answer.score for answer in propose(facts)}


def test_the_log_answers_all_but_the_cost_of_an_error() -> None:
    assert scores(KNOWN) == {
        "prediction": 4,
        "inputs": 4,
        "outcomes": 5,
        "stable": 5,
        "error": None,
        "feedback": 4,
        "volume": 4,
        "rule": 4,
    }
    assert standing(propose(KNOWN)).answered == 7


def test_nothing_known_leaves_every_question_open_and_says_what_is_missing() -> None:
    answers = propose(TaskFacts())
    assert [answer.source for answer in answers] == [Source.OPEN] * len(QUESTIONS)
    assert all(answer.evidence for answer in answers)
    assert standing(answers).share is None


@pytest.mark.parametrize(
    ("facts", "question", "score"),
    [
        (TaskFacts(rule_share=0.98), "rule", 0),
        (TaskFacts(trivial_auc=1.0), "prediction", 0),
        (TaskFacts(branches=1), "prediction", 1),
        (TaskFacts(attributes=()), "inputs", 1),
        (TaskFacts(labelled=40), "outcomes", 1),
        (TaskFacts(rates=moving(400, 700)), "stable", 0),
        (TaskFacts(feedback_days=900), "feedback", 0),
        (TaskFacts(volume_a_year=12), "volume", 0),
    ],
)
def test_evidence_against_a_model_scores_low(facts: TaskFacts, question: str, score: int) -> None:
    assert scores(facts)[question] == score


def test_halves_that_differ_by_chance_are_no_evidence_against_a_stable_pattern() -> None:
    few, many = (propose(TaskFacts(rates=moving(*at)))[3] for at in ((16, 20, 40), (400, 500, 1000)))
    assert (few.score, many.score) == (4, 2)
    assert "10.0 points between the halves of the log, as chance alone would have it" in few.evidence
    assert "40.0 % then 50.0 % “yes”: it moved by 10.0 points" in many.evidence
    assert "40.0 % to 50.0 % in 2 quarters" in many.evidence


def test_a_persons_answer_stands_before_the_logs() -> None:
    mine = Answer("volume", 2, "half of them will move to the portal", Source.PERSON)
    found = {answer.question: answer for answer in merged({"volume": mine}, propose(KNOWN))}
    assert found["volume"] is mine
    assert found["inputs"].source is Source.LOG


def test_judgment_is_the_task_only_where_people_say_so() -> None:
    said = [Answer("prediction", 0, "", Source.PERSON), Answer("error", 0, "", Source.PERSON)]
    assert judgment_is_the_task(said)
    assert not judgment_is_the_task(said[:1])
    assert not judgment_is_the_task(propose(TaskFacts(branches=1)))


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (Evidence(automatic=True, rule_share=1.0), Verdict.ALREADY_AUTOMATIC),
        (Evidence(trivial_auc=1.0, rule_share=1.0), Verdict.TRIVIAL),
        (Evidence(rule_share=0.97), Verdict.WRITE_A_RULE),
        (Evidence(labelled=150), Verdict.GATHER_DATA_FIRST),
        (Evidence(labelled=5000, smaller_class=3), Verdict.GATHER_DATA_FIRST),
        (Evidence(judgment_is_the_task=True, beats_baseline=True), Verdict.KEEP_HUMAN),
        (Evidence(beats_baseline=False, npv_mean=9.0), Verdict.NOT_PREDICTABLE),
        (Evidence(beats_baseline=True, npv_mean=-1.0), Verdict.NOT_WORTH_IT),
        (Evidence(beats_baseline=True, npv_mean=5.0, loss_probability=0.7), Verdict.NOT_WORTH_IT),
        (Evidence(beats_baseline=True, npv_mean=5.0, loss_probability=0.3), Verdict.PREDICT),
    ],
)
def test_the_verdict_follows_the_evidence(evidence: Evidence, verdict: Verdict) -> None:
    finding = judge(evidence)
    assert finding is not None
    assert finding.verdict is verdict
    assert finding.reason.endswith(".")


def test_too_little_evidence_is_no_verdict() -> None:
    assert judge(Evidence()) is None
    assert judge(Evidence(npv_mean=5.0, loss_probability=0.1)) is None


def test_only_predict_asks_for_a_model_and_each_has_words() -> None:
    assert [verdict for verdict in Verdict if verdict.wants_a_model] == [Verdict.PREDICT]
    assert all(verdict.label and verdict.sentence.endswith(".") for verdict in Verdict)
