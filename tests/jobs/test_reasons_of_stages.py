"""Each stage says why it ran or did not, and a run says so before it is started."""

import pytest

from accounts.access import Access
from jobs.models import Run, StageState
from jobs.services import run_foretell, run_submit
from tests.jobs.conftest import drained, spec

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]


@pytest.fixture
def subject(access: Access) -> str:
    return "thing:1"


def stages(threshold: str = "0.4", code: str = "c1") -> list[object]:
    """Prepare, then train on it: what each rests on is named."""
    prepare = spec(
        "prepare", fingerprint_source="p", fingerprint_parts={"code": {"prepare.py": "p"}}, output={"digest": "d"}
    )
    parts = {"parameters": {"threshold": threshold}, "code": {"train.py": code}}
    train = spec("train", "prepare", fingerprint_source=threshold + code, fingerprint_parts=parts)
    return [prepare, train, spec("record", "train")]


def run(access: Access, subject: str, **changed: str) -> Run:
    return run_submit(access=access, kind="test", title="A test", stages=stages(**changed), subject=subject)


def why(found: Run) -> dict[str, str]:
    return {name: stage.why for name, stage in drained(found).items()}


def test_first_unchanged_and_changed(access: Access, subject: str) -> None:
    assert why(run(access, subject)) == {
        "prepare": "It did not run here before.",
        "train": "It did not run here before.",
        "record": "It runs every time.",
    }
    assert why(run(access, subject))["train"] == "Nothing it rests on has changed."
    changed = why(run(access, subject, threshold="0.35"))
    assert changed["prepare"] == "Nothing it rests on has changed."
    assert changed["train"] == "Parameters changed: threshold 0.4 → 0.35."
    assert why(run(access, subject, threshold="0.35", code="c2"))["train"] == "Code changed: train.py."


def test_another_subject_is_no_earlier_run(access: Access, subject: str) -> None:
    drained(run(access, subject))
    other = drained(run(access, "thing:2", threshold="0.9"))
    assert other["train"].why == "It did not run here before."


def test_what_would_run_is_said_before_and_nothing_is_written(access: Access, subject: str) -> None:
    drained(run(access, subject))
    count = Run.objects.count()

    def told(**changed: str) -> list[tuple[bool | None, str]]:
        asked = stages(**changed)
        found = run_foretell(workspace=access.workspace, kind="test", subject=subject, stages=asked)
        return [(one.runs, one.why) for one in found]

    assert told() == [
        (False, "Nothing it rests on has changed."),
        (False, "Nothing it rests on has changed."),
        (True, "It runs every time."),
    ]
    assert told(threshold="0.35")[1] == (True, "Parameters changed: threshold 0.4 → 0.35.")
    assert Run.objects.count() == count
    assert drained(run(access, subject, threshold="0.35"))["train"].state_of is StageState.SUCCEEDED


def test_what_depends_on_an_earlier_one_is_left_open(access: Access, subject: str) -> None:
    drained(run(access, subject))
    changed = [spec("prepare", fingerprint_source="p2"), *stages()[1:]]
    found = run_foretell(workspace=access.workspace, kind="test", subject=subject, stages=changed)
    assert [one.runs for one in found] == [True, None, True]
    assert found[1].why == "It depends on what prepare will give."
