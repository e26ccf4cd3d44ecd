"""What pages and the API read of pipelines."""

from pipelines.selectors.artifacts import RunArtifacts, run_artifacts, stage_download
from pipelines.selectors.board import PipelinesBoard, board_moved, pipelines_board
from pipelines.selectors.comparing import Comparison, runs_asked, runs_comparison
from pipelines.selectors.differences import ProjectDifference, difference_of
from pipelines.selectors.evaluations import Evaluation, run_evaluation
from pipelines.selectors.history import Happened, history_of, run_in_use
from pipelines.selectors.lineage import Lineage, version_lineage
from pipelines.selectors.ml_test_score import (
    PipelineTestScore,
    ScoredRow,
    last_recorded_run,
    marks_of,
    marks_version,
    pipeline_test_score,
)
from pipelines.selectors.monitoring import MonitoringPage, monitoring_page
from pipelines.selectors.options import options_page, pipeline_of, problem_of
from pipelines.selectors.outside import RunRow, outside_moved, outside_page, run_rows
from pipelines.selectors.projects import (
    download_of,
    file_shown,
    generating,
    generating_of,
    generation_latest,
    pipelines_of,
    project_page,
)
from pipelines.selectors.realised import (
    Measured,
    MonthView,
    Standing,
    computed_at,
    computing_of,
    estimate_version,
    in_use_since,
    measured_of,
    realised_headline,
    realised_standing,
)
from pipelines.selectors.registry import aliases_of, figure_rows_of, registry_of
from pipelines.selectors.runs import (
    Board,
    foretold_headline,
    run_board,
    run_headline,
    runs_of,
    stage_archive,
    stage_log,
)
from pipelines.selectors.several import Several, archive_of, several_of_portfolio, several_of_process
from pipelines.selectors.steps import pipeline_steps, pipelines_furthest, pipelines_home
from pipelines.selectors.timeline import timeline_entries, timeline_moved, timeline_of, timeline_rows
from pipelines.selectors.timeline_sources import Happening, TimelineEntry
from pipelines.selectors.training import UploadView, training_choice, upload_view
from pipelines.selectors.training_targets import training_targets
from pipelines.selectors.triggers import TriggersPage, triggers_page

__all__ = [
    "Board",
    "Comparison",
    "Evaluation",
    "Happened",
    "Happening",
    "Lineage",
    "Measured",
    "MonitoringPage",
    "MonthView",
    "PipelineTestScore",
    "PipelinesBoard",
    "ProjectDifference",
    "RunArtifacts",
    "RunRow",
    "ScoredRow",
    "Several",
    "Standing",
    "TimelineEntry",
    "TriggersPage",
    "UploadView",
    "aliases_of",
    "archive_of",
    "board_moved",
    "computed_at",
    "computing_of",
    "difference_of",
    "download_of",
    "estimate_version",
    "figure_rows_of",
    "file_shown",
    "foretold_headline",
    "generating",
    "generating_of",
    "generation_latest",
    "history_of",
    "in_use_since",
    "last_recorded_run",
    "marks_of",
    "marks_version",
    "measured_of",
    "monitoring_page",
    "options_page",
    "outside_moved",
    "outside_page",
    "pipeline_of",
    "pipeline_steps",
    "pipeline_test_score",
    "pipelines_board",
    "pipelines_furthest",
    "pipelines_home",
    "pipelines_of",
    "problem_of",
    "project_page",
    "realised_headline",
    "realised_standing",
    "registry_of",
    "run_artifacts",
    "run_board",
    "run_evaluation",
    "run_headline",
    "run_in_use",
    "run_rows",
    "runs_asked",
    "runs_comparison",
    "runs_of",
    "several_of_portfolio",
    "several_of_process",
    "stage_archive",
    "stage_download",
    "stage_log",
    "timeline_entries",
    "timeline_moved",
    "timeline_of",
    "timeline_rows",
    "training_choice",
    "training_targets",
    "triggers_page",
    "upload_view",
    "version_lineage",
]
