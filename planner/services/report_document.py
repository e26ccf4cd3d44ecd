"""A report as PDF: set by typst, users' text handed over as data, charts as pictures of our own."""

import json
import re
from pathlib import Path
from typing import Any

from common.formatting import count, things, thousands
from common.typesetting import typeset
from planner.selectors.report import DETAILED, ReportContent, ReportedTask, table_of

_NO_GLYPH = re.compile(r"\\u00[01][0-9a-f]")
"""Control characters, as JSON writes them: no font has them. Line breaks are written otherwise."""
TEMPLATE = Path(__file__).with_name("report_templates") / "report.typ"
HEAD = ("", "Task", "Verdict", "ROI", "NPV, k", "90 % interval", "Loses", "Payback", "One-off, k")
READING = (
    "NPV and ROI are means over all that is uncertain, in thousands; the interval holds 90 % of the draws; “loses” is "
    "the chance that the net present value is below zero. In the chart the line is the interval, the box its middle "
    "half, the tick the median."
)


def document_of(content: ReportContent) -> bytes:
    """The PDF. The same content gives the same pages."""
    data = _NO_GLYPH.sub(" ", json.dumps(_document(content), ensure_ascii=False))
    return typeset(TEMPLATE, inputs={"report": data})


def _document(content: ReportContent) -> dict[str, Any]:
    day = f"{content.made_at:%Y-%m-%d}"
    detailed = content.tasks[:DETAILED]
    return {
        "title": f"{content.process}: what is worth a model",
        "eyebrow": f"{content.workspace}, {content.process}. {day}, {content.made_by}",
        "footer": f"{content.process}, {day}. Formula version {content.formula_version}. Money in {content.currency}",
        "made_by": content.made_by,
        "headline": content.headline,
        "decision": content.decision,
        "decided": list(content.decided),
        "advice": list(content.advice),
        "warnings": list(content.warnings),
        "on_defaults": _defaults(content),
        "by": content.by,
        "head": list(HEAD),
        "table": [_row(row) for row in table_of(content)],
        "ranking_picture": content.ranking_picture,
        "reading": READING,
        "aside": [list(pair) for pair in content.aside],
        "process_picture": content.process_picture,
        "process_words": _process_words(content),
        "tasks": [_task(task, content.currency) for task in detailed],
        "others": _others(content),
    }


def _defaults(content: ReportContent) -> str:
    if not content.on_defaults:
        return ""
    rest = "rests" if content.on_defaults == 1 else "rest"
    counted = things(content.on_defaults, "ranked task")
    return f"{counted} of {len(content.tasks)} {rest} in part on defaults nobody has set."


def _process_words(content: ReportContent) -> str:
    hidden = f" {count(content.hidden_flows)} of the least used flows are not drawn." if content.hidden_flows else ""
    return f"The darker a task, the more it costs today.{hidden}"


def _others(content: ReportContent) -> str:
    more = len(content.tasks) - DETAILED
    return f"{things(more, 'further task')} with all assumptions in the workbook." if more > 0 else ""


def _row(row: Any) -> list[str]:
    return [row[key] for key in ("rank", "task", "verdict", "roi", "npv", "interval", "loses", "payback", "once")]


def _task(task: ReportedTask, currency: str) -> dict[str, Any]:
    reason = f": {task.reason}" if task.reason else "."
    years = [f"Year {year}" for year in range(1, len(task.cash[0].amounts))]
    return {
        "name": task.name,
        "headline": task.headline,
        "verdict": f"Verdict: {task.verdict}{reason}",
        "figures": [list(pair) for pair in task.figures],
        "pictures": list(task.pictures),
        "cash_head": [f"k {currency}", "Start", *years],
        "cash": [[line.label, *(thousands(amount) for amount in line.amounts)] for line in task.cash],
        "cash_words": f"Years fall at their end and are discounted at {100 * task.rate:.3g} %; the start is not.",
        "measuring": f"Worth knowing first, at most: {'; '.join(task.to_measure)}." if task.to_measure else "",
        "break_even": f"Worth nothing when one of these alone is: {'; '.join(task.break_even)}."
        if task.break_even
        else "",
        "assumptions": [
            [line.label, line.text, line.unit, _source(line.source, line.note)] for line in task.assumptions
        ],
    }


def _source(source: str, note: str) -> str:
    return f"{source}. Note: {note}" if note else source
