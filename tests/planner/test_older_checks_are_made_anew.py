"""After an upgrade, logs checked with fewer features and measures than now are checked anew, once."""

import pytest
from django.apps import apps

from jobs.models import Run
from planner.apps import _upgraded
from planner.domain.foresight.evidence_version import EVIDENCE_VERSION
from planner.models import DecisionTarget, Process
from tests.conftest import Cast
from tests.planner.test_verdicts_and_values import checked
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def checks() -> int:
    return Run.objects.filter(kind="planner.screen").count()


def test_a_log_checked_before_is_checked_anew_once(process: Process) -> None:
    checked(task_of(process, "Triage"), "predict")
    _upgraded(apps=apps)
    assert checks() == 1
    assert Run.objects.get(kind="planner.screen").subject == f"process:{process.pk}"
    _upgraded(apps=apps)
    assert checks() == 1


def test_a_log_checked_by_an_older_version_is_checked_anew(process: Process) -> None:
    checked(task_of(process, "Triage"), "predict", version=EVIDENCE_VERSION - 1)
    _upgraded(apps=apps)
    assert checks() == 1


def test_what_was_checked_by_this_version_or_never_is_left(process: Process) -> None:
    checked(task_of(process, "Triage"), "predict", version=EVIDENCE_VERSION)
    _upgraded(apps=apps)
    assert checks() == 0
    DecisionTarget.objects.update(verdict="", evidence={})
    _upgraded(apps=apps)
    assert checks() == 0
