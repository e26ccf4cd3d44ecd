"""`manage.py plan FILE`: from an event log to a ranking, projects and runs; no browser, nothing running."""

import json
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pipelines.management.headless.document import document_of
from pipelines.management.headless.findings import Findings, Plan
from pipelines.management.headless.report import opening_sentence, report_of, verdict_sentence
from pipelines.management.headless.road import WORKSPACE, Road, RoadError, candidates
from pipelines.management.headless.tables import (
    Table,
    aside_table,
    log_table,
    ranking_table,
    run_table,
    task_table,
    value_table,
)
from planner.models import Task


class Command(BaseCommand):
    help = "Plan machine learning for the process in an event log: graph, values, ranking, canvas, project, run."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="event log: CSV, XES or XLSX, packed or not")
        parser.add_argument(
            "--mapping", metavar="JSON", help="columns and how they are read, as the API takes them (docs/api.md)"
        )
        parser.add_argument("--hours", metavar="JSON", help="working hours, as the API takes them (docs/api.md)")
        parser.add_argument("--task", metavar="NAME", help="plan this task instead of the first of the ranking")
        parser.add_argument(
            "--target",
            help="what to foretell there: next:ACTIVITY, later:ACTIVITY, attribute:NAME=VALUE, remaining, volume:day "
            'or volume:week; an awkward name as a JSON string: attribute:"a=b"=VALUE',
        )
        parser.add_argument("--top", type=int, default=1, metavar="N", help="how many tasks to plan (1)")
        parser.add_argument("--out", type=Path, metavar="DIR", help="where zips and report.md go (plan-<FILE>)")
        parser.add_argument("--run", action="store_true", help="also run each generated pipeline to its end")
        parser.add_argument("--json", type=Path, metavar="PATH", help="write everything found as one JSON document")
        parser.add_argument("--workspace", default=WORKSPACE, metavar="SLUG", help="keep it in this workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._walk(**options)
        except RoadError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. What was imported so far is kept.") from None

    def _walk(self, **options: Any) -> None:
        path, out = options["file"], self._folder(options)
        if not 1 <= options["top"] <= 50:
            raise CommandError("--top takes a number between 1 and 50.")
        if not path.is_file():
            raise CommandError(f"{path} is not a file. Name an event log: CSV, XES or XLSX, packed or not.")
        call_command("migrate", interactive=False, verbosity=0)
        road = Road.of(options["workspace"], self.stdout.write, out)
        findings = self._found(road, path, options)
        for valued in candidates(findings, options["task"]):
            if sum(plan.archive is not None for plan in findings.plans) == options["top"]:
                break
            plan = road.plan(valued.task, options["target"])
            findings.plans.append(plan)
            self._follow(road, plan, run=options["run"])
        self._keep(findings, out, options["json"])
        failed = [plan.failed for plan in findings.plans if plan.failed]
        if failed:
            raise CommandError(" ".join(failed))

    def _folder(self, options: dict[str, Any]) -> Path:
        path: Path = options["out"] or Path(f"plan-{options['file'].name.split('.')[0]}")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written: {error.strerror}. Name another folder with --out."
            ) from error
        return path

    def _found(self, road: Road, path: Path, options: dict[str, Any]) -> Findings:
        self.stdout.write(f"Reading {path.name}")
        notes: list[str] = []
        process = road.imported(path, notes, mapping=_asked(options, "mapping"), hours=_asked(options, "hours"))
        self.stdout.write("Checking what can be foretold")
        findings = road.found(process, notes)
        tasks = Task.objects.of(process.workspace).work().filter(process=process).order_by("position")
        for table in (log_table(findings), task_table(list(tasks)), ranking_table(findings), aside_table(findings)):
            self._show(table)
        return findings

    def _follow(self, road: Road, plan: Plan, *, run: bool) -> None:
        name = plan.valued.task.name
        self.stdout.write(f"\n{opening_sentence(plan)}")
        road.generate(plan)
        if plan.archive is not None:
            self.stdout.write(f"  project: {plan.archive}")
            if run:
                self.stdout.write(f"Running the pipeline of {name}")
                road.run(plan)
                self._show(run_table(plan))
                self._show(value_table(plan))
        if plan.stopped:
            self.stdout.write(f"  stopped: {plan.stopped}")
        if plan.run is not None:
            self.stdout.write(f"  acceptance test: {plan.run.sentence}")
        self.stdout.write(f"\nVerdict on {verdict_sentence(plan)}")

    def _show(self, table: Table | None) -> None:
        if table is not None:
            self.stdout.write(f"\n{table.plain()}\n")

    def _keep(self, findings: Findings, out: Path, document: Path | None) -> None:
        try:
            report = out / "report.md"
            report.write_text(report_of(findings), encoding="utf-8")
            self.stdout.write(f"\nReport: {report}")
            if document is not None:
                text = json.dumps(document_of(findings), ensure_ascii=False, indent=2, allow_nan=False)
                document.write_text(text + "\n", encoding="utf-8")
                self.stdout.write(f"JSON: {document}")
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error


def _asked(options: dict[str, Any], name: str) -> dict[str, Any] | None:
    """The JSON object of an option, None where it was not given."""
    if options.get(name) is None:
        return None
    try:
        found = json.loads(options[name])
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CommandError(f"--{name} takes a JSON object, as docs/api.md describes it.")
    return found
