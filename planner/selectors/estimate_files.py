"""The files of all estimates that were written by a job, and the job that is writing one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import FileResponse
from django.utils.dateparse import parse_datetime

from accounts.models import Workspace
from common.errors import Conflict
from common.security import file_response
from jobs.domain.states import RunState
from jobs.models import Blob, Run, Stage
from jobs.services import blob_open
from planner.models import Process, Task
from planner.selectors.estimate_table import import_subject

WRITE_ESTIMATES = "planner.write_estimates"
"""The kind of job that writes a file of estimates."""
AT_ONCE = 50
"""Tasks whose estimates are written while a page waits: about 2 ms each in a workbook."""
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What the kinds of files are called in an answer."""


@dataclass(frozen=True)
class EstimateFile:
    """A file that was written: by which job, csv or xlsx, how many tasks, and when the estimates in it were read."""

    run: Run
    ending: str
    tasks: int
    read_at: datetime
    blob: Blob


def tasks_count(workspace: Workspace, process: Process | None) -> int:
    """How many tasks a file would hold."""
    tasks = Task.objects.of(workspace).work()
    return (tasks.filter(process=process) if process is not None else tasks).count()


def file_name(process: int | None, ending: str) -> str:
    """
    >>> file_name(7, "csv"), file_name(None, "xlsx")
    ('estimates-7.csv', 'estimates.xlsx')
    """
    return f"estimates-{process}.{ending}" if process is not None else f"estimates.{ending}"


def estimate_files(workspace: Workspace, process: Process | None) -> list[EstimateFile]:
    """The files there are of a process, or of the workspace, the newest first: one a kind."""
    stages = _written(workspace).filter(run__subject=import_subject(workspace, process)).select_related("run")
    blobs = Blob.objects.of(workspace).in_bulk([stage.output["blob"] for stage in stages if stage.output])
    return [_file(stage, blobs[found]) for stage, found in newest_blobs(stages) if found in blobs]


def files_under_way(workspace: Workspace, process: Process | None) -> list[Run]:
    """The jobs that write files here, and the last one of a kind where that came to nothing."""
    runs = Run.objects.of(workspace).filter(kind=WRITE_ESTIMATES).about(import_subject(workspace, process))
    last: dict[Any, Run] = {}
    for run in runs[:20]:
        last.setdefault(run.params.get("ending"), run)
    return [run for run in last.values() if run.state_of is not RunState.SUCCEEDED]


def file_download(workspace: Workspace, pk: int) -> FileResponse:
    """The file a job wrote. Not found where there is no such job; Conflict before it is written and once it is gone."""
    run = Run.objects.of(workspace).filter(kind=WRITE_ESTIMATES).get_or_404(pk=pk)
    stage = run.stages.get()
    blob = Blob.objects.of(workspace).filter(pk=stage.output.get("blob")).first()
    if blob is None:
        over = "It was put away: a newer one was written, or what it was about is deleted." if stage.output else ""
        raise Conflict("The file is not there.", detail=over or f"The job that writes it is {run.state_of.word}.")
    process, ending = file_key(stage)
    return file_response(blob_open(blob), filename=file_name(process, ending), media_type=MEDIA[ending])


def file_key(stage: Stage) -> tuple[int | None, str]:
    """What a stage writes: the number of its process (None: of the workspace) and the kind of file."""
    return stage.params["process"], stage.params["ending"]


def newest_blobs(stages: Iterable[Stage]) -> list[tuple[Stage, int]]:
    """Of each process and kind the last file that was written, by its number."""
    found: dict[tuple[int | None, str], tuple[Stage, int]] = {}
    for stage in stages:
        if stage.output:
            found.setdefault(file_key(stage), (stage, stage.output["blob"]))
    return list(found.values())


def _written(workspace: Workspace) -> Any:
    done = Stage.objects.filter(workspace=workspace, task_name=WRITE_ESTIMATES, finished_at__isnull=False)
    return done.order_by("-run_id")


def _file(stage: Stage, blob: Blob) -> EstimateFile:
    read_at = parse_datetime(stage.output["read_at"])
    assert read_at is not None
    return EstimateFile(stage.run, stage.params["ending"], stage.output["tasks"], read_at, blob)
