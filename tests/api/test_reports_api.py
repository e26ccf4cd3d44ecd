"""Reports over the API: made as a job, listed, handed out, put away; not for strangers."""

import pytest

from jobs.services import run_drain
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.worth import claims_process

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_report_is_made_as_a_job_and_handed_out(calling: Calling, cast: Cast) -> None:
    process = claims_process(cast.workspace)
    client, where = calling(cast.editor), f"/api/v1/processes/{process.pk}/reports/"
    started = client.post(where, {"decision": "Go", "by": "npv"}, format="json")
    assert started.status_code == 202
    run_drain(run_ids=[started.json()["job"]])
    assert client.get(started["Location"]).json()["state"] == "succeeded"
    found = calling(cast.viewer).get(where).json()
    assert [each["decision"] for each in found] == ["Go"]
    for name, kind in (("pdf", "application/pdf"), ("workbook", "spreadsheetml")):
        assert kind in calling(cast.viewer).get(found[0][name])["Content-Type"]
        assert calling(cast.stranger, workspace=cast.elsewhere).get(found[0][name]).status_code == 404
    one = f"/api/v1/reports/{found[0]['id']}/"
    assert calling(cast.viewer).delete(one).status_code == 403
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404


def test_what_cannot_be_is_named(calling: Calling, cast: Cast) -> None:
    process = claims_process(cast.workspace)
    where = f"/api/v1/processes/{process.pk}/reports/"
    refused = calling(cast.editor).post(where, {"decision": "x" * 2_001, "by": "luck"}, format="json")
    assert refused.status_code == 400
    assert {each["path"] for each in refused.json()["errors"]} == {"decision", "by"}
    assert calling(cast.viewer).post(where, {}, format="json").status_code == 403
