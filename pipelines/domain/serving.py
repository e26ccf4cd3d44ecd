"""How the service of a generated project is started, by its serving pattern, and how often a failing one is tried."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.domain.architecture import Architecture, Serving

BROKER = "broker"
PROGRAMS: Mapping[Serving, tuple[str, ...]] = {
    Serving.SERVICE: ("serve",),
    Serving.PRECOMPUTE: ("serve",),
    Serving.ON_DEMAND: (BROKER, "process", "serve"),
    Serving.DEPENDENCY: (),
}
"""Commands of the project that run side by side, in the order they are started; the last one answers over HTTP."""

BEFORE: Mapping[Serving, tuple[str, ...]] = {Serving.PRECOMPUTE: ("precompute",)}
"""Commands that run to their end before the others start. Code 4 says that some rows were refused: it goes on."""

ENDED_WELL = frozenset({0, 4})
HEALTHY_WITHIN_S = 60.0
CHECK_EVERY_S = 2.0
MOST_MISSED = 3
STEADY_S = 60.0
FIRST_DELAY_S, LONGEST_DELAY_S = 1.0, 60.0


@dataclass(frozen=True)
class ServicePlan:
    """What has to run so that a model answers."""

    before: tuple[str, ...]
    programs: tuple[str, ...]

    @property
    def is_served_here(self) -> bool:
        return bool(self.programs)

    @property
    def needs_broker(self) -> bool:
        return BROKER in self.programs


def service_plan(architecture: Mapping[str, str]) -> ServicePlan:
    """The plan of a project built with these options; one whose model ships inside a library is not served here.

    >>> service_plan({"serving": "model_as_service"}).programs
    ('serve',)
    >>> service_plan({"serving": "model_as_dependency"}).is_served_here
    False
    """
    serving = Architecture.from_json(architecture).serving
    return ServicePlan(BEFORE.get(serving, ()), PROGRAMS[serving])


def restart_delay_s(restarts: int) -> float:
    """Seconds before the next try of a service that ended `restarts` times without having been steady in between.

    >>> [restart_delay_s(restarts) for restarts in (0, 1, 2, 5, 20)]
    [0.0, 1.0, 2.0, 16.0, 60.0]
    """
    if restarts <= 0:
        return 0.0
    return float(min(FIRST_DELAY_S * 2.0 ** min(restarts - 1, 10), LONGEST_DELAY_S))
