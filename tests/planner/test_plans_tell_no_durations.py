"""A log whose times say when steps were planned tells their order and counts, and nowhere how long anything takes."""

import io
import re
from typing import Any

import pytest
from django.urls import reverse

from common.errors import InvalidInput
from jobs.models import Run
from jobs.services import run_drain
from planner.models import DecisionTarget, Process, Task
from planner.selectors import latest_log
from planner.selectors.observed import observed_log
from planner.selectors.process import OF_PLANS
from planner.services import log_import_start, log_upload_create, log_upload_map, process_hours_update
from planner.services.foresight import target_read
from tests.conftest import Cast
from tests.planner.logs import at, csv_log

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [
    (f"c{n}", name, at(1_500 * n + 300 * step + 7 * n), f"u{(n + step) % 3}")
    for n in range(40)
    for step, name in enumerate(
        ("Register", "Check", *(("Check",) if n % 4 == 0 else ()), "Pay" if n % 3 else "Reject")
    )
]
COLUMNS = {"case": "case", "activity": "activity", "end": "time", "resource": "who"}
TABS = ("overview", "variants", "rework", "resources", "times")
A_DURATION = re.compile(r"[0-9] ?(h|min|days?|hours|minutes)\b")


def imported(cast: Cast, meaning: str) -> Process:
    access = cast.access(cast.editor)
    file = io.BytesIO(csv_log(ROWS, "case,activity,time,who"))
    upload = log_upload_create(access=access, file=file, filename="rota.csv")
    log_upload_map(access=access, upload=upload, mapping=COLUMNS | {"meaning": meaning})
    run_drain(run_ids=[log_import_start(access=access, upload=upload).pk])
    upload.refresh_from_db()
    assert upload.process is not None, upload.problems
    return Process.objects.select_related("workspace").get(pk=upload.process.pk)


@pytest.fixture
def process(cast: Cast) -> Process:
    return imported(cast, "scheduled")


def hours_in(value: Any, name: str = "") -> list[Any]:
    """Every figure in hours, however deep."""
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in hours_in(inner, key)]
    if isinstance(value, list):
        return [found for inner in value for found in hours_in(inner, name)]
    return [value] if name.endswith(("_hours", "hours_a_year")) else []


def text_of(cast: Cast, process: Process, name: str = "observed", tab: str = "") -> str:
    answer = cast.browser(cast.viewer).get(reverse(f"planner:{name}", args=["acme", process.pk]), {"tab": tab})
    return answer.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_of_how_it_runs_tells_a_duration(cast: Cast, process: Process, tab: str) -> None:
    text = text_of(cast, process, tab=tab)
    main = re.sub(r"<[^>]+>", " ", text.split("<main")[1].split("</main>")[0])
    assert not A_DURATION.search(main), A_DURATION.search(main)
    assert text.count(OF_PLANS) == (tab in ("overview", "times")), "said once, where durations would stand"


def test_the_same_log_of_completions_tells_them(cast: Cast) -> None:
    process = imported(cast, "completion")
    assert "Half of all cases take" in text_of(cast, process)
    assert OF_PLANS not in text_of(cast, process)


@pytest.mark.parametrize("kind", ["directly-follows", "variants", "rework", "resources", "hand-overs", "bottlenecks"])
def test_the_api_has_null_for_every_figure_in_hours(cast: Cast, process: Process, kind: str) -> None:
    address = reverse(f"v1:process-{kind}", args=[process.pk]) + "?workspace=acme"
    answer = cast.browser(cast.viewer).get(address).json()
    assert set(hours_in(answer["results"])) <= {None}
    assert (answer["count"] == 0) == (kind == "bottlenecks")


def test_the_statistics_and_the_pages_of_the_process_tell_none(cast: Cast, process: Process) -> None:
    log = latest_log(process)
    assert log is not None
    assert set(hours_in(log.statistics)) == {None}
    assert "its times are plans" in text_of(cast, process, "process")
    assert text_of(cast, process, "tasks").count(OF_PLANS) == 1
    task = process.tasks.get(name="Check")
    page = cast.browser(cast.viewer).get(reverse("planner:task", args=["acme", task.pk])).content.decode()
    assert page.count(OF_PLANS) == 1
    assert "handling included" not in page


def test_working_hours_say_that_they_change_nothing(cast: Cast, process: Process) -> None:
    days = ["9-10"] * 5 + ["", ""]
    process_hours_update(access=cast.access(cast.editor), process=process, choice={"days": days})
    run_drain(run_ids=list(Run.objects.under_way().values_list("pk", flat=True)))
    text = text_of(cast, process, "process_hours")
    assert "These hours change nothing yet." in text
    assert "lie outside these hours" not in text
    source = observed_log(process)
    assert source is not None
    assert not source.found.tells_durations


def test_no_remaining_time_is_proposed_or_taken(cast: Cast, process: Process) -> None:
    run_drain(run_ids=list(Run.objects.under_way().values_list("pk", flat=True)))
    targets = DecisionTarget.objects.filter(task__process=process)
    assert targets.exists()
    assert not targets.filter(text="remaining").exists()
    assert set(hours_in(list(targets.values_list("evidence", flat=True)))) <= {None}
    task = Task.objects.select_related("workspace").get(process=process, name="Check")
    with pytest.raises(InvalidInput) as refused:
        target_read(task=task, text="remaining")
    assert "are plans" in refused.value.errors[0].message
