"""The API describes itself completely, and its page runs under the strict policy of the rest."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.conftest import Cast


@pytest.fixture(scope="module")
def schema() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_description_is_valid_openapi(schema: Any) -> None:
    validate_schema(schema)


def test_the_description_leaves_nothing_out(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")
    assert "Warning" not in capsys.readouterr().err


def operations(schema: Any) -> list[tuple[str, str, Any]]:
    return [(path, method, found) for path, inner in schema["paths"].items() for method, found in inner.items()]


def test_every_operation_tells_what_it_does_and_how_it_refuses(schema: Any) -> None:
    silent = [
        (path, method)
        for path, method, found in operations(schema)
        if not found.get("description") and not found.get("summary")
    ]
    unrefusing = [(path, method) for path, method, found in operations(schema) if "429" not in found["responses"]]
    assert (silent, unrefusing) == ([], [])


def test_refusals_are_described_as_problems(schema: Any) -> None:
    for _, _, found in operations(schema):
        assert list(found["responses"]["429"]["content"]) == ["application/problem+json"]


def test_changes_of_shared_things_ask_for_if_match(schema: Any) -> None:
    patch = schema["paths"]["/api/v1/canvases/{id}/"]["patch"]
    assert {"If-Match"} <= {each["name"] for each in patch["parameters"]}
    assert {"412", "428"} <= set(patch["responses"])


def test_names_a_client_sees_are_there(schema: Any) -> None:
    names = ("auth/token/", "workspaces/", "canvases/", "canvases/{id}/", "canvases/{id}/export/")
    assert {f"/api/v1/{name}" for name in names} <= set(schema["paths"])


def test_anybody_can_read_the_description(db: None) -> None:
    assert Client().get("/api/schema/").status_code == 200


def test_the_page_of_the_description_has_no_inline_script_or_style(cast: Cast) -> None:
    page = Client().get("/api/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=", text) == []
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]


def test_the_script_of_the_page_comes_from_its_own_address(db: None) -> None:
    script = Client().get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert b"SwaggerUIBundle" in script.content
