"""The work of one stage: the generated project's own code, in its environment, on what earlier stages left behind.

No disk is shared between stages: the project and every input come out of the store, the output goes into it.
"""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accounts.models import Workspace
from jobs.models import Blob
from jobs.services import blob_open, blob_store
from pipelines.domain.archive import archive_read, archive_write
from pipelines.domain.fingerprint import file_digests
from pipelines.domain.generation import TableData, data_files
from pipelines.models import Generation
from pipelines.services.contexts import Context
from pipelines.services.environments import environment_python

PROGRESS = "progress "
ZIP = "application/zip"
LARGEST = 2_000_000


def stage_compute(context: Context) -> dict[str, object]:
    """Run `python -m <package> <stage>`; the output names the stage's files and holds what its JSON files say."""
    found = Generation.objects.select_related("workspace", "archive", "data")
    generation = found.get(pk=context.run_params["generation"], workspace=context.workspace_id)
    project, work = context.directory / "project", context.directory / "work"
    _lay_out(project, work, generation, context.inputs)
    python = environment_python(str(generation.specification["lock_name"]))
    context.command(
        [str(python), "-m", generation.package, context.name, "--work", str(work)],
        cwd=project,
        env={"PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": threads()},
        on_line=lambda line: _told(context, line),
    )
    output = _keep(work / context.name, generation.workspace)
    _tell_figures(context, output["results"])
    shutil.rmtree(project)
    return output


def threads() -> str:
    """Half of the machine's cores for a stage, at least one: two stages run side by side."""
    return str(max(1, (os.cpu_count() or 2) // 2))


def _lay_out(project: Path, work: Path, generation: Generation, inputs: Mapping[str, Mapping[str, Any]]) -> None:
    with blob_open(generation.archive) as stream:
        files = {path.split("/", 1)[1]: content for path, content in archive_read(stream).items()}
    with blob_open(generation.data) as stream:
        files |= data_files(TableData(stream.read(), generation.split_moment))
    _write(project, files)
    work.mkdir()
    for name, output in inputs.items():
        with blob_open(Blob.objects.of(generation.workspace).get(pk=output["blob"])) as stream:
            _write(work / name, archive_read(stream))


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _told(context: Context, line: str) -> None:
    """Lines "progress 0.40 what" move the bar, all others go to the log."""
    if not line.startswith(PROGRESS):
        context.log(line)
        return
    share, _, note = line.removeprefix(PROGRESS).partition(" ")
    try:
        context.progress(float(share), note)
    except ValueError:
        context.log(line)


def _keep(folder: Path, workspace: Workspace) -> dict[str, Any]:
    """Everything the stage wrote, in one archive; the same files are the same digest."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    digests = file_digests(files)
    archive = archive_write(files)
    blob = blob_store(workspace=workspace, source=archive, media_type=ZIP)
    listed = [{"path": path, "size": len(files[path]), "digest": digest} for path, digest in digests.items()]
    return {"digest": blob.digest, "blob": blob.pk, "files": listed, "results": _results(files)}


def _results(files: Mapping[str, bytes]) -> dict[str, Any]:
    """What the small JSON files say, by name without ending."""
    small = {path: content for path, content in files.items() if len(content) < LARGEST}
    return {
        path.removesuffix(".json"): json.loads(content) for path, content in small.items() if path.endswith(".json")
    }


def _tell_figures(context: Context, results: Mapping[str, Any]) -> None:
    for name, value in results.get("metrics", {}).get("model", {}).items():
        if isinstance(value, float):
            context.metric(name, value)
