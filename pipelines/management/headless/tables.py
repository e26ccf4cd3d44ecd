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
        """Columns aligned by spaces; long words are cut, but not in the last column, where nothing follows."""
        if not self.rows:
            return self.title
        cut = [[*(_cut(cell, widest) for cell in row[:-1]), row[-1]] for row in [self.headers, *self.rows]]
        widths = [max(len(row[at]) for row in cut) for at in range(len(self.headers))]
        lines = [self._line(row, widths) for row in cut]
        return "\n".join([self.title, "", *(f"  {line}" for line in lines)])

    def _line(self, row: Sequence[str], widths: Sequence[int]) -> str:
        cells = zip(row, widths, strict=True)
        return "  ".join(self._padded(cell, width, at) for at, (cell, width) in enumerate(cells)).rstrip()

    def markdown(self) -> str:
        """A table of GitHub's Markdown; pipes in names cannot break it."""
        if not self.rows:
            return f"## {self.title}"
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
    """The tasks a model may do, best first, each with its value."""
    ranking, currency = findings.ranking, findings.process.workspace.currency
    headers = ("", "task", "verdict", "ROI", f"NPV, {currency}", "90 % interval", "loses")
    rows = tuple(_ranked(row.rank, row.valued) for row in ranking.rows)
    if not rows:
        return Table("Ranking by ROI: no task is left for a model", ("", "task"), (), left=2)
    note = ""
    if ranking.on_defaults:
        note = f"; {ranking.on_defaults} of {len(rows)} rest on defaults nobody has set"
    return Table(f"Ranking by ROI{note}", headers, rows, left=3)


def aside_table(findings: Findings) -> Table | None:
    """The tasks that are not ranked, each with its reason; None where all are."""
    found = (*findings.ranking.aside, *findings.ranking.gaps)
    rows = tuple((one.task.name, verdict_label(one), _reason(one)) for one in found)
    return Table("Not ranked, and why", ("task", "verdict", "reason"), rows, left=3) if rows else None


def verdict_label(found: ValuedTask) -> str:
    """The verdict in two or three words; what is missing where there is none."""
    if found.finding is not None:
        return found.finding.verdict.label
    return "not valued" if found.gap else "open"


def _reason(found: ValuedTask) -> str:
    return found.finding.reason if found.finding is not None else found.gap or "not checked yet"


def _ranked(place: int, found: ValuedTask) -> tuple[str, ...]:
    if found.outcome is None:
        return (str(place), found.task.name, verdict_label(found), "–", "–", "–", "–")
    summary = found.outcome.summary
    figures = (
        share(summary.roi),
        money(summary.mean),
        interval(summary.p5, summary.p95),
        in_hundred(summary.loss_probability),
    )
    return (str(place), found.task.name, verdict_label(found), *figures)


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
