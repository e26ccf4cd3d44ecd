"""The file of all estimates of a process or workspace, written by a job where they are many.

Of each kind the last file is kept, until another is written or the process is deleted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone

from accounts.access import Access
from accounts.models import Workspace
from common.formatting import things
from jobs.models import Blob, Run, Stage
from jobs.services import StageSpec, blob_store, run_submit
from planner.domain.valuation.estimate_table import Line, write_csv, write_workbook
from planner.models import Process
from planner.selectors.estimate_files import AT_ONCE, MEDIA, WRITE_ESTIMATES, file_key, newest_blobs, tasks_count
from planner.selectors.estimate_table import SaidTask, estimate_lines, import_subject, lines_of, said_tasks
from planner.services.discarding import blob_let_go

Progress = Callable[[float, str], None]
WRITERS = {"csv": write_csv, "xlsx": write_workbook}
READ = 0.4
"""The share of the work that is done when the estimates are read."""


def estimate_file_write(*, access: Access, process: Process | None, ending: str) -> bytes | Run:
    """All estimates of a process or of the workspace as a file, else the job that writes it where they are many.

    The product does it for whoever looks: of those who ask while a file is being written, each gets the same job.
    """
    workspace = access.workspace
    many = tasks_count(workspace, process)
    if many <= AT_ONCE:
        return WRITERS[ending](estimate_lines(workspace, process))
    subject = import_subject(workspace, process)
    key = f"{WRITE_ESTIMATES}:{subject}:{ending}"
    earlier = Run.objects.of(workspace).filter(idempotency_key__startswith=f"{key}:#").order_by("-pk")
    last = earlier.first()
    if last is not None and not last.is_over:
        return last
    params = {"workspace": workspace.pk, "process": process.pk if process is not None else None, "ending": ending}
    return run_submit(
        access=Access.system(workspace),
        kind=WRITE_ESTIMATES,
        title=f"Write the estimates of {things(many, 'task')} as {ending.upper()}",
        stages=[StageSpec(name="file", task_name=WRITE_ESTIMATES, params=params)],
        params={"ending": ending},
        subject=subject,
        idempotency_key=f"{key}:#{earlier.count() + 1}",
    )


def estimate_file_compute(*, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Read the estimates and write them. Empty where the process was deleted meanwhile."""
    workspace = Workspace.objects.get(pk=params["workspace"])
    process = None
    if params["process"] is not None:
        process = Process.objects.of(workspace).filter(pk=params["process"]).first()
        if process is None:
            return {}
    progress(0.0, "reading the estimates")
    read_at = timezone.now()
    said = said_tasks(workspace, process)
    data = WRITERS[params["ending"]](_told(said, progress))
    blob = blob_store(workspace=workspace, source=data, media_type=MEDIA[params["ending"]].split(";")[0])
    return {"blob": blob.pk, "tasks": len(said), "read_at": read_at.isoformat()}


def _told(said: Sequence[SaidTask], progress: Progress) -> Iterator[Line]:
    """The lines, saying how many tasks are written."""
    for place, each in enumerate(said):
        if place % 50 == 0:
            progress(READ + (1 - READ) * place / len(said), f"{place} of {things(len(said), 'task')} written")
        yield from lines_of(each)


def estimate_file_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Put away the files that this one stands in place of. Equal files are kept once, whoever wrote them."""
    written = Stage.objects.filter(workspace=stage.workspace, task_name=WRITE_ESTIMATES).exclude(pk=stage.pk)
    of_one: dict[bool, list[Stage]] = {True: [], False: []}
    for each in written.exclude(output={}).order_by("-run_id"):
        of_one[file_key(each) == file_key(stage)].append(each)
    needed = {blob for _, blob in newest_blobs(of_one[False])} | {output.get("blob")}
    older = {each.output["blob"] for each in of_one[True]} - needed
    for blob in Blob.objects.of(stage.workspace).filter(pk__in=older):
        blob_let_go(blob)


def estimate_files_of(process: Process) -> set[int]:
    """The numbers of the files that hold estimates of a process: its own, and those of the whole workspace."""
    written = Stage.objects.filter(workspace=process.workspace, task_name=WRITE_ESTIMATES).exclude(output={})
    return {each.output["blob"] for each in written if each.params["process"] in (process.pk, None)}
