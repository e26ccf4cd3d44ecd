"""Numbers given as true, parameters given twice, and changes by POST on a version: none is taken silently."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.house.addresses import PK
from tests.house.populated import populate
from tests.planner.processes import drawn_process, the_process

JSON = {"content_type": "application/json"}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": "x", "quarters": True}, "quarters"),
        ({"name": "x", "quarters": 4, "budget": True}, "budget"),
        ({"name": "x", "quarters": 4, "must": [True]}, "must.0"),
        ({"name": "x", "quarters": 4, "needs": [{"task": False, "needs": []}]}, "needs.0.task"),
    ],
)
def test_true_is_no_number(cast: Cast, calling: Calling, body: dict[str, Any], path: str) -> None:
    answer = calling(cast.editor).post("/api/v1/portfolios/", body, format="json")
    assert answer.status_code == 400
    said = {error["path"]: error["message"] for error in answer.json()["errors"]}
    assert said[path] in ("A number is needed, not true.", "A number is needed, not false.")


def test_a_figure_of_a_task_given_as_true_is_refused(cast: Cast, calling: Calling) -> None:
    task = drawn_process(cast.access(cast.editor))["Pay"]
    address = f"/api/v1/tasks/{task.pk}/"
    body, headers = {"handling_minutes": True}, {"If-Match": "*"}
    answer = calling(cast.editor).patch(address, body, format="json", headers=headers)
    assert answer.json()["errors"] == [{"path": "handling_minutes", "message": "A number is needed, not true."}]


def test_a_parameter_that_stands_twice_is_refused_by_name(cast: Cast, calling: Calling) -> None:
    process = the_process(drawn_process(cast.access(cast.editor)))
    client, address = calling(cast.viewer), f"/api/v1/processes/{process.pk}/ranking/"
    assert client.get(f"{address}?by=roi").status_code == 200
    answer = client.get(f"{address}?by=roi&by=npv")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"path": "by", "message": "“by” stands here 2 times: send it once."}]


def test_posts_ask_for_if_match_exactly_where_it_is_described(cast: Cast, calling: Calling) -> None:
    populate(cast.workspace)
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)
    client, wrong, described = calling(cast.owner), {}, 0
    for path, inner in schema["paths"].items():
        if "post" not in inner or "{format}" in path:
            continue
        needed = any(
            each["name"] == "If-Match" and each.get("required") for each in inner["post"].get("parameters", [])
        )
        described += needed
        status = client.post(path.replace("{id}", str(PK)), {}, format="json").status_code
        if status != 404 and (status == 428) != needed:
            wrong[path] = (status, needed)
    assert wrong == {}
    assert described >= 5
