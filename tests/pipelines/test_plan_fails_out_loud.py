"""`manage.py plan` when a stage fails: a technical failure fails the command, too little to learn from does not."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from jobs.domain.retrying import RetryPolicy
from pipelines import services
from pipelines.services import NotGenerable

LOG = Path(settings.BASE_DIR) / "examples" / "PurchasingExample.csv.gz"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures are tried again at once."""
    monkeypatch.setattr("jobs.services.claims.RETRY_POLICY", RetryPolicy(first_delay_s=0.01, growth=1.0))


def plan(out: Path, **options: Any) -> dict[str, Any]:
    document = out / "plan.json"
    try:
        call_command("plan", LOG, out=out, json=document, stdout=StringIO(), **options)
    finally:
        found: dict[str, Any] = json.loads(document.read_text(encoding="utf-8"))
    return found


def test_a_stage_that_breaks_fails_the_command_with_stage_reason_and_log(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = services.stage_compute

    def breaks(context: Any) -> Any:
        if context.name == "train":
            raise RuntimeError("the disk\nis full")
        return compute(context)

    monkeypatch.setattr("pipelines.services.stage_compute", breaks)
    with pytest.raises(CommandError) as failed:
        plan(tmp_path, run=True)
    said = str(failed.value)
    assert "failed at its stage train: RuntimeError: the disk is full. Its log is in " in said
    assert "\n" not in said
    assert failed.value.returncode != 0
    (log,) = tmp_path.glob("run-*-train.log")
    assert str(log) in said
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert (tmp_path / "report.md").exists()
    assert list(tmp_path.glob("*.zip"))


def test_a_generation_that_breaks_fails_the_command(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(context: Any) -> Any:
        raise RuntimeError("no such template")

    monkeypatch.setattr("pipelines.services.generation_compute", breaks)
    with pytest.raises(CommandError, match="failed at its stage generate: RuntimeError: no such template"):
        plan(tmp_path)


def test_too_little_to_learn_from_is_a_result(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacks(context: Any) -> Any:
        raise NotGenerable("The outcome takes 1 values in the log.")

    monkeypatch.setattr("pipelines.services.generation_compute", lacks)
    found = plan(tmp_path, task="Pay Invoice")
    assert found["plans"][0]["stopped"] == "The outcome takes 1 values in the log."


def test_a_check_that_breaks_fails_the_command(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_: Any) -> Any:
        raise RuntimeError("no memory")

    monkeypatch.setattr("planner.tasks.foresight_compute", breaks)
    with pytest.raises(CommandError, match=r"failed at its stage screen: RuntimeError: no memory\. Its log is in "):
        call_command("plan", LOG, out=tmp_path, stdout=StringIO())
