"""A file that went wrong is named with one word on every page, tells what is missing, and can be discarded."""

import io

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import Access
from common.errors import Conflict
from jobs.models import Blob, Run
from jobs.services import run_cancel, run_drain
from planner.models import LogUpload
from planner.selectors import home_page
from planner.services import log_import_start, log_upload_create, log_upload_discard
from tests.conftest import Cast
from tests.planner.logs import csv_log

pytestmark = pytest.mark.django_db(transaction=True)

GOOD = csv_log([("1", "Register", "2024-03-01 08:00"), ("1", "Check", "2024-03-02 09:00")], "case,activity,time")
UNTIMELY = csv_log([("1", "Register", "soon"), ("1", "Check", "later")], "case,activity,time")
WIDE = csv_log([("1", "9.3.10", "10.3.10", "11.3.10"), ("2", "1.3.10", "2.3.10", "4.3.10")], "order,came,approved,paid")


def brought(access: Access, data: bytes, filename: str = "claims.csv") -> LogUpload:
    return log_upload_create(access=access, file=io.BytesIO(data), filename=filename)


def stopped(access: Access) -> LogUpload:
    """A file whose import failed: its one time column holds no times."""
    upload = brought(access, UNTIMELY)
    upload.mapping = {**upload.mapping, "end": "time"}
    upload.save()
    run_drain(run_ids=[log_import_start(access=access, upload=upload).pk])
    return LogUpload.objects.get(pk=upload.pk)


def page_of(browser: Client, upload: LogUpload) -> str:
    return browser.get(reverse("planner:upload", args=["acme", upload.pk])).content.decode()


def read(browser: Client, name: str) -> str:
    return browser.get(reverse(f"planner:{name}", args=["acme"])).content.decode()


@pytest.mark.parametrize(
    ("header", "missing"),
    [("case,activity,who", "times"), ("activity,time", "cases"), ("case,time,amount", "activities")],
)
def test_the_page_says_which_column_is_missing_and_what_to_do(cast: Cast, header: str, missing: str) -> None:
    values = {"case": "c1", "activity": "Check", "who": "Tom", "time": "2024-03-01 08:00", "amount": "12"}
    rows = [tuple(values[name] for name in header.split(","))] * 3
    upload = brought(cast.access(cast.editor), csv_log(rows, header))
    text = page_of(cast.browser(cast.editor), upload)
    assert f"No column holds {missing}: choose one, or bring a file that has them" in text
    assert f"No column holds {missing}" in read(cast.browser(cast.editor), "home")


def test_a_refused_file_is_not_asked_for_the_order_of_its_dates(cast: Cast) -> None:
    upload = brought(cast.access(cast.editor), WIDE)
    assert upload.state == LogUpload.State.REFUSED
    assert upload.preview["ambiguous"]
    assert "Day or month first?" not in page_of(cast.browser(cast.editor), upload)


def test_a_failed_import_has_one_word_on_every_page(cast: Cast) -> None:
    upload = stopped(cast.access(cast.editor))
    assert upload.standing == LogUpload.State.FAILED
    browser = cast.browser(cast.editor)
    for text in (page_of(browser, upload), read(browser, "home"), read(browser, "import")):
        assert "import failed" in text
        assert "being imported" not in text


def test_a_cancelled_import_is_called_so_and_can_be_tried_again(cast: Cast) -> None:
    access = cast.access(cast.editor)
    upload = brought(access, GOOD)
    run = log_import_start(access=access, upload=upload)
    browser = cast.browser(cast.editor)
    assert "being imported" in read(browser, "import")
    run_cancel(access=access, run=run)
    for text in (page_of(browser, upload), read(browser, "import")):
        assert "import cancelled" in text
        assert "Try again" in text
    again = log_import_start(access=access, upload=LogUpload.objects.get(pk=upload.pk))
    run_drain(run_ids=[again.pk])
    assert LogUpload.objects.get(pk=upload.pk).process is not None


def test_files_gone_wrong_are_one_line_on_home_and_no_work(cast: Cast) -> None:
    access = cast.access(cast.editor)
    for number in range(3):
        brought(access, b"", f"empty{number}.csv")
    page = home_page(cast.workspace)
    assert page.todos == []
    assert page.stopped is not None
    assert page.stopped.title == "3 files could not be imported"


def test_an_editor_discards_a_file_and_its_bytes_go(cast: Cast) -> None:
    upload = brought(cast.access(cast.editor), WIDE)
    browser = cast.browser(cast.editor)
    address = reverse("planner:upload_discard", args=["acme", upload.pk])
    assert address in page_of(browser, upload)
    assert address in read(browser, "import")
    answer = browser.post(address)
    assert answer["Location"] == reverse("planner:import", args=["acme"])
    assert not LogUpload.objects.exists()
    assert not Blob.objects.exists()


def test_bytes_another_file_shares_are_kept(cast: Cast) -> None:
    access = cast.access(cast.owner)
    first, second = brought(access, GOOD), brought(access, GOOD, "the same.csv")
    log_upload_discard(access=access, upload=first)
    run_drain(run_ids=[log_import_start(access=access, upload=second).pk])
    assert LogUpload.objects.get().process is not None


def test_what_is_being_imported_or_a_process_is_not_discarded(cast: Cast) -> None:
    access = cast.access(cast.editor)
    upload = brought(access, GOOD)
    run = log_import_start(access=access, upload=upload)
    with pytest.raises(Conflict, match="just being imported"):
        log_upload_discard(access=access, upload=upload)
    run_drain(run_ids=[run.pk])
    with pytest.raises(Conflict, match="become a process"):
        log_upload_discard(access=access, upload=upload)


def test_a_job_of_a_discarded_file_tried_again_says_so(cast: Cast) -> None:
    access = cast.access(cast.editor)
    upload = stopped(access)
    run = Run.objects.get(kind="import")
    log_upload_discard(access=access, upload=upload)
    cast.browser(cast.editor).post(reverse("jobs:retry", args=["acme", run.pk]))
    run_drain(run_ids=[run.pk])
    assert "was discarded" in run.stages.get().reason


@pytest.mark.parametrize(("who", "status"), [("owner", 204), ("editor", 204), ("viewer", 403), ("stranger", 404)])
def test_who_may_discard_over_the_api(cast: Cast, who: str, status: int) -> None:
    upload = brought(cast.access(cast.editor), WIDE)
    address = reverse("v1:process-import-detail", args=[upload.pk])
    answer = cast.browser(getattr(cast, who)).delete(f"{address}?workspace=acme")
    assert answer.status_code == status
    assert LogUpload.objects.exists() is (status != 204)


@pytest.mark.parametrize(("who", "status"), [("owner", 302), ("viewer", 403), ("stranger", 404)])
def test_who_may_discard_on_the_page(cast: Cast, who: str, status: int) -> None:
    upload = brought(cast.access(cast.editor), WIDE)
    answer = cast.browser(getattr(cast, who)).post(reverse("planner:upload_discard", args=["acme", upload.pk]))
    assert answer.status_code == status
    assert LogUpload.objects.exists() is (status != 302)
