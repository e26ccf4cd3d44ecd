"""Pages of a process of so many tasks that nobody waits for them: worked out by a job, kept while they hold.

Kept is a page as plain values, with a fingerprint of all it rests on: after any change it is worked out anew.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from accounts.models import Workspace
from planner.domain.valuation.valuation import FORMULA_VERSION
from planner.models import Flow, Process, ProcessScenario, StoredRanking, Task
from planner.selectors.foresight import screens_under_way
from planner.selectors.portfolio_inputs import world_of
from planner.selectors.value_outcome import SEED

MOST_AT_ONCE = 150
"""Tasks of a process whose pages are worked out while somebody waits: see the table of pages in docs/benchmarks.md."""
VERSION = 2
"""Of what is kept of a page: another one is not shown."""
_OF_A_TASK = ("id", "visits_a_case", "waiting_hours", "rework_share", "parent_id")
_OF_A_FLOW = ("id", "source_id", "target_id", "count", "probability", "probability_source")
_OF_A_SCENARIO = ("id", "name", "note", "amounts", "task_amounts")


class Kept(StrEnum):
    """The pages that are kept."""

    SCENARIOS = "page of scenarios"
    EFFECT = "page of the effect"
    RANKING = "page of the ranking"
    SCENARIO_FORM = "form of a scenario"
    SCENARIO_FIGURES = "figures of scenarios"
    EFFECT_FIGURES = "figures of an effect"


@dataclass(frozen=True)
class About:
    """What a page is of: one process, or all of a workspace."""

    workspace: Workspace
    process: Process | None = None

    @classmethod
    def of(cls, process: Process) -> Self:
        return cls(process.workspace, process)

    @property
    def processes(self) -> list[Process]:
        """One query where it is of all."""
        return [self.process] if self.process is not None else list(Process.objects.of(self.workspace).order_by("pk"))

    @property
    def subject(self) -> str:
        """What its jobs are about."""
        return f"process:{self.process.pk}" if self.process is not None else f"workspace:{self.workspace.pk}"

    @property
    def name(self) -> str:
        return self.process.name if self.process is not None else "all processes"


def is_kept(about: About) -> bool:
    """Whether pages of this are worked out by a job. One query."""
    tasks = Task.objects.of(about.workspace).work()
    return (tasks.filter(process=about.process) if about.process else tasks).count() > MOST_AT_ONCE


def page_fingerprint(about: About, page: Kept, asked: Mapping[str, Any]) -> str:
    """Tells everything a page rests on: formula, random numbers, inputs, graph, scenarios, and what was asked."""
    workspace, processes = about.workspace, about.processes
    tasks = Task.objects.of(workspace).filter(process__in=processes).order_by("pk")
    flows = Flow.objects.of(workspace).filter(process__in=processes).order_by("pk")
    scenarios = ProcessScenario.objects.of(workspace).filter(process__in=processes).order_by("pk")
    rests_on = [
        *(VERSION, FORMULA_VERSION, SEED, page.value, asked, workspace.currency),
        [process.cases_a_year for process in processes],
        *world_of(workspace, processes),
        list(tasks.values_list(*_OF_A_TASK)),
        list(flows.values_list(*_OF_A_FLOW)),
        list(scenarios.values_list(*_OF_A_SCENARIO)),
        sorted(screens_under_way(workspace, [process.pk for process in processes])),
    ]
    text = json.dumps(rests_on, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def page_kept(about: About, page: Kept, fingerprint: str) -> dict[str, Any] | None:
    """The page as plain values, None where no job has worked out just this."""
    every = StoredRanking.objects.of(about.workspace).filter(process=about.process)
    kept = every.filter(by=page.value, fingerprint=fingerprint).first()
    return dict(kept.content) if kept is not None else None
