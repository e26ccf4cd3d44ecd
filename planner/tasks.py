"""Celery tasks of the planner: each sees one stage through."""

from typing import Any

from celery import shared_task

from jobs.execution import StageContext, UserFault, execute_stage
from planner.domain.event_log.eventlog import LogError
from planner.services import log_import_compute, log_import_publish
from planner.services.foresight_job import foresight_compute, foresight_publish
from planner.services.measuring import log_measure_compute, log_measure_publish
from planner.services.portfolio_job import portfolio_choose_compute, portfolio_choose_publish


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


@shared_task(name="planner.choose_portfolio", ignore_result=True)
def choose_portfolio(*, stage_id: int, attempt: int, **_: object) -> None:
    """Value many tasks and choose among them, then keep the choice with its plan."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_choose_portfolio, publish=portfolio_choose_publish)


def _choose_portfolio(context: StageContext) -> dict[str, Any]:
    return portfolio_choose_compute(params=context.params, progress=context.progress)
