"""What the stages of a run wrote, each file with its digest, and what it was made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from django.http import FileResponse

from common.downloads import attachment
from jobs.domain.states import StageState
from jobs.models import Stage
from jobs.services import blob_open
from pipelines.domain.archive import archive_member
from pipelines.domain.run_picture import DRAWN
from pipelines.domain.stage_graph import StageDefinition
from pipelines.models import ModelVersion, PipelineRun
from pipelines.selectors.projects import download_of
from pipelines.selectors.runs import stage_archive

PLAIN = "application/octet-stream"
ORIGINS = {
    "inputs": "Files of earlier stages",
    "parameters": "Parameters",
    "data": "Data",
    "code": "Code",
    "configuration": "Configuration",
    "packages": "Packages",
    "request": "Asked for",
}


@dataclass(frozen=True)
class Artifact:
    """One file: `size` in bytes, `digest` SHA-256 of its content, hexadecimal."""

    path: str
    size: int
    digest: str


@dataclass(frozen=True)
class Origin:
    """One kind of things a stage was made from: name to digest or value."""

    kind: str
    label: str
    parts: Mapping[str, str]


@dataclass(frozen=True)
class StageArtifacts:
    """What one stage wrote. `linked`: taken over unchanged from an earlier run."""

    definition: StageDefinition
    stage: Stage
    files: tuple[Artifact, ...]
    origins: tuple[Origin, ...]

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def linked(self) -> bool:
        return self.stage.state_of is StageState.CACHED

    @property
    def size(self) -> int:
        return sum(each.size for each in self.files)


@dataclass(frozen=True)
class RunArtifacts:
    """All that a run wrote, and the model versions its package became."""

    found: PipelineRun
    stages: tuple[StageArtifacts, ...]
    versions: tuple[ModelVersion, ...]

    @property
    def count(self) -> int:
        return sum(len(each.files) for each in self.stages)

    @property
    def size(self) -> int:
        return sum(each.size for each in self.stages)


def run_artifacts(found: PipelineRun) -> RunArtifacts:
    """The artifacts of a run, in two queries."""
    known = {stage.name: stage for stage in Stage.objects.of(found.workspace).filter(run=found.run_id)}
    stages = [_artifacts(each, known[each.name]) for each in DRAWN if each.name in known]
    digest = known["package"].output.get("digest") if "package" in known else None
    versions = ModelVersion.objects.of(found.workspace).filter(pipeline=found.pipeline_id, digest=digest or "")
    return RunArtifacts(found, tuple(each for each in stages if each.files), tuple(versions.defer("card")))


def _artifacts(definition: StageDefinition, stage: Stage) -> StageArtifacts:
    files = [Artifact(str(each["path"]), int(each["size"]), str(each["digest"])) for each in _listed(stage)]
    parts = stage.fingerprint_parts
    origins = [Origin(kind, label, dict(parts[kind])) for kind, label in ORIGINS.items() if parts.get(kind)]
    return StageArtifacts(definition, stage, tuple(files), tuple(origins))


def _listed(stage: Stage) -> list[Mapping[str, str | int]]:
    files = stage.output.get("files", [])
    return list(files) if isinstance(files, list) else []


def stage_download(found: PipelineRun, name: str, path: str | None) -> FileResponse | None:
    """What a stage wrote, as a zip, or the one file listed with `path`; None where there is no such thing."""
    stage = found.run.stages.filter(name=name).first()
    blob = stage_archive(found, stage) if stage else None
    if stage is None or blob is None:
        return None
    if path is None:
        return download_of(blob, f"{found.generation.slug}-run-{found.number}-{name}.zip")
    if path not in {each["path"] for each in _listed(stage)}:
        return None
    with blob_open(blob) as stream:
        content = archive_member(stream, path)
    return attachment(BytesIO(content), filename=path.rpartition("/")[2], media_type=PLAIN, size=len(content))
