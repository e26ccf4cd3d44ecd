"""Where there is nothing yet a page teaches: one sentence, one picture, one button; a viewer reads who can begin."""

import re

import pytest

from planner.services import process_create
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
EMPTY = ["tasks/", "suitability/", "values/", "ranking/", "foresight/", "canvases/", "pipelines/", "lives/"]


def empty_part(page: str) -> str:
    assert '<div class="empty">' in page
    return page.split('<div class="empty">')[1].split("</main>", maxsplit=1)[0]


@pytest.mark.parametrize("step", EMPTY)
def test_each_step_of_a_process_without_tasks_teaches(cast: Cast, step: str) -> None:
    process = process_create(access=cast.access(cast.editor), name="Nothing drawn")
    url = f"/w/acme/processes/{process.pk}/{step}"
    part = empty_part(cast.browser(cast.editor).get(url).content.decode())
    assert len(re.findall(r"<p>", part.split("btn-main")[0])) == 1
    assert 'role="img"' in part
    assert part.count("btn-main") == 1
    target = re.search(r'class="btn btn-main" href="([^"]+)"', part)
    assert target
    assert cast.browser(cast.editor).get(target[1]).status_code == 200


@pytest.mark.parametrize("step", ["tasks/", "suitability/", "values/", "ranking/", "foresight/"])
def test_a_viewer_reads_who_can_begin(cast: Cast, step: str) -> None:
    process = process_create(access=cast.access(cast.editor), name="Nothing drawn")
    part = empty_part(cast.browser(cast.viewer).get(f"/w/acme/processes/{process.pk}/{step}").content.decode())
    assert "An editor of this workspace" in part
    assert "btn-main" not in part


@pytest.mark.parametrize("path", ["pipelines/", "jobs/"])
def test_lists_of_a_new_workspace_teach(cast: Cast, path: str) -> None:
    part = empty_part(cast.browser(cast.owner).get(f"/w/acme/{path}").content.decode())
    assert 'role="img"' in part
    assert part.count("btn-main") == 1


def test_the_list_of_processes_of_a_new_workspace_opens_the_same_three_doors(cast: Cast) -> None:
    page = cast.browser(cast.owner).get("/w/acme/processes/").content.decode()
    assert page.count('class="door"') == 3
