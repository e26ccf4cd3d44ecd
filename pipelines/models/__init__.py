"""Pipelines: what was generated for them, their runs and models, what these predicted, and what that was worth."""

from pipelines.models.generation import Generation
from pipelines.models.monitoring import (
    MonitoringReport,
    OutcomeOrigin,
    OutcomeReading,
    OutcomeRecord,
    PredictionOrigin,
    PredictionRecord,
)
from pipelines.models.outside import OutsideEvent, OutsideRun, OutsideState
from pipelines.models.pipeline import STATES, Pipeline
from pipelines.models.realised import LifecyclePolicy, RealisedMonth, TestMark
from pipelines.models.registry import (
    AliasName,
    ModelAlias,
    ModelVersion,
    Promotion,
    PromotionKind,
    PromotionState,
)
from pipelines.models.running import PipelineEvent, PipelineRun, StartedBy
from pipelines.models.serving import Deployment, ServingState
from pipelines.models.training import RowsFrom, TrainingSource, TrainingUpload
from pipelines.models.triggers import Firing, FiringState, PushHook, PushProvider, Trigger, TriggerKind

__all__ = [
    "STATES",
    "AliasName",
    "Deployment",
    "Firing",
    "FiringState",
    "Generation",
    "LifecyclePolicy",
    "ModelAlias",
    "ModelVersion",
    "MonitoringReport",
    "OutcomeOrigin",
    "OutcomeReading",
    "OutcomeRecord",
    "OutsideEvent",
    "OutsideRun",
    "OutsideState",
    "Pipeline",
    "PipelineEvent",
    "PipelineRun",
    "PredictionOrigin",
    "PredictionRecord",
    "Promotion",
    "PromotionKind",
    "PromotionState",
    "PushHook",
    "PushProvider",
    "RealisedMonth",
    "RowsFrom",
    "ServingState",
    "StartedBy",
    "TestMark",
    "TrainingSource",
    "TrainingUpload",
    "Trigger",
    "TriggerKind",
]
