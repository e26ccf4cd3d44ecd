"""What a check says of targets whose truth is known: a model, chance, a rule, mere order, too little data."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.conf import settings

from planner.domain.claims_log.claims import DECISIONS, PlantedDecision
from planner.domain.claims_log.claims_truth import best_possible, events_of
from planner.domain.foresight.arranged_log import ArrangedLog, log_arrange
from planner.domain.foresight.foresight import Screen, screen
from planner.domain.foresight.proposals import endings_of, proposals_for, target_complete
from planner.domain.foresight.screening import best_of, proposals_screen
from planner.domain.foresight.targets import Role, TargetError, TargetSpec, target_parse
from planner.domain.foresight.task_view import TaskView, view_of
from planner.domain.suitability.verdicts import Verdict

EXAMPLES = Path(settings.BASE_DIR) / "examples"


@pytest.fixture(scope="module")
def claims() -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / "claims.csv.gz")


@pytest.fixture(scope="module")
def claims_log(claims: pd.DataFrame) -> ArrangedLog:
    return log_arrange(events_of(claims))


def view(log: ArrangedLog, task: str) -> TaskView:
    return view_of(log, task, pseudonym_key=b"tests")


def screened(log: ArrangedLog, target: TargetSpec) -> Screen:
    return screen(view(log, target.task), target, rng=np.random.default_rng(1))


@cache
def example(name: str) -> ArrangedLog:
    rows = pd.read_csv(EXAMPLES / name)
    start, end = (pd.to_datetime(rows[column], utc=True, format="ISO8601") for column in ("start_time", "end_time"))
    frame = pd.DataFrame({"case": rows["case_id"].astype("string"), "activity": rows["activity"].astype("string")})
    return log_arrange(frame.assign(start=start, end=end, resource=rows["resource"].astype("string")))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.key)
def test_the_planted_decisions_of_the_claims_are_found_to_be_what_they_are(
    claims_log: ArrangedLog, decision: PlantedDecision
) -> None:
    assert screened(claims_log, decision.target).finding.verdict.label == decision.verdict


def test_the_quick_model_comes_within_three_hundredths_of_the_best_possible(
    claims: pd.DataFrame, claims_log: ArrangedLog
) -> None:
    for decision in DECISIONS:
        if decision.verdict not in {"predict", "not predictable"}:
            continue
        table = view(claims_log, decision.task).table(decision.target)
        best = best_possible(decision, claims, test_cases=table.test["case"], yes=table.test["label"] == "yes")
        found = screened(claims_log, decision.target)
        assert found.auc is not None
        assert found.auc.value == pytest.approx(best.on_rows, abs=0.03)


def test_the_rule_of_the_claims_is_said_in_words(claims_log: ArrangedLog) -> None:
    found = screened(claims_log, TargetSpec.next_activity(task="Calculate settlement", positive="Second signature"))
    assert found.rule is not None
    assert set(found.rule.fields) == {"channel", "claim_amount"}
    assert "channel is broker" in found.rule.words
    assert found.rule.share > 0.97


@pytest.mark.parametrize(
    ("task", "verdict"),
    [
        ("Triage claim", Verdict.PREDICT),
        ("Write decision letter", Verdict.NOT_PREDICTABLE),
        ("Calculate settlement", Verdict.WRITE_A_RULE),
        ("Check policy", Verdict.TRIVIAL),
        ("Assess damage", Verdict.TRIVIAL),
        ("Close claim", Verdict.GATHER_DATA_FIRST),
    ],
)
def test_the_target_picked_for_a_task_says_what_the_task_is(
    claims_log: ArrangedLog, task: str, verdict: Verdict
) -> None:
    at = view(claims_log, task)
    rng = np.random.default_rng(1)
    best = best_of(proposals_screen(at, proposals_for(at, endings=endings_of(claims_log)), rng=rng))
    assert best is not None
    assert best.screen is not None
    assert best.screen.finding.verdict is verdict


@pytest.mark.parametrize("name", ["PurchasingExample.csv.gz", "LoanApp_simplified.csv.gz"])
def test_no_order_of_parallel_work_is_sold_as_foresight(name: str) -> None:
    log = example(name)
    endings = endings_of(log)
    for task in log.activities:
        at = view(log, task)
        for one in proposals_screen(at, proposals_for(at, endings=endings), rng=np.random.default_rng(1)):
            if one.screen is not None and one.screen.finding.verdict is Verdict.PREDICT:
                assert one.screen.auc is not None
                assert one.screen.auc.value < 0.8, (task, one.proposal.target.text)


def test_the_order_of_two_parallel_tasks_is_trivial_in_the_purchasing_log() -> None:
    log = example("PurchasingExample.csv.gz")
    task, other = "Analyze Quotation Comparison Map", "Choose best option"
    assert screened(log, TargetSpec.next_activity(task=task, positive=other)).finding.verdict is Verdict.TRIVIAL


def optional_step(cases: int = 400) -> ArrangedLog:
    """A step that some cases leave out, seen in their amount; all go on alike after it."""
    dice, rows = np.random.default_rng(3), []
    for n in range(cases):
        amount = float(dice.uniform(0, 100))
        needed = dice.random() < (0.85 if amount > 55 else 0.15)
        for step, name in enumerate(("Receive", *(("Inspect",) if needed else ()), "Pay", "File")):
            rows.append(
                (f"c{n}", name, pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(hours=9 * n + step), amount)
            )
    frame = pd.DataFrame(rows, columns=["case", "activity", "end", "case:amount"])
    return log_arrange(frame.assign(start=frame["end"], resource=None))


@pytest.mark.parametrize("next_one", ["Inspect", "Pay"])
def test_whether_an_optional_step_is_done_is_no_matter_of_order(next_one: str) -> None:
    found = screened(optional_step(), TargetSpec.next_activity(task="Receive", positive=next_one))
    assert found.anyway_share == 0
    assert found.finding.verdict is not Verdict.TRIVIAL


def test_endings_are_found_where_one_of_them_ends_every_case(claims_log: ArrangedLog) -> None:
    loan = example("LoanApp_simplified.csv.gz")
    assert set(endings_of(loan)) == {"Reject application", "Cancel application", "Approve application"}
    assert endings_of(claims_log) == ()


def test_how_a_case_ends_is_proposed_before_what_comes_next() -> None:
    log = example("LoanApp_simplified.csv.gz")
    roles = [one.role for one in proposals_for(view(log, "Assess loan risk"), endings=endings_of(log))]
    assert roles[0] is Role.OUTCOME
    assert roles == sorted(roles, key=list(Role).index)


def test_a_later_ending_has_no_label_in_cases_without_any_ending() -> None:
    log = example("LoanApp_simplified.csv.gz")
    target = TargetSpec.later(task="Assess loan risk", activity="Reject application")
    complete = target_complete(target, endings=endings_of(log))
    assert set(complete.alternatives) == {"Cancel application", "Approve application"}


def test_a_task_a_machine_does_already_is_not_screened_further(claims_log: ArrangedLog) -> None:
    at = view(claims_log, "Triage claim")
    target = TargetSpec.next_activity(task="Triage claim", positive="Investigate claim")
    found = screen(at, target, rng=np.random.default_rng(1), automatic=True)
    assert found.finding.verdict is Verdict.ALREADY_AUTOMATIC
    assert found.auc is None


def test_the_same_dice_give_the_same_answer(claims_log: ArrangedLog) -> None:
    target = TargetSpec.next_activity(task="Triage claim", positive="Investigate claim")
    assert screened(claims_log, target) == screened(claims_log, target)


def test_remaining_time_is_held_against_always_saying_the_median(claims_log: ArrangedLog) -> None:
    found = screened(claims_log, TargetSpec.remaining_time(task="Triage claim"))
    assert found.error is not None
    assert found.baseline_error is not None
    assert found.auc is None


def test_a_case_attribute_can_be_the_target_and_is_then_no_feature(claims_log: ArrangedLog) -> None:
    table = view(claims_log, "Triage claim").table(TargetSpec.attribute(task="Triage claim", column="case:channel"))
    assert "channel" not in table.names
    assert set(table.frame["label"].unique()) == {"broker", "online", "phone"}


def test_every_way_on_at_once_is_a_question_of_several_classes(claims_log: ArrangedLog) -> None:
    found = screened(claims_log, TargetSpec.attribute(task="Triage claim", column="case:region"))
    assert found.auc is not None
    assert found.finding.verdict is Verdict.NOT_PREDICTABLE


@pytest.mark.parametrize("text", ["", "later:", "attribute:", "sideways:Pay"])
def test_a_target_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(TargetError, match="is no target"):
        target_parse(text, task="Pay")


def test_a_target_the_log_does_not_have_is_refused(claims_log: ArrangedLog) -> None:
    for target in (
        TargetSpec.next_activity(task="Triage claim", positive="Fly"),
        TargetSpec.later(task="Triage claim", activity="Fly"),
        TargetSpec.attribute(task="Triage claim", column="case:wings"),
    ):
        with pytest.raises(TargetError, match="The log has no"):
            view(claims_log, "Triage claim").table(target)
