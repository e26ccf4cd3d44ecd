"""The work of one stage: the generated project's own code, in its environment, on what earlier stages left behind.

No disk is shared between stages: the project and every input come out of the store, the output goes into it.
"""

import json
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
from pipelines.domain.parameters import files_changed
from pipelines.models import Generation
from pipelines.selectors.generation_files import generation_files
from pipelines.services.contexts import Context
from pipelines.services.environments import environment_python
from pipelines.services.stage_planning import TIME_LIMIT_S

PROGRESS, METRIC = "progress", "metric"
ZIP = "application/zip"
LARGEST = 2_000_000


def stage_compute(context: Context) -> dict[str, object]:
    """Run `python -m <package> <stage>`; the output names the stage's files and holds what its JSON files say."""
    found = Generation.objects.select_related("workspace", "archive", "data")
    generation = found.get(pk=context.run_params["generation"], workspace=context.workspace_id)
    project, work = context.directory / "project", context.directory / "work"
    files = _lay_out(project, work, generation, context.inputs, context.run_params.get("changes", {}))
    python = environment_python(files["requirements.lock"])
    context.command(
        [str(python), "-m", generation.package, context.name, "--work", str(work)],
        cwd=project,
        env=_settings(project),
        on_line=lambda line: _told(context, line),
    )
    output = _keep(work / context.name, generation.workspace)
    _tell_figures(context, output["results"])
    shutil.rmtree(project)
    return output


def _settings(project: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": str(project / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MODEL_TIME_LIMIT": str(TIME_LIMIT_S),
    }


def _lay_out(
    project: Path,
    work: Path,
    generation: Generation,
    inputs: Mapping[str, Mapping[str, Any]],
    changes: Mapping[str, float],
) -> dict[str, bytes]:
    """The files of the project, written out with the parameters of this run, the real rows (if there are any) and what
    earlier stages left.
    """
    files = generation_files(generation)
    files |= files_changed(files, changes)
    if not generation.is_made_up:
        with blob_open(generation.data) as stream:
            files |= data_files(TableData(stream.read(), generation.split_moment))
    _write(project, files)
    work.mkdir()
    for name, output in inputs.items():
        with blob_open(Blob.objects.of(generation.workspace).get(pk=output["blob"])) as stream:
            _write(work / name, archive_read(stream))
    return files


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _told(context: Context, line: str) -> None:
    """Lines "progress 0.40 what" move the bar, "metric name 1.5" is a figure of the run, all others go to the log."""
    word, _, rest = line.partition(" ")
    first, _, second = rest.partition(" ")
    try:
        if word == PROGRESS:
            context.progress(float(first), second)
        elif word == METRIC:
            context.metric(first, float(second))
        else:
            context.log(line)
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
