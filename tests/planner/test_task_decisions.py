"""The decision of a task is named in its three parts: proposed from what is known, written by people, used on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from canvas.services import canvas_draft
from common.errors import InvalidInput, NotAllowed, StaleEdit
from planner.domain.suitability.decision import LONGEST_PART, PARTS, DecisionFacts, propose_decision
from planner.models import Task, TaskDecision
from planner.selectors.task_decision import task_decision
from planner.services import decision_update
from tests.conftest import Cast
from tests.planner.processes import drawn_process
from tests.planner.test_verdicts_and_values import checked

names = st.text(min_size=1, max_size=400)


@given(
    task=names,
    question=st.text(max_size=1200),
    positive=st.text(max_size=900),
    followers=st.lists(names),
    me=st.booleans(),
)
def test_whatever_is_known_each_part_is_proposed_in_words_that_can_be_kept(
    *, task: str, question: str, positive: str, followers: list[str], me: bool
) -> None:
    facts = DecisionFacts(task=task, question=question, positive=positive, imitation=me, followers=followers)
    said = propose_decision(facts)
    assert list(said) == [part.key for part in PARTS]
    assert all(len(words) <= LONGEST_PART for words in said.values())
    assert bool(said["prediction"]) == (bool(question) or len(followers) > 1)


@pytest.fixture
def triage(cast: Cast) -> Task:
    return drawn_process(cast.access(cast.editor))["Triage"]


def test_without_a_target_the_flows_after_it_say_what_the_decision_is(triage: Task) -> None:
    found = task_decision(triage)
    assert found.text("prediction") == "After Triage, which is right for the case: “Ask” or “Pay”?"
    assert found.text("action") == "Go on with “Ask” or “Pay”"
    assert {part.source for part in found.parts} == {"proposed"}


def test_with_a_target_its_question_is_the_prediction(triage: Task) -> None:
    checked(triage, "predict")
    assert task_decision(triage).text("prediction") == triage.targets.get().target.question


def test_a_part_a_person_wrote_stands_and_emptied_gives_way_to_the_proposal(cast: Cast, triage: Task) -> None:
    access = cast.access(cast.editor)
    decision_update(access=access, task=triage, changes={"judgment": " a missed fraud costs\n4 k "}, version=0)
    assert task_decision(triage).text("judgment") == "a missed fraud costs 4 k"
    entry = AuditEntry.objects.filter(verb="decision.changed").get()
    assert entry.detail["Judgment"] == {"from": "", "to": "a missed fraud costs 4 k"}
    decision_update(access=access, task=triage, changes={"judgment": ""}, version=1)
    part = next(one for one in task_decision(triage).parts if one.part.key == "judgment")
    assert (part.source, part.given) == ("proposed", "")


def test_a_stale_edit_says_what_stands_now_and_changes_nothing(cast: Cast, triage: Task) -> None:
    access = cast.access(cast.editor)
    decision_update(access=access, task=triage, changes={"action": "Send it to the fraud desk"}, version=0)
    with pytest.raises(StaleEdit) as refused:
        decision_update(access=access, task=triage, changes={"action": "Pay"}, version=0)
    assert "Action: now Send it to the fraud desk" in refused.value.changed
    assert TaskDecision.objects.get(task=triage).action == "Send it to the fraud desk"


@pytest.mark.parametrize(
    ("changes", "path"),
    [({"action": "x" * 301, "judgment": "fine"}, "action"), ({"mood": "x", "judgment": "fine"}, "mood")],
)
def test_what_cannot_be_kept_is_refused_whole(cast: Cast, triage: Task, changes: dict[str, str], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        decision_update(access=cast.access(cast.editor), task=triage, changes=changes)
    assert [error.path for error in refused.value.errors] == [path]
    assert task_decision(triage).version == 0


def test_a_viewer_may_not_write_it(cast: Cast, triage: Task) -> None:
    with pytest.raises(NotAllowed):
        decision_update(access=cast.access(cast.viewer), task=triage, changes={"action": "x"})


def test_the_canvas_is_drafted_with_its_words(cast: Cast, triage: Task) -> None:
    access = cast.access(cast.editor)
    decision_update(access=access, task=triage, changes={"prediction": "Is it fraud?", "action": "Stop the payment"})
    fields = canvas_draft(access=access, task=triage).fields
    assert "Is it fraud?" in fields["value_proposition"]["objective"]["value"]
    assert fields["decisions"]["action"]["value"] == "Stop the payment"


def test_the_page_shows_the_parts_and_saves_them(cast: Cast, triage: Task) -> None:
    where = f"/w/acme/processes/{triage.process_id}/suitability/?task={triage.pk}"
    browser, post = cast.browser(cast.editor), f"/w/acme/tasks/{triage.pk}/decision/"
    assert "Proposed: Go on with “Ask” or “Pay”" in browser.get(where).content.decode()
    answer = browser.post(post, {"version": "0", "d-action": "Stop it"})
    assert answer.headers["Location"] == where
    stale = browser.post(post, {"version": "0", "d-action": "Mine"})
    page = stale.content.decode()
    assert stale.status_code == 412
    assert "Action: now Stop it" in page
    assert ">Mine</textarea>" in page
    wrong = browser.post(post, {"version": "1", "d-action": "x" * 301}, headers={"HX-Request": "true"})
    assert (wrong.status_code, "this has 301" in wrong.content.decode()) == (422, True)
    read = cast.browser(cast.viewer).get(where).content.decode()
    assert "Stop it" in read
    assert 'name="d-action"' not in read
