"""A process with a small claims log, as the product imports it, for tests that generate and run."""

import io

import numpy as np
import pandas as pd
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.access import Access
from canvas.services import canvas_draft
from jobs.services import run_drain
from pipelines.domain.architecture import Architecture
from pipelines.models import Generation
from pipelines.services import pipeline_generate
from planner.domain.claims_log.claims import INVESTIGATE, TRIAGE, claims_generate
from planner.domain.foresight.targets import TargetSpec
from planner.models import Process, Task
from planner.services import log_import_start, log_upload_create

CASES = 700


def claims_process(access: Access) -> Process:
    """The process of 700 made-up claims, imported through the same road as anybody's file."""
    rng = np.random.default_rng(11)
    claims = claims_generate(cases=CASES, first_day=pd.Timestamp("2024-01-01"), days=300, rng=rng)
    stream = io.StringIO()
    claims.to_csv(stream, index=False)
    file = SimpleUploadedFile("claims.csv", stream.getvalue().encode())
    upload = log_upload_create(access=access, file=file, filename="claims.csv")
    run = log_import_start(access=access, upload=upload)
    run_drain(run_ids=[run.pk])
    return Process.objects.of(access.workspace).get()


def triage_generated(
    access: Access, *, include_rows: bool = False, architecture: Architecture | None = None
) -> Generation:
    """The pipeline of the triage, generated."""
    task = Task.objects.of(access.workspace).get(process=claims_process(access), activity=TRIAGE)
    canvas = canvas_draft(access=access, task=task)
    target = TargetSpec.next_activity(task=TRIAGE, positive=INVESTIGATE)
    job = pipeline_generate(
        access=access, canvas=canvas, target=target, include_rows=include_rows, architecture=architecture
    )
    run_drain(run_ids=[job.pk])
    job.refresh_from_db()
    return Generation.objects.of(access.workspace).get(pk=job.result["generation"])
