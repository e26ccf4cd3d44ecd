"""Everything that changes a pipeline, generates its project or runs it."""

from pipelines.services.derivatives import log_derivatives, upload_derivatives
from pipelines.services.generating import (
    GENERATE_FIRST,
    generate_first_publish,
    generation_compute,
    generation_publish,
    pipeline_generate,
    pipeline_generate_top,
    pipelines_generate,
)
from pipelines.services.living import pipeline_retire, pipeline_state_change
from pipelines.services.marking import MarkEntry, score_mark_set, score_marks_replace
from pipelines.services.monitoring import monitoring_start, monitoring_tick
from pipelines.services.outcomes import GivenOutcome, Recorded, outcome_value, outcomes_read, outcomes_record
from pipelines.services.outcomes_of_logs import (
    log_outcomes_compute,
    log_outcomes_publish,
    log_outcomes_tick,
)
from pipelines.services.outside import GivenEvent, OutsideEntry, Taken, outside_events_take, outside_run_begin
from pipelines.services.outside_predictions import GivenPrediction, Told, predictions_tell
from pipelines.services.policies import policy_change, policy_of
from pipelines.services.predicting import Predicted, predictions_make
from pipelines.services.push_hooks import (
    NotNotified,
    notify_compute,
    push_hook_create,
    push_hook_delete,
    push_receive,
)
from pipelines.services.realising import month_costs_set, months_compute, months_publish, months_start, months_tick
from pipelines.services.recording import record_compute, record_publish
from pipelines.services.registry import (
    promotion_approve,
    promotion_decline,
    serving_start,
    serving_stop,
    version_promote,
    version_roll_back,
)
from pipelines.services.running import RunWish, pipeline_run_foretell, pipeline_run_start, run_parameters
from pipelines.services.showing import (
    Stopped,
    demo_canvas_publish,
    demo_example_publish,
    demo_run_publish,
    demo_waits_for,
)
from pipelines.services.stages import stage_compute
from pipelines.services.supervising import Supervisor
from pipelines.services.tables import NotGenerable
from pipelines.services.taking import measured_take
from pipelines.services.training_uploads import (
    training_profile_compute,
    training_profile_publish,
    training_roles_update,
    training_source_choose,
    training_upload_create,
    training_upload_delete,
)
from pipelines.services.triggers import trigger_change, trigger_create, trigger_delete, triggers_tick

__all__ = [
    "GENERATE_FIRST",
    "GivenEvent",
    "GivenOutcome",
    "GivenPrediction",
    "MarkEntry",
    "NotGenerable",
    "NotNotified",
    "OutsideEntry",
    "Predicted",
    "Recorded",
    "RunWish",
    "Stopped",
    "Supervisor",
    "Taken",
    "Told",
    "demo_canvas_publish",
    "demo_example_publish",
    "demo_run_publish",
    "demo_waits_for",
    "generate_first_publish",
    "generation_compute",
    "generation_publish",
    "log_derivatives",
    "log_outcomes_compute",
    "log_outcomes_publish",
    "log_outcomes_tick",
    "measured_take",
    "monitoring_start",
    "monitoring_tick",
    "month_costs_set",
    "months_compute",
    "months_publish",
    "months_start",
    "months_tick",
    "notify_compute",
    "outcome_value",
    "outcomes_read",
    "outcomes_record",
    "outside_events_take",
    "outside_run_begin",
    "pipeline_generate",
    "pipeline_generate_top",
    "pipeline_retire",
    "pipeline_run_foretell",
    "pipeline_run_start",
    "pipeline_state_change",
    "pipelines_generate",
    "policy_change",
    "policy_of",
    "predictions_make",
    "predictions_tell",
    "promotion_approve",
    "promotion_decline",
    "push_hook_create",
    "push_hook_delete",
    "push_receive",
    "record_compute",
    "record_publish",
    "run_parameters",
    "score_mark_set",
    "score_marks_replace",
    "serving_start",
    "serving_stop",
    "stage_compute",
    "training_profile_compute",
    "training_profile_publish",
    "training_roles_update",
    "training_source_choose",
    "training_upload_create",
    "training_upload_delete",
    "trigger_change",
    "trigger_create",
    "trigger_delete",
    "triggers_tick",
    "upload_derivatives",
    "version_promote",
    "version_roll_back",
]
