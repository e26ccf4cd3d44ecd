"""A viewer is shown nothing that would be refused: every page is walked, every form and link on it tried."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.conftest import Cast
from tests.house.whole import whole_workspace

# What a viewer may send: leaving, signing out, tokens that only read, comments.
MINE = re.compile(r"/(sign-out|canvas/comments|members/\d+/leave|tokens(/\d+/delete)?)/$")


class Controls(HTMLParser):
    """The forms, links and fields of a page outside what floats above every page."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[str] = []
        self.links: list[str] = []
        self.loose: list[str] = []
        self._forms: list[bool] = []
        self._floats = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "dialog":
            self._floats += 1
        elif self._floats:
            return
        elif tag == "form":
            self._forms.append(given.get("method", "get").lower() == "post")
            if self._forms[-1]:
                self.posts.append(given.get("action", ""))
        elif tag == "a" and given.get("href", "").startswith(("/w/", "?")):
            self.links.append(given["href"])
        elif tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "search"):
            self.loose += [f"{tag} {given.get('name', '')}"] if not self._forms or "form" in given else []

    def handle_endtag(self, tag: str) -> None:
        if tag == "dialog":
            self._floats -= 1
        elif tag == "form" and self._forms:
            self._forms.pop()


def pages(client: Client, start: str) -> Iterator[tuple[str, Controls]]:
    """Every page a viewer reaches by links, with what is on it."""
    waiting, seen = [start], {start}
    while waiting:
        path = waiting.pop()
        answer = client.get(path, follow=True)
        found = Controls()
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"] and not answer.streaming:
            found.feed(answer.content.decode())
        yield f"{path} answers {answer.status_code}", found
        here = path.split("?")[0]
        for link in found.links:
            there = (here + link if link.startswith("?") else link).split("#")[0]
            kind = re.sub(r"\d+", "0", there.split("?")[0]) + re.sub(r"=[^&]*", "", there.partition("?")[2])
            numbered = there if "processes/" in there and "?" not in there else kind
            if numbered not in seen:
                seen.add(numbered)
                waiting.append(there)


def refusals(viewer: Client) -> tuple[int, list[str]]:
    """How many pages were walked, and what on them a viewer would be refused."""
    refused, walked = [], 0
    for said, found in pages(viewer, "/w/acme/"):
        walked += 1
        if not said.endswith(" 200"):
            refused.append(said)
        posts = [action or said.split()[0] for action in found.posts]
        refused += [f"{said}: posts to {action}" for action in posts if not MINE.search(action)]
        refused += [f"{said}: a field outside any form, {name}" for name in found.loose]
    return walked, refused


@pytest.mark.django_db(transaction=True)
def test_every_control_a_viewer_sees_is_one_a_viewer_may_use(cast: Cast) -> None:
    whole = whole_workspace(cast.access(cast.editor))
    walked, refused = refusals(cast.browser(cast.viewer))
    assert walked > 30, "the walk has not gone far enough to mean anything"
    assert refused == []
    # The same walk finds what an editor may do, or it would pass on pages that show nobody anything.
    posts = {action for _, found in pages(cast.browser(cast.editor), "/w/acme/") for action in found.posts}
    task = whole.pipeline.task_id
    answers = f"/w/acme/processes/{whole.process.pk}/suitability/answers/"
    assert {f"/w/acme/tasks/{task}/value/", answers, ""} <= posts
    for path in ("", "tasks/", "flows/", "suitability/", "ranking/"):
        url = f"/w/acme/processes/{whole.process.pk}/{path}"
        assert "editor" in cast.browser(cast.viewer).get(url).content.decode(), path
        assert "needs an editor" not in cast.browser(cast.editor).get(url).content.decode(), path


@pytest.mark.django_db
def test_the_form_of_a_new_process_is_an_editors(cast: Cast) -> None:
    assert cast.browser(cast.viewer).get("/w/acme/processes/new/").status_code == 403
    assert cast.browser(cast.editor).get("/w/acme/processes/new/").status_code == 200
    assert "/processes/new/" not in cast.browser(cast.viewer).get("/w/acme/processes/").content.decode()
