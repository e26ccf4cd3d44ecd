"""The eight steps through a process. Each app says how far its own are; no app needs to know the others.

`settings.STEP_PROVIDERS` lists functions, each taking a process and giving its StepState objects. A step no provider
speaks for is shown as not begun: the way through is always in sight. `settings.FURTHEST_PROVIDERS` lists functions that
tell the same of all processes of a workspace at once, as {id of the process: key of the furthest step begun}.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from django.conf import settings
from django.utils.module_loading import import_string

Sign = Literal["done", "part", "open", "run", "live"]

STEPS: Final[dict[str, str]] = {
    "process": "Process",
    "tasks": "Tasks",
    "suitability": "Suitability",
    "value": "Value",
    "ranking": "Ranking",
    "canvas": "Canvas",
    "pipeline": "Pipeline",
    "life": "Life",
}


@dataclass(frozen=True)
class StepState:
    """How far one step is: `sign` as drawn, `words` for people ("7 of 8 answered"), `url` empty without a page."""

    key: str
    label: str
    url: str
    sign: Sign
    words: str


def steps_ordered(found: Iterable[StepState]) -> list[StepState]:
    """All eight steps in their order; those not found are open."""
    known = {step.key: step for step in found}
    return [known.get(key, StepState(key, label, "", "open", "not begun")) for key, label in STEPS.items()]


def steps_of(process: object) -> list[StepState]:
    """The eight steps of a process, asked from every provider."""
    found: list[StepState] = []
    for path in settings.STEP_PROVIDERS:
        answer = import_string(path)(process)
        found.extend([answer] if isinstance(answer, StepState) else answer)
    return steps_ordered(found)


def furthest_of(workspace: object) -> dict[int, str]:
    """The furthest step begun of every process of a workspace, by its id; processes without one are left out."""
    order = list(STEPS)
    found: dict[int, str] = {}
    for path in settings.FURTHEST_PROVIDERS:
        for process, step in import_string(path)(workspace).items():
            if process not in found or order.index(step) > order.index(found[process]):
                found[process] = step
    return found
