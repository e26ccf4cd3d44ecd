"""Processes, graphs, tasks, flows and imports in the API: ETags, roles, the one error shape."""

import io
import json

import pytest

from jobs.services import run_drain
from planner.models import Flow, Process, Task
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.logs import at, csv_log
from tests.planner.processes import drawn_process, the_process

API = "/api/v1/"


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    return drawn_process(cast.access(cast.editor))


def test_a_process_is_made_read_changed_and_removed(cast: Cast, calling: Calling) -> None:
    client = calling(cast.editor)
    made = client.post(f"{API}processes/", {"name": "Invoices", "cases_a_year": 1200}, format="json")
    assert made.status_code == 201
    one = f"{API}processes/{made.json()['id']}/"
    tag = made["ETag"]
    assert client.get(one, headers={"If-None-Match": tag}).status_code == 304
    assert client.patch(one, {"name": "Bills"}, format="json").status_code == 428
    changed = client.patch(one, {"name": "Bills"}, format="json", headers={"If-Match": tag})
    assert changed.json()["name"] == "Bills"
    stale = client.patch(one, {"name": "Late"}, format="json", headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["type"].rsplit(":", 1)[-1]) == (412, "stale-edit")
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404


def test_the_graph_is_read_and_put_back(cast: Cast, calling: Calling, tasks: dict[str, Task]) -> None:
    client, url = calling(cast.editor), f"{API}processes/{the_process(tasks).pk}/graph/"
    read = client.get(url)
    graph = read.json()
    assert {node["name"] for node in graph["nodes"]} == set(tasks)
    pay = next(node for node in graph["nodes"] if node["name"] == "Pay")
    pay["name"] = "Pay out"
    graph["nodes"].append({"key": "new", "name": "Close"})
    graph["flows"].append({"source": pay["key"], "target": "new", "probability": 0.5})
    put = client.put(url, graph, format="json", headers={"If-Match": read["ETag"]})
    assert put.status_code == 200
    assert {node["name"] for node in put.json()["nodes"]} >= {"Pay out", "Close"}
    assert client.put(url, graph, format="json", headers={"If-Match": read["ETag"]}).status_code == 412
    broken = {**graph, "flows": [{"source": "new", "target": "nowhere"}]}
    refused = client.put(url, broken, format="json", headers={"If-Match": put["ETag"]})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["path"] == "flows.0.target"


def test_tasks_are_made_changed_and_removed(cast: Cast, calling: Calling, tasks: dict[str, Task]) -> None:
    client, process = calling(cast.editor), the_process(tasks)
    given = {"process": process.pk, "name": "Close", "after": tasks["Pay"].pk}
    made = client.post(f"{API}tasks/", given, format="json")
    assert made.status_code == 201
    one = f"{API}tasks/{made.json()['id']}/"
    changed = client.patch(one, {"handling_minutes": 4}, format="json", headers={"If-Match": made["ETag"]})
    assert (changed.json()["handling_minutes"], changed.json()["handling_source"]) == (4, "user")
    wrong = client.patch(one, {"handling_minutes": -4}, format="json", headers={"If-Match": changed["ETag"]})
    assert wrong.json()["errors"][0]["path"] == "handling_minutes"
    assert client.delete(one, headers={"If-Match": made["ETag"]}).status_code == 412
    assert client.delete(one, headers={"If-Match": changed["ETag"]}).status_code == 204
    listed = client.get(f"{API}tasks/", {"process": process.pk}).json()["results"]
    assert [task["name"] for task in listed] == ["Start", "End", "Triage", "Ask", "Pay"]


def test_flows_are_made_changed_and_removed(cast: Cast, calling: Calling, tasks: dict[str, Task]) -> None:
    client = calling(cast.editor)
    given = {"source": tasks["Pay"].pk, "target": tasks["Ask"].pk, "probability": 0.1}
    made = client.post(f"{API}flows/", given, format="json")
    assert made.status_code == 201
    one = f"{API}flows/{made.json()['id']}/"
    changed = client.patch(one, {"label": "again"}, format="json", headers={"If-Match": made["ETag"]})
    assert (changed.json()["label"], changed.json()["probability"]) == ("again", 0.1)
    assert client.delete(one, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert not Flow.objects.filter(pk=made.json()["id"]).exists()


def test_foreign_ids_in_a_body_do_not_exist(cast: Cast, calling: Calling, tasks: dict[str, Task]) -> None:
    other = calling(cast.stranger, workspace=cast.elsewhere)
    given = {"process": the_process(tasks).pk, "name": "Mine"}
    assert other.post(f"{API}tasks/", given, format="json").status_code == 400
    ends = {"source": tasks["Pay"].pk, "target": tasks["Ask"].pk}
    assert other.post(f"{API}flows/", ends, format="json").status_code == 400
    assert other.get(f"{API}processes/{the_process(tasks).pk}/graph/").status_code == 404


def test_viewers_read_and_change_nothing(cast: Cast, calling: Calling, tasks: dict[str, Task]) -> None:
    client, process = calling(cast.viewer), the_process(tasks)
    assert client.get(f"{API}processes/{process.pk}/graph/").status_code == 200
    assert client.post(f"{API}processes/", {"name": "Mine"}, format="json").status_code == 403
    assert client.get(f"{API}processes/{process.pk}/log/").status_code == 404


def file_of(data: bytes, name: str = "orders.csv") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


@pytest.mark.django_db(transaction=True)
def test_a_log_is_imported_as_a_job(cast: Cast, calling: Calling) -> None:
    client = calling(cast.editor)
    data = csv_log([(f"{n // 2}", "AB"[n % 2], at(30 * n)) for n in range(40)])
    answer = client.post(f"{API}processes/import/", {"file": file_of(data)}, format="multipart")
    assert answer.status_code == 202
    job = answer.json()["job"]
    assert answer["Location"].endswith(f"/jobs/{job}/")
    run_drain(run_ids=[job])
    done = client.get(f"{API}processes/import/{answer.json()['id']}/").json()
    assert done["state"] == "imported"
    log = client.get(f"{API}processes/{done['process']}/log/").json()
    assert (log["events"], log["cases"], log["directly_follows_pairs"]) == (40, 20, 1)


@pytest.mark.django_db(transaction=True)
def test_a_mapping_is_taken_and_a_bad_one_or_file_refused(cast: Cast, calling: Calling) -> None:
    client = calling(cast.editor)
    data = csv_log([(f"{n // 2}", "AB"[n % 2], at(30 * n)) for n in range(40)], "x,y,z")

    def send(mapping: object, content: bytes = data) -> dict[str, object]:
        body = {"file": file_of(content), "mapping": mapping if isinstance(mapping, str) else json.dumps(mapping)}
        found = client.post(f"{API}processes/import/", body, format="multipart")
        return {"status": found.status_code, **found.json()}

    assert send({"case": "x", "activity": "y", "end": "z"})["status"] == 202
    wrong = send({"case": "x", "activity": "q", "end": "z"})
    assert (wrong["status"], wrong["title"]) == (400, "There is no column “q” in this file.")
    assert send("[1")["status"] == 400
    empty = send({}, b"")
    assert empty["status"] == 400
    assert not Process.objects.exists()
