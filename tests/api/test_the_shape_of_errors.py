"""Every refusal of the API has one shape, names the field, and lets nothing of the inside out."""

import json
from contextlib import suppress
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import ValidationError as ModelInvalid
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import exceptions
from rest_framework.exceptions import ParseError
from rest_framework.test import APIClient

from canvas.models import Canvas
from common.api import json_within_limits, problem_handler, problem_of
from common.errors import FieldProblem, InvalidInput, StaleEdit
from planner.services import process_create
from tests.api.conftest import Calling
from tests.conftest import Cast

SHAPE = {"type", "title", "status", "detail", "errors"}


def body_of(error: Exception) -> dict[str, Any]:
    problem = problem_of(error)
    assert problem is not None
    return problem.body()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("No.", errors=[FieldProblem("a.b", "Wrong.")]), 400),
        (StaleEdit("Changed.", changed=["Threshold"]), 412),
        (Http404("secret path"), 404),
        (exceptions.PermissionDenied(), 403),
        (exceptions.MethodNotAllowed("PUT"), 405),
        (exceptions.Throttled(wait=3), 429),
        (exceptions.UnsupportedMediaType("text/x"), 415),
        (ModelInvalid({"name": ["Too long."]}), 400),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_kind_of_refusal_has_the_same_shape(error: Exception, status: int) -> None:
    body = body_of(error)
    assert set(body) - {"changed"} == SHAPE
    assert body["status"] == status
    assert body["type"].startswith("urn:taskworth:problem:")
    assert body["title"].endswith(".")


def test_nested_errors_become_dotted_paths() -> None:
    detail = {"flows": [{}, {"target": ["Not there."]}], "non_field_errors": ["Not both."]}
    errors = body_of(exceptions.ValidationError(detail))["errors"]
    assert errors == [
        {"path": "flows.1.target", "message": "Not there."},
        {"path": "", "message": "Not both."},
    ]


def test_an_edit_that_came_too_late_says_what_changed() -> None:
    assert body_of(StaleEdit("Changed.", changed=["Threshold: “0.3”"]))["changed"] == ["Threshold: “0.3”"]


def test_an_unforeseen_error_tells_nothing_of_the_inside() -> None:
    answer = problem_handler(RuntimeError("password=hunter2 at /srv/app"), {})
    assert answer.status_code == 500
    assert "hunter2" not in json.dumps(answer.data)


def test_an_unforeseen_error_of_a_view_is_answered_in_the_same_shape(cast: Cast, calling: Calling) -> None:
    with mock.patch.object(Canvas.objects, "of", side_effect=RuntimeError("hunter2")):
        answer = calling(cast.owner).get("/api/v1/canvases/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "hunter2" not in answer.content.decode()


def test_an_address_that_is_not_there_answers_in_the_same_shape(db: None) -> None:
    answer = APIClient().get("/api/v1/nothing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_without_a_token_the_api_says_so(db: None) -> None:
    answer = APIClient().get("/api/v1/canvases/")
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:taskworth:problem:not-signed-in")


HOSTILE = {
    "not JSON": b'{"a": ',
    "not UTF-8": b'{"a": "\xff"}',
    "a number that is none": b'{"a": NaN}',
    "an infinity": b'{"a": 1e999}',
    "a 5000-digit number": b'{"a": ' + b"9" * 5000 + b"}",
    "100 000 levels": b"[" * 100_000 + b"]" * 100_000,
    "a key twice": b'{"task": 1, "task": 2}',
    "half a surrogate pair": b'{"a": "\\ud800"}',
    "a null character": b'{"a": "\\u0000"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_json_is_refused_with_a_sentence(cast: Cast, calling: Calling, body: bytes) -> None:
    answer = calling(cast.editor).post("/api/v1/canvases/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:taskworth:problem:unreadable")
    assert answer.json()["detail"]


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"7"])
def test_a_body_that_is_no_object_changes_nothing(cast: Cast, calling: Calling, body: bytes) -> None:
    process = process_create(access=cast.access(cast.editor), name="Claims")
    address = f"/api/v1/processes/{process.pk}/"
    answer = calling(cast.editor).patch(address, body, content_type="application/json", HTTP_IF_MATCH="*")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:taskworth:problem:unreadable")


def test_a_body_too_large_is_refused_before_it_is_parsed(cast: Cast, calling: Calling, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = calling(cast.editor).post("/api/v1/canvases/", b"[" * 2000, content_type="application/json")
    assert answer.status_code == 413


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_within_the_limits_is_read_as_it_is(value: object) -> None:
    assert json_within_limits(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_never_more(raw: bytes) -> None:
    with suppress(ParseError):
        json_within_limits(raw)


def test_a_text_that_never_ends_is_refused_at_once() -> None:
    # Read anew from each of its quotes, these two megabytes would take hours.
    with pytest.raises(ParseError, match="Not JSON"):
        json_within_limits(('"' + '\\"' * 1_000_000).encode())


@pytest.mark.parametrize("raw", ['{"case": "\\ud800"}', '{"case": NaN}', '{"case": "\\u0000"}'])
def test_a_mapping_is_read_within_the_same_limits(cast: Cast, raw: str) -> None:
    sent = {"file": SimpleUploadedFile("log.csv", b"case,activity,time\n1,a,2026-01-01\n"), "mapping": raw}
    answer = cast.browser(cast.editor).post("/api/v1/processes/import/?workspace=acme", sent)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == "mapping"
