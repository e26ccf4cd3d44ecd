"""Estimates over the API as a file: out as CSV and XLSX, in as a dry run, by its token, or at once."""

import io

import pytest

from jobs.models import Run
from jobs.services import run_drain
from planner.domain.valuation.estimate_table import write_csv
from planner.models import Estimate, Process
from planner.selectors.estimate_files import AT_ONCE
from planner.selectors.estimate_table import estimate_lines
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def file(text: str) -> io.BytesIO:
    found = io.BytesIO(text.encode())
    found.name = "back.csv"
    return found


def test_what_was_exported_comes_back_and_changes_nothing(calling: Calling, cast: Cast, process: Process) -> None:
    client = calling(cast.editor)
    for where in (f"/api/v1/processes/{process.pk}/estimates", "/api/v1/estimates"):
        for kind in ("csv", "xlsx"):
            sent = io.BytesIO(client.get(f"{where}.{kind}").content)
            sent.name = f"estimates.{kind}"
            answer = client.post(f"{where}/", {"file": sent}, format="multipart")
            assert answer.status_code == 200, answer.content
            assert answer.json()["changes"] == []
    assert not Estimate.objects.exists()


def test_a_dry_run_changes_nothing_and_its_token_applies_it_once(
    calling: Calling, cast: Cast, process: Process
) -> None:
    client, where = calling(cast.editor), f"/api/v1/processes/{process.pk}/estimates/"
    text = "task,key,text,source\nTriage,hosting,900,offer\n"
    shown = client.post(where, {"file": file(text), "dry_run": "true"}, format="multipart").json()
    assert (shown["applied"], shown["tasks"]) == (False, 1)
    assert (shown["changes"][0]["key"], shown["changes"][0]["after"]) == ("hosting", "900")
    assert not Estimate.objects.exists()
    assert client.post(where, {"token": shown["token"]}, format="multipart").json()["tasks"] == 1
    assert Estimate.objects.get().assumptions == {"hosting": {"text": "900", "source": "offer"}}
    again = client.post(where, {"token": shown["token"]}, format="multipart")
    assert again.status_code == 412
    assert again.json()["changed"]


def test_a_file_is_applied_at_once_or_refused_row_by_row(calling: Calling, cast: Cast, process: Process) -> None:
    client, where = calling(cast.editor), f"/api/v1/processes/{process.pk}/estimates/"
    bad = "task,key,text\nTriage,hosting,900\nTriage,support,Infinity\n"
    refused = client.post(where, {"file": file(bad)}, format="multipart")
    assert refused.status_code == 400
    assert [each["path"] for each in refused.json()["errors"]] == ["rows.3.text"]
    assert not Estimate.objects.exists()
    assert client.post(where, {}, format="multipart").status_code == 400
    good = client.post(where, {"file": file("task,key,text\nTriage,hosting,900\n")}, format="multipart").json()
    assert (good["applied"], good["tasks"], good["token"]) == (True, 1, "")
    estimate = client.get(f"/api/v1/tasks/{task_of(process, 'Triage').pk}/estimate/").json()
    hosting = next(each for each in estimate["assumptions"] if each["key"] == "hosting")
    assert (hosting["text"], hosting["origin"], hosting["source"]) == ("900", "person", "from the file back.csv")


def test_viewers_read_and_strangers_find_nothing(calling: Calling, cast: Cast, process: Process) -> None:
    where = f"/api/v1/processes/{process.pk}/estimates"
    assert calling(cast.viewer).get(f"{where}.csv").status_code == 200
    sent = {"file": file("task,key,text\nTriage,hosting,900\n")}
    assert calling(cast.viewer).post(f"{where}/", sent, format="multipart").status_code == 403
    stranger = calling(cast.stranger, workspace=cast.elsewhere)
    assert stranger.get(f"{where}.xlsx").status_code == 404
    assert stranger.post(f"{where}/", sent, format="multipart").status_code == 404
    assert b"Claims" not in stranger.get("/api/v1/estimates.csv").content


@pytest.mark.django_db(transaction=True)
def test_the_api_names_the_job_and_where_the_file_will_be(calling: Calling, cast: Cast) -> None:
    process = claims_process(cast.workspace, {f"Task {number}": (10.0, 5.0) for number in range(AT_ONCE + 1)})
    client = calling(cast.viewer)
    answer = client.get(f"/api/v1/processes/{process.pk}/estimates.csv")
    assert answer.status_code == 202
    run = Run.objects.get()
    assert answer.json()["job"] == run.pk
    assert answer["Location"].endswith(f"/jobs/{run.pk}/")
    assert client.get(answer.json()["file"]).status_code == 409
    run_drain(run_ids=[run.pk])
    file = client.get(answer.json()["file"])
    assert (file.status_code, file["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert file.getvalue() == write_csv(estimate_lines(cast.workspace, process))
    assert client.get("/api/v1/estimates/files/999999/").status_code == 404
    stranger = calling(cast.stranger, workspace=cast.elsewhere)
    assert stranger.get(f"/api/v1/estimates/files/{run.pk}/").status_code == 404
