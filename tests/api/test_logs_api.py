"""The logs of a process in the API: a newer one as a job, what differs, what is taken."""

import io

import pytest

from jobs.services import run_drain
from planner.models import EventLog, Process
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.logs import csv_log
from tests.planner.measuring import HEADER, measured_process, rows_of
from tests.planner.test_measuring_anew import NEWER

API = "/api/v1/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def process(cast: Cast) -> Process:
    return measured_process(cast.access(cast.editor))


def newer_file() -> io.BytesIO:
    file = io.BytesIO(csv_log(rows_of(NEWER, minutes=9), HEADER))
    file.name = "newer.csv"
    return file


def test_a_newer_log_is_imported_compared_and_applied(cast: Cast, process: Process, calling: Calling) -> None:
    client, url = calling(cast.editor), f"{API}processes/{process.pk}/logs/"
    sent = client.post(url, {"file": newer_file()}, format="multipart")
    assert sent.status_code == 202
    run_drain(run_ids=[sent.json()["job"]])
    newest, oldest = client.get(url).json()
    assert (newest["applied_at"], newest["name"]) == (None, "newer.csv")
    one = f"{API}logs/{newest['id']}/"
    seen = client.get(one)
    kinds = {row["key"]: row for row in seen.json()["differences"]}
    assert kinds["new:Mail"]["taken"]
    assert client.get(f"{API}logs/{oldest['id']}/").status_code == 409
    assert client.post(f"{one}apply/", {}, format="json").status_code == 428
    wrong = client.post(f"{one}apply/", {"taken": ["x"]}, format="json", headers={"If-Match": seen["ETag"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (400, "taken")
    done = client.post(f"{one}apply/", {"taken": ["new:Mail"]}, format="json", headers={"If-Match": seen["ETag"]})
    assert done.json()["applied_at"]
    assert process.tasks.filter(name="Mail").exists()
    assert client.post(f"{one}apply/", {}, format="json", headers={"If-Match": seen["ETag"]}).status_code == 412
    undone = client.post(f"{API}processes/{process.pk}/undo/", headers={"If-Match": done["ETag"]})
    assert undone.status_code == 204
    assert not process.tasks.filter(name="Mail").exists()


def test_activities_are_matched_and_logs_deleted(cast: Cast, process: Process, calling: Calling) -> None:
    client = calling(cast.editor)
    sent = client.post(f"{API}processes/{process.pk}/logs/", {"file": newer_file()}, format="multipart")
    run_drain(run_ids=[sent.json()["job"]])
    log = EventLog.objects.order_by("-pk")[0]
    phone = process.tasks.get(name="Phone").pk
    one, matching = f"{API}logs/{log.pk}/", {"matching": {"Mail": phone}}
    assert client.patch(one, matching, format="json").status_code == 428
    matched = client.patch(one, matching, format="json", headers={"If-Match": "*"})
    assert matched.json()["matching"]["Mail"] == phone
    refused = client.patch(one, {"matching": {"Fax": phone}}, format="json", headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "Fax")
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404


def test_roles_hold(cast: Cast, process: Process, calling: Calling) -> None:
    log = EventLog.objects.get()
    viewer, stranger = calling(cast.viewer), calling(cast.stranger, workspace=cast.elsewhere)
    sent = viewer.post(f"{API}processes/{process.pk}/logs/", {"file": newer_file()}, format="multipart")
    assert sent.status_code == 403
    assert viewer.delete(f"{API}logs/{log.pk}/").status_code == 403
    for url in (f"processes/{process.pk}/logs/", f"logs/{log.pk}/"):
        assert stranger.get(f"{API}{url}").status_code == 404
