"""Tables nobody can learn from, brought by page and API: a sentence beside the field, and nothing half saved."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from canvas.models import Canvas
from jobs.models import Blob
from pipelines.models import TrainingUpload
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.pipelines.made_tables import as_csv, canvas_without_log, loans, table_brought

pytestmark = pytest.mark.django_db(transaction=True)
Change = dict[str, Any]


def many_shops() -> pd.DataFrame:
    shops = np.random.default_rng(3).permutation(np.repeat(np.arange(5000), 3))
    return loans(15_000).assign(shop=[f"shop {number}" for number in shops])


TABLES: dict[str, tuple[Callable[[], pd.DataFrame], Change, str, str]] = {
    "one class": (
        lambda: loans().assign(approved="granted"),
        {"target": "approved", "positive": ""},
        "target",
        "Every row has the same outcome, “granted”: there is nothing to tell apart.",
    ),
    "ten rows": (lambda: loans(10), {}, "target", "10 rows have an outcome; at least 60 are needed."),
    "5,000 outcomes": (
        many_shops,
        {"target": "shop", "positive": ""},
        "target",
        "“shop” has 5000 different outcomes; at most 50 can be told apart.",
    ),
    "dates that do not tell": (
        lambda: loans().assign(asked_on=[f"{1 + place % 9}/{1 + place % 12}/2024" for place in range(600)]),
        {"decided_at": "asked_on"},
        "day_first",
        "Say which comes first in “1/1/2024”, the day or the month.",
    ),
    "no times": (
        loans,
        {"decided_at": "", "known_at": "asked_on"},
        "known_at",
        "Say first when each row was decided.",
    ),
}


@pytest.fixture
def canvas(cast: Cast) -> Canvas:
    return canvas_without_log(cast.workspace)


def brought(cast: Cast, canvas: Canvas, frame: pd.DataFrame) -> TrainingUpload:
    return table_brought(cast.access(cast.editor), canvas, as_csv(frame))


def posted(cast: Cast, upload: TrainingUpload, change: Change) -> Any:
    """The page as a person sends it, with this change."""
    names = [column["name"] for column in upload.profile["columns"]]
    kinds = change.get("kinds", upload.roles["kinds"])
    sent = {key: value for key, value in upload.roles.items() if isinstance(value, str)}
    sent |= {key: value for key, value in change.items() if isinstance(value, str)}
    sent |= {f"kind-{place}": kinds.get(name, "") for place, name in enumerate(names)}
    address = f"/w/acme/training-tables/{upload.pk}/"
    return cast.browser(cast.editor).post(address, sent | {"version": upload.version})


def patched(calling: Calling, cast: Cast, upload: TrainingUpload, change: Change) -> dict[str, str]:
    """What the API says is wrong, by field."""
    client, where = calling(cast.editor), f"/api/v1/training-tables/{upload.pk}/"
    answer = client.patch(where, change, format="json", headers={"If-Match": client.get(where)["ETag"]})
    assert answer.status_code == 400, answer.content
    return {error["path"]: error["message"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("name", TABLES)
def test_page_and_api_say_it_beside_the_field_and_keep_nothing(
    cast: Cast, calling: Calling, canvas: Canvas, name: str
) -> None:
    make, change, field, words = TABLES[name]
    upload = brought(cast, canvas, make())
    before = (upload.roles, upload.version)
    assert words in patched(calling, cast, upload, change)[field]
    page = posted(cast, upload, change)
    assert page.status_code == 422
    assert words in " ".join(page.context["form"].errors[field])
    assert words in page.content.decode()
    upload.refresh_from_db()
    assert (upload.roles, upload.version, upload.confirmed) == (*before, False)


def test_a_column_without_any_cell_is_said_and_cannot_be_learnt_from(
    cast: Cast, calling: Calling, canvas: Canvas
) -> None:
    upload = brought(cast, canvas, loans().assign(remark=None))
    told = patched(calling, cast, upload, {"kinds": {"remark": "number", "amount": "number"}})
    assert told == {"kinds.remark": "Every cell of it is missing: leave it out."}
    page: Any = cast.browser(cast.editor).get(f"/w/acme/training-tables/{upload.pk}/")
    assert "Every cell is missing. It is left out." in page.content.decode()
    place = [column["name"] for column in upload.profile["columns"]].index("remark")
    assert page.context["form"].fields[f"kind-{place}"].choices == [("", "leave out")]
    assert posted(cast, upload, {"kinds": {"remark": "number"}}).status_code == 422


def test_five_thousand_categories_are_said_on_both_doors(cast: Cast, calling: Calling, canvas: Canvas) -> None:
    upload = brought(cast, canvas, many_shops())
    page = cast.browser(cast.viewer).get(f"/w/acme/training-tables/{upload.pk}/").content.decode()
    assert "It has 5000 categories. The 60 most frequent are told apart, the rest count as one." in page
    columns = calling(cast.viewer).get(f"/api/v1/training-tables/{upload.pk}/").json()["profile"]["columns"]
    shop = next(column for column in columns if column["name"] == "shop")
    assert shop["distinct"] == 5000
    assert shop["remarks"][0]["sentence"] == "It has 5000 categories."


def test_a_column_that_leaks_is_named_with_its_score_on_both_doors(
    cast: Cast, calling: Calling, canvas: Canvas
) -> None:
    frame = loans()
    frame.insert(2, "payout", np.where(frame.approved == "granted", frame.amount, 0.0))
    upload = brought(cast, canvas, frame)
    page = cast.browser(cast.viewer).get(f"/w/acme/training-tables/{upload.pk}/").content.decode()
    assert "“payout” tells “approved” by itself (AUC 1.000)." in page
    columns = calling(cast.viewer).get(f"/api/v1/training-tables/{upload.pk}/").json()["profile"]["columns"]
    assert {column["name"]: column["score"] for column in columns if column["leaks"]} == {"payout": 1.0}


REFUSED = {
    "a column twice": (as_csv(loans()).replace(b"region", b"amount", 1), "More than one column is called “amount”."),
    "empty": (b"", "empty"),
    "a PDF": (b"%PDF-1.7", "This is a PDF, not a table. Export the table as CSV or Parquet."),
    "too large": (
        as_csv(loans(2000)),
        "The file is larger than 1 GB, the most that is taken. Bring a shorter period of it, or pack it with gzip.",
    ),
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if little were taken: no file of 1 GB for a test."""
    monkeypatch.setattr("pipelines.services.training_uploads.MOST_BYTES", 100_000)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_refused_leaves_nothing(cast: Cast, calling: Calling, canvas: Canvas, name: str) -> None:
    content, words = REFUSED[name]
    address = f"/w/acme/tasks/{canvas.task_id}/pipeline/rows/bring/"
    page: Any = cast.browser(cast.editor).post(address, {"file": SimpleUploadedFile("loans.csv", content)})
    assert page.status_code == 422
    assert words in " ".join(page.context["table_form"].errors["file"])
    file = io.BytesIO(content)
    file.name = "loans.csv"
    answer = calling(cast.editor).post(
        f"/api/v1/canvases/{canvas.pk}/training-tables/", {"file": file}, format="multipart"
    )
    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["errors"]] == ["file"]
    assert words in answer.json()["errors"][0]["message"]
    assert not TrainingUpload.objects.exists()
    assert not Blob.objects.exists()
