"""Everything that changes a pipeline, generates its project or runs it."""

from pipelines.services.derivatives import log_derivatives
from pipelines.services.generating import (
    generation_compute,
    generation_publish,
    pipeline_generate,
    pipeline_generate_top,
)
from pipelines.services.living import pipeline_retire, pipeline_state_change
from pipelines.services.recording import record_compute, record_publish
from pipelines.services.running import pipeline_run_start
from pipelines.services.showing import (
    Stopped,
    demo_canvas_publish,
    demo_example_publish,
    demo_run_publish,
    demo_waits_for,
)
from pipelines.services.stages import stage_compute
from pipelines.services.tables import NotGenerable

__all__ = [
    "NotGenerable",
    "Stopped",
    "demo_canvas_publish",
    "demo_example_publish",
    "demo_run_publish",
    "demo_waits_for",
    "generation_compute",
    "generation_publish",
    "log_derivatives",
    "pipeline_generate",
    "pipeline_generate_top",
    "pipeline_retire",
    "pipeline_run_start",
    "pipeline_state_change",
    "record_compute",
    "record_publish",
    "stage_compute",
]
