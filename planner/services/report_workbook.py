"""A report as a workbook: the same figures as numbers, yearly money with live formulas beside what was computed.

Text of users is written as text: a cell that begins with “=” is no formula. Formulas are our own, built from places.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from planner.selectors.report import ReportContent, ReportedTask

MONEY, SHARE, YEARS = "#,##0", "0.0%", "0.00"
LONGEST = 32_000
_RANKING = (
    ("Rank", None),
    ("Task", None),
    ("Verdict", None),
    ("ROI, mean NPV / mean PV of costs", SHARE),
    ("NPV, mean", MONEY),
    ("NPV, P5", MONEY),
    ("NPV, P50", MONEY),
    ("NPV, P95", MONEY),
    ("Chance of a loss", SHARE),
    ("First", SHARE),
    ("PV of benefits, mean", MONEY),
    ("PV of costs, mean", MONEY),
    ("One-off cost, mean", MONEY),
    ("IRR at the medians", SHARE),
    ("Payback, years", YEARS),
    ("Payback discounted, years", YEARS),
    ("Worth of knowing everything", MONEY),
    ("Reason", None),
)


def workbook_of(content: ReportContent) -> bytes:
    """The XLSX: decision, ranking with a chart, money by year, assumptions."""
    book = Workbook()
    book.properties.creator = _clean(content.made_by)
    book.properties.title = _clean(f"{content.process}: what is worth a model")
    decision = book.active
    assert isinstance(decision, Worksheet)
    _decision(decision, content)
    _ranking(book.create_sheet("Ranking"), content)
    _cash(book.create_sheet("Money by year"), content)
    _assumptions(book.create_sheet("Assumptions"), content)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _decision(sheet: Worksheet, content: ReportContent) -> None:
    sheet.title = "Decision"
    rows = [
        ("Process", content.process),
        ("Workspace", content.workspace),
        ("Made", f"{content.made_at:%Y-%m-%d}, {content.made_by}"),
        ("Money", content.currency),
        ("Formula version", str(content.formula_version)),
        ("In short", content.headline),
        ("Decision", content.decision or "none written"),
        *(("Decided before", sentence) for sentence in content.decided),
        *(("The figures say", sentence) for sentence in content.advice),
        *(("ROI and NPV disagree", sentence) for sentence in content.warnings),
        *((f"Not ranked: {name}", reason) for name, reason in content.aside),
    ]
    for place, (label, words) in enumerate(rows, start=1):
        _write(sheet.cell(place, 1), label).font = Font(bold=True)
        _write(sheet.cell(place, 2), words).alignment = Alignment(wrap_text=True, vertical="top")
    _widths(sheet, (28, 100))


def _ranking(sheet: Worksheet, content: ReportContent) -> None:
    _head(sheet, 1, [label for label, _ in _RANKING])
    for place, task in enumerate(content.tasks, start=2):
        values = _ranked(task)
        for column, (value, (_, form)) in enumerate(zip(values, _RANKING, strict=True), start=1):
            cell = _write(sheet.cell(place, column), value)
            if form is not None:
                cell.number_format = form
    sheet.freeze_panes = "C2"
    _widths(sheet, (6, 34, 18, *([15] * 14), 60))
    if content.tasks:
        last = len(content.tasks) + 1
        chart = BarChart()
        chart.type, chart.title, chart.legend = "bar", f"NPV, mean, {_clean(content.currency)}", None
        chart.add_data(Reference(sheet, min_col=5, min_row=2, max_row=last))
        chart.set_categories(Reference(sheet, min_col=2, min_row=2, max_row=last))
        chart.height = max(6.0, min(30.0, 1.2 * len(content.tasks) + 3))
        sheet.add_chart(chart, f"B{last + 3}")


def _ranked(task: ReportedTask) -> list[Any]:
    outcome, summary = task.outcome, task.outcome.summary
    return [
        task.ranked.rank,
        task.name,
        task.verdict,
        "undefined" if summary.roi is None else summary.roi,
        summary.mean,
        summary.p5,
        summary.p50,
        summary.p95,
        summary.loss_probability,
        task.ranked.first,
        outcome.benefits.mean,
        outcome.costs.mean,
        summary.mean_once,
        outcome.irr.words if outcome.irr.only is None else outcome.irr.only,
        "never" if outcome.payback_years is None else outcome.payback_years,
        "never" if outcome.payback_discounted is None else outcome.payback_discounted,
        summary.information,
        task.reason,
    ]


def _cash(sheet: Worksheet, content: ReportContent) -> None:
    """Benefits and costs of each task at the medians; their sum and its present value are formulas of the sheet."""
    _write(sheet.cell(1, 1), "At the medians, in production. Years fall at their end; the start is not discounted.")
    row = 3
    for task in content.tasks:
        years = len(task.cash[0].amounts)
        _head(
            sheet, row, [task.name, "Start", *(f"Year {year}" for year in range(1, years)), "Rate", "NPV", "Computed"]
        )
        for offset, line in enumerate(task.cash[:2], start=1):
            _write(sheet.cell(row + offset, 1), line.label)
            for column, amount in enumerate(line.amounts, start=2):
                sheet.cell(row + offset, column, amount).number_format = MONEY
        _sums(sheet, row + 3, years, task)
        row += 5
    _widths(sheet, (34, *([13] * 14)))


def _sums(sheet: Worksheet, row: int, years: int, task: ReportedTask) -> None:
    _write(sheet.cell(row, 1), "Net")
    for column in range(2, years + 2):
        letter = get_column_letter(column)
        sheet.cell(row, column, f"={letter}{row - 2}+{letter}{row - 1}").number_format = MONEY
    first, last, rate = "C", get_column_letter(years + 1), get_column_letter(years + 2)
    sheet.cell(row, years + 2, task.rate).number_format = SHARE
    later = f"NPV({rate}{row},{first}{row}:{last}{row})+" if years > 1 else ""
    sheet.cell(row, years + 3, f"={later}B{row}").number_format = MONEY
    sheet.cell(row, years + 4, float(task.outcome.at_medians.npv)).number_format = MONEY


def _assumptions(sheet: Worksheet, content: ReportContent) -> None:
    _head(sheet, 1, ["Task", "Assumption", "Value", "Unit", "Source", "From", "Note"])
    place = 2
    for task in content.tasks:
        for line in task.assumptions:
            values = (task.name, line.label, line.text, line.unit, line.source, line.origin, line.note)
            for column, value in enumerate(values, start=1):
                _write(sheet.cell(place, column), value)
            place += 1
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:G{max(place - 1, 1)}"
    _widths(sheet, (34, 34, 22, 22, 50, 12, 40))


def _head(sheet: Worksheet, row: int, labels: Sequence[str]) -> None:
    for column, label in enumerate(labels, start=1):
        cell = _write(sheet.cell(row, column), label)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _write(cell: Any, value: Any) -> Cell:
    """A number as a number, text as text whatever it begins with."""
    cell.value = _clean(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    assert isinstance(cell, Cell)
    return cell


def _clean(text: str) -> str:
    """Without characters a workbook cannot hold, and no longer than a cell."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST]
