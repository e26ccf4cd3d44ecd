"""What automating tasks does to a case, on a page: chosen with boxes, refused beside the field, read by everybody."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access import Access
from planner.domain.valuation.measured import ConfusionMatrix
from planner.models import Flow, Process, Task
from planner.services import estimate_update, measured_value_record
from tests.conftest import Cast
from tests.planner.modelled import modelled_process
from tests.planner.processes import drawn_process, the_process
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    return drawn_process(cast.access(cast.editor))


def there(process: Process) -> str:
    return f"/w/acme/processes/{process.pk}/effect/"


def text_of(client: Client, where: str, status: int = 200) -> str:
    answer = client.get(where)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def cells(text: str, name: str) -> list[str]:
    """The cells of a task in the table."""
    row = next(row for row in re.findall(r"<tr.*?</tr>", text[text.index('id="et-t"') :]) if f">{name}</a>" in row)
    return [re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row)]


def test_without_a_verdict_to_predict_nothing_is_chosen_and_after_is_as_before(
    cast: Cast, tasks: dict[str, Task]
) -> None:
    text = text_of(cast.browser(cast.viewer), there(the_process(tasks)))
    assert "A case takes 13 min of work today; choose what a model would do" in text
    assert "No task is ranked with the verdict to predict" in text
    assert "→ <b>" not in text


def test_rework_that_disappears_moves_what_is_upstream_and_down(cast: Cast, tasks: dict[str, Task]) -> None:
    triage = tasks["Triage"].pk
    where = f"{there(the_process(tasks))}?chosen=1&tasks={triage}&repeats-{triage}=100 %25"
    text = text_of(cast.browser(cast.viewer), where)
    assert cells(text, "Triage")[1:3] == ["1.33 → 1", "1 333 → 1 000"]
    assert cells(text, "Ask")[0:3] == ["fewer visits", "0.333 → 0", "333 → 0"]
    assert cells(text, "Pay")[1] == "1"
    assert "25 % → 0 %" in text


def test_a_task_nothing_leads_back_over_has_no_share_to_write(cast: Cast, tasks: dict[str, Task]) -> None:
    text = text_of(cast.browser(cast.viewer), there(the_process(tasks)))
    assert f'name="repeats-{tasks["Triage"].pk}"' in text
    assert f'name="repeats-{tasks["Pay"].pk}"' not in text
    assert "leads back over it" in text


def test_the_share_follows_from_errors_once_they_are_known_and_says_how(cast: Cast, tasks: dict[str, Task]) -> None:
    triage, where = tasks["Triage"], f"{there(the_process(tasks))}?tasks={tasks['Triage'].pk}"
    assert "with a model are not known" in text_of(cast.browser(cast.viewer), where)
    texts = {"error_today": "4 %", "error_model": "1 %", "coverage": "50 %", "adoption": "80 %"}
    changes = {key: {"text": text} for key, text in texts.items()}
    estimate_update(access=cast.access(cast.editor), task=triage, changes=changes, version=0)
    assert "30 % = 0.8 × 0.5 × (1 − 1 % ÷ 4 %)" in text_of(cast.browser(cast.viewer), where)


@pytest.mark.parametrize("text", ["150 %25", "-1", "nan", "much", "30 to 20"])
def test_a_share_that_cannot_be_stands_beside_its_field(cast: Cast, tasks: dict[str, Task], text: str) -> None:
    triage = tasks["Triage"].pk
    found = text_of(
        cast.browser(cast.viewer), f"{there(the_process(tasks))}?tasks={triage}&repeats-{triage}={text}", 422
    )
    assert re.search(rf'id="s-{triage}"> ?<span class="field-error">', found)
    assert 'aria-invalid="true"' in found


def test_htmx_gets_the_figures_alone(cast: Cast, tasks: dict[str, Task]) -> None:
    answer = cast.browser(cast.viewer).get(f"{there(the_process(tasks))}?chosen=1", **HTMX)
    text = answer.content.decode()
    assert 'id="effect"' in text
    assert "<html" not in text


@pytest.mark.parametrize("given", ["tasks=999999", "tasks=x", "tasks=-1", "tasks=" + "9" * 30, "repeats-7000=1"])
def test_a_task_that_is_not_there_is_refused(cast: Cast, tasks: dict[str, Task], given: str) -> None:
    text_of(cast.browser(cast.viewer), f"{there(the_process(tasks))}?{given}", 400)


def test_flows_without_a_way_out_are_told(cast: Cast, tasks: dict[str, Task]) -> None:
    Flow.objects.filter(source=tasks["Triage"], target=tasks["Pay"]).delete()
    Flow.objects.filter(source=tasks["Triage"]).update(probability=1.0)
    text = text_of(cast.browser(cast.viewer), there(the_process(tasks)))
    assert "can never leave the process" in text


def test_every_kind_of_node_is_drawn_and_explained(cast: Cast) -> None:
    process = modelled_process(cast.access(cast.editor))
    chosen = {task.name: task.pk for task in process.tasks.all()}
    where = f"{there(process)}?tasks={chosen['Triage claim']}&repeats-{chosen['Triage claim']}=50 %25"
    text = text_of(cast.browser(cast.viewer), where)
    assert cells(text, "Estimate damage")[1] == "1"
    assert cells(text, "Check coverage")[1] == "1.25 → 1.11"
    assert "0.2 × 0.5" in text
    assert "an inclusive split counts as the expected longest" in text


def test_a_process_without_values_teaches(cast: Cast) -> None:
    empty = claims_process(cast.workspace, {"Pay": (100, None)})
    assert "A task can be chosen once it is valued" in text_of(cast.browser(cast.viewer), there(empty))


def test_strangers_see_nothing_and_queries_do_not_grow(cast: Cast) -> None:
    small = claims_process(cast.workspace, {f"T{number}": (1000 * number + 10, 5.0) for number in range(2)})
    large = claims_process(cast.workspace, {f"T{number}": (1000 * number + 10, 5.0) for number in range(12)})
    assert cast.browser(cast.stranger).get(there(small)).status_code == 404
    client = cast.browser(cast.viewer)
    counts = []
    for found in (small, large):
        client.get(there(found))  # what is kept is asked for once, on the first look at each
        with CaptureQueriesContext(connection) as queries:
            client.get(there(found))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_is_ranked_to_predict_is_chosen_at_first(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    triage = task_of(process, "Triage")
    measured_value_record(
        access=Access.system(cast.workspace),
        task=triage,
        confusion=ConfusionMatrix(tp=980, fp=10, fn=20, tn=1990),
        threshold=0.4,
        source="run 3",
        beats_baseline=True,
    )
    text = text_of(cast.browser(cast.viewer), there(process))
    assert re.findall(r'value="(\d+)" checked', text) == [str(triage.pk)]
    assert "of work instead of" in text
    assert "Nothing chosen" in text_of(cast.browser(cast.viewer), f"{there(process)}?chosen=1")
