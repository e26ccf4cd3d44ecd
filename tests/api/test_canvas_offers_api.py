"""What a canvas is offered, over the API: read, accepted, refused, and refused where it is no longer offered."""

from planner.models import Process, Task
from tests.api.conftest import Calling
from tests.conftest import Cast

CANVASES = "/api/v1/canvases/"
PATH = "making_predictions.note"


def test_offers_are_read_accepted_and_refused(cast: Cast, calling: Calling) -> None:
    process = Process.objects.create(workspace=cast.workspace, name="Claims", cases_a_year=42_000)
    task = Task.objects.create(workspace=cast.workspace, process=process, name="Triage", volume_a_year=1190.0)
    editor = calling(cast.editor)
    offers = f"{CANVASES}{editor.post(CANVASES, {'task': task.pk}).json()['canvases'][0]['id']}/offers/"
    standing = {one["path"]: one for one in editor.get(offers).json()}
    assert standing[PATH]["is_standing"]
    Task.objects.filter(pk=task.pk).update(volume_a_year=1410.0)
    offer = next(one for one in editor.get(offers).json() if one["path"] == PATH and not one["is_standing"])
    assert ("190" in offer["before"], "410" in offer["after"]) == (True, True)
    decision = {"decision": "accept", "path": PATH, "token": offer["token"]}
    assert calling(cast.viewer).post(offers, decision).status_code == 403
    taken = editor.post(offers, decision)
    assert taken.status_code == 200
    assert "410" in taken.json()["blocks"]["making_predictions"]["fields"]["note"]["text"]
    assert editor.post(offers, decision | {"decision": "refuse"}).status_code == 412
    assert editor.post(offers, decision | {"path": "no.such"}).status_code == 400
