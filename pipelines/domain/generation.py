"""A specification to the files of a project: deterministic to the byte."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from pipelines.domain.archive import archive_write, files_digest
from pipelines.domain.rendering import rendered
from pipelines.domain.sample import sample_rows
from pipelines.domain.specification import DECIDED_AT, KNOWN_AT, OUTCOME, ROW_ID, Specification

ATTRIBUTION = (
    "The blocks and their questions follow the Machine Learning Canvas by Louis Dorard (v1.1, https://www.ownml.co), "
    "CC BY-SA 4.0; this file carries the same licence."
)


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
    templates: Mapping[str, str],
    lock: bytes,
    generator: np.random.Generator,
    data: TableData | None = None,
) -> GeneratedProject:
    """Render every template, write the configuration, copy the lock, make up a sample; with `data`, the real rows.

    The same generator state gives the same bytes.
    """
    spec = specification
    shown = {"project": spec, "values": spec.values, "planned": spec.planned, "with_rows": data is not None}
    shown["feature_count"] = len(spec.features)
    files = rendered(templates, package=spec.package, values=shown)
    files["requirements.lock"] = lock
    files |= configuration(spec)
    files["data/sample.csv"] = sample_rows(spec, generator)
    if data is not None:
        files |= data_files(data)
    return GeneratedProject(spec.slug, dict(sorted(files.items())), files_digest(files))


def data_files(data: TableData) -> dict[str, bytes]:
    """The real rows and the moment that belongs to them, where the project looks for them."""
    return {"data/training.csv": data.rows, "data/training.json": _json({"moment": data.split_moment})}


def configuration(spec: Specification) -> dict[str, bytes]:
    """The files of `config/`: all text of people a program reads lies here, as JSON."""
    features = [{k: v for k, v in asdict(feature).items() if k != "source_column"} for feature in spec.features]
    table = {"row_id": ROW_ID, "decided_at": DECIDED_AT, "known_at": KNOWN_AT, "label_column": OUTCOME}
    decision = {
        "values": asdict(spec.values),
        "checks": [asdict(check) for check in spec.checks],
        "unread": spec.unread,
        "latency_budget_ms": spec.latency_budget_ms,
        "decided_alone": spec.decided_alone,
    }
    return {
        "config/features.json": _json({**table, "label": asdict(spec.label), "features": features}),
        "config/decision.json": _json(decision),
        "config/canvas.json": _json(_story(spec)),
    }


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
        "fields": [asdict(part) for part in spec.story],
        "canvas_version": spec.canvas_version,
        "attribution": ATTRIBUTION,
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
