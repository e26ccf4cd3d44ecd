"""The filter of a graph in the API: looked at, applied on a version, taken back."""

import pytest

from planner.models import Process
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.measuring import measured_process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def process(cast: Cast) -> Process:
    return measured_process(cast.access(cast.editor))


def test_the_api_previews_applies_and_undoes(cast: Cast, process: Process, calling: Calling) -> None:
    client, url = calling(cast.editor), f"/api/v1/processes/{process.pk}/discovery/"
    seen = client.get(url, {"activities": 0.95})
    assert (seen.json()["left_out"], seen.json()["in_use"]) == (["Phone"], {"activities": 1.0, "flows": 1.0})
    assert client.get(url, {"activities": 7}).status_code == 400
    assert client.post(url, {"activities": 0.95}, format="json").status_code == 428
    done = client.post(url, {"activities": 0.95}, format="json", headers={"If-Match": seen["ETag"]})
    assert done.json()["in_use"]["activities"] == 0.95
    assert client.post(url, {"activities": 1}, format="json", headers={"If-Match": seen["ETag"]}).status_code == 412
    undo = f"/api/v1/processes/{process.pk}/undo/"
    assert client.post(undo, headers={"If-Match": done["ETag"]}).status_code == 204
    assert process.tasks.filter(name="Phone").exists()
    assert calling(cast.viewer).post(url, {}, format="json", headers={"If-Match": "*"}).status_code == 403
    assert calling(cast.stranger, workspace=cast.elsewhere).get(url).status_code == 404
