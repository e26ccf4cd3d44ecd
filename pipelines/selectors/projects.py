"""What the page of a pipeline shows: its latest generation, the files in it, the job that makes the next one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.http import FileResponse, Http404

from common.downloads import attachment
from jobs.models import Blob, Run
from jobs.services import blob_open
from pipelines.domain.archive import archive_read
from pipelines.domain.files import FIRST_READ, Folder, Shown, shown, tree_of
from pipelines.domain.specification import Specification
from pipelines.models import Generation, Pipeline
from planner.models import Process

GENERATE = "pipelines.generate"


@dataclass(frozen=True)
class ProjectPage:
    """A generation as people read it."""

    generation: Generation
    specification: Specification
    tree: Folder
    file: Shown
    size: int


def generation_latest(pipeline: Pipeline) -> Generation | None:
    return Generation.objects.of(pipeline.workspace).filter(pipeline=pipeline).select_related("archive").first()


def generating(pipeline: Pipeline) -> Run | None:
    """The latest job that generates it, while it is under way or when it failed after the last generation."""
    return next(iter(generating_of([pipeline])), None)


def generating_of(pipelines: Sequence[Pipeline]) -> list[Run]:
    """That job of each of several pipelines of one workspace which has one, in their order. One query."""
    if not pipelines:
        return []
    place = {pipeline.subject: at for at, pipeline in enumerate(pipelines)}
    asked = Run.objects.of(pipelines[0].workspace).filter(kind=GENERATE, subject__in=place)
    latest = asked.values("subject").annotate(newest=Max("pk")).values("newest")
    runs = [run for run in Run.objects.filter(pk__in=latest) if not run.result.get("generation")]
    return sorted(runs, key=lambda run: place[run.subject])


def project_page(generation: Generation, *, path: str = "") -> ProjectPage:
    """The tree of a generation with one file open, the README when none is asked for. Http404 for no such file."""
    wanted = path or FIRST_READ
    return ProjectPage(
        generation=generation,
        specification=Specification.from_json(generation.specification),
        tree=tree_of(generation.tree),
        file=file_shown(generation, wanted),
        size=sum(int(entry["size"]) for entry in generation.tree),
    )


def file_shown(generation: Generation, path: str) -> Shown:
    if path not in {entry["path"] for entry in generation.tree}:
        raise Http404("There is no such file in the project.")
    with blob_open(generation.archive) as stream:
        return shown(path, archive_read(stream)[f"{generation.slug}/{path}"])


def download_of(blob: Blob, filename: str) -> FileResponse:
    """A stored file as a download of that name."""
    return attachment(blob_open(blob), filename=filename, media_type=blob.media_type, size=blob.size)


def pipelines_of(process: Process) -> list[Pipeline]:
    """The pipelines of a process, the latest changed first."""
    return list(Pipeline.objects.of(process.workspace).of_process(process).with_task())
