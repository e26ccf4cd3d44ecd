"""Tables for a terminal and for Markdown: the same rows, two ways of drawing them."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.formatting import count, hours, in_hundred, interval, minutes, money, share
from pipelines.management.headless.findings import Findings, Plan
from planner.models import Task
from planner.selectors import ValuedTask


@dataclass(frozen=True)
class Table:
    """Headers and rows of texts. `left` is how many columns from the left hold words; the rest are figures."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1

    def plain(self, widest: int = 44) -> str:
        """Columns aligned by spaces, long words cut."""
        cells = [self.headers, *self.rows]
        cut = [[_cut(cell, widest) for cell in row] for row in cells]
        widths = [max(len(row[at]) for row in cut) for at in range(len(self.headers))]
        lines = [
            "  ".join(self._padded(cell, width, at) for at, (cell, width) in enumerate(zip(row, widths, strict=True)))
            for row in cut
        ]
        return "\n".join([self.title, "", *(f"  {line.rstrip()}" for line in lines)])

    def markdown(self) -> str:
        """A table of GitHub's Markdown; pipes in names cannot break it."""
        rule = ["---" if at < self.left else "---:" for at in range(len(self.headers))]
        rows = [self.headers, tuple(rule), *self.rows]
        return "\n".join(
            [f"## {self.title}", "", *("| " + " | ".join(_escaped(cell) for cell in row) + " |" for row in rows)]
        )

    def _padded(self, cell: str, width: int, at: int) -> str:
        return cell.ljust(width) if at < self.left else cell.rjust(width)


def log_table(findings: Findings) -> Table:
    """The numbers of the raw rows."""
    found = findings.log.statistics
    keys = ("events", "cases", "activities", "directly_follows_pairs", "variants")
    rows = tuple((key.replace("_", " "), count(found.get(key))) for key in keys)
    period = f"{findings.log.first_start:%d %b %Y} to {findings.log.last_start:%d %b %Y}"
    return Table(
        f"The log: {findings.log.name}, cases starting {period}", ("counted over the raw rows", "number"), rows
    )


def task_table(tasks: Sequence[Task]) -> Table:
    """What happens, how often, how long it takes."""
    headers = ("task", "visits a year", "handling", "waiting", "rework")
    rows = tuple(
        (
            task.name,
            count(task.volume_a_year),
            minutes(task.handling_minutes),
            hours(task.waiting_hours),
            share(task.rework_share),
        )
        for task in tasks
    )
    return Table(f"{len(tasks)} tasks", headers, rows)


def ranking_table(findings: Findings) -> Table:
    """Ranked tasks with their value; then those set aside or not valued, with the word why."""
    ranking, currency = findings.ranking, findings.process.workspace.currency
    headers = ("", "task", "verdict", "ROI", f"NPV, {currency}", "90 % interval", "loses")
    ranked = [(str(row.rank), row.valued) for row in ranking.rows]
    others = [("–", found) for found in (*ranking.aside, *ranking.gaps)]
    rows = tuple(_ranked(place, found) for place, found in [*ranked, *others])
    note = ""
    if ranking.on_defaults:
        note = f"; {ranking.on_defaults} of {len(ranking.rows)} rest on defaults nobody has set"
    return Table(f"Ranking by ROI{note}", headers, rows, left=3)


def _ranked(place: str, found: ValuedTask) -> tuple[str, ...]:
    verdict = found.finding.verdict.label if found.finding else (found.gap and "not valued") or "open"
    if found.outcome is None:
        return (place, found.task.name, verdict, "–", "–", "–", "–")
    summary = found.outcome.summary
    figures = (
        share(summary.roi),
        money(summary.mean),
        interval(summary.p5, summary.p95),
        in_hundred(summary.loss_probability),
    )
    return (place, found.task.name, verdict, *figures)


def run_table(plan: Plan) -> Table:
    """How each stage of a run ended and how long it took."""
    assert plan.run is not None
    stages = plan.run.run.stages.order_by("position")
    rows = []
    for stage in stages:
        took = (
            (stage.finished_at - stage.started_at).total_seconds() if stage.finished_at and stage.started_at else None
        )
        rows.append((stage.name, stage.state.replace("_", " "), "–" if took is None else f"{took:.1f} s"))
    return Table(f"Run of {plan.valued.task.name}", ("stage", "state", "took"), tuple(rows), left=2)


def value_table(plan: Plan) -> Table | None:
    """Planned against measured value; None while nothing was measured."""
    found = plan.valued
    if found.planned is None or found.outcome is None:
        return None
    currency = found.workspace.currency
    rows = []
    for word, outcome in (("planned", found.planned), ("measured", found.outcome)):
        summary = outcome.summary
        rows.append(
            (
                word,
                share(summary.roi),
                money(summary.mean),
                interval(summary.p5, summary.p95),
                in_hundred(summary.loss_probability),
            )
        )
    headers = ("value", "ROI", f"NPV, {currency}", "90 % interval", "loses")
    return Table(f"Planned and measured value of {found.task.name}", headers, tuple(rows))


def _cut(text: str, widest: int) -> str:
    return text if len(text) <= widest else text[: widest - 1] + "…"


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
