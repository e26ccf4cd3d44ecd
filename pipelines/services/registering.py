"""What becomes a version: the package of a run here, and what a run elsewhere says of its own."""

from collections.abc import Mapping
from typing import Any

from accounts.access import Access
from accounts.services import audit_record
from jobs.models import Blob
from pipelines.domain.choosing import choices_of
from pipelines.domain.fingerprint import digest_of
from pipelines.domain.outside import figures_kept
from pipelines.models import AliasName, ModelVersion, OutsideRun, PipelineRun
from pipelines.services.numbering import next_number
from pipelines.services.registry import alias_point, pipeline_held

MADE_UP = "Tried on made-up rows: it runs from end to end, and no figure says anything of the task."


def version_register(*, access: Access, found: PipelineRun, package: Mapping[str, Any]) -> ModelVersion:
    """The version of what a run packaged; the same package again is the same version. One accepted is the candidate.

    `package` is {blob, digest, manifest, features, example, card} as `record_compute` puts it together.
    """
    known = ModelVersion.objects.filter(pipeline=found.pipeline, digest=package["digest"]).first()
    version = known or _registered(access, found, package)
    _candidate(version)
    return version


def _candidate(version: ModelVersion) -> None:
    """One that is accepted and not in use already may be put into use next."""
    if version.accepted and not version.aliases.filter(name=AliasName.CHAMPION).exists():
        alias_point(version.pipeline, AliasName.CANDIDATE, version)


def _told(access: Access, version: ModelVersion, run: object) -> None:
    detail = {"task": version.pipeline.task.name, "version": version.number, "run": run}
    audit_record(access=access, verb="model.registered", subject=version.pipeline.subject, detail=detail)


def _registered(access: Access, found: PipelineRun, package: Mapping[str, Any]) -> ModelVersion:
    version = ModelVersion.objects.create(
        workspace=found.workspace,
        pipeline=found.pipeline,
        number=next_number(found.pipeline.versions),
        run=found,
        package=Blob.objects.of(found.workspace).get(pk=package["blob"]),
        digest=package["digest"],
        lineage=_lineage(found, package["manifest"]),
        signature=_signature(package),
        metrics=found.metrics,
        acceptance=found.acceptance,
        accepted=bool(found.accepted),
        card=package["card"],
    )
    _told(access, version, found.number)
    return version


def version_register_outside(*, access: Access, outside: OutsideRun, told: Mapping[str, Any]) -> ModelVersion:
    """The version of what a run elsewhere packaged, without its package; one that is accepted is the candidate.

    `told` is the body of its event. The same digest again, or one that was packaged here, is the same version. A model
    of made-up rows is never accepted.
    """
    pipeline, manifest = pipeline_held(outside.pipeline_id), told["manifest"]
    metrics, acceptance = figures_kept(told.get("metrics", {})), told.get("acceptance", {})
    acceptance |= {"accepted": False, "sentence": MADE_UP} if metrics["made_up"] else {}
    known = ModelVersion.objects.filter(pipeline=pipeline, digest=told["digest"]).first()
    version = known or ModelVersion.objects.create(
        workspace=outside.workspace,
        pipeline=pipeline,
        number=next_number(pipeline.versions),
        outside=outside,
        digest=told["digest"],
        lineage={
            "data": str(manifest.get("data_sha256", outside.data_digest)),
            "code": outside.code_digest,
            "model": str(manifest.get("model_sha256", "")),
        },
        signature=_signature({"manifest": manifest, "features": {"features": told.get("inputs", [])}, "example": {}}),
        metrics=metrics,
        acceptance=acceptance,
        accepted=acceptance.get("accepted") is True,
        card=told.get("card", ""),
    )
    version.pipeline = pipeline
    if known is None:
        _told(access, version, outside.key)
    _candidate(version)
    return version


def _lineage(found: PipelineRun, manifest: Mapping[str, Any]) -> dict[str, str]:
    """What made it: rows, code, parameters and environment, each by its digest."""
    specification = found.generation.specification
    return {
        "data": str(manifest.get("data_sha256", "")),
        "code": found.generation.digest,
        "parameters": digest_of(found.changes),
        "environment": str(specification.get("lock_digest", "")),
        "model": str(manifest.get("model_sha256", "")),
    }


def _signature(package: Mapping[str, Any]) -> dict[str, Any]:
    manifest, features = package["manifest"], package["features"]
    output = {name: manifest.get(name) for name in ("task", "classes", "positive", "threshold")}
    known = package.get("reference", {}).get("features", {})
    inputs = [
        {"name": one["name"], "kind": one.get("kind", ""), "title": one.get("title") or one["name"]}
        | {"unit": one.get("unit", ""), "choices": choices_of(known.get(one["name"], {}))}
        for one in features.get("features", [])
    ]
    examples = package["example"].get("instances", [])
    return {"inputs": inputs, "output": output, "example": examples[0] if examples else {}}
