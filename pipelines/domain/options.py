"""The options of a pipeline as people choose them: each axis, what it offers, what the canvas asks for, what fits."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.domain.architecture import (
    AXES,
    LABELS,
    OPTIONS,
    TITLES,
    Architecture,
    Problem,
    refusals,
)
from pipelines.domain.choices import FIELDS, REASONS, architecture_proposed


@dataclass(frozen=True)
class Option:
    """One option of an axis; `clash` says why it does not go with what is chosen on the other axes, "" if it does."""

    value: str
    label: str
    reason: str
    chosen: bool
    proposed: bool
    clash: str


@dataclass(frozen=True)
class Axis:
    """One question, the field of the canvas its answer follows from, and the options."""

    name: str
    title: str
    place: str
    options: tuple[Option, ...]

    @property
    def problem(self) -> str:
        """Why what is chosen cannot be; "" where it can."""
        return next((option.clash for option in self.options if option.chosen), "")


def axes_of(chosen: Architecture, texts: Mapping[str, str], *, problem: Problem = Problem.BINARY) -> tuple[Axis, ...]:
    """Every axis in its order; `texts` are those of the canvas, "block.field" to text."""
    proposed = architecture_proposed(texts)
    return tuple(
        Axis(axis, TITLES[axis], FIELDS[axis], tuple(_options(axis, chosen, proposed, problem))) for axis in AXES
    )


def _options(axis: str, chosen: Architecture, proposed: Architecture, problem: Problem) -> list[Option]:
    return [
        Option(
            value=value,
            label=LABELS[value],
            reason=REASONS[value],
            chosen=value == chosen.value(axis),
            proposed=value == proposed.value(axis),
            clash=_clash(axis, Architecture.from_json(chosen.as_json() | {axis: value}), problem),
        )
        for value in OPTIONS[axis]
    ]


def _clash(axis: str, architecture: Architecture, problem: Problem) -> str:
    found = [refusal for refusal in refusals(problem, architecture) if axis in (refusal.axis, refusal.because)]
    return found[0].sentence if found else ""
