"""What pages, the API and the generator read of canvases."""

from canvas.selectors.documents import (
    Difference,
    canvas_approval,
    canvas_differences,
    canvas_document,
    canvas_document_at,
    canvas_furthest,
    canvas_history,
    canvas_step,
    canvas_to_build,
    fields_at,
    process_canvases,
    version_to_build,
)
from canvas.selectors.facts import task_facts
from canvas.selectors.offers import canvas_offers, canvas_standing
from canvas.selectors.overview import (
    DRAFT_CANVASES,
    Overview,
    OverviewRow,
    PortfolioRow,
    TaskAdvice,
    drafting_under_way,
    portfolio_overview,
    process_overview,
    task_advice,
)

__all__ = [
    "DRAFT_CANVASES",
    "Difference",
    "Overview",
    "OverviewRow",
    "PortfolioRow",
    "TaskAdvice",
    "canvas_approval",
    "canvas_differences",
    "canvas_document",
    "canvas_document_at",
    "canvas_furthest",
    "canvas_history",
    "canvas_offers",
    "canvas_standing",
    "canvas_step",
    "canvas_to_build",
    "drafting_under_way",
    "fields_at",
    "portfolio_overview",
    "process_canvases",
    "process_overview",
    "task_advice",
    "task_facts",
    "version_to_build",
]
