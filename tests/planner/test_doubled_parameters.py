"""What an address says twice counts as it was said last, on every page; the API refuses it."""

import re

import pytest

from tests.conftest import Cast
from tests.planner.called import called
from tests.planner.worth import claims_process

pytestmark = pytest.mark.django_db
DOUBLED = (
    ("ranking/", "by=npv&by=payback", "by=payback"),
    ("ranking/", "first=1&first=2", "first=2"),
    ("ranking/", "lane=Nobody&lane=", "lane="),
    ("values/", "q=nothing&q=triage", "q=triage"),
    ("scenarios/", "q=triage&q=pay", "q=pay"),
    ("tasks/", "q=nothing&q=triage", "q=triage"),
)


def body(text: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|value="/w/[^"]*"', "", text).partition(
        "<main"
    )[2]


@pytest.mark.parametrize(("page", "doubled", "last"), DOUBLED)
def test_the_last_one_counts(cast: Cast, page: str, doubled: str, last: str) -> None:
    where = f"/w/acme/processes/{claims_process(cast.workspace).pk}/{page}"
    browser = cast.browser(cast.editor)
    answers = [browser.get(f"{where}?{query}") for query in (doubled, last)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert body(answers[0].content.decode()) == body(answers[1].content.decode())


def test_the_api_refuses_it(cast: Cast) -> None:
    where = f"/api/v1/processes/{claims_process(cast.workspace).pk}/ranking/"
    assert called(cast, cast.viewer).get(f"{where}?by=npv&by=payback").status_code == 400
