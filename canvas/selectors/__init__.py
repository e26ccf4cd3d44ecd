"""What pages, the API and the generator read of canvases."""

from canvas.selectors.documents import (
    canvas_document,
    canvas_furthest,
    canvas_history,
    canvas_step,
    process_canvases,
)
from canvas.selectors.facts import task_facts
from canvas.selectors.overview import (
    Overview,
    OverviewRow,
    PortfolioRow,
    TaskAdvice,
    portfolio_overview,
    process_overview,
    task_advice,
)

__all__ = [
    "Overview",
    "OverviewRow",
    "PortfolioRow",
    "TaskAdvice",
    "canvas_document",
    "canvas_furthest",
    "canvas_history",
    "canvas_step",
    "portfolio_overview",
    "process_canvases",
    "process_overview",
    "task_advice",
    "task_facts",
]
