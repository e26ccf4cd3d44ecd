"""A specification to the files of a project: deterministic to the byte."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from pipelines.domain.architecture import Serving
from pipelines.domain.archive import archive_write, files_digest
from pipelines.domain.rendering import Templates, path_of
from pipelines.domain.sample import sample_rows
from pipelines.domain.schedules import Schedule, schedule_read
from pipelines.domain.series_sample import series_sample
from pipelines.domain.specification import DECIDED_AT, KNOWN_AT, OUTCOME, ROW_ID, Specification
from pipelines.domain.stage_graph import STAGES, sources_of

LOCK = "requirements.lock"
NIGHTLY = "0 2 * * *"
"""When batches run where the canvas names no rhythm."""
TRAINING_SECONDS = 600.0
"""How long a training may take where the canvas does not say."""
ATTRIBUTION = (
    "The blocks and their questions follow the Machine Learning Canvas by Louis Dorard (v1.1, https://www.ownml.co), "
    "CC BY-SA 4.0; this file carries the same licence."
)


@dataclass(frozen=True)
class Packages:
    """What a project installs: to learn and develop, to answer alone (both hash-pinned), and what it asks by name."""

    lock: bytes
    serving_lock: bytes
    requirements: tuple[str, ...]


@dataclass(frozen=True)
class TableData:
    """Real rows as CSV, with the moment the test period begins (ISO 8601, "" = last quarter)."""

    rows: bytes
    split_moment: str


@dataclass(frozen=True)
class GeneratedProject:
    """Path to content, and the digest of all of it."""

    slug: str
    files: Mapping[str, bytes]
    digest: str

    def archive(self) -> bytes:
        """The project as a zip, in one folder, the same to the byte each time."""
        return archive_write(self.files, folder=self.slug)


def generate(
    specification: Specification,
    templates: Sequence[Templates],
    packages: Packages,
    generator: np.random.Generator,
    data: TableData | None = None,
) -> GeneratedProject:
    """Render every template, write the configuration, copy the locks, make up a sample; with `data`, the real rows.

    The same generator state gives the same bytes.
    """
    spec = specification
    shown = {"project": spec, "values": spec.values, "planned": spec.planned, "with_rows": data is not None}
    shown |= {"options": spec.architecture.as_json(), "requirements": packages.requirements}
    configured = configuration(spec)
    paths = [*(path_of(name, spec.package) for each in templates for name in each.sources), *configured, LOCK]
    shown |= {"feature_count": len(spec.features), "stages": stages_told(spec, paths)}
    shown["training_seconds"] = training_seconds(spec)
    schedule = _schedule(spec)
    shown["batch_cron"] = schedule.cron if schedule else NIGHTLY
    files: dict[str, bytes] = {}
    for each in templates:
        files |= each.rendered(package=spec.package, values=shown)
    files[LOCK], files["requirements-serving.lock"] = packages.lock, packages.serving_lock
    files |= configured
    made_up = series_sample(spec, spec.series, generator) if spec.series else sample_rows(spec, generator)
    files["data/sample.csv"] = made_up
    if data is not None:
        files |= data_files(data)
    return GeneratedProject(spec.slug, dict(sorted(files.items())), files_digest(files))


def stages_told(spec: Specification, paths: Sequence[str]) -> list[dict[str, Any]]:
    """Each stage, in their order, with the stages it reads and the files of the project that decide its result."""
    return [
        {"name": stage.name, "after": stage.after, "sources": sources_of(stage, spec.package, paths)}
        for stage in STAGES
    ]


def data_files(data: TableData) -> dict[str, bytes]:
    """The real rows and the moment that belongs to them, where the project looks for them."""
    return {"data/training.csv": data.rows, "data/training.json": _json({"moment": data.split_moment})}


def configuration(spec: Specification) -> dict[str, bytes]:
    """The files of `config/`: all text of people a program reads lies here, as JSON."""
    features = [{k: v for k, v in vars(feature).items() if k != "source_column"} for feature in spec.features]
    series = {} if spec.series is None else {"series": asdict(spec.series)}
    table = {"row_id": ROW_ID, "decided_at": DECIDED_AT, "known_at": KNOWN_AT, "label_column": OUTCOME}
    decision = {
        "values": asdict(spec.values),
        "checks": [asdict(check) for check in spec.checks],
        "unread": spec.unread,
        "latency_budget_ms": spec.latency_budget_ms,
        "decided_alone": spec.decided_alone,
    }
    if spec.architecture.serving is Serving.PRECOMPUTE:
        schedule = _schedule(spec)
        decision["batch_every_hours"] = schedule.longest_wait if schedule else None
    return {
        "config/features.json": _json({**table, "label": asdict(spec.label), "features": features, **series}),
        "config/decision.json": _json(decision),
        "config/training.json": _json(
            {
                "time_budget_seconds": training_seconds(spec),
                "time_budget_from": "canvas" if spec.training_hours else "default",
            }
        ),
        "config/canvas.json": _json(_story(spec)),
    }


def training_seconds(spec: Specification) -> float:
    """How long a training may take: what the canvas says, else ten minutes."""
    return spec.training_hours * 3600 if spec.training_hours else TRAINING_SECONDS


def _schedule(spec: Specification) -> Schedule | None:
    """How often batches run by the canvas; None where it names no rhythm."""
    texts = {part.place: part.text for part in spec.story}
    return schedule_read(texts.get("making_predictions.schedule", ""))


def _story(spec: Specification) -> dict[str, Any]:
    texts = {part.place: part.text for part in spec.story}
    purpose = {
        "Process": spec.process,
        "For": texts.get("value_proposition.end_user", ""),
        "To": texts.get("value_proposition.objective", ""),
        "Decision": texts.get("decisions.decision_rule", ""),
    }
    return {
        "title": spec.title,
        "purpose": purpose,
        "fields": [vars(part) for part in spec.story],
        "canvas_version": spec.canvas_version,
        "attribution": ATTRIBUTION,
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
