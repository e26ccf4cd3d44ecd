"""A pipeline that learns from a table somebody brings, or from rows made up: what is kept, what is generated."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.services import api_token_create
from common.errors import InvalidInput, NotAllowed, StaleEdit
from jobs.models import Blob
from jobs.services import blob_open, run_drain
from pipelines.models import Generation, RowsFrom, TrainingSource, TrainingUpload
from pipelines.selectors.generation_files import generation_files
from pipelines.services import (
    pipeline_generate,
    training_roles_update,
    training_source_choose,
    training_upload_create,
    training_upload_delete,
)
from tests.generated.unpacking import borrow_environment, make
from tests.pipelines.made_tables import as_csv, as_parquet, canvas_without_log, loans, table_brought

FEATURES = [
    {"name": "amount", "type": "number", "unit": "EUR", "source": ""},
    {"name": "region", "type": "category", "unit": "", "source": ""},
    {"name": "member", "type": "yes/no", "unit": "", "source": ""},
]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def canvas(cast):
    return canvas_without_log(cast.workspace, {"features": {"features": {"value": FEATURES}}})


@pytest.fixture
def access(cast):
    return cast.access(cast.editor)


def generated(access, canvas, **options):
    job = pipeline_generate(access=access, canvas=canvas, **options)
    run_drain(run_ids=[job.pk])
    job.refresh_from_db()
    return job, Generation.objects.of(access.workspace).filter(pk=job.result.get("generation", 0)).first()


def rows_of(generation):
    with blob_open(generation.data) as stream:
        return pd.read_csv(stream)


def page_of(upload):
    return f"/w/acme/training-tables/{upload.pk}/"


def form_of(upload, **changes):
    """What the page sends when nothing is changed but this."""
    names = [column["name"] for column in upload.profile["columns"]]
    sent = {key: value for key, value in upload.roles.items() if isinstance(value, str)}
    sent |= {f"kind-{place}": upload.roles["kinds"].get(name, "") for place, name in enumerate(names)}
    return sent | {"version": upload.version} | changes


def test_a_project_is_generated_from_a_table_once_its_columns_are_confirmed(access, canvas):
    upload = table_brought(access, canvas, as_csv(loans()))
    job, nothing = generated(access, canvas)
    assert nothing is None
    assert "Say first what the columns" in job.stages.get().reason
    training_roles_update(access=access, upload=upload, changes={})
    _, generation = generated(access, canvas, include_rows=True)
    rows = rows_of(generation)
    assert (generation.rows_from, generation.upload, generation.rows) == (RowsFrom.UPLOAD, upload, 600)
    assert list(rows.columns) == ["row_id", "decided_at", "known_at", "outcome", "amount", "region", "member"]
    assert rows.amount.tolist() == loans().amount.tolist()
    assert rows.outcome.tolist() == loans().approved.tolist()
    readme = generation_files(generation)["README.md"].decode()
    assert "real rows of the table that was brought" in readme
    assert "loans" in readme


def test_a_project_from_a_table_runs_its_own_pipeline(access, canvas, tmp_path):
    frame = loans(400)
    frame.loc[5, "region"] = None
    training_roles_update(
        access=access, upload=table_brought(access, canvas, as_parquet(frame), "loans.parquet"), changes={}
    )
    _, generation = generated(access, canvas, include_rows=True)
    root = tmp_path / generation.slug
    for path, content in generation_files(generation).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    borrow_environment(root)
    told = make(root, "pipeline")
    assert "ingest: 400 rows from training.csv" in told
    metrics = json.loads((root / "work" / "evaluate" / "metrics.json").read_text())
    assert metrics["made_up"] is False
    assert metrics["model"]["auc"] > 0.7


def test_real_rows_enter_a_download_only_when_ticked(access, canvas):
    training_roles_update(access=access, upload=table_brought(access, canvas, as_csv(loans())), changes={})
    _, generation = generated(access, canvas, include_rows=False)
    assert not any("training" in path for path in generation_files(generation) if path.startswith("data/"))


def test_without_log_and_table_rows_are_made_up_and_it_is_said_everywhere(cast, access, canvas):
    _, generation = generated(access, canvas, include_rows=True)
    files = generation_files(generation)
    assert generation.rows_from == RowsFrom.MADE_UP
    assert not generation.with_rows
    assert "data/training.csv" not in files
    assert "Nothing was recorded for this task yet" in files["README.md"].decode()
    assert list(rows_of(generation).columns)[4:] == ["amount", "region", "member"]
    browser = cast.browser(cast.viewer)
    assert "Made-up rows." in browser.get(f"/w/acme/pipelines/{generation.pipeline_id}/").content.decode()
    assert "made-up rows" in browser.get(f"/w/acme/tasks/{canvas.task_id}/pipeline/options/").content.decode()


def test_without_log_table_and_features_it_is_said_what_to_do(cast, access):
    job, generation = generated(access, canvas_without_log(cast.workspace))
    assert generation is None
    assert "import a log, bring a table, or say there" in job.stages.get().reason


def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_kept(cast, access, canvas):
    upload = table_brought(access, canvas, as_csv(loans().assign(constant="x")))
    answer = cast.browser(cast.editor).post(page_of(upload), form_of(upload, target="constant", positive=""))
    assert answer.status_code == 422
    assert "the same outcome, “x”" in " ".join(answer.context["form"].errors["target"])
    upload.refresh_from_db()
    assert (upload.confirmed, upload.roles["target"]) == (False, "approved")


def test_roles_are_kept_from_the_page(cast, access, canvas):
    upload = table_brought(access, canvas, as_csv(loans()))
    sent = form_of(upload, decided_at="", group="region", imitation="on")
    assert cast.browser(cast.editor).post(page_of(upload), sent).status_code == 302
    upload.refresh_from_db()
    assert upload.confirmed
    assert (upload.roles["group"], upload.roles["imitation"], upload.roles["decided_at"]) == ("region", True, "")
    assert upload.roles["kinds"] == {"amount": "number", "member": "flag"}


def test_a_stale_edit_is_refused_with_what_holds(cast, access, canvas):
    upload = table_brought(access, canvas, as_csv(loans()))
    stale = form_of(upload, target="member", positive="yes")
    training_roles_update(access=access, upload=upload, changes={"positive": "granted"})
    answer = cast.browser(cast.editor).post(page_of(upload), stale)
    assert answer.status_code == 412
    assert "positive: now granted" in answer.content.decode()
    with pytest.raises(StaleEdit):
        training_roles_update(access=access, upload=upload, changes={}, version=1)


def test_with_another_target_its_yes_is_proposed_anew(access, canvas):
    upload = table_brought(access, canvas, as_csv(loans()))
    changed = training_roles_update(access=access, upload=upload, changes={"target": "member"})
    assert changed.roles["positive"] == "yes"


def test_a_leak_is_shown_with_its_score_and_a_person_decides(cast, access, canvas):
    frame = loans()
    frame.insert(2, "payout", np.where(frame.approved == "granted", frame.amount, 0.0))
    upload = table_brought(access, canvas, as_csv(frame))
    page = cast.browser(cast.viewer).get(page_of(upload)).content.decode()
    assert "“payout” tells “approved” by itself (AUC 1.000)" in page
    kept = training_roles_update(access=access, upload=upload, changes={})
    assert "payout" in kept.roles["kinds"]
    without = {name: kind for name, kind in kept.roles["kinds"].items() if name != "payout"}
    training_roles_update(access=access, upload=upload, changes={"kinds": without})
    assert "“payout” tells" not in cast.browser(cast.viewer).get(page_of(upload)).content.decode()


def test_a_file_that_is_no_table_leaves_nothing_behind(cast, access, canvas):
    where = f"/w/acme/tasks/{canvas.task_id}/pipeline/rows/bring/"
    content = as_csv(loans()).replace(b"region", b"amount", 1)
    answer = cast.browser(cast.editor).post(where, {"file": SimpleUploadedFile("loans.csv", content)})
    assert answer.status_code == 422
    assert "More than one column is called “amount”" in answer.content.decode()
    assert not TrainingUpload.objects.exists()
    assert not Blob.objects.exists()


def test_a_file_damaged_further_down_is_said_by_its_job(access, canvas):
    upload = table_brought(access, canvas, as_csv(loans(20_000)) + b'x,"1,2\n' + as_csv(loans(90_000)))
    assert not upload.is_profiled
    assert "cannot be read to its end" in upload.run.stages.get().reason


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\temp\\a.csv", "a\u202egpj.csv", "<b>.csv", "x" * 400])
def test_a_hostile_name_is_a_name(cast, access, canvas, name):
    upload = training_upload_create(access=access, canvas=canvas, file=io.BytesIO(as_csv(loans())), filename=name)
    assert upload.filename
    assert len(upload.filename) <= 200
    assert not set(upload.filename) & set("/\\\u202e")
    page = cast.browser(cast.viewer).get(f"/w/acme/tasks/{canvas.task_id}/pipeline/rows/").content.decode()
    assert "<b>.csv" not in page


def test_hostile_column_names_and_cells_are_text(cast, access, canvas):
    frame = loans().rename(columns={"region": "<script>alert(1)</script>", "amount": "'; import os #"})
    frame["approved"] = frame["approved"].map({"granted": "[[= 7*7 =]]", "refused": '"</script>'})
    upload = table_brought(access, canvas, as_csv(frame))
    assert "<script>alert" not in cast.browser(cast.editor).get(page_of(upload)).content.decode()
    training_roles_update(access=access, upload=upload, changes={})
    _, generation = generated(access, canvas)
    assert set(rows_of(generation).outcome) == {"[[= 7*7 =]]", '"</script>'}


def test_deleting_a_table_takes_what_was_generated_from_it(cast, access, canvas):
    upload = table_brought(access, canvas, as_csv(loans()))
    training_roles_update(access=access, upload=upload, changes={})
    _, generation = generated(access, canvas)
    assert "1 generated project" in cast.browser(cast.editor).get(page_of(upload)).content.decode()
    pipeline = generation.pipeline
    training_upload_delete(access=access, upload=upload)
    pipeline.refresh_from_db()
    assert not Generation.objects.exists()
    assert not Blob.objects.exists()
    assert pipeline.state == "designed"


def test_a_viewer_reads_and_finds_no_form_and_a_stranger_nothing(cast, access, canvas):
    upload = table_brought(access, canvas, as_csv(loans()))
    viewer, rows = cast.browser(cast.viewer), f"/w/acme/tasks/{canvas.task_id}/pipeline/rows/"
    assert "<select" not in viewer.get(page_of(upload)).content.decode()
    assert 'type="file"' not in viewer.get(rows).content.decode()
    assert viewer.post(page_of(upload), form_of(upload)).status_code == 403
    with pytest.raises(NotAllowed):
        training_source_choose(access=cast.access(cast.viewer), canvas=canvas, rows_from="made_up")
    for address in (rows, page_of(upload)):
        assert cast.browser(cast.stranger).get(address).status_code == 404


def test_the_source_is_chosen_and_one_that_is_not_there_refused(cast, access, canvas):
    browser, where = cast.browser(cast.editor), f"/w/acme/tasks/{canvas.task_id}/pipeline/rows/"
    assert "No table was brought" in browser.get(where).content.decode()
    assert browser.post(where, {"source": "log"}).status_code == 422
    with pytest.raises(InvalidInput):
        training_source_choose(access=access, canvas=canvas, rows_from="log")
    upload = table_brought(access, canvas, as_csv(loans()))
    assert TrainingSource.objects.get().upload == upload
    browser.post(where, {"source": "made_up"})
    assert TrainingSource.objects.get().rows_from == RowsFrom.MADE_UP


def test_the_road_over_the_api(cast, access, canvas):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Token " + api_token_create(access=access, name="t", can_write=True)[1])
    file = SimpleUploadedFile("loans.csv", as_csv(loans()))
    made = client.post(f"/api/v1/canvases/{canvas.pk}/training-tables/", {"file": file}, format="multipart")
    assert made.status_code == 202
    run_drain(run_ids=[made.json()["job"]])
    where = f"/api/v1/training-tables/{made.json()['id']}/"
    found = client.get(where)
    amount = next(column for column in found.json()["profile"]["columns"] if column["name"] == "amount")
    assert (amount["kind"], amount["leaks"], amount["used_as"]) == ("number", False, "a number")
    change = {"kinds": {"amount": "number", "none": "number"}}
    assert client.patch(where, change, format="json").status_code == 428
    headers = {"If-Match": found["ETag"]}
    wrong = client.patch(where, change, format="json", headers=headers)
    assert [error["path"] for error in wrong.json()["errors"]] == ["kinds.none"]
    fine = client.patch(where, {"kinds": {"amount": "number"}}, format="json", headers=headers)
    assert (fine.status_code, fine.json()["confirmed"]) == (200, True)
    assert client.patch(where, {"positive": "granted"}, format="json", headers=headers).status_code == 412
    source = f"/api/v1/canvases/{canvas.pk}/training/"
    assert client.get(source).json() == {
        "rows_from": "upload",
        "target": None,
        "upload": made.json()["id"],
        "by_person": True,
    }
    assert client.put(source, {"rows_from": "made_up"}, format="json").json()["rows_from"] == "made_up"
    assert client.delete(where, headers={"If-Match": fine["ETag"]}).status_code == 204
