"""Columns of a table that seem to name people: called out with the evidence, left out or replaced, never in a download
unless a person keeps them and ticks real rows.
"""

import io
import zipfile

import numpy as np
import pandas as pd
import pytest
from rest_framework.test import APIClient

from accounts.services import api_token_create
from jobs.services import blob_open, run_drain
from pipelines.models import Generation
from pipelines.services import pipeline_generate, training_roles_update
from tests.pipelines.made_tables import as_csv, canvas_without_log, loans, table_brought

pytestmark = pytest.mark.django_db(transaction=True)
CLERKS = ("Anna Muster", "Ben Example", "Carla Probe", "David Trial")
MAILS = [f"person{place}@example.org" for place in range(40)]


def with_people():
    frame = loans()
    rng = np.random.default_rng(6)
    frame.insert(1, "handled_by", rng.choice(CLERKS, len(frame)))
    frame.insert(2, "contact", rng.choice(MAILS, len(frame)))
    frame.insert(3, "customer_no", rng.integers(70_000, 70_200, len(frame)))
    return frame


@pytest.fixture
def upload(cast):
    return table_brought(cast.access(cast.editor), canvas_without_log(cast.workspace), as_csv(with_people()))


def packed(cast, upload, **options):
    """Everything in the download, as one text."""
    access = cast.access(cast.editor)
    job = pipeline_generate(access=access, canvas=upload.canvas, **options)
    run_drain(run_ids=[job.pk])
    generation = Generation.objects.first()
    with blob_open(generation.archive) as stream, zipfile.ZipFile(io.BytesIO(stream.read())) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def learnt(upload, **kinds):
    return {"kinds": {"amount": "number", "region": "category", **kinds}}


def test_they_are_proposed_to_be_left_out_and_the_page_says_why_and_what_happens(cast, upload):
    assert set(upload.roles["kinds"]) == {"amount", "region", "member"}
    page = cast.browser(cast.editor).get(f"/w/acme/training-tables/{upload.pk}/").content.decode()
    assert "3 columns seem to name people: handled_by, contact and customer_no." in page
    assert "It seems to hold names of people: 4 of 4 different values looked at hold a common given name." in page
    assert "It seems to hold e-mail addresses: 40 of 40 different values looked at hold one." in page
    assert "the column is called “customer_no”" in page
    assert page.count("It is left out: its values enter no project.") == 3


def test_left_out_they_are_in_no_download_and_no_row_learnt_from(cast, upload):
    training_roles_update(access=cast.access(cast.editor), upload=upload, changes={})
    for with_rows in (False, True):
        text = packed(cast, upload, include_rows=with_rows)
        assert not [value for value in (*CLERKS, *MAILS) if value in text]


def test_replaced_equal_values_get_equal_codes_and_no_value_leaves(cast, upload):
    access = cast.access(cast.editor)
    training_roles_update(access=access, upload=upload, changes=learnt(upload, handled_by="replaced"))
    text = packed(cast, upload, include_rows=True)
    assert not [value for value in CLERKS if value in text]
    with blob_open(Generation.objects.first().data) as stream:
        rows = pd.read_csv(stream)
    pairs = set(zip(rows.handled_by, with_people().handled_by, strict=True))
    assert len(pairs) == len(CLERKS)
    assert rows.handled_by.str.fullmatch(r"r[0-9a-f]{10}").all()
    page = cast.browser(cast.viewer).get(f"/w/acme/training-tables/{upload.pk}/").content.decode()
    assert "Each value is replaced by a code made with a key of this workspace" in page


def test_the_codes_of_another_workspace_are_others(cast, upload):
    elsewhere = table_brought(
        cast.access(cast.stranger, cast.elsewhere), canvas_without_log(cast.elsewhere), as_csv(with_people())
    )
    found = []
    for own, access in (
        (upload, cast.access(cast.editor)),
        (elsewhere, cast.access(cast.stranger, cast.elsewhere)),
    ):
        training_roles_update(access=access, upload=own, changes=learnt(own, handled_by="replaced"))
        run_drain(run_ids=[pipeline_generate(access=access, canvas=own.canvas).pk])
        with blob_open(Generation.objects.of(access.workspace).get().data) as stream:
            found.append(set(pd.read_csv(stream).handled_by))
    assert found[0].isdisjoint(found[1])


def test_kept_they_are_warned_of_and_leave_only_with_ticked_rows(cast, upload):
    access = cast.access(cast.editor)
    training_roles_update(access=access, upload=upload, changes=learnt(upload, handled_by="category"))
    page = cast.browser(cast.viewer).get(f"/w/acme/training-tables/{upload.pk}/").content.decode()
    assert "Values of handled_by would be used as they stand." in page
    assert "Its values are kept as they stand" in page
    assert not [value for value in CLERKS if value in packed(cast, upload, include_rows=False)]
    assert all(value in packed(cast, upload, include_rows=True) for value in CLERKS)


def test_the_page_offers_to_replace_and_keeps_it(cast, upload):
    names = [column["name"] for column in upload.profile["columns"]]
    sent = {key: value for key, value in upload.roles.items() if isinstance(value, str)}
    sent |= {f"kind-{place}": upload.roles["kinds"].get(name, "") for place, name in enumerate(names)}
    sent |= {"version": upload.version, f"kind-{names.index('contact')}": "replaced"}
    assert cast.browser(cast.editor).post(f"/w/acme/training-tables/{upload.pk}/", sent).status_code == 302
    upload.refresh_from_db()
    assert upload.roles["kinds"]["contact"] == "replaced"


def test_the_api_tells_it_and_takes_the_choice(cast, upload):
    client = APIClient()
    token = api_token_create(access=cast.access(cast.editor), name="t", can_write=True)[1]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    where = f"/api/v1/training-tables/{upload.pk}/"
    found = client.get(where)
    columns = {column["name"]: column for column in found.json()["profile"]["columns"]}
    assert {name for name, column in columns.items() if column["names_people"]} == {
        "handled_by",
        "contact",
        "customer_no",
    }
    assert "given name" in columns["handled_by"]["remarks"][0]["sentence"]
    changed = client.patch(
        where, learnt(upload, contact="replaced"), format="json", headers={"If-Match": found["ETag"]}
    )
    assert changed.status_code == 200, changed.content
    told = {column["name"]: column["used_as"] for column in changed.json()["profile"]["columns"]}
    assert told["contact"] == "codes instead of its values"


def test_a_table_looked_at_before_is_held_to_the_same(cast, upload):
    for column in upload.profile["columns"]:
        del column["person"]
    upload.save()
    page = cast.browser(cast.editor).get(f"/w/acme/training-tables/{upload.pk}/").content.decode()
    assert "3 columns seem to name people" in page
