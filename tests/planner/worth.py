"""A process with tasks to value, as an imported log would have left it."""

from itertools import pairwise

from accounts.models import Workspace
from planner.models import Flow, Process, Task

FIGURES: dict[str, tuple[float | None, float | None]] = {
    "Triage": (42_000, 9.0),
    "Request documents": (12_000, 6.0),
    "Estimate damage": (1_500, 14.0),
    "Pay": (35_000, None),
}
"""Visits a year and handling minutes of each task."""


def claims_process(workspace: Workspace, figures: dict[str, tuple[float | None, float | None]] = FIGURES) -> Process:
    """A process whose tasks follow each other; the first one also leads to the last."""
    process = Process.objects.create(workspace=workspace, name="Claims", cases_a_year=42_000, cases_source="log")
    tasks = [
        Task.objects.create(
            workspace=workspace,
            process=process,
            name=name,
            activity=name,
            volume_a_year=volume,
            volume_source="log" if volume else "none",
            handling_minutes=minutes,
            handling_source="log" if minutes else "none",
            position=position,
        )
        for position, (name, (volume, minutes)) in enumerate(figures.items())
    ]
    pairs = [*pairwise(tasks), (tasks[0], tasks[-1])]
    for source, target in dict.fromkeys(pairs):
        Flow.objects.create(workspace=workspace, process=process, source=source, target=target, count=10)
    return process


def task_of(process: Process, name: str) -> Task:
    return Task.objects.get(process=process, name=name)
