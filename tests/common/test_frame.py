"""The frame of every page: what the browser is allowed, errors in words, the steps of a process."""

import io
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings

from common.errors import FieldProblem, StaleEdit
from common.icons import ICONS
from common.middleware import ProblemMiddleware
from common.security import chart_page, client_address, file_response
from common.steps import STEPS, StepState, steps_of
from common.toasts import with_toast
from tests.conftest import Cast

SCRIPTS = "script-src 'self';"


@dataclass(frozen=True)
class Claims:
    name: str = "Motor <claims>"
    cases_a_year: float = 42000


def told(process: object) -> list[StepState]:
    return [StepState("tasks", "Tasks", "/tasks/", "done", "all 8 measured")]


def test_pages_run_no_script_but_ours(client: Client, db: None) -> None:
    answer = client.get("/sign-in/")
    policy = answer["Content-Security-Policy"] + ";"
    assert SCRIPTS in policy
    assert "unsafe" not in policy
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_chart_page_may_style_and_nothing_else() -> None:
    answer = chart_page(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert answer._csp_update == {"style-src": ["'unsafe-inline'"]}  # type: ignore[attr-defined]


def test_a_users_file_is_a_download_that_runs_nothing() -> None:
    answer = file_response(io.BytesIO(b"<script>"), filename='a"b.html', media_type="text/html")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("proxies", "heard", "believed"),
    [
        (0, "1.2.3.4", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (1, "", "10.0.0.1"),
        (1, "no address", "10.0.0.1"),
        (3, "6.6.6.6", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_say_where_a_client_is(proxies: int, heard: str, believed: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": heard})
    with override_settings(AXES_IPWARE_PROXY_COUNT=proxies):
        assert client_address(request) == believed


def test_a_problem_is_a_page_in_words(rf: RequestFactory) -> None:
    def refuse(request: object) -> HttpResponse:
        raise AssertionError(request)

    problem = StaleEdit("J. Ortiz changed it.", changed=["wage <b>"], detail="Look at theirs.")
    problem.errors = (FieldProblem("wage", "It is 40 now."),)
    answer = ProblemMiddleware(refuse).process_exception(rf.get("/"), problem)
    assert answer is not None
    page = answer.content.decode()
    assert answer.status_code == 412
    for words in ("J. Ortiz changed it.", "Look at theirs.", "It is 40 now.", "wage &lt;b&gt;", "Nothing was changed"):
        assert words in page


def test_any_other_exception_is_left_alone(rf: RequestFactory) -> None:
    assert ProblemMiddleware(lambda _: HttpResponse()).process_exception(rf.get("/"), ValueError()) is None


def test_an_address_without_a_page_says_so_in_our_frame(cast: Cast) -> None:
    answer = cast.browser(cast.owner).get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_a_form_from_elsewhere_is_refused_in_words(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "a@b.c", "password": "x"})
    assert answer.status_code == 403
    assert "The form was too old to send" in answer.content.decode()


def test_a_toast_travels_with_an_answer() -> None:
    assert '"title": "Saved"' in with_toast(HttpResponse(), "Saved")["HX-Trigger"]


@override_settings(STEP_PROVIDERS=["tests.common.test_frame.told"])
def test_all_eight_steps_are_always_in_sight() -> None:
    steps = steps_of(Claims())
    assert [step.key for step in steps] == list(STEPS)
    assert [(step.sign, step.words) for step in steps[:2]] == [("open", "not begun"), ("done", "all 8 measured")]


@override_settings(STEP_PROVIDERS=[])
def test_the_bar_names_the_process_and_marks_the_present_step() -> None:
    page = Template("{% load look %}{% process_steps process current='value' %}").render(Context({"process": Claims()}))
    assert "Motor &lt;claims&gt;" in page
    assert "process, 42\u202f000 a year" in page
    assert page.count('aria-current="step"') == 1


@pytest.mark.parametrize("name", ICONS)
def test_every_sign_is_drawn_without_code(name: str) -> None:
    page = Template("{% load look %}{% icon name 14 'x\"y' '<b>' %}").render(Context({"name": name}))
    assert 'aria-label="&lt;b&gt;"' in page
    assert "style=" not in page
