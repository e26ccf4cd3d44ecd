"""A run elsewhere that told something of every kind, to test what is shown of it."""

from typing import Any

from accounts.access import Access
from pipelines.domain.outside import EventKind
from pipelines.models import OutsideRun, Pipeline
from pipelines.services import GivenEvent, OutsideEntry, outside_events_take, outside_run_begin

A, B = "a" * 64, "b" * 64
MODEL: dict[str, Any] = {
    "digest": A,
    "manifest": {"model_sha256": B, "data_sha256": A, "task": "binary", "classes": ["no", "yes"], "threshold": 0.4},
    "metrics": {"task": "binary", "made_up": False, "model": {"auc": 0.8}, "rule": {"auc": 0.6}},
    "acceptance": {"accepted": True, "sentence": "AUC 0.8, needed 0.7."},
    "inputs": [{"name": "amount", "kind": "number", "title": "Amount"}],
    "card": "# Model card",
}
TOLD: tuple[tuple[EventKind, dict[str, Any]], ...] = (
    (EventKind.STAGE_STARTED, {"stage": "train", "fingerprint": A}),
    (EventKind.LOG, {"stage": "train", "lines": ["fitting <b>trees</b>", "x" * 300]}),
    (EventKind.METRIC, {"stage": "train", "name": "loss", "value": 0.25}),
    (EventKind.STAGE_SUCCEEDED, {"stage": "train", "seconds": 2.5}),
    (EventKind.STAGE_STARTED, {"stage": "test"}),
    (EventKind.STAGE_FAILED, {"stage": "test", "reason": "no memory left"}),
    (EventKind.ARTIFACT, {"name": "package/model.skops", "digest": B, "size": 123_456}),
    (EventKind.METRIC, {"name": "auc", "value": 0.8}),
    (EventKind.MODEL, MODEL),
)


def outside_told(access: Access, pipeline: Pipeline, key: str = "nightly-17") -> OutsideRun:
    """The run, under way."""
    entry = OutsideEntry(key, place="build-3.example", code_digest=B, data_digest=A)
    found, _ = outside_run_begin(access=access, pipeline=pipeline, entry=entry)
    events = [GivenEvent(place, kind, told) for place, (kind, told) in enumerate(TOLD, start=1)]
    outside_events_take(access=access, run=found, events=events)
    found.refresh_from_db()
    return found
