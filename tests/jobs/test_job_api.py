"""Jobs in the API: poll, log, cancel, retry, and nothing for strangers."""

import pytest
from django.test import Client

from jobs.models import Run
from jobs.services import run_submit, stage_claim, stage_fail
from tests.conftest import Cast
from tests.jobs.conftest import spec


@pytest.fixture
def run(cast: Cast) -> Run:
    stages = [spec("read"), spec("write", "read")]
    return run_submit(access=cast.access(cast.editor), kind="import", title="Import", stages=stages, subject="log:1")


def call(client: Client, path: str, method: str = "get", slug: str = "acme") -> tuple[int, object]:
    answer = getattr(client, method)(f"/api/v1/jobs/{path}", query_params={"workspace": slug})
    return answer.status_code, answer.json()


def test_a_job_is_polled_with_its_stages(cast: Cast, run: Run) -> None:
    status, body = call(cast.browser(cast.viewer), f"{run.pk}/")
    assert status == 200
    assert isinstance(body, dict)
    assert body["state"] == "queued"
    assert [(stage["name"], stage["state"]) for stage in body["stages"]] == [("read", "ready"), ("write", "pending")]


def test_the_log_is_read_from_where_one_was(cast: Cast, run: Run) -> None:
    client = cast.browser(cast.viewer)
    _, lines = call(client, f"{run.pk}/log/")
    assert isinstance(lines, list)
    assert [line["event"] for line in lines] == ["submitted", "ready"]
    answer = client.get(f"/api/v1/jobs/{run.pk}/log/", {"workspace": "acme", "after": lines[-1]["id"]})
    assert answer.json() == []


def test_cancel_then_retry(cast: Cast, run: Run) -> None:
    client = cast.browser(cast.editor)
    status, body = call(client, f"{run.pk}/cancel/", "post")
    assert isinstance(body, dict)
    assert (status, body["state"]) == (202, "cancelled")
    status, body = call(client, f"{run.pk}/retry/", "post")
    assert isinstance(body, dict)
    assert (status, body["state"]) == (202, "queued")


def test_a_reason_is_told(cast: Cast, run: Run) -> None:
    claimed = stage_claim(stage_id=run.stages.get(name="read").pk, attempt=0)
    assert claimed is not None
    stage_fail(claimed, reason="The file is empty.", final=True)
    _, body = call(cast.browser(cast.viewer), f"{run.pk}/")
    assert isinstance(body, dict)
    assert body["stages"][0]["reason"] == "The file is empty."


def test_the_list_is_narrowed(cast: Cast, run: Run) -> None:
    client = cast.browser(cast.viewer)
    for asked, found in ({"subject": "log:1"}, 1), ({"subject": "log:2"}, 0), ({"state": "queued"}, 1):
        assert client.get("/api/v1/jobs/", {"workspace": "acme", **asked}).json()["count"] == found


def test_viewers_read_only_and_strangers_find_nothing(cast: Cast, run: Run) -> None:
    assert call(cast.browser(cast.viewer), f"{run.pk}/cancel/", "post")[0] == 403
    for path in (f"{run.pk}/", f"{run.pk}/log/"):
        assert call(cast.browser(cast.stranger), path, slug="other")[0] == 404
        assert call(cast.browser(cast.stranger), path)[0] == 404
