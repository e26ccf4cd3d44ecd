"""`manage.py plan` from end to end: what it prints and leaves behind, and how it refuses bad input."""

import json
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from planner.models import Process

EXAMPLES = Path(settings.BASE_DIR) / "examples"


def plan(file: Path, out: Path, **options: Any) -> tuple[str, dict[str, Any]]:
    """What the command printed, and the document it wrote."""
    printed, document = StringIO(), out / "plan.json"
    call_command("plan", file, out=out, json=document, stdout=printed, **options)
    return printed.getvalue(), json.loads(document.read_text(encoding="utf-8"))


@pytest.fixture
def somewhere(transactional_db: None, tmp_path: Path) -> Path:
    """A folder for the results; the database is one that other processes can see."""
    return tmp_path / "out"


@pytest.mark.second_leg
def test_a_log_in_which_little_can_be_predicted_still_ends_in_a_project(somewhere: Path) -> None:
    printed, found = plan(EXAMPLES / "PurchasingExample.csv.gz", somewhere, top=1)
    log = found["log"]
    assert (log["events"], log["cases"], log["activities"]) == (9119, 608, 21)
    assert {entry["verdict"] for entry in found["ranking"]} <= {"not_worth_it"}
    assert {entry["verdict"] for entry in found["not_ranked"]} >= {"trivial", "not_predictable", "gather_data_first"}
    made = [entry for entry in found["plans"] if entry["project"]]
    assert len(made) == 1
    assert made[0]["verdict"] != "predict"
    with zipfile.ZipFile(somewhere / made[0]["project"]["archive"]) as archive:
        assert archive.testzip() is None
        assert any(name.endswith("README.md") for name in archive.namelist())
    report = (somewhere / "report.md").read_text(encoding="utf-8")
    assert "Settle Conditions With Supplier" in report
    assert "Not ranked, and why" in printed
    assert "generated all the same" in printed
    assert "Verdict on " in printed


def test_the_planted_truths_of_the_claims_log_come_out_and_the_model_is_as_good_as_can_be(somewhere: Path) -> None:
    truth = json.loads((EXAMPLES / "claims.truth.json").read_text(encoding="utf-8"))
    best = {decision["task"]: decision for decision in truth["decisions"]}
    _, found = plan(EXAMPLES / "claims.csv.gz", somewhere, task="Triage claim", run=True)
    verdicts = {entry["task"]: entry["verdict"] for entry in [*found["ranking"], *found["not_ranked"]]}
    for task, decision in best.items():
        assert verdicts[task] == decision["verdict"].replace(" ", "_"), task
    (made,) = found["plans"]
    assert made["run"]["state"] == "succeeded"
    assert made["run"]["accepted"] is True
    confusion = made["run"]["metrics"]["confusion"]
    assert sum(confusion.values()) >= 2000
    assert abs(made["run"]["metrics"]["model"]["auc"] - best["Triage claim"]["best_auc"]) <= 0.03
    assert made["verdict"] == "predict"
    assert made["value_measured"]["npv"] > 0
    assert made["value_planned"] is not None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, ""),
        (b"case,activity\n1,a\n1,b\n", "The file has “case”, “activity”: rename the columns"),
        (b"shop,activity,time\n" + b"a,b,2024-01-02T10:00:00Z\n" * 9, "rename the columns that hold them to case"),
        (b'<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "b">]><log/>', ""),
    ],
    ids=["empty", "wrong kind", "no times", "no case", "doctype"],
)
def test_bad_input_is_one_sentence_and_leaves_no_process(somewhere: Path, content: bytes, sentence: str) -> None:
    somewhere.mkdir()
    file = somewhere / "log.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        plan(file, somewhere)
    assert sentence in str(refused.value)
    assert len(str(refused.value)) > 20
    assert "\n" not in str(refused.value).strip()
    assert not Process.objects.exists()


def test_an_unknown_task_is_refused_with_the_names_there_are(somewhere: Path) -> None:
    with pytest.raises(CommandError, match="There is no task “Fly”.*“Pay Invoice”"):
        plan(EXAMPLES / "PurchasingExample.csv.gz", somewhere, task="Fly")


def test_a_file_that_is_not_there_is_refused(somewhere: Path) -> None:
    with pytest.raises(CommandError, match="is not a file"):
        plan(Path("nowhere.csv"), somewhere)
