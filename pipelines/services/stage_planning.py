"""The stages of a run with what each rests on: an unchanged one is not run again, and why another is, is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from jobs.models import Need, new_key
from jobs.services import StageSpec
from pipelines.domain.fingerprint import file_digests, stage_source
from pipelines.domain.parameters import DECISION, SET, told
from pipelines.domain.stage_graph import STAGES, StageDefinition, ancestors, descendants, sources_of
from pipelines.models import Generation
from pipelines.services.environments import environment_key

STAGE_TASK, RECORD_TASK = "pipelines.stage", "pipelines.record"
RECORD = "record"
RECORDED_FROM = ("evaluate", "test", "package", "serve_smoke")
TIME_LIMIT_S = 1800
HEAVY = frozenset({"train", "evaluate"})
LOCK = "requirements.lock"
SHOWN_DIGITS = 16


@dataclass(frozen=True)
class Basis:
    """What a run rests on: a generation, its parameters, those changed for this run, and the files that hold these."""

    generation: Generation
    parameters: Mapping[str, float]
    changes: Mapping[str, float] = field(default_factory=dict)
    changed: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def generated(self) -> dict[str, str]:
        """Path to digest, as generated."""
        return {str(entry["path"]): str(entry["digest"]) for entry in self.generation.tree}

    @cached_property
    def digests(self) -> dict[str, str]:
        """Path to digest, as the run sees them."""
        return self.generated | file_digests(self.changed)

    @cached_property
    def environment(self) -> str:
        return environment_key(self.generation.specification["lock_digest"])

    def apart(self, stage: StageDefinition) -> dict[str, str]:
        """What decides a stage's result beside its files and inputs."""
        known = {"environment": self.environment, "package": self.generation.package}
        if stage.after:
            return known
        return known | {"data": self.generation.data.digest, "moment": self.generation.split_moment}


def stage_specs(basis: Basis, *, until: str = "", again_from: str = "") -> list[StageSpec]:
    """The stages of a run, up to `until` (empty: all, and the result is recorded). `again_from` and what follows it run
    although nothing changed.
    """
    wanted = {until, *ancestors(until)} if until else {stage.name for stage in STAGES}
    again = {again_from, *descendants(again_from)} if again_from else set()
    nonce = new_key() if again else ""
    specs = [_spec(basis, stage, nonce if stage.name in again else "") for stage in STAGES if stage.name in wanted]
    record = StageSpec(RECORD, RECORD_TASK, RECORDED_FROM, timeout_s=600)
    return specs if until else [*specs, record]


def _spec(basis: Basis, stage: StageDefinition, nonce: str) -> StageSpec:
    paths = sources_of(stage, basis.generation.package, basis.digests)
    return StageSpec(
        stage.name,
        STAGE_TASK,
        stage.after,
        params={"again": nonce} if nonce else {},
        timeout_s=TIME_LIMIT_S,
        fingerprint_source=stage_source(stage.name, basis.digests, paths, extra=basis.apart(stage)),
        fingerprint_parts=_parts(basis, stage, paths, nonce),
        need=Need.HEAVY if stage.name in HEAVY else Need.LIGHT,
    )


def _parts(basis: Basis, stage: StageDefinition, paths: tuple[str, ...], nonce: str) -> dict[str, dict[str, str]]:
    """What people are told a stage rests on. Parameters by their values; files as they were generated, so that a
    parameter changed for one run is not told a second time as a file.
    """
    known = {path: basis.generated[path][:SHOWN_DIGITS] for path in paths if path in basis.generated and path != LOCK}
    apart = basis.apart(stage)
    decides = DECISION in paths
    values = {**basis.parameters, **basis.changes}
    parts = {
        "parameters": told({name: value for name, value in values.items() if decides or name.startswith(f"{SET}.")}),
        "data": {name: apart[name][:SHOWN_DIGITS] for name in ("data", "moment") if apart.get(name)},
        "code": {path: digest for path, digest in known.items() if path.endswith(".py")},
        "configuration": {path: digest for path, digest in known.items() if not path.endswith(".py")},
        "packages": {LOCK: apart["environment"]},
    }
    return {**parts, "request": {"by a person": nonce}} if nonce else parts
