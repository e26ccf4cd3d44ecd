"""Columns and activities with awkward names: offered, chosen, checked, made a table and a project, each as itself."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from canvas.services import canvas_draft
from common.errors import InvalidInput
from jobs.models import Run
from jobs.services import blob_open, run_drain
from pipelines.models import Generation
from pipelines.services import pipeline_generate
from planner.domain.foresight.targets import LONGEST_TEXT, TargetSpec, target_parse
from planner.models import EventLog, Process, Task
from planner.selectors.foresight_pages import targets_page
from planner.services import log_import_start, log_upload_create, target_choose, training_table_of
from tests.api.conftest import Calling, calling, unthrottled  # noqa: F401  fixtures
from tests.conftest import Cast

COLUMNS = ("a=b", "a", "=", 'say "x"', '"whole"', "x, y", "at: noon", "prüfung ☂", "case=case:1", "q" * 190 + "=1")
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)


@given(column=names, value=st.text(max_size=20), others=st.lists(names, max_size=4))
def test_a_target_on_any_attribute_is_read_back_as_it_was_written(column: str, value: str, others: list[str]) -> None:
    target = TargetSpec.attribute(task="t", column=f"case:{column}", positive=value)
    known = [f"case:{name}" for name in (column, *others)]
    assert target_parse(target.text, task="t", columns=known) == target


@given(name=names)
def test_a_target_on_any_activity_is_read_back_as_it_was_written(name: str) -> None:
    for target in (TargetSpec.next_activity(task="t", positive=name), TargetSpec.later(task="t", activity=name)):
        assert target_parse(target.text, task="t") == target


def test_a_name_with_an_equals_sign_needs_no_quotation_marks_when_the_log_knows_it() -> None:
    known = ["case:a=b", "case:c"]
    assert target_parse("attribute:a=b", task="t", columns=known).name == "case:a=b"
    assert target_parse("attribute:a=b=c=d", task="t", columns=known).positive == "c=d"
    assert target_parse("attribute:c=a=b", task="t", columns=known).positive == "a=b"


def log_file() -> bytes:
    """Cases whose awkward attributes follow from the amount, but for one case in seven."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["case", "activity", "time", "amount", *COLUMNS])
    for number in range(300):
        day = pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(hours=6 * number)
        amount = (number * 37) % 1000
        said = "yes" if (amount > 500) != (number % 7 == 0) else "no=never"
        for place, activity in enumerate(['Check, "all"=1', "Ship: now"]):
            when = (day + pd.Timedelta(minutes=30 * place)).isoformat()
            writer.writerow([f"o{number}", activity, when, amount, *([said] * len(COLUMNS))])
    return stream.getvalue().encode()


@pytest.fixture
def task(cast: Cast, transactional_db: None) -> Task:
    access = cast.access(cast.editor)
    upload = log_upload_create(access=access, file=io.BytesIO(log_file()), filename="orders.csv")
    run_drain(run_ids=[log_import_start(access=access, upload=upload).pk])
    run_drain(run_ids=[run.pk for run in Run.objects.of(cast.workspace) if not run.is_over])
    upload.refresh_from_db()
    assert upload.process is not None
    return Task.objects.of(cast.workspace).get(process=upload.process, activity__startswith="Check")


def drain(cast: Cast) -> None:
    run_drain(run_ids=[run.pk for run in Run.objects.of(cast.workspace) if not run.is_over])


@pytest.mark.second_leg
def test_every_target_the_page_offers_can_be_chosen_and_its_table_built(cast: Cast, task: Task) -> None:
    offered = targets_page(task).choices
    columns = [f"case:{name}" for name in COLUMNS]
    known = set(EventLog.objects.of(cast.workspace).get().statistics["attributes"])
    assert known >= set(columns)
    client, address = cast.browser(cast.editor), reverse("planner:targets", args=["acme", task.pk])
    found = []
    for text in offered:
        answer = client.post(address, {"target": text}, follow=True)
        assert "Chosen." in answer.content.decode(), text
        chosen = task.targets.chosen().get()
        assert chosen.text == text
        if chosen.target.is_volume:  # has a row a period, not a case, and needs a longer log than this
            continue
        found.append(chosen.target.name)
        table = training_table_of(task=task, target=chosen.target)
        assert len(table.frame) > 200
        assert not chosen.target.name or chosen.target.name not in {feature.column for feature in table.features}
    assert set(found) >= set(columns)


def test_a_target_on_an_awkward_column_goes_all_the_way_to_a_project(cast: Cast, task: Task) -> None:
    access = cast.access(cast.editor)
    row = target_choose(access=access, task=task, text='attribute:"a=b"=yes')
    assert (row.target.name, row.target.positive) == ("case:a=b", "yes")
    drain(cast)
    row.refresh_from_db()
    assert row.verdict != ""
    run = pipeline_generate(access=access, canvas=canvas_draft(access=access, task=task))
    run_drain(run_ids=[run.pk])
    run.refresh_from_db()
    assert run.state == "succeeded", [stage.reason for stage in run.stages.all()]
    made = Generation.objects.of(cast.workspace).get(pk=run.result["generation"])
    assert made.target["name"] == "case:a=b"
    with blob_open(made.archive) as source, zipfile.ZipFile(io.BytesIO(source.read())) as archive:
        assert archive.testzip() is None


def test_the_api_takes_what_it_lists_and_refuses_beside_the_field(
    cast: Cast,
    task: Task,
    calling: Calling,  # noqa: F811
) -> None:
    client, address = calling(cast.editor), f"/api/v1/tasks/{task.pk}/targets/"
    quoted = 'attribute:"a=b"=no=never'
    answer = client.post(address, {"target": quoted}, format="json")
    assert (answer.status_code, answer.json()["target"]) == (201, quoted)
    listed = [each["target"] for each in client.get(address).json()]
    assert quoted in listed
    for text in listed:
        assert client.post(address, {"target": text}, format="json").status_code == 201, text
    for text in ("attribute:b=a", 'attribute:"a=b', "attribute:" + "x" * 2000, "next:a\0b", 'attribute:"a\\u0000b"'):
        answer = client.post(address, {"target": text}, format="json")
        assert answer.status_code == 400, text
        assert "\0" in text or answer.json()["errors"][0]["path"] == "target"


def test_a_target_too_long_or_with_a_null_is_refused_by_the_service(cast: Cast, task: Task) -> None:
    for text in ("attribute:" + "x" * LONGEST_TEXT, "next:a\0b"):
        with pytest.raises(InvalidInput) as refused:
            target_choose(access=cast.access(cast.editor), task=task, text=text)
        assert refused.value.errors[0].path == "target"


def test_the_command_takes_an_awkward_target(transactional_db: None, tmp_path: Path) -> None:
    file, document = tmp_path / "orders.csv", tmp_path / "plan.json"
    file.write_bytes(log_file())
    options: dict[str, Any] = {"task": 'Check, "all"=1', "target": "attribute:case=case:1=yes"}
    call_command("plan", file, out=tmp_path / "out", json=document, stdout=io.StringIO(), **options)
    (plan,) = json.loads(document.read_text(encoding="utf-8"))["plans"]
    assert plan["target"]["text"] == 'attribute:"case=case:1"=yes'
    assert plan["project"]["rows"] > 200
    assert Process.objects.count() == 1
