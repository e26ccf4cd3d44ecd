"""Everything that changes a run, a stage, their log or a file. Transitions are numbered T1 to T11 in docs/engine.md."""

from jobs.domain.stages import StageSpec
from jobs.services.blobs import blob_delete, blob_open, blob_path, blob_store
from jobs.services.broker import BrokerState, broker_state
from jobs.services.claims import (
    LeaseLost,
    stage_beat,
    stage_cancelled,
    stage_claim,
    stage_fail,
    stage_hand_back,
    stage_postpone,
    stage_succeed,
)
from jobs.services.draining import run_drain
from jobs.services.foretelling import Foretold, run_foretell
from jobs.services.lifeline import group_end, leashed_start
from jobs.services.limits import Limits
from jobs.services.recovery import ready_ring_due, ready_ring_lost, runs_promote, stage_reap
from jobs.services.ringing import broker_configured, stage_ring
from jobs.services.runs import run_cancel, run_retry, run_submit, stage_approve, stage_decline

__all__ = [
    "BrokerState",
    "Foretold",
    "LeaseLost",
    "Limits",
    "StageSpec",
    "blob_delete",
    "blob_open",
    "blob_path",
    "blob_store",
    "broker_configured",
    "broker_state",
    "group_end",
    "leashed_start",
    "ready_ring_due",
    "ready_ring_lost",
    "run_cancel",
    "run_drain",
    "run_foretell",
    "run_retry",
    "run_submit",
    "runs_promote",
    "stage_approve",
    "stage_beat",
    "stage_cancelled",
    "stage_claim",
    "stage_decline",
    "stage_fail",
    "stage_hand_back",
    "stage_postpone",
    "stage_reap",
    "stage_ring",
    "stage_succeed",
]
