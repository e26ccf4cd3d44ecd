"""The pages: who sees and writes what, plain forms without scripts, hostile text, the author's name everywhere."""

import json

import pytest
from django.test import Client

from canvas.models import Canvas
from canvas.services import canvas_update
from planner.models import Process, Task
from tests.conftest import Cast

HOSTILE = '</script><script>alert(1)</script>"><svg onload=alert(2)>\u202e'


def sheet(task: Task) -> str:
    return f"/w/acme/tasks/{task.pk}/canvas/"


def typed(canvas: Canvas, **fields: str) -> dict[str, str]:
    return {"version": str(canvas.version), **{path.replace("__", "."): text for path, text in fields.items()}}


def test_a_task_without_canvas_offers_to_draft_one(cast: Cast, task: Task) -> None:
    page = cast.browser(cast.editor).get(sheet(task)).content.decode()
    assert "Draft the canvas of Detect fraud" in page
    drafted = cast.browser(cast.editor).post(f"{sheet(task)}draft/", follow=True)
    assert "of ten blocks" in drafted.content.decode()


def test_every_field_shows_its_source_and_the_author_is_named(cast: Cast, canvas: Canvas, task: Task) -> None:
    page = cast.browser(cast.owner).get(sheet(task)).content.decode()
    assert "drafted from Value" in page
    assert "Louis Dorard" in page
    assert "https://www.ownml.co" in page
    assert "CC BY-SA 4.0" in page


def test_an_editor_gets_inputs_a_viewer_gets_text(cast: Cast, canvas: Canvas, task: Task) -> None:
    editing = cast.browser(cast.editor).get(sheet(task)).content.decode()
    reading = cast.browser(cast.viewer).get(sheet(task)).content.decode()
    assert 'name="decisions.action"' in editing
    assert 'name="decisions.action"' not in reading
    assert "drafted from Value" in reading


def test_a_plain_form_saves_and_comes_back_to_its_block(cast: Cast, canvas: Canvas, task: Task) -> None:
    answer = cast.browser(cast.editor).post(f"{sheet(task)}decisions/", typed(canvas, decisions__action="held"))
    assert (answer.status_code, answer["Location"]) == (302, f"{sheet(task)}#decisions")
    canvas.refresh_from_db()
    assert canvas.fields["decisions"]["action"]["value"] == "held"


def test_a_plain_form_keeps_what_was_typed_beside_what_is_wrong(cast: Cast, canvas: Canvas, task: Task) -> None:
    answer = cast.browser(cast.editor).post(f"{sheet(task)}decisions/", typed(canvas, decisions__threshold="7"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="7"' in page
    assert "Threshold lies between 0 and 1." in page


@pytest.mark.parametrize(
    ("order", "begins"),
    [("", "b-val b-task b-dec"), ("dorard", "b-val b-task b-dec"), ("ml-ops", "b-val b-src b-task")],
)
def test_a_phone_is_led_in_the_order_chosen(cast: Cast, canvas: Canvas, task: Task, order: str, begins: str) -> None:
    page = cast.browser(cast.editor).get(f"{sheet(task)}?order={order}").content.decode()
    assert f'data-order="{begins}' in page
    assert "data-stepper" in page


def test_in_any_order_all_blocks_stand_below_each_other(cast: Cast, canvas: Canvas, task: Task) -> None:
    page = cast.browser(cast.editor).get(f"{sheet(task)}?order=free").content.decode()
    assert "data-stepper" not in page
    assert page.count("data-autosave>") >= 10


def test_htmx_gets_only_the_parts_that_changed(cast: Cast, canvas: Canvas, task: Task) -> None:
    client = cast.browser(cast.editor)
    data = typed(canvas, decisions__action="held")
    page = client.post(f"{sheet(task)}decisions/", data, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'id="said-decisions-action" hx-swap-oob="true"' in page
    assert "Edith" in page


def test_a_field_taken_meanwhile_says_by_whom_and_offers_both_ways(cast: Cast, canvas: Canvas, task: Task) -> None:
    canvas_update(
        access=cast.access(cast.owner), canvas=canvas, values={"decisions.action": "paid"}, version=canvas.version
    )
    data = typed(canvas, decisions__action="held")
    answer = cast.browser(cast.editor).post(f"{sheet(task)}decisions/", data, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Olga set Decisions, Action: “paid”" in page
    assert "Save mine instead" in page
    assert "Take theirs" in page


@pytest.mark.parametrize("version", ["", "0", "99999", "x", "-1"])
def test_a_form_of_no_version_of_this_canvas_is_refused(cast: Cast, canvas: Canvas, task: Task, version: str) -> None:
    data = {"version": version, "decisions.action": "held"}
    assert cast.browser(cast.editor).post(f"{sheet(task)}decisions/", data).status_code == 400


def test_the_header_and_the_conclusion_are_saved(cast: Cast, canvas: Canvas, task: Task) -> None:
    client = cast.browser(cast.editor)
    client.post(f"{sheet(task)}header/", {"designed_for": "Claims", "designed_by": "Ed", "iteration": "3"})
    refused = client.post(f"{sheet(task)}conclusion/", {"conclusion": "do_not_build", "reason": ""})
    client.post(f"{sheet(task)}conclusion/", {"conclusion": "do_not_build", "reason": "A rule decides it."})
    canvas.refresh_from_db()
    assert refused.status_code == 422
    assert (canvas.designed_for, canvas.iteration, canvas.conclusion) == ("Claims", 3, "do_not_build")
    assert "Concluded: do not build ML here." in client.get(sheet(task)).content.decode()


def test_the_first_of_the_ranking_are_drafted_from_the_index(
    cast: Cast, process: Process, task: Task, other_task: Task
) -> None:
    client, index = cast.browser(cast.editor), f"/w/acme/processes/{process.pk}/canvases/"
    assert "No canvas yet" in client.get(index).content.decode()
    assert client.post(f"{index}draft/", {"k": "0"}).status_code == 422
    page = client.post(f"{index}draft/", {"k": "2"}, follow=True).content.decode()
    assert "Two canvases drafted" in page
    assert Canvas.objects.of(cast.workspace).count() == 2


def test_history_tells_who_changed_what(cast: Cast, canvas: Canvas, task: Task) -> None:
    canvas_update(access=cast.access(cast.editor), canvas=canvas, values={"decisions.threshold": 0.3}, version=None)
    page = cast.browser(cast.viewer).get(f"{sheet(task)}history/").content.decode()
    assert "Edith" in page
    assert "Decisions, Threshold: “0.3”" in page


@pytest.mark.parametrize("form", ["md", "json"])
def test_exports_are_files_that_name_the_author(cast: Cast, canvas: Canvas, task: Task, form: str) -> None:
    answer = cast.browser(cast.viewer).get(f"{sheet(task)}canvas.{form}")
    text = b"".join(answer).decode()
    assert answer["Content-Disposition"] == f'attachment; filename="canvas-detect-fraud.{form}"'
    assert "Louis Dorard" in text
    assert "ownml.co" in text
    assert "CC BY-SA 4.0" in text


def test_hostile_text_stays_text_in_pages_and_exports(cast: Cast, canvas: Canvas, task: Task) -> None:
    values = {
        "decisions.action": HOSTILE,
        "features.features": f"{HOSTILE} | number",
        "monitoring.business_metrics": f"# {HOSTILE}",
        "impact_simulation.test_set": f"recent {HOSTILE}",
    }
    task.name = f"Detect {HOSTILE}"[:100]
    task.save()
    canvas_update(access=cast.access(cast.editor), canvas=canvas, values=values, version=None)
    client = cast.browser(cast.editor)
    pages = [client.get(url).content.decode() for url in (sheet(task), f"{sheet(task)}history/")]
    assert not any("<script>alert" in page or "<svg onload" in page for page in pages)
    markdown = b"".join(client.get(f"{sheet(task)}canvas.md")).decode()
    assert "<svg" not in markdown.replace("\\<", "")
    read = json.loads(b"".join(client.get(f"{sheet(task)}canvas.json")))
    kept = read["blocks"]["decisions"]["fields"]["action"]["value"]
    assert kept == HOSTILE.replace("\u202e", "")


def addresses(task: Task, process: Process) -> list[tuple[str, str]]:
    index = f"/w/acme/processes/{process.pk}/canvases/"
    gets = [sheet(task), f"{sheet(task)}history/", f"{sheet(task)}canvas.md", index]
    posts = [f"{sheet(task)}{each}/" for each in ("draft", "decisions", "header", "conclusion")]
    return [("get", url) for url in gets] + [("post", url) for url in (*posts, f"{index}draft/")]


def call(client: Client, method: str, url: str) -> int:
    return int(getattr(client, method)(url).status_code)


def test_a_stranger_finds_nothing(cast: Cast, canvas: Canvas, task: Task, process: Process) -> None:
    stranger = cast.browser(cast.stranger)
    found = {url: call(stranger, method, url) for method, url in addresses(task, process)}
    elsewhere = {
        url: call(stranger, method, url.replace("/acme/", "/other/")) for method, url in addresses(task, process)
    }
    assert set(found.values()) == set(elsewhere.values()) == {404}


def test_a_viewer_reads_and_may_not_write(cast: Cast, canvas: Canvas, task: Task, process: Process) -> None:
    viewer = cast.browser(cast.viewer)
    expected = {"get": 200, "post": 403}
    found = [(method, url, call(viewer, method, url)) for method, url in addresses(task, process)]
    assert [each for each in found if each[2] != expected[each[0]]] == []


def test_a_sheet_takes_few_queries(
    cast: Cast, canvas: Canvas, task: Task, django_assert_max_num_queries: object
) -> None:
    client = cast.browser(cast.editor)
    # Session, user, membership, task, canvas, and what the verdict and the steps of the process are read from.
    with django_assert_max_num_queries(40):
        client.get(sheet(task))
