"""A workspace in which every page has something to show: a process to a finished run, one without tasks, a file."""

from dataclasses import dataclass
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.access import Access
from accounts.services import api_token_create
from canvas.services import comment_create
from jobs.models import Run
from jobs.services import run_drain
from pipelines.models import Pipeline, PredictionRecord, RealisedMonth
from pipelines.services import months_start, pipeline_run_start
from planner.models import LogUpload, Process, ProcessReport
from planner.services import (
    PortfolioEntry,
    ScenarioEntry,
    SharedCostEntry,
    log_upload_create,
    portfolio_create,
    process_create,
    report_start,
    scenario_create,
    shared_cost_create,
)
from tests.pipelines.claims_setup import triage_generated
from tests.pipelines.made_outside import outside_told
from tests.pipelines.made_tables import as_csv, loans, table_brought

LOG = b"case;activity;time\n1;Register;2026-01-05 08:00\n1;Pay;2026-01-06 09:00\n2;Register;2026-01-07 08:00\n"


@dataclass(frozen=True)
class Whole:
    """What is in it. `empty` is the process in which nothing is drawn, `upload` the file that waits for a look."""

    process: Process
    empty: Process
    pipeline: Pipeline
    run: int
    job: int
    upload: LogUpload
    shared_cost: int
    scenario: int
    portfolio: int
    report: int
    table: int
    outside: int
    month: int
    comment: int


def whole_workspace(access: Access) -> Whole:
    """Make it, through the same services and jobs as anybody would."""
    generation = triage_generated(access)
    waiting = list(Run.objects.of(access.workspace).under_way().values_list("pk", flat=True))
    run = pipeline_run_start(access=access, generation=generation)
    run_drain(run_ids=[*waiting, run.run_id])
    file = SimpleUploadedFile("small.csv", BytesIO(LOG).read())
    upload = log_upload_create(access=access, file=file, filename="small.csv")
    empty = process_create(access=access, name="Nothing drawn")
    api_token_create(access=access, name="Nightly import", can_write=True)
    process = generation.pipeline.task.process
    entry = SharedCostEntry("One labelled data set", "20 k", [generation.pipeline.task_id])
    cost = shared_cost_create(access=access, entry=entry)
    dear = ScenarioEntry("Wages rise", "agreement of July", {"wage": "45"})
    own = scenario_create(access=access, process=process, entry=dear)
    plan = portfolio_create(access=access, entry=PortfolioEntry("First year"))
    job = report_start(access=access, process=process, decision="Build triage in spring.")
    run_drain(run_ids=[job.pk, *Run.objects.of(access.workspace).under_way().values_list("pk", flat=True)])
    report = ProcessReport.objects.of(access.workspace).get()
    table = table_brought(access, generation.pipeline.canvas, as_csv(loans()))
    seen = (outside_told(access, generation.pipeline).pk, month_counted(access, generation.pipeline))
    said = comment_create(access=access, canvas=generation.pipeline.canvas, block="decisions", text="Why 0.24?")
    made = (cost.pk, own.pk, plan.pk, report.pk, table.pk, *seen, said.pk)
    return Whole(process, empty, generation.pipeline, run.pk, run.run_id, upload, *made)


def month_counted(access: Access, pipeline: Pipeline) -> int:
    """A month of the pipeline in use, with one prediction."""
    PredictionRecord.objects.create(
        workspace=access.workspace, pipeline=pipeline, key="one", input_digest="0" * 64, decision="yes"
    )
    run_drain(run_ids=[months_start(access=access, pipeline=pipeline).pk])
    return RealisedMonth.objects.of(access.workspace).get().pk
