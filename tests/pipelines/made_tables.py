"""Tables as people bring them, and canvases to bring them for."""

import io
from collections.abc import Mapping

import numpy as np
import pandas as pd
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.access import Access
from accounts.models import Workspace
from canvas.models import Canvas
from jobs.services import run_drain
from pipelines.models import TrainingUpload
from pipelines.services import training_upload_create
from planner.models import Process, Task

COLUMNS = ("application", "amount", "region", "member", "asked_on", "approved")


def loans(rows: int = 600, *, seed: int = 4) -> pd.DataFrame:
    """Loans: larger amounts are refused more often, and more so in the south."""
    rng = np.random.default_rng(seed)
    amount = rng.gamma(2.0, 4000.0, rows).round(2)
    region = rng.choice(["north", "south", "east"], rows)
    risk = amount / 8000 + (region == "south") * 0.8 + rng.normal(0, 0.5, rows)
    return pd.DataFrame(
        {
            "application": [f"A-{place:06d}" for place in rng.permutation(rows)],
            "amount": amount,
            "region": region,
            "member": rng.choice(["yes", "no"], rows),
            "asked_on": pd.date_range("2024-01-01", periods=rows, freq="7h").strftime("%Y-%m-%d %H:%M:%S"),
            "approved": np.where(risk < np.quantile(risk, 0.6), "granted", "refused"),
        }
    )


def as_csv(frame: pd.DataFrame, **options: object) -> bytes:
    return frame.to_csv(index=False, **options).encode()


def as_parquet(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream, index=False)
    return stream.getvalue()


def canvas_without_log(workspace: Workspace, fields: Mapping[str, object] | None = None) -> Canvas:
    """A task nobody recorded anything of, with a canvas."""
    process = Process.objects.create(workspace=workspace, name="Loans", cases_a_year=1000)
    task = Task.objects.create(workspace=workspace, process=process, name="Decide the loan")
    return Canvas.objects.create(workspace=workspace, task=task, fields=dict(fields or {}))


def table_brought(access: Access, canvas: Canvas, content: bytes, name: str = "loans.csv") -> TrainingUpload:
    """A table, looked at."""
    upload = training_upload_create(access=access, canvas=canvas, file=SimpleUploadedFile(name, content), filename=name)
    assert upload.run is not None
    run_drain(run_ids=[upload.run.pk])
    upload.refresh_from_db()
    return upload
