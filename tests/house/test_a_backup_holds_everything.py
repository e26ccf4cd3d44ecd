"""A row of every model and its file come back from a backup exactly as they were, on either database."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, User, Workspace
from accounts.services.backup import backup_models
from jobs.services import blob_open, blob_store
from tests.conftest import Cast
from tests.house.populated import populate

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of every model, all columns, in one order."""
    return {model._meta.label: list(_every(model).order_by("pk").values()) for model in backup_models()}


def _every(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._base_manager.all()


def test_every_row_and_file_comes_back(cast: Cast, tmp_path: Path, settings: Settings) -> None:
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "a")}}
    settings.STORAGES = {**settings.STORAGES, "blobs": store}
    populate(cast.workspace)
    kept = blob_store(workspace=cast.elsewhere, source=b"case,activity\n" * 5000, media_type="text/csv")
    before = rows()
    ours = {label for label in before if label.split(".")[0] in {"accounts", "jobs", "planner", "canvas", "pipelines"}}
    assert all(before[label] for label in ours - {"accounts.CallCount"})

    archive = tmp_path / "taskworth.zip"
    call_command("backup", str(archive), verbosity=0)
    Workspace.objects.update(name="Spoiled")
    AuditEntry.objects.all().delete()
    User.objects.create(email="late@example.org")
    fresh = {**store, "OPTIONS": {"location": str(tmp_path / "b")}}
    settings.STORAGES = {**settings.STORAGES, "blobs": fresh}
    call_command("restore", str(archive), "--force", verbosity=0)

    assert rows() == before
    with blob_open(kept) as back:
        assert back.read() == b"case,activity\n" * 5000
