"""Templates set what nobody has set, say that they are to be checked, and go with one undo."""

import pytest

from common.errors import Conflict, InvalidInput, NotAllowed, StaleEdit
from planner.domain.valuation.assumptions import read_text
from planner.domain.valuation.reference_classes import REFERENCE_CLASSES, ReferenceClass
from planner.models import Estimate, EstimateChange, Task
from planner.selectors.assumption_defaults import DefaultsScope
from planner.selectors.value_tasks import valued_task
from planner.services import (
    assumption_defaults_update,
    estimate_template_apply,
    estimate_undo,
    estimate_update,
)
from planner.services.estimates import assumption_problem
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]


@pytest.fixture
def task(cast: Cast) -> Task:
    return task_of(claims_process(cast.workspace), "Triage")


def apply(cast: Cast, task: Task, name: str) -> None:
    estimate_template_apply(access=cast.access(cast.editor), task=task, template=name, version=None)


@pytest.mark.parametrize("found", REFERENCE_CLASSES, ids=lambda found: found.key)
def test_every_text_can_be_read_and_says_that_it_is_to_be_checked(found: ReferenceClass) -> None:
    for key, text in found.texts.items():
        read_text(key, text)
        assert assumption_problem(key, {"text": text, "source": found.source(key)}, "EUR") == ""
        assert found.source(key).startswith(f"template: {found.label.lower()}; ")
        assert found.source(key).endswith(", check it")


@pytest.mark.parametrize("found", REFERENCE_CLASSES, ids=lambda found: found.key)
def test_every_template_gives_a_task_a_value(cast: Cast, task: Task, found: ReferenceClass) -> None:
    apply(cast, task, found.key)
    assert valued_task(task_of(task.process, "Triage")).outcome is not None


def test_what_people_log_and_defaults_say_stays(cast: Cast, task: Task) -> None:
    scope = DefaultsScope(cast.workspace, task.process)
    change = {"recapture": {"text": "10 %"}}
    assumption_defaults_update(access=cast.access(cast.editor), scope=scope, changes=change)
    estimate_update(access=cast.access(cast.editor), task=task, changes={"coverage": {"text": "90 %"}}, version=0)
    apply(cast, task, "triage")
    found = valued_task(task_of(task.process, "Triage")).assumptions
    assert (found["coverage"].text, found["coverage"].origin.value) == ("90 %", "person")
    assert (found["recapture"].text, found["recapture"].origin.value) == ("10 %", "process")
    assert found["volume"].origin.value == "log"
    assert (found["error_today"].text, found["error_today"].origin.value) == ("3 % to 8 %", "template")
    assert found["error_today"].source.startswith("template: document triage; ")


def test_it_is_one_edit_and_one_undo_takes_it_back(cast: Cast, task: Task) -> None:
    apply(cast, task, "fraud")
    assert EstimateChange.objects.count() == 1
    assert valued_task(task_of(task.process, "Triage")).assumptions["error_form"].text == "outcome"
    estimate_undo(access=cast.access(cast.editor), task=task, version=None)
    assert Estimate.objects.get().assumptions == {}


def test_another_template_takes_the_place_of_the_first(cast: Cast, task: Task) -> None:
    apply(cast, task, "extraction")
    apply(cast, task, "forecast")
    sources = {each["source"].split(";")[0] for each in Estimate.objects.get().assumptions.values()}
    assert sources == {"template: demand or duration forecast"}
    with pytest.raises(Conflict):
        apply(cast, task, "forecast")


def test_it_counts_as_unchecked_until_somebody_writes_it(cast: Cast, task: Task) -> None:
    before = valued_task(task).resting_on_defaults
    apply(cast, task, "triage")
    assert valued_task(task_of(task.process, "Triage")).resting_on_defaults == before
    client = cast.browser(cast.editor)
    where = f"/w/acme/tasks/{task.pk}/value/"
    source = Estimate.objects.get().assumptions["coverage"]["source"]
    client.post(where, {"version": "1", "a-coverage": "70 % to 75 %", "src-coverage": source})
    kept = Estimate.objects.get().assumptions["coverage"]
    assert kept == {"text": "70 % to 75 %", "source": ""}


def test_the_page_offers_and_applies_it(cast: Cast, task: Task) -> None:
    where = f"/w/acme/tasks/{task.pk}/value/"
    assert "Document triage: Sort what comes in" in cast.browser(cast.editor).get(where).content.decode()
    assert "Document triage" not in cast.browser(cast.viewer).get(where).content.decode()
    assert cast.browser(cast.viewer).post(f"{where}template/", {"template": "triage"}).status_code == 403
    stale = cast.browser(cast.editor).post(f"{where}template/", {"template": "triage", "version": "7"}, follow=True)
    assert "changed meanwhile" in stale.content.decode()
    assert not Estimate.objects.filter(version__gt=0).exists()
    answer = cast.browser(cast.editor).post(f"{where}template/", {"template": "triage", "version": "0"}, follow=True)
    assert "template: document triage; typical coverage" in answer.content.decode()


def test_what_does_not_exist_or_is_not_allowed_is_refused(cast: Cast, task: Task) -> None:
    with pytest.raises(InvalidInput):
        apply(cast, task, "nonsense")
    with pytest.raises(NotAllowed):
        estimate_template_apply(access=cast.access(cast.viewer), task=task, template="triage", version=None)
    with pytest.raises(StaleEdit):
        estimate_template_apply(access=cast.access(cast.editor), task=task, template="triage", version=3)
