"""A ranking as a table of plain cells, for files."""

from planner.selectors.rated_task import RatedTask
from planner.selectors.value_ranking import RankedTask

COLUMNS = (
    "rank",
    "process",
    "task",
    "lane",
    "verdict",
    "currency",
    "roi",
    "npv_mean",
    "npv_p5",
    "npv_p50",
    "npv_p95",
    "loss_probability",
    "irr",
    "payback_months",
    "npv_per_one_off",
    "one_off",
    "chance_first",
    "chance_first_k",
    "assumptions_on_defaults",
)
Cell = str | float | int | None


def table_row(row: RankedTask[RatedTask], currency: str) -> list[Cell]:
    """The cells of a row, None where a figure is undefined."""
    found, figures = row.valued, row.figures
    assert found.brief is not None
    summary = found.brief.summary
    verdict = found.finding.verdict.label if found.finding is not None else found.unchecked
    texts = (found.process.name, found.name, found.lane, verdict, currency)
    return [
        row.rank,
        *texts,
        *(summary.roi, summary.mean, summary.p5, summary.p50, summary.p95, summary.loss_probability),
        *(figures.irr, found.brief.payback_months, figures.npv_per_once, summary.mean_once),
        *(row.first, row.first_k, found.resting_on_defaults),
    ]
