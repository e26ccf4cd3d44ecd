"""The page of scenarios as plain values, and the page from them: of a process of many tasks a job makes it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from common.paged_rows import paged_rows
from planner.charts.scenarios import shape_of
from planner.selectors.scenarios_page import MOST_ROWS, scenario_line, scenarios_page
from planner.selectors.value_scenarios import Column, Compared

Plain = dict[str, Any]


def scenarios_plain(found: Compared) -> Plain:
    """The page with the lines of all its tasks; scenarios are told by their place."""
    page = scenarios_page(found)
    currency = found.process.workspace.currency
    return {
        "headline": page.headline,
        "lede": page.lede,
        "lines": [asdict(scenario_line(task, currency)) for task in found.tasks],
        "total": asdict(page.total) if page.total else None,
        "differing": [{"rows": each.rows, "unused": each.unused} for each in page.differing],
        "drawing": asdict(page.drawing) if page.drawing else None,
        "not_drawn": page.not_drawn,
        "left_out": [
            ({"finding": each.finding is not None, "task": {"pk": each.task.pk, "name": each.task.name}}, reason)
            for each, reason in page.left_out
        ],
        "not_told": page.not_told,
    }


def scenarios_read(plain: Mapping[str, Any], columns: Sequence[Column], *, words: str = "", page: str = "") -> Plain:
    """What the page shows: one page of the tasks whose names hold all `words`, beside these scenarios."""
    rows = paged_rows(plain["lines"], text=lambda line: line["name"], words=words, page=page, size=MOST_ROWS)
    differing = zip(columns[1:], plain["differing"], strict=True)
    return {
        **plain,
        "columns": [(column, shape_of(column.sign)) for column in columns],
        "lines": rows.shown,
        "rows": rows,
        "differing": [{"column": column, **each} for column, each in differing],
    }
