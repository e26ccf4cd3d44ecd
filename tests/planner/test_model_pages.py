"""The pages of a model with gateways, lanes and sub-processes; everything is edited without JavaScript."""

import re

import pytest
from django.test import Client

from planner.models import Flow, Process, Task
from tests.conftest import Cast
from tests.planner.modelled import BACK, modelled_process


def words(client: Client, url: str, **query: object) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    text = re.sub(r"<(script|svg)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace(" ,", ",").replace(" .", ".")


def address(process: Process, page: str) -> str:
    return f"/w/acme/processes/{process.pk}/{page}/"


def test_the_flow_as_text_says_gateways_in_words(cast: Cast) -> None:
    process = modelled_process(cast.access(cast.editor))
    text = words(cast.browser(cast.viewer), address(process, "flows"))
    assert "then at the same time Check coverage and Request documents" in text
    assert "one or more of Tell the customer (96 %) and Tell the garage (43 %)" in text
    assert "Register claim (20 %, if documents are missing)" in text
    assert "where branches meet" in text


def test_the_tasks_page_rolls_up_by_lane_and_subprocess_and_says_the_longest_path(cast: Cast) -> None:
    process = modelled_process(cast.access(cast.editor))
    text = words(cast.browser(cast.viewer), address(process, "tasks"))
    assert "By lane" in text
    assert "By sub-process" in text
    settle = Task.objects.get(name="Settle")
    assert settle.volume_a_year == pytest.approx(12_000)
    assert "Settle 2 12 000 24 000 5 600" in text.replace("\u202f", " ")
    assert "The longest path of a case takes" in text


def test_a_subprocess_opens_under_its_own_address_with_a_way_back(cast: Cast) -> None:
    process = modelled_process(cast.access(cast.editor))
    settle, client = Task.objects.get(name="Settle"), cast.browser(cast.viewer)
    answer = client.get(address(process, "tasks"), {"in": settle.pk})
    page = answer.context["page"]
    assert {row.task.name for row in page.sheet.rows} == {"Estimate damage", "Pay"}
    assert {node["name"] for node in page.drawing["nodes"]} == {"Begin", "Estimate damage", "Pay", "Settled"}
    assert 'aria-current="page">Settle' in answer.content.decode()
    drawn = client.get(f"/w/acme/processes/{process.pk}/graph.json", {"in": settle.pk}).json()
    assert len(drawn["nodes"]) == 4
    for nonsense in ("0", "x", str(Task.objects.get(name="Pay").pk), "9" * 30):
        assert len(client.get(f"/w/acme/processes/{process.pk}/graph.json", {"in": nonsense}).json()["nodes"]) == 13
        assert client.get(address(process, "tasks"), {"in": nonsense}).status_code == 200


def test_lanes_are_bands_that_hold_their_nodes_and_no_other(cast: Cast) -> None:
    process = modelled_process(cast.access(cast.editor))
    drawn = cast.browser(cast.viewer).get(f"/w/acme/processes/{process.pk}/graph.json").json()
    bands = {band["name"]: band for band in drawn["bands"]}
    lanes = dict(Task.objects.values_list("pk", "lane"))
    for node in drawn["nodes"]:
        inside = [name for name, band in bands.items() if abs(node["x"] - band["x"]) <= band["width"] / 2]
        assert inside == [lanes[int(node["id"])]]


def test_nodes_of_a_level_are_edited_in_one_form(cast: Cast) -> None:
    process = modelled_process(cast.access(cast.editor))
    client = cast.browser(cast.editor)
    triage, settle, some = (Task.objects.get(name=name) for name in ("Triage claim", "Settle", "Whom to tell"))
    body = {
        f"lane-{triage.pk}": "Triage desk",
        f"kind-{some.pk}": "parallel",
        f"parent-{triage.pk}": settle.pk,
        "version": process.version,
        "in": "",
    }
    answer = client.post(address(process, "nodes"), body)
    assert answer.status_code == 302
    triage.refresh_from_db()
    some.refresh_from_db()
    assert (triage.lane, triage.parent_id, some.kind) == ("Triage desk", settle.pk, "parallel")
    stale = client.post(address(process, "nodes"), {**body, f"lane-{triage.pk}": "Nobody"}, follow=True)
    assert "was changed since you opened it" in stale.content.decode()
    wrong = client.post(address(process, "nodes"), {f"kind-{some.pk}": "circle", f"lane-{triage.pk}": "X"}, follow=True)
    assert "choose one of the kinds" in wrong.content.decode()
    triage.refresh_from_db()
    assert triage.lane == "Triage desk"


def test_any_kind_of_node_is_added_inside_the_subprocess_that_is_open(cast: Cast) -> None:
    process = modelled_process(cast.access(cast.editor))
    client, settle = cast.browser(cast.editor), Task.objects.get(name="Settle")
    body = {"name": "Check twice", "kind": "subprocess", "lane": BACK, "in": settle.pk}
    answer = client.post(f"/w/acme/processes/{process.pk}/tasks/add/", body)
    assert answer["Location"].endswith(f"?edit=graph&in={settle.pk}")
    made = Task.objects.get(name="Check twice")
    assert (made.parent_id, made.lane, made.kind) == (settle.pk, BACK, "subprocess")
    client.post(f"/w/acme/processes/{process.pk}/tasks/add/", {"kind": "exclusive"})
    assert Task.objects.filter(kind="exclusive", name="").exists()
    refused = client.post(f"/w/acme/processes/{process.pk}/tasks/add/", {"kind": "task", "name": ""}, follow=True)
    assert "A task needs a name" in refused.content.decode()


def test_a_finding_is_put_right_by_its_button_and_taken_back(cast: Cast) -> None:
    process = modelled_process(cast.access(cast.editor))
    client = cast.browser(cast.editor)
    flow = Flow.objects.get(source__name="Triage claim", target__name="Settle")
    client.post(f"/w/acme/flows/{flow.pk}/", {"percent": "50", "condition": "all is there"})
    flow.refresh_from_db()
    assert (flow.probability, flow.condition) == (0.5, "all is there")
    for page in ("flows", "tasks"):
        assert "add up to 70 %, not 100 %" in words(client, address(process, page), edit="graph")
    triage = Task.objects.get(name="Triage claim")
    body = {"key": triage.pk, "fix": "normalise", "back": "flows"}
    done = client.post(address(process, "mend"), body, follow=True)
    assert done.redirect_chain[-1][0].endswith("/flows/")
    assert "Take it back" in done.content.decode()
    flow.refresh_from_db()
    assert flow.probability == pytest.approx(5 / 7)
    client.post(address(process, "mend"), {"undo": "1", "back": "flows"})
    flow.refresh_from_db()
    assert flow.probability == 0.5
    viewer = cast.browser(cast.viewer)
    assert viewer.post(address(process, "mend"), body).status_code in {302, 403}
    flow.refresh_from_db()
    assert flow.probability == 0.5
    assert "Scale them" not in words(viewer, address(process, "flows"))


def test_gateways_and_subprocesses_have_a_page_of_their_own(cast: Cast) -> None:
    process = modelled_process(cast.access(cast.editor))
    client, fork = cast.browser(cast.editor), Task.objects.filter(kind="parallel").first()
    assert fork is not None
    for task in Task.objects.filter(process=process).exclude(kind="task"):
        text = words(client, f"/w/acme/tasks/{task.pk}/")
        assert ("Open its inside" in text) == (task.kind == "subprocess")
    assert "goes to Check coverage, 100 %" in words(client, f"/w/acme/tasks/{fork.pk}/")
    changes = {"name": "", "kind": "exclusive", "lane": "Desk", "version": process.version}
    assert client.post(f"/w/acme/tasks/{fork.pk}/", changes).status_code == 302
    fork.refresh_from_db()
    assert (fork.kind, fork.lane, fork.name) == ("exclusive", "Desk", "")
    start = Task.objects.get(kind="start", parent=None)
    client.post(f"/w/acme/tasks/{start.pk}/", {"name": "Call comes in", "lane": "Desk"})
    start.refresh_from_db()
    assert (start.name, start.lane, start.kind) == ("Call comes in", "Desk", "start")
