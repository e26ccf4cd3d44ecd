"""What pages and the API read of pipelines."""

from pipelines.selectors.projects import (
    canvases_waiting,
    download_of,
    file_shown,
    generating,
    generation_latest,
    pipelines_of,
    project_page,
)
from pipelines.selectors.runs import Board, run_board, run_headline, runs_of, stage_archive, stage_log
from pipelines.selectors.steps import pipeline_steps, pipelines_furthest, pipelines_home

__all__ = [
    "Board",
    "canvases_waiting",
    "download_of",
    "file_shown",
    "generating",
    "generation_latest",
    "pipeline_steps",
    "pipelines_furthest",
    "pipelines_home",
    "pipelines_of",
    "project_page",
    "run_board",
    "run_headline",
    "runs_of",
    "stage_archive",
    "stage_log",
]
