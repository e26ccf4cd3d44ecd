"""The pages of a process's logs: another is brought, compared, applied, returned to, and deleted with what it made."""

import io
import re

import pytest
from django.urls import reverse

from common.errors import Conflict, NotAllowed
from jobs.models import Blob, Run
from jobs.services import run_drain
from jobs.services.blobs import blob_storage
from planner.models import DecisionTarget, EventLog, LogUpload, Process
from planner.selectors.older_measures import older_measures
from planner.services import log_apply, log_compare, log_delete, log_derived, task_update
from tests.conftest import Cast
from tests.planner.logs import csv_log
from tests.planner.measuring import HEADER, PATHS, measured_process, newer_log, rows_of
from tests.planner.test_measuring_anew import NEWER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def process(cast: Cast) -> Process:
    return measured_process(cast.access(cast.editor))


def drained() -> None:
    """Every job to its end."""
    run_drain(run_ids=list(Run.objects.under_way().values_list("pk", flat=True)))


def page(name: str, pk: int) -> str:
    return reverse(f"planner:{name}", args=["acme", pk])


def test_the_road_of_a_newer_log_through_the_pages(cast: Cast, process: Process) -> None:
    browser = cast.browser(cast.editor)
    check = process.tasks.get(name="Check")
    task_update(access=cast.access(cast.editor), task=check, changes={"handling_minutes": 12})
    file = io.BytesIO(csv_log(rows_of(NEWER, minutes=9), HEADER))
    file.name = "newer.csv"
    answer = browser.post(page("logs", process.pk), {"file": file})
    upload = LogUpload.objects.get(filename="newer.csv")
    assert answer["Location"] == page("upload", upload.pk)
    assert 'name="name"' not in browser.get(page("upload", upload.pk)).content.decode()
    browser.post(
        page("upload", upload.pk), {role: upload.mapping[role] for role in ("case", "activity", "start", "end")}
    )
    drained()
    log = EventLog.objects.get(upload=upload)
    assert browser.get(page("upload", upload.pk))["Location"] == page("log", log.pk)
    text = browser.get(page("log", log.pk)).content.decode()
    assert "You set 12 min, the log says 9 min. Yours stays." in text
    assert "In the log, not in the model" in text
    assert "A newer log waits." in browser.get(page("process", process.pk)).content.decode()
    keys = re.findall(r'name="taken" value="([^"]+)" checked', text)
    assert "new:Mail" in keys
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version
    done = browser.post(page("log", log.pk), {"taken": keys, "version": version[1]}, follow=True)
    assert "rests on newer.csv now" in done.content.decode()
    assert process.tasks.filter(name="Mail").exists()
    lines = browser.get(page("logs", process.pk)).content.decode()
    assert "Return to it" in lines
    assert browser.get(page("log", log.pk))["Location"] == page("logs", process.pk)
    stale = browser.post(page("log", EventLog.objects.exclude(pk=log.pk).get().pk), {"version": "1"}, follow=True)
    assert "was changed since you opened it" in stale.content.decode()


def test_a_renamed_activity_is_matched_on_the_page(cast: Cast, process: Process) -> None:
    renamed = [tuple("Ring up" if name == "Phone" else name for name in path) for path in PATHS]
    log = newer_log(cast.access(cast.editor), process, renamed)
    browser, phone = cast.browser(cast.editor), process.tasks.get(name="Phone")
    text = browser.get(page("log", log.pk)).content.decode()
    field = re.search(r'<label for="m-(\d+)">Ring up</label>', text)
    assert field
    browser.post(page("log_match", log.pk), {f"task-{field[1]}": str(phone.pk)})
    assert "nothing differs" in browser.get(page("log", log.pk)).content.decode()
    wrong = browser.post(page("log_match", log.pk), {f"task-{field[1]}": "0"}, follow=True)
    assert "There is no such task." in wrong.content.decode()
    browser.post(page("log_match", log.pk), {f"task-{field[1]}": "none"})
    assert "In the model, not in the log" in browser.get(page("log", log.pk)).content.decode()


@pytest.mark.second_leg
def test_what_rests_on_older_measurements_is_said_until_it_is_checked_again(cast: Cast, process: Process) -> None:
    drained()
    assert older_measures(process) == ""
    log_apply(access=cast.access(cast.editor), log=newer_log(cast.access(cast.editor), process, NEWER))
    assert "was checked on an older log, claims.csv" in older_measures(process)
    run = Run.objects.under_way().get(kind="planner.screen")
    run.state = "cancelled"
    run.save(update_fields=["state"])
    for name in ("ranking", "values"):
        text = cast.browser(cast.viewer).get(page(name, process.pk)).content.decode()
        assert "rests in part on older measurements" in text


def test_a_check_of_a_log_no_longer_in_use_writes_nothing(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    older_check = Run.objects.get(kind="planner.screen")
    log = newer_log(access, process, NEWER)
    log_apply(access=access, log=log)
    newer_check = Run.objects.exclude(pk=older_check.pk).get(kind="planner.screen")
    run_drain(run_ids=[newer_check.pk])
    run_drain(run_ids=[older_check.pk])
    assert set(DecisionTarget.objects.values_list("log", flat=True)) == {log.pk}


@pytest.mark.second_leg
def test_a_log_is_deleted_with_what_was_derived_from_it(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    older = EventLog.objects.get()
    with pytest.raises(Conflict, match="being read by a job"):
        log_delete(access=access, log=older)
    drained()
    assert "checked target" in log_derived(older)[0]
    newer = newer_log(access, process, NEWER)
    log_apply(access=access, log=newer, taken=log_compare(process=process, log=newer).taken)
    drained()
    with pytest.raises(Conflict, match="rest on"):
        log_delete(access=access, log=newer)
    kept = {newer.events_id, newer.observed_id, LogUpload.objects.get(pk=newer.upload_id).blob_id}
    gone = [blob.key for blob in Blob.objects.exclude(pk__in=kept)]
    browser = cast.browser(cast.editor)
    assert "Nothing but the log itself goes" in browser.get(page("log_delete", older.pk)).content.decode()
    browser.post(page("log_delete", older.pk))
    assert set(EventLog.objects.values_list("pk", flat=True)) == {newer.pk}
    assert set(DecisionTarget.objects.values_list("log", flat=True)) == {newer.pk}
    assert set(Blob.objects.values_list("pk", flat=True)) == kept
    assert not any(blob_storage().exists(key) for key in gone)
    assert process.tasks.work().exists()


def test_viewers_look_and_strangers_find_nothing(cast: Cast, process: Process) -> None:
    log = newer_log(cast.access(cast.editor), process, NEWER)
    viewer, stranger = cast.browser(cast.viewer), cast.browser(cast.stranger)
    assert "Apply what is ticked" not in viewer.get(page("log", log.pk)).content.decode()
    for name in ("log", "log_match", "log_delete"):
        assert viewer.post(page(name, log.pk)).status_code == 403
        assert stranger.post(page(name, log.pk)).status_code == 404
    with pytest.raises(NotAllowed):
        log_delete(access=cast.access(cast.viewer), log=log)
    assert EventLog.objects.count() == 2
