"""Celery tasks of the planner: each sees one stage through."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from celery import shared_task
from django.conf import settings

from accounts.models import Workspace
from common.errors import ProblemError
from jobs.execution import StageContext, UserFault, execute_stage
from jobs.models import Stage
from planner.domain.event_log.eventlog import LogError
from planner.domain.valuation.portfolio import InvalidPortfolio, OutOfTime
from planner.services import log_import_compute, log_import_publish
from planner.services.estimate_file_job import estimate_file_compute, estimate_file_publish
from planner.services.estimate_import_job import estimate_import_compute, estimate_import_publish
from planner.services.foresight_job import foresight_compute, foresight_publish
from planner.services.measuring import log_measure_compute, log_measure_publish
from planner.services.page_job import page_compute, page_publish
from planner.services.portfolio_job import portfolio_choose_compute, portfolio_choose_publish
from planner.services.report_job import report_compute, report_publish
from planner.services.value_job import value_compute, value_publish


@shared_task(name="planner.import_log", ignore_result=True)
def import_log(*, stage_id: int, attempt: int, **_: object) -> None:
    """Read an uploaded log, then publish process, tasks and flows."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_import_log, publish=log_import_publish)


def _import_log(context: StageContext) -> dict[str, Any]:
    try:
        return log_import_compute(params=context.params, directory=context.directory, progress=context.progress)
    except LogError as problem:
        raise UserFault(problem.sentence) from problem


@shared_task(name="planner.measure_log", ignore_result=True)
def measure_log(*, stage_id: int, attempt: int, **_: object) -> None:
    """Measure a stored log by other working hours, then publish its times."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_measure_log, publish=log_measure_publish)


def _measure_log(context: StageContext) -> dict[str, Any]:
    try:
        return log_measure_compute(params=context.params, progress=context.progress)
    except LogError as problem:
        raise UserFault(problem.sentence) from problem


@shared_task(name="planner.screen", ignore_result=True)
def screen(*, stage_id: int, attempt: int, **_: object) -> None:
    """Check what can be foretold at every task of a process, then publish the targets."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_screen, publish=foresight_publish)


def _screen(context: StageContext) -> dict[str, Any]:
    return foresight_compute(params=context.params, progress=context.progress)


@shared_task(name="planner.report", ignore_result=True)
def report(*, stage_id: int, attempt: int, **_: object) -> None:
    """Value a process and set its report, then publish both files."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_report, publish=report_publish)


def _report(context: StageContext) -> dict[str, Any]:
    return report_compute(params=context.params, progress=context.progress)


@shared_task(name="planner.write_estimates", ignore_result=True)
def write_estimates(*, stage_id: int, attempt: int, **_: object) -> None:
    """Write all estimates of a process or workspace as a file."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_write_estimates, publish=estimate_file_publish)


def _write_estimates(context: StageContext) -> dict[str, Any]:
    return estimate_file_compute(params=context.params, progress=context.progress)


@shared_task(name="planner.apply_estimates", ignore_result=True)
def apply_estimates(*, stage_id: int, attempt: int, **_: object) -> None:
    """Look at a file of estimates once more, then set them."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_apply_estimates, publish=_set_estimates)


def _apply_estimates(context: StageContext) -> dict[str, Any]:
    workspace = Workspace.objects.get(pk=context.workspace_id)
    with _said():
        return estimate_import_compute(workspace=workspace, params=context.params)


def _set_estimates(stage: Stage, output: Mapping[str, Any]) -> None:
    with _said():
        estimate_import_publish(stage, output)


@contextmanager
def _said() -> Iterator[None]:
    """What somebody changed meanwhile is no fault of the code: it is said, and not tried again."""
    try:
        yield
    except ProblemError as problem:
        raise UserFault(" ".join([str(problem), *getattr(problem, "changed", ())[:5]])) from problem


@shared_task(name="planner.value", ignore_result=True)
def value(*, stage_id: int, attempt: int, **_: object) -> None:
    """Value many tasks, and rank them where that is asked, then keep what is new."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_value, publish=value_publish)


def _value(context: StageContext) -> dict[str, Any]:
    return value_compute(params=context.params, progress=context.progress)


@shared_task(name="planner.work_out", ignore_result=True)
def work_out(*, stage_id: int, attempt: int, **_: object) -> None:
    """Work out a page of a process of many tasks, then keep it."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_work_out, publish=page_publish)


def _work_out(context: StageContext) -> dict[str, Any]:
    with _said():
        return page_compute(params=context.params, progress=context.progress)


@shared_task(name="planner.choose_portfolio", ignore_result=True)
def choose_portfolio(*, stage_id: int, attempt: int, **_: object) -> None:
    """Value the tasks and choose among them, then keep the choice with its plan."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_choose_portfolio, publish=portfolio_choose_publish)


def _choose_portfolio(context: StageContext) -> dict[str, Any]:
    try:
        return portfolio_choose_compute(params=context.params, progress=context.progress)
    except InvalidPortfolio as problem:
        raise UserFault(f"{problem} Name the processes it is chosen from.") from problem
    except OutOfTime as problem:
        words = f"No choice was found in {settings.PORTFOLIO_SECONDS:g} seconds."
        raise UserFault(f"{words} Set fewer limits, or choose from fewer processes.") from problem
