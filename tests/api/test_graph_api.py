"""The graph over the API: everything is read and written with ETags; too large a one is refused before it is read."""

from django.test import Client

from planner.domain.process_graph.node import MOST_NODES
from planner.models import Task
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process

JSON = "application/json"


def test_gateways_lanes_subprocesses_and_conditions_go_round(cast: Cast) -> None:
    process = the_process(drawn_process(cast.access(cast.editor)))
    client: Client = cast.browser(cast.editor)
    url = f"/api/v1/processes/{process.pk}/graph/"
    read = client.get(url)
    graph = read.json()
    pay = next(node for node in graph["nodes"] if node["name"] == "Pay")
    graph["nodes"] += [
        {"key": "sub", "name": "Settle", "kind": "subprocess", "lane": "Back office"},
        {"key": "fork", "name": "", "kind": "parallel", "parent": "sub"},
    ]
    pay |= {"parent": "sub", "lane": "Back office"}
    graph["flows"] = [flow for flow in graph["flows"] if pay["key"] not in (flow["source"], flow["target"])]
    graph["flows"] += [{"source": "fork", "target": pay["key"], "condition": "always"}]
    put = client.put(url, graph, content_type=JSON, headers={"If-Match": read["ETag"]})
    assert put.status_code == 200, put.json()
    names = {node["key"]: node["name"] for node in put.json()["nodes"]}
    found = next(node for node in put.json()["nodes"] if node["name"] == "Pay")
    assert (names[found["parent"]], found["lane"], found["key"]) == ("Settle", "Back office", pay["key"])
    assert [flow["condition"] for flow in put.json()["flows"] if flow["target"] == pay["key"]] == ["always"]
    assert client.get(url, headers={"If-None-Match": put["ETag"]}).status_code == 304
    late = client.put(url, graph, content_type=JSON, headers={"If-Match": read["ETag"]})
    assert late.status_code == 412
    assert {"“Settle” was added.", "“Pay”: its lane, the sub-process it is part of."} <= set(late.json()["changed"])


def test_a_nested_circle_and_flows_between_levels_are_refused_by_their_fields(cast: Cast) -> None:
    process = the_process(drawn_process(cast.access(cast.editor)))
    client = cast.browser(cast.editor)
    nodes = [
        {"key": "a", "name": "A", "kind": "subprocess", "parent": "b"},
        {"key": "b", "name": "B", "kind": "subprocess", "parent": "a"},
        {"key": "c", "name": "C", "parent": "nobody"},
        {"key": "d", "name": "D", "parent": "a"},
        {"key": "e", "name": "E"},
    ]
    body = {"nodes": nodes, "flows": [{"source": "d", "target": "e"}]}
    answer = client.put(f"/api/v1/processes/{process.pk}/graph/", body, content_type=JSON, headers={"If-Match": "*"})
    assert answer.status_code == 400
    assert {error["path"] for error in answer.json()["errors"]} >= {"nodes.0.parent", "nodes.2.parent", "flows.0"}
    assert Task.objects.filter(process=process).count() == 5


def test_a_hundred_thousand_nodes_are_refused_with_the_limit_before_they_are_looked_at(cast: Cast) -> None:
    process = the_process(drawn_process(cast.access(cast.editor)))
    body = {"nodes": [{"key": str(n), "name": "x"} for n in range(100_000)], "flows": []}
    answer = cast.browser(cast.editor).put(
        f"/api/v1/processes/{process.pk}/graph/", body, content_type=JSON, headers={"If-Match": "*"}
    )
    assert answer.status_code == 400
    assert f"There are 100000 nodes; at most {MOST_NODES} are taken." in answer.content.decode()
    assert len(answer.json()["errors"]) == 1, "no field of any node was looked at"


def test_nodes_of_every_kind_are_made_moved_and_changed_one_by_one(cast: Cast) -> None:
    tasks = drawn_process(cast.access(cast.editor))
    process, client = the_process(tasks), cast.browser(cast.editor)
    made = client.post("/api/v1/tasks/", {"process": process.pk, "name": "In", "kind": "subprocess"}, content_type=JSON)
    assert made.status_code == 201, made.json()
    fork = client.post("/api/v1/tasks/", {"process": process.pk, "kind": "inclusive"}, content_type=JSON)
    assert fork.status_code == 201, fork.json()
    moved = client.patch(
        f"/api/v1/tasks/{tasks['Ask'].pk}/",
        {"parent": made.json()["id"], "lane": "Front"},
        content_type=JSON,
        headers={"If-Match": "*"},
    )
    assert (moved.json()["parent"], moved.json()["lane"]) == (made.json()["id"], "Front")
    other = drawn_process(cast.access(cast.stranger, cast.elsewhere))
    strange = client.patch(
        f"/api/v1/tasks/{tasks['Pay'].pk}/", {"parent": other["Pay"].pk}, content_type=JSON, headers={"If-Match": "*"}
    )
    assert strange.status_code == 400
    assert Task.objects.get(pk=tasks["Pay"].pk).parent is None
