"""What a headless walk has found so far, handed from step to step and at last to tables, report and JSON."""

from dataclasses import dataclass, field
from pathlib import Path

from canvas.models import Canvas
from pipelines.models import Generation, PipelineRun
from planner.models import DecisionTarget, EventLog, Process
from planner.selectors import ValuedTask
from planner.services import Ranking


@dataclass
class Plan:
    """One chosen task on its way: its canvas, what was generated for it, how its run ended.

    `stopped` says in one sentence why the way ended early; empty when it did not. `failed` is that sentence where a
    stage failed technically, with the place of its log: then nothing is said of the task, and the command fails.
    """

    valued: ValuedTask
    target: DecisionTarget | None = None
    canvas: Canvas | None = None
    generation: Generation | None = None
    archive: Path | None = None
    run: PipelineRun | None = None
    stopped: str = ""
    failed: str = ""


@dataclass
class Findings:
    """Everything found. `notes` are sentences about choices made on the user's behalf."""

    process: Process
    log: EventLog
    ranking: Ranking[ValuedTask]
    plans: list[Plan] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
