"""Find or do: what matches in one's own workspace, and what one's role may do."""

import pytest

from accounts.models import Membership, Role
from planner.models import Process, Task
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

FIND = "/w/acme/find/"


@pytest.fixture
def claims(cast: Cast) -> Process:
    process = Process.objects.create(workspace=cast.workspace, name="Motor claims <b>")
    Task.objects.create(workspace=cast.workspace, process=process, name="Triage claim", kind="task", position=1)
    other = Process.objects.create(workspace=cast.elsewhere, name="Claims of others")
    Task.objects.create(workspace=cast.elsewhere, process=other, name="Secret claim", kind="task", position=1)
    return process


def found(cast: Cast, query: str, **headers: str) -> str:
    answer = cast.browser(cast.viewer).get(FIND, {"q": query}, headers=headers or None)
    assert answer.status_code == 200
    return answer.content.decode()


def test_processes_and_tasks_are_found_by_a_part_of_their_name(cast: Cast, claims: Process) -> None:
    page = found(cast, "claim")
    assert "Motor claims &lt;b&gt;" in page
    assert f"/w/acme/processes/{claims.pk}/" in page
    assert "Triage claim" in page


def test_nothing_of_another_workspace_is_found(cast: Cast, claims: Process) -> None:
    page = found(cast, "claim")
    assert "Claims of others" not in page
    assert "Secret claim" not in page


def test_the_palette_gets_only_the_list(cast: Cast, claims: Process) -> None:
    part = found(cast, "triage", **{"HX-Request": "true"})
    assert "<html" not in part
    assert 'role="option"' in part


def test_actions_are_found_by_other_words_and_by_role(cast: Cast) -> None:
    assert "Workspace settings" in found(cast, "wage")
    assert "Import a log" not in found(cast, "import")
    editors = cast.browser(cast.editor).get(FIND, {"q": "import"}).content.decode()
    assert "Import a log" in editors


def test_ones_other_workspaces_are_a_step_away(cast: Cast) -> None:
    Membership.objects.create(workspace=cast.elsewhere, user=cast.viewer, role=Role.VIEWER)
    assert "Switch to Other" in found(cast, "other")


def test_what_is_not_there_is_said(cast: Cast) -> None:
    assert "Nothing is called that" in found(cast, "zzz")


def test_a_stranger_finds_nothing_here(cast: Cast) -> None:
    assert cast.browser(cast.stranger).get(FIND).status_code == 404
