"""How the service of a generated project is started, by its serving pattern, and how often a failing one is tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.domain.architecture import Architecture, Serving
from pipelines.domain.schedules import schedule_read

BROKER = "broker"
PROGRAMS: Mapping[Serving, tuple[str, ...]] = {
    Serving.SERVICE: ("serve",),
    Serving.PRECOMPUTE: ("serve",),
    Serving.ON_DEMAND: (BROKER, "process", "serve"),
    Serving.DEPENDENCY: (),
}
"""Commands of the project that run side by side, in the order they are started; the last one answers over HTTP."""

BATCH, FORECAST_BATCH = "precompute", "forecast"
"""Commands that write predictions ahead, of cases and of the next periods."""

SCHEDULE = "making_predictions.schedule"
"""The field of the canvas that says how often."""

ENDED_WELL = frozenset({0, 4})
"""Of a batch. Code 4 says that some rows were refused and the others predicted."""

HEALTHY_WITHIN_S = 60.0
CHECK_EVERY_S = 2.0
MOST_MISSED = 3
STEADY_S = 60.0
FIRST_DELAY_S, LONGEST_DELAY_S = 1.0, 60.0


@dataclass(frozen=True)
class ServicePlan:
    """What has to run so that a model answers.

    `batch` is the command that runs to its end before the others start, "" for none, and again whenever `cron` (five
    fields, UTC) says so; "" there: never again.
    """

    programs: tuple[str, ...]
    batch: str = ""
    cron: str = ""

    @property
    def is_served_here(self) -> bool:
        return bool(self.programs)

    @property
    def needs_broker(self) -> bool:
        return BROKER in self.programs


def serving_of(specification: Mapping[str, Any]) -> Serving:
    """The serving pattern a project was generated with."""
    return Architecture.from_json(specification.get("architecture", {})).serving


def service_plan(specification: Mapping[str, Any]) -> ServicePlan:
    """The plan of a project by its specification; one whose model ships inside a library is not served here.

    >>> service_plan({"architecture": {"serving": "model_as_service"}}).programs
    ('serve',)
    >>> service_plan({"architecture": {"serving": "model_as_dependency"}}).is_served_here
    False
    >>> nightly = [{"place": "making_predictions.schedule", "text": "every night at 02:30"}]
    >>> service_plan({"architecture": {"serving": "precompute"}, "story": nightly})
    ServicePlan(programs=('serve',), batch='precompute', cron='30 2 * * *')
    """
    serving = serving_of(specification)
    if serving is not Serving.PRECOMPUTE:
        return ServicePlan(PROGRAMS[serving])
    forecasts = specification.get("label", {}).get("task") == "forecasting"
    texts = {part["place"]: part["text"] for part in specification.get("story", ())}
    schedule = schedule_read(texts.get(SCHEDULE, ""))
    return ServicePlan(PROGRAMS[serving], FORECAST_BATCH if forecasts else BATCH, schedule.cron if schedule else "")


def restart_delay_s(restarts: int) -> float:
    """Seconds before the next try of a service that ended `restarts` times without having been steady in between.

    >>> [restart_delay_s(restarts) for restarts in (0, 1, 2, 5, 20)]
    [0.0, 1.0, 2.0, 16.0, 60.0]
    """
    if restarts <= 0:
        return 0.0
    return float(min(FIRST_DELAY_S * 2.0 ** min(restarts - 1, 10), LONGEST_DELAY_S))
