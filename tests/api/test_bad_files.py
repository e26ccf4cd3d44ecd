"""Files that are no event log, brought by page and API: a sentence, nothing imported, a mended one in its place."""

import gzip
import io

import pytest
from django.urls import reverse

from jobs.services import run_drain
from planner.models import LogUpload, Process
from tests.api.conftest import Calling
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [f"{n // 3},{'abc'[n % 3]},2024-01-{n // 3 % 28 + 1:02d}T10:{n % 60:02d}:00Z" for n in range(900)]
GOOD = "\n".join(["case,activity,time", *ROWS, ""]).encode()
TRACE = (
    '<trace><event><string key="concept:name" value="a"/>'
    '<date key="time:timestamp" value="2024-01-01T00:00:00Z"/></event></trace>'
)
BAD: dict[str, tuple[bytes, str | tuple[str, ...]]] = {
    "empty.csv": (b"", "empty"),
    "empty.csv.gz": (gzip.compress(b""), "empty"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "a picture, not an event log"),
    "page.xes": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page, not an event log"),
    "no times.csv": (
        b"case,activity\n" + b"".join(b"%d,a\n%d,b\n" % (n, n) for n in range(50)),
        ("the time", "No column holds times"),
    ),
    "no case.csv": (b"activity,time\n" + b"a,2024-01-02T10:00:00Z\n" * 50, ("the case", "No column holds cases")),
    "one row a case.csv": (
        b"case,received,paid\n" + b"".join(b"%d,2024-01-02 10:00,2024-01-03 11:00\n" % n for n in range(60)),
        "one row a case",
    ),
    "doctype.xes": (f"<!DOCTYPE log><log>{TRACE}</log>".encode(), "DOCTYPE or entities"),
    "entity.xes": (f'<!DOCTYPE log [<!ENTITY a "b">]><log>{TRACE}</log>'.encode(), "DOCTYPE or entities"),
    "cut.csv.gz": (gzip.compress(GOOD)[:-40], "damaged or ends too early"),
    "cut.xes": (f"<log>{TRACE}".encode(), "The XML is broken"),
    "spreadsheet.csv": (b"PK\x03\x04[Content_Types].xml" + bytes(400), "a damaged archive"),
}


def said_by(text: str, words: str | tuple[str, ...]) -> bool:
    """Whether one of the sentences is there: a form says its own where a column is missing."""
    return any(each in text for each in ([words] if isinstance(words, str) else words))


def file_of(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


@pytest.mark.parametrize("name", BAD)
def test_the_api_refuses_with_the_sentence_and_imports_nothing(cast: Cast, calling: Calling, name: str) -> None:
    content, words = BAD[name]
    given = {"file": file_of(name, content)}
    answer = calling(cast.editor).post("/api/v1/processes/import/", given, format="multipart")
    if answer.status_code == 202:
        run_drain(run_ids=[answer.json()["job"]])
        answer = calling(cast.editor).get(f"/api/v1/processes/import/{answer.json()['id']}/")
        assert answer.json()["state"] == "failed"
    else:
        assert answer.status_code == 400
    assert said_by(answer.content.decode(), words)
    assert not Process.objects.exists()


def chosen(upload: LogUpload) -> dict[str, str]:
    """The columns as the page's form sends them."""
    return {"name": "Orders", "meaning": "completion"} | {
        key: str(value) for key, value in upload.mapping.items() if value is not None
    }


@pytest.mark.parametrize("name", BAD)
def test_the_page_says_it_and_takes_the_mended_file_in_its_place(cast: Cast, name: str) -> None:
    content, words = BAD[name]
    browser = cast.browser(cast.editor)
    answer = browser.post(reverse("planner:import", args=["acme"]), {"file": file_of(name, content)}, follow=True)
    if not LogUpload.objects.exists():
        assert (answer.status_code, said_by(answer.content.decode(), words)) == (422, True)
        return
    upload = LogUpload.objects.get()
    address = reverse("planner:upload", args=["acme", upload.pk])
    page = browser.get(address).content.decode() + browser.post(address, chosen(upload), follow=True).content.decode()
    upload.refresh_from_db()
    if upload.run is not None:
        run_drain(run_ids=[upload.run.pk])
        page += browser.get(address).content.decode()
    assert said_by(page, words)
    assert not Process.objects.exists()
    replace = reverse("planner:upload_replace", args=["acme", upload.pk])
    browser.post(replace, {"file": file_of("mended.csv", GOOD)})
    upload.refresh_from_db()
    assert upload.state == LogUpload.State.UPLOADED
    browser.post(address, chosen(upload))
    upload.refresh_from_db()
    assert upload.run is not None
    run_drain(run_ids=[upload.run.pk])
    assert Process.objects.count() == 1
