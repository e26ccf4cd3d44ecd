"""Working hours of a workspace, overridden by those of a process, measure its times; a change measures them again."""

import io
from typing import Any

import pytest
from django.urls import reverse

from common.errors import InvalidInput, NotAllowed
from jobs.models import Run
from jobs.services import run_drain
from planner.models import LogUpload, Process, Task, WorkingHours
from planner.selectors import hours_in_force, latest_log
from planner.selectors.working_hours import calendar_of, choice_words, holiday_dates
from planner.services import (
    log_import_start,
    log_upload_create,
    log_upload_map,
    process_hours_update,
    workspace_hours_update,
)
from planner.services.tasks import task_update
from tests.conftest import Cast
from tests.planner.logs import at, csv_log

pytestmark = pytest.mark.django_db(transaction=True)

OFFICE: dict[str, Any] = {"days": ["9-17"] * 5 + ["", ""], "zone": "UTC"}
FRIDAY_AT_16, MONDAY_AT_10 = 16 * 60, 3 * 1440 + 10 * 60
ROWS = [
    row
    for n in range(6)
    for row in (
        (f"c{n}", "Register", at(FRIDAY_AT_16 - 60), at(FRIDAY_AT_16)),
        (f"c{n}", "Check", at(MONDAY_AT_10), at(MONDAY_AT_10 + 30)),
    )
]


def imported(cast: Cast, calendar: dict[str, Any] | None = None) -> Process:
    access = cast.access(cast.editor)
    data = csv_log(ROWS, "case,activity,start,time")
    upload = log_upload_create(access=access, file=io.BytesIO(data), filename="claims.csv")
    log_upload_map(access=access, upload=upload, mapping=upload.mapping, calendar=calendar)
    run_drain(run_ids=[log_import_start(access=access, upload=upload).pk])
    process = LogUpload.objects.get(pk=upload.pk).process
    assert process is not None
    return process


def waiting(process: Process) -> float | None:
    return Task.objects.get(process=process, name="Check").waiting_hours


def measured_again() -> int:
    """Drain the jobs that measure again; how many there were."""
    waiting_runs = [run.pk for run in Run.objects.filter(kind="planner.measure_log") if not run.is_over]
    run_drain(run_ids=waiting_runs)
    return len(waiting_runs)


def test_without_hours_all_time_counts_and_hours_of_the_workspace_count_where_there_are_some(cast: Cast) -> None:
    assert waiting(imported(cast)) == 66
    workspace_hours_update(access=cast.access(cast.owner), choice=OFFICE)
    process = imported(cast)
    assert waiting(process) == 2, "from Friday 16 to 17 and Monday 9 to 10"
    log = latest_log(process)
    assert log is not None
    assert log.statistics["calendar"]["words"] == "working hours Mon–Fri 9–17"


def test_a_change_measures_every_process_without_hours_of_its_own_again_from_its_stored_events(cast: Cast) -> None:
    plain, own = imported(cast), imported(cast, {**OFFICE, "days": ["9-10"] * 5 + ["", ""]})
    assert (waiting(plain), waiting(own)) == (66, 1)
    workspace_hours_update(access=cast.access(cast.owner), choice=OFFICE)
    assert measured_again() == 1
    assert (waiting(plain), waiting(own)) == (2, 1)
    process_hours_update(access=cast.access(cast.editor), process=own, choice=None)
    assert measured_again() == 1
    assert waiting(own) == 2
    workspace_hours_update(access=cast.access(cast.owner), choice=OFFICE)
    assert measured_again() == 0, "nothing changed"


def test_what_a_person_set_stays_when_a_log_is_measured_again(cast: Cast) -> None:
    process = imported(cast)
    task = Task.objects.get(process=process, name="Check")
    task_update(access=cast.access(cast.editor), task=task, changes={"handling_minutes": 44, "waiting_hours": 5})
    version = Process.objects.get(pk=process.pk).version
    process_hours_update(access=cast.access(cast.editor), process=process, choice=OFFICE)
    measured_again()
    task.refresh_from_db()
    assert (task.handling_minutes, task.waiting_hours) == (44, 5)
    assert (task.figures["handling_minutes"], task.figures["waiting_median_hours"]) == (30, 2)
    assert Process.objects.get(pk=process.pk).version == version + 1


def test_the_last_of_two_changes_counts_whichever_is_measured_last(cast: Cast) -> None:
    process, access = imported(cast), cast.access(cast.editor)
    process_hours_update(access=access, process=process, choice=OFFICE)
    process_hours_update(access=access, process=process, choice={})
    newest_first = [run.pk for run in Run.objects.filter(kind="planner.measure_log").order_by("-pk")]
    for pk in newest_first:
        run_drain(run_ids=[pk])
    assert waiting(process) == 66


def test_holidays_are_those_of_the_country_and_its_part_and_closed_days_come_besides(cast: Cast) -> None:
    choice = {**OFFICE, "country": "NL", "closed": ["2024-12-24"]}
    assert choice_words(choice) == "working hours Mon–Fri 9–17, holidays of the Netherlands, 1 closed day besides"
    bavaria, berlin = holiday_dates("DE", "BY", 2024, 2024), holiday_dates("DE", "BE", 2024, 2024)
    assert len(bavaria - berlin) >= 3
    log = latest_log(imported(cast))
    assert log is not None
    calendar = calendar_of(choice, first=log.first_start, last=log.last_start)
    assert calendar is not None
    assert {day.isoformat() for day in calendar.holidays} >= {"2024-12-24", "2024-12-25", "2024-04-01"}


@pytest.mark.parametrize(
    ("choice", "where"),
    [
        ({"days": ["9-17"]}, "days"),
        ({"days": [""] * 7}, "days"),
        ({"days": ["17-9", *[""] * 6]}, "Mon"),
        ({"days": ["soon", *[""] * 6]}, "Mon"),
        ({**OFFICE, "zone": "Mars"}, "zone"),
        ({**OFFICE, "country": "XX"}, "country"),
        ({**OFFICE, "country": "NL", "subdivision": "BY"}, "subdivision"),
        ({**OFFICE, "closed": ["tomorrow"]}, "closed"),
        ({**OFFICE, "closed": "2024-12-24"}, "closed"),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_their_field(cast: Cast, choice: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        workspace_hours_update(access=cast.access(cast.owner), choice=choice)
    assert refused.value.errors[0].path == where
    assert not WorkingHours.objects.exists()


def test_only_owners_set_the_hours_of_a_workspace_and_editors_those_of_a_process(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        workspace_hours_update(access=cast.access(cast.editor), choice=OFFICE)
    with pytest.raises(NotAllowed):
        process_hours_update(access=cast.access(cast.viewer), process=imported(cast), choice=OFFICE)


def test_the_pages_say_and_change_them(cast: Cast) -> None:
    process = imported(cast)
    owner = cast.browser(cast.owner)
    page = reverse("planner:workspace_hours", args=["acme"])
    form = {"which": "own", "Mon": "9-17", "Tue": "9-12", "zone": "Europe/Amsterdam", "country": "NL"}
    assert owner.post(page, {**form, "Mon": "soon"}).status_code == 422
    assert owner.post(page, form)["Location"] == page
    measured_again()
    words = "working hours Mon 9–17, Tue 9–12, holidays of the Netherlands"
    assert words in owner.get(reverse("planner:process", args=["acme", process.pk])).content.decode()
    assert words in owner.get(reverse("planner:tasks", args=["acme", process.pk])).content.decode()
    own = reverse("planner:process_hours", args=["acme", process.pk])
    assert f"As in the workspace: {words}" in owner.get(own).content.decode()
    assert owner.post(own, {"which": "always"}).status_code == 302
    assert hours_in_force(process).own
    assert hours_in_force(process).choice == {}


def test_hours_that_do_not_fit_the_log_are_called_into_question(cast: Cast) -> None:
    process, browser = imported(cast), cast.browser(cast.editor)
    page = reverse("planner:process_hours", args=["acme", process.pk])
    address = reverse("v1:process-hours", args=[process.pk]) + "?workspace=acme"
    doubt = "probably do not fit the log"
    assert "lie outside these hours" not in browser.get(page).content.decode(), "all time counts"
    days = {"which": "own", "zone": "UTC", **dict.fromkeys(("Mon", "Tue", "Wed", "Thu", "Fri"), "9-17")}
    browser.post(page, days)
    assert browser.get(address).json()["outside_share"] is None, "not measured by them yet"
    measured_again()
    fits = browser.get(page).content.decode()
    assert "0 % of the times in the log lie outside these hours" in fits
    assert doubt not in fits
    browser.post(page, days | {"zone": "America/New_York"})
    measured_again()
    assert doubt in browser.get(page).content.decode(), "10 and 10:30 on Monday are night there, the rest is not"
    assert browser.get(address).json()["outside_share"] == 0.5


def test_nights_are_typed_as_they_are_said(cast: Cast) -> None:
    process, browser = imported(cast), cast.browser(cast.editor)
    page = reverse("planner:process_hours", args=["acme", process.pk])
    refused = browser.post(page, {"which": "own", "Mon": "17-9", "zone": "UTC"})
    assert refused.status_code == 422
    assert "Is 9–17 meant?" in refused.content.decode()
    browser.post(page, {"which": "own", "Fri": "15:30-1", "Mon": "22-6", "zone": "UTC"})
    assert hours_in_force(process).words == "working hours Mon 22–6 overnight, Fri 15:30–1 overnight"
    measured_again()
    assert waiting(process) == 9, "from Friday 16 to Saturday 1"
    assert 'value="22-6"' in browser.get(page).content.decode()


def test_the_api_reads_sets_and_resets_them(cast: Cast) -> None:
    process = imported(cast)
    owner = cast.browser(cast.owner)
    address = reverse("v1:process-hours", args=[process.pk]) + "?workspace=acme"
    answer = owner.put(address, {"hours": OFFICE}, content_type="application/json")
    assert answer.json()["own"] is True
    assert answer.json()["words"] == "working hours Mon–Fri 9–17"
    assert measured_again() == 1
    assert owner.delete(address).json() == {
        "hours": None,
        "words": "around the clock, nights and weekends included",
        "own": False,
        "outside_share": None,
    }
    refused = owner.put(address, {"hours": {**OFFICE, "zone": "Mars"}}, content_type="application/json")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["path"] == "zone"
    general = reverse("v1:hours") + "?workspace=acme"
    assert owner.put(general, {"hours": OFFICE}, content_type="application/json").status_code == 200
    assert owner.get(general).json()["hours"]["days"][0] == "9-17"
    assert cast.browser(cast.editor).put(general, {"hours": None}, content_type="application/json").status_code == 403
