"""What will be built: everything a generated project is rendered from, in plain frozen values.

Two equal specifications render to the same bytes. Text of people is cleaned when a specification is made.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from pipelines.domain.acceptance import Check

ROW_ID, DECIDED_AT, KNOWN_AT, OUTCOME = "row_id", "decided_at", "known_at", "outcome"
ROW_COLUMNS = (ROW_ID, DECIDED_AT, KNOWN_AT, OUTCOME)


@dataclass(frozen=True)
class FeatureColumn:
    """One input: `name` the derived column, `source_column` that of the training table.

    `kind` is number, category or flag.
    """

    name: str
    source_column: str
    title: str
    kind: str
    unit: str = ""
    source: str = ""
    description: str = ""
    required: bool = False


@dataclass(frozen=True)
class LabelColumn:
    """What is predicted. `task` is binary, multiclass or regression; `label_kind` outcome or imitation."""

    title: str
    task: str
    classes: tuple[str, ...] = ()
    positive: str = ""
    label_kind: str = "outcome"
    unit: str = ""


@dataclass(frozen=True)
class CostValues:
    """Money of one right or wrong decision, gains positive. `known` is False where the canvas gives none."""

    tp: float = 1.0
    fp: float = -1.0
    fn: float = -1.0
    tn: float = 1.0
    currency: str = ""
    known: bool = False


@dataclass(frozen=True)
class PlannedValue:
    """What the plan says the task is worth over the horizon: mean and 90 % interval of the NPV, ROI, payback."""

    npv_mean: float
    npv_low: float
    npv_high: float
    roi: float | None
    payback_months: float | None
    loss_probability: float | None
    currency: str
    horizon_years: int


@dataclass(frozen=True)
class Choice:
    """One choice of architecture: what was chosen on an axis, why, and the canvas field it follows from."""

    axis: str
    value: str
    reason: str
    field: str


@dataclass(frozen=True)
class StoryField:
    """A filled field of the canvas; `place` is "block.field"."""

    block: str
    name: str
    text: str
    place: str


@dataclass(frozen=True)
class Specification:
    """A pipeline as it will be generated. `decided_alone` is the share of cases the model decides without a person."""

    title: str
    slug: str
    package: str
    process: str
    story: tuple[StoryField, ...]
    label: LabelColumn
    features: tuple[FeatureColumn, ...]
    values: CostValues
    checks: tuple[Check, ...]
    unread: str
    latency_budget_ms: float | None
    decided_alone: float
    planned: PlannedValue | None
    choices: tuple[Choice, ...]
    canvas_version: int
    lock_name: str
    lock_digest: str
    excluded: tuple[tuple[str, int], ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Plain values; `from_json` reads them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `as_json` wrote, also after a trip through JSON."""
        plain = dict(data)
        plain["label"] = LabelColumn(**(data["label"] | {"classes": tuple(data["label"]["classes"])}))
        plain["values"] = CostValues(**data["values"])
        plain["planned"] = None if data["planned"] is None else PlannedValue(**data["planned"])
        for name, kind in (("story", StoryField), ("features", FeatureColumn), ("checks", Check), ("choices", Choice)):
            plain[name] = tuple(kind(**item) for item in data[name])
        plain["excluded"] = tuple((reason, count) for reason, count in data["excluded"])
        return cls(**plain)
