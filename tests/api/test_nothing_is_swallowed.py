"""What the API does not know it refuses by name: fields at any depth, query parameters and their values, bodies."""

import json
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from canvas.services import canvas_draft
from planner.models import Process
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.house.addresses import PK, every_address
from tests.house.populated import populate
from tests.planner.processes import drawn_process, the_process

CALLS = [each for each in every_address() if each.in_api]


@pytest.fixture(scope="module")
def schema() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def bodies(schema: Any) -> list[tuple[str, str]]:
    """Every operation that takes a body of JSON, as address of a populated row and method."""
    return [
        (path.replace("{id}", str(PK)), method)
        for path, inner in schema["paths"].items()
        for method, found in inner.items()
        if "application/json" in found.get("requestBody", {}).get("content", {})
    ]


def send(client: APIClient, path: str, method: str, body: Any) -> Any:
    options: dict[str, Any] = {"content_type": "application/json", "headers": {"If-Match": "*"}}
    return getattr(client, method)(path, json.dumps(body), **options)


def test_a_field_nobody_knows_is_refused_by_every_operation(cast: Cast, calling: Calling, schema: Any) -> None:
    populate(cast.workspace)
    client, swallowed = calling(cast.owner), {}
    assert len(bodies(schema)) > 15
    for path, method in bodies(schema):
        answer = send(client, path, method, {"no_such_field": 1})
        paths = [error["path"] for error in answer.json()["errors"]] if answer.status_code == 400 else []
        if "no_such_field" not in paths:
            swallowed[f"{method} {path}"] = (answer.status_code, answer.content[:200])
    assert swallowed == {}


def test_if_match_is_asked_for_exactly_where_it_is_described(cast: Cast, calling: Calling, schema: Any) -> None:
    populate(cast.workspace)
    client = calling(cast.owner)
    changes = [
        (path.replace("{id}", str(PK)), method, "If-Match" in {each["name"] for each in found.get("parameters", [])})
        for path, inner in schema["paths"].items()
        for method, found in inner.items()
        if method in ("put", "patch", "delete")
    ]
    assert {(method, described) for _, method, described in changes} >= {
        ("put", True),
        ("patch", True),
        ("delete", True),
    }
    wrong = {}
    for path, method, described in sorted(changes, key=lambda each: not each[2]):  # nothing is deleted before the rest
        status = getattr(client, method)(path, {}, format="json").status_code
        if (status == 428) != described:
            wrong[f"{method} {path}"] = (status, described)
    assert wrong == {}


@pytest.mark.parametrize("body", [None, [], [{"name": "x"}], "name", 7, True], ids=repr)
def test_a_body_that_is_no_object_is_refused_by_every_operation(
    cast: Cast, calling: Calling, schema: Any, body: Any
) -> None:
    populate(cast.workspace)
    client, before = calling(cast.owner), Process.objects.count()
    sent = {f"{method} {path}": send(client, path, method, body).status_code for path, method in bodies(schema)}
    assert {where: status for where, status in sent.items() if status != 400} == {}
    assert Process.objects.count() == before


def test_the_field_that_was_meant_is_named(cast: Cast, calling: Calling) -> None:
    process = the_process(drawn_process(cast.access(cast.editor)))
    client, where = calling(cast.editor), f"/api/v1/processes/{process.pk}/"
    answer = send(client, where, "patch", {"cases_per_year": 5})
    assert answer.json()["errors"] == [
        {"path": "cases_per_year", "message": "There is no field “cases_per_year”; did you mean “cases_a_year”?"}
    ]
    graph = client.get(f"{where}graph/").json()
    graph["nodes"][1]["lanes"] = "Front"
    answer = send(client, f"{where}graph/", "put", graph)
    assert answer.json()["errors"][0] == {
        "path": "nodes.1.lanes",
        "message": "There is no field “lanes”; did you mean “lane”?",
    }


def test_what_was_read_can_be_sent_back_as_it_came(cast: Cast, calling: Calling) -> None:
    tasks = drawn_process(cast.access(cast.editor))
    client, where = calling(cast.editor), f"/api/v1/tasks/{tasks['Pay'].pk}/"
    assert send(client, where, "patch", client.get(where).json()).status_code == 200


def test_an_unknown_block_of_a_canvas_is_refused(cast: Cast, calling: Calling) -> None:
    access = cast.access(cast.editor)
    canvas = canvas_draft(access=access, task=drawn_process(access)["Pay"])
    client, where = calling(cast.editor), f"/api/v1/canvases/{canvas.pk}/"
    answer = send(client, where, "patch", {"blocks": {"decision": {}}})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"path": "blocks.decision", "message": "There is no block “decision”; did you mean “decisions”?"}
    ]
    for block in ("decision", "decisions"):
        answer = send(client, where, "patch", {"blocks": {block: {"no_such": 1}}})
        assert answer.json()["errors"][0]["path"] == f"{block}.no_such"


def test_a_query_parameter_nobody_knows_is_refused_everywhere(cast: Cast, calling: Calling) -> None:
    populate(cast.workspace)
    client, swallowed = calling(cast.owner), {}
    client.raise_request_exception = False
    for call in CALLS:
        answer = client.get(f"{call.url('acme')}?no_such=1")
        if answer.status_code != 405 and [one["path"] for one in answer.json().get("errors", [])] != ["no_such"]:
            swallowed[call.name] = answer.status_code
    assert swallowed == {}


def test_every_described_query_parameter_is_taken(cast: Cast, calling: Calling, schema: Any) -> None:
    populate(cast.workspace)
    client, refused = calling(cast.owner), []
    client.raise_request_exception = False
    for path, inner in schema["paths"].items():
        for each in inner.get("get", {}).get("parameters", []):
            if each["in"] == "query":
                answer = client.get(f"{path.replace('{id}', str(PK))}?{each['name']}=1")
                if b"There is no parameter" in (b"" if answer.streaming else answer.content):
                    refused.append((path, each["name"]))
    assert refused == []


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("processes/{pk}/ranking/?first=000100", "first"),
        ("processes/{pk}/ranking/?first=51", "first"),
        ("processes/{pk}/ranking/?first=٣", "first"),
        ("processes/{pk}/ranking/?by=zz", "by"),
        ("processes/inventory/?ordering=zz", "ordering"),
        ("processes/inventory/?q=" + "+".join("abcdefghijklm"), "q"),
        ("processes/?ordering=zz", "ordering"),
        ("processes/?owner=olga", "owner"),
        ("processes/?q=" + "+".join("abcdefghijklm"), "q"),
        ("processes/?page_size=many", "page_size"),
        ("processes/?page_size=201", "page_size"),
        ("tasks/?process=mine", "process"),
        ("flows/?process=-1", "process"),
        ("jobs/?state=zz", "state"),
    ],
)
def test_values_of_parameters_that_cannot_be_are_refused(
    cast: Cast, calling: Calling, address: str, field: str
) -> None:
    process = the_process(drawn_process(cast.access(cast.editor)))
    answer = calling(cast.editor).get("/api/v1/" + address.format(pk=process.pk))
    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["errors"]] == [field]


def test_the_known_orders_are_named(cast: Cast, calling: Calling) -> None:
    message = calling(cast.editor).get("/api/v1/processes/inventory/?ordering=zz").json()["errors"][0]["message"]
    assert "name, owner, cases, tasks, cost, worth, step" in message
