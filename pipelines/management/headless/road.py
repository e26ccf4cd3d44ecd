"""The steps of a headless walk. Each calls the services that the screens call, and drains its jobs in this process."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accounts.access import Access
from accounts.models import Workspace
from canvas.services import canvas_draft
from common.errors import ProblemError
from jobs.domain.states import RunState
from jobs.models import LogEntry, LogEvent, Run
from jobs.services import blob_open, run_drain
from pipelines.management.headless.findings import Findings, Plan
from pipelines.models import Generation, PipelineRun
from pipelines.services import pipeline_generate, pipeline_run_start
from planner.domain.suitability.verdicts import Verdict
from planner.models import DecisionTarget, EventLog, LogUpload, Process, Task
from planner.selectors import ValuedTask, valued_task
from planner.services import (
    checked_mapping,
    foresight_screen,
    log_import_start,
    log_upload_create,
    log_upload_map,
    log_upload_take,
    ranking_of,
    target_check,
    target_choose,
    task_screen,
)

Say = Callable[[str], None]
WORKSPACE = "headless"
LEARNABLE = {Verdict.NOT_WORTH_IT, Verdict.NOT_PREDICTABLE, Verdict.WRITE_A_RULE, Verdict.KEEP_HUMAN}


class RoadError(Exception):
    """Why the walk cannot go on: one sentence that says what, where and what to do."""


@dataclass(frozen=True)
class Road:
    """One walk: whose workspace, where progress is told, and the folder of its results."""

    access: Access
    say: Say
    folder: Path

    @classmethod
    def of(cls, slug: str, say: Say, folder: Path) -> "Road":
        """In the workspace of this address; the headless one is made when it is missing."""
        found = Workspace.objects.filter(slug=slug).first()
        if found is None and slug != WORKSPACE:
            raise RoadError(f"There is no workspace “{slug}”. Leave --workspace away, or name one that exists.")
        workspace = found or Workspace.objects.create(name="Headless plans", slug=WORKSPACE)
        return cls(Access.system(workspace), say, folder)

    def imported(
        self,
        path: Path,
        notes: list[str],
        *,
        mapping: Mapping[str, Any] | None = None,
        hours: Mapping[str, Any] | None = None,
    ) -> Process:
        """The process discovered from the log at `path`; what the mapping leaves open is guessed."""
        try:
            with path.open("rb") as source:
                upload = log_upload_create(access=self.access, file=source, filename=path.name)
            if mapping or hours is not None:
                log_upload_take(access=self.access, upload=upload, mapping=mapping, hours=hours)
            self._require_columns(upload)
            self._settle_dates(upload, notes)
            run = log_import_start(access=self.access, upload=upload)
        except ProblemError as problem:
            raise RoadError(_sentence(problem)) from problem
        except OSError as error:
            raise RoadError(f"{path} cannot be read: {error.strerror}.") from error
        self.drain(run)
        upload.refresh_from_db()
        if upload.process is None:
            raise RoadError(" ".join(upload.problems) or "The log was not imported.")
        return upload.process

    def _require_columns(self, upload: LogUpload) -> None:
        """Nobody can be asked which column is meant: it has to have a name that tells."""
        if not upload.is_table or upload.problems:
            return
        try:
            checked_mapping(upload, upload.mapping)
        except ProblemError as problem:
            columns = ", ".join(f"“{column['name']}”" for column in upload.preview.get("columns", ()))
            advice = "rename the columns that hold them to case, activity and time, or name them with --mapping"
            raise RoadError(f"{problem.title} The file has {columns}: {advice}.") from problem

    def _settle_dates(self, upload: LogUpload, notes: list[str]) -> None:
        """Nobody can be asked: ambiguous dates are read day first, and that is said."""
        mapping = dict(upload.mapping)
        if upload.is_table and upload.preview.get("ambiguous") and mapping.get("day_first") is None:
            columns = ", ".join(upload.preview["ambiguous"])
            notes.append(f"The dates in {columns} can be read both ways; they were read day first.")
            self.say(notes[-1])
            mapping["day_first"] = True
            log_upload_map(access=self.access, upload=upload, mapping=mapping, calendar=upload.calendar)

    def found(self, process: Process, notes: list[str]) -> Findings:
        """What can be foretold at each task, what each is worth, which first."""
        self.drain(foresight_screen(access=self.access, process=process))
        log = EventLog.objects.of(self.access.workspace).in_use().filter(process=process)[0]
        return Findings(process, log, ranking_of(process), notes=notes)

    def plan(self, task: Task, target: str | None) -> Plan:
        """Target chosen and canvas drafted for one task."""
        try:
            if target is not None:
                self._choose(task, target)
            elif task.activity and not DecisionTarget.objects.of(self.access.workspace).filter(task=task).exists():
                self.drain(task_screen(access=self.access, task=task))
            plan = Plan(valued_task(task))
            plan.target = DecisionTarget.objects.of(self.access.workspace).chosen().filter(task=task).first()
            plan.canvas = canvas_draft(access=self.access, task=task)
        except ProblemError as problem:
            raise RoadError(_sentence(problem)) from problem
        return plan

    def _choose(self, task: Task, target: str) -> None:
        """The target asked for, checked before its verdict is read."""
        chosen = target_choose(access=self.access, task=task, text=target)
        if not chosen.verdict:
            self.drain(target_check(access=self.access, row=chosen))

    def generate(self, plan: Plan) -> None:
        """The project of a plan as a zip in the folder; `plan.stopped` says why when there can be none."""
        assert plan.canvas is not None
        run = pipeline_generate(access=self.access, canvas=plan.canvas)
        if not self.drain(run, may_fail=True):
            self._stop(plan, run)
            return
        run.refresh_from_db()
        plan.generation = Generation.objects.of(self.access.workspace).get(pk=run.result["generation"])
        plan.archive = self.folder / f"{plan.generation.slug}.zip"
        with blob_open(plan.generation.archive) as source, plan.archive.open("wb") as target:
            shutil.copyfileobj(source, target)

    def run(self, plan: Plan) -> None:
        """Run the generated pipeline to its end and read the value it measured."""
        assert plan.generation is not None
        started = pipeline_run_start(access=self.access, generation=plan.generation)
        if not self.drain(started.run, may_fail=True):
            self._stop(plan, started.run)
        plan.run = PipelineRun.objects.of(self.access.workspace).with_run().get(pk=started.pk)
        plan.valued = valued_task(Task.objects.select_related("workspace", "process").get(pk=plan.valued.task.pk))

    def drain(self, run: Run, *, may_fail: bool = False) -> bool:
        """Until the run is over, telling its progress; whether it succeeded."""
        run_drain(run_ids=[run.pk], on_event=self._tell)
        run.refresh_from_db()
        if run.state != RunState.SUCCEEDED.value and not may_fail:
            raise RoadError(self._failure(run) or _reason(run))
        return run.state == RunState.SUCCEEDED.value

    def _stop(self, plan: Plan, run: Run) -> None:
        plan.failed = self._failure(run)
        plan.stopped = plan.failed or _reason(run)

    def _failure(self, run: Run) -> str:
        """Which stage failed technically, why, and where its log lies; "" where none did."""
        stage = next((stage for stage in run.stages.order_by("position") if stage.failed_technically), None)
        if stage is None:
            return ""
        path = self.folder / f"run-{run.pk}-{stage.name}.log"
        entries = LogEntry.objects.of(self.access.workspace).filter(stage=stage).order_by("id")
        lines = (f"{entry.at.isoformat()} {entry.level} {entry.event} {entry.text}".rstrip() for entry in entries)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        reason = " ".join(stage.reason.split()).rstrip(".")
        return f"“{run.title}” failed at its stage {stage.name}: {reason}. Its log is in {path}."

    def _tell(self, entry: LogEntry) -> None:
        name = entry.stage.name if entry.stage else ""
        if entry.event in {LogEvent.SUCCEEDED.value, LogEvent.CACHED.value}:
            self.say(f"  {name}: {'done' if entry.event == LogEvent.SUCCEEDED.value else 'unchanged'}")
        elif entry.event in {LogEvent.FAILED.value, LogEvent.REAPED.value, LogEvent.POSTPONED.value}:
            self.say(f"  {name}: {entry.text}")


def candidates(findings: Findings, name: str | None) -> list[ValuedTask]:
    """The tasks to plan, in order: only the one called `name`, else the ranking, then those set aside.

    Of those set aside the ones with a decision to learn from come first, the dearest before: "not worth a model"
    is a result, and a project can still be generated to see it.
    """
    ranking = findings.ranking
    others = sorted([*ranking.aside, *ranking.gaps], key=_after_the_ranking)
    everything = [*(row.valued for row in ranking.rows), *others]
    if name is None:
        return [found for found in everything if found.task.activity]
    wanted = [found for found in everything if found.task.name.casefold() == name.strip().casefold()]
    if not wanted:
        known = ", ".join(f"“{found.task.name}”" for found in everything[:30])
        raise RoadError(f"There is no task “{name}” in this process. It has {known}.")
    return wanted[:1]


def _after_the_ranking(found: ValuedTask) -> tuple[bool, float]:
    verdict = found.finding.verdict if found.finding else None
    return verdict not in LEARNABLE, -(found.yearly_cost or 0.0)


def _sentence(problem: ProblemError) -> str:
    where: Sequence[str] = [found.message for found in problem.errors]
    return " ".join([str(problem), *(one for one in where if one not in str(problem))])


def _reason(run: Run) -> str:
    failed = run.stages.exclude(reason="").order_by("position").first()
    return failed.reason if failed else f"{run.title} did not finish."
