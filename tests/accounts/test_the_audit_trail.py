"""The audit trail: who did what, when, from what to what, in words on its page."""

from collections.abc import Callable
from io import BytesIO

import pytest

from accounts.models import AuditEntry
from accounts.services import api_token_create, user_rename
from canvas.services import canvas_conclude, canvas_draft, canvas_field_update
from common.errors import ProblemError
from jobs.models import Run
from jobs.services import run_cancel, run_retry
from planner.domain.suitability.suitability import BY_KEY
from planner.models import Process, Task
from planner.services import (
    estimate_undo,
    estimate_update,
    log_upload_create,
    process_create,
    process_update,
    suitability_answer,
    task_add,
    task_update,
)
from planner.services.imports import log_import_start
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]


@pytest.fixture
def task(cast: Cast) -> Task:
    process = process_create(access=cast.access(cast.editor), name="Claims", cases_a_year=1000)
    return task_add(access=cast.access(cast.editor), process=process, name="Triage")


def latest(cast: Cast) -> AuditEntry:
    found = AuditEntry.objects.of(cast.workspace).first()
    assert found is not None
    return found


def page(cast: Cast) -> str:
    return cast.browser(cast.viewer).get("/w/acme/audit/").content.decode()


def test_an_assumption_tells_old_and_new(cast: Cast, task: Task) -> None:
    access = cast.access(cast.editor)
    task_update(access=access, task=task, changes={"handling_minutes": 10, "volume_a_year": 500})
    estimate_update(access=access, task=task, changes={"adoption": {"text": "50 %, 80 %"}}, version=None)
    entry = latest(cast)
    assert (entry.verb, entry.actor, entry.subject) == ("assumptions.changed", cast.editor, f"task:{task.pk}")
    words = dict(entry.detail_words)["Adoption by year"]
    assert words.endswith("→ 50 %, 80 %")
    estimate_undo(access=access, task=task, version=None)
    assert latest(cast).verb == "assumptions.taken-back"
    assert "task “Triage”" in page(cast)
    assert "Assumptions changed" in page(cast)


def test_a_figure_tells_old_and_new(cast: Cast, task: Task) -> None:
    access = cast.access(cast.editor)
    task_update(access=access, task=task, changes={"handling_minutes": 10})
    task_update(access=access, task=task, changes={"handling_minutes": 12})
    assert latest(cast).detail["handling_minutes"] == {"from": 10.0, "to": 12}
    process_update(access=access, process=Process.objects.get(), name="Damages")
    assert latest(cast).detail["name"] == {"from": "Claims", "to": "Damages"}
    assert "process “Damages”" in page(cast)


def test_an_answer_tells_old_and_new_and_only_when_it_changed(cast: Cast, task: Task) -> None:
    access = cast.access(cast.editor)
    for score in (3, 4, 4, None):
        suitability_answer(access=access, task=task, question=first_question(), score=score)
    trail = AuditEntry.objects.filter(verb="suitability.answered").order_by("pk")
    changes = [next(one for one in entry.detail.values() if isinstance(one, dict)) for entry in trail]
    assert changes == [{"from": None, "to": 3}, {"from": 3, "to": 4}, {"from": 4, "to": None}]


def first_question() -> str:
    return next(iter(BY_KEY))


def test_a_canvas_tells_its_fields(cast: Cast, task: Task) -> None:
    access = cast.access(cast.editor)
    canvas = canvas_draft(access=access, task=task)
    canvas_field_update(
        access=access, canvas=canvas, block="value_proposition", field="end_user", value="Clerks", version=None
    )
    entry = latest(cast)
    assert entry.verb == "canvas.changed"
    assert any(value.endswith("→ Clerks") for _, value in entry.detail_words)
    canvas_conclude(access=access, canvas=canvas, conclusion="build", reason="worth it")
    assert latest(cast).verb == "canvas.concluded"
    assert "worth it" in page(cast)


def test_jobs_files_keys_and_names(cast: Cast) -> None:
    access = cast.access(cast.editor)
    rows = "".join(f"{case},{step},2026-01-0{step} 0{step}:00\n" for case in range(9) for step in (1, 2))
    source = BytesIO(f"case,activity,time\n{rows}".encode())
    upload = log_upload_create(access=access, file=source, filename="log.csv")
    upload.mapping = {**upload.mapping, "day_first": True}
    run: Run = log_import_start(access=access, upload=upload)
    run_retry(access=access, run=run_cancel(access=access, run=run))
    api_token_create(access=access, name="robot", can_write=False)
    user_rename(user=cast.editor, name="Edda")
    verbs = list(AuditEntry.objects.of(cast.workspace).order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "file.brought", "job.started", "job.cancelled", "job.tried-again", "token.created", "person.renamed",
    ]  # fmt: skip
    text = page(cast)
    assert "file “log.csv”" in text
    assert "job “Import log.csv”" in text
    assert "Edith → Edda" in text


def test_a_refused_change_leaves_no_entry(cast: Cast, task: Task) -> None:
    before = AuditEntry.objects.count()
    refused: list[Callable[[], object]] = [
        lambda: task_update(access=cast.access(cast.editor), task=task, changes={"handling_minutes": -1}),
        lambda: task_update(access=cast.access(cast.viewer), task=task, changes={"handling_minutes": 1}),
    ]
    for change in refused:
        with pytest.raises(ProblemError):
            change()
    assert AuditEntry.objects.count() == before
