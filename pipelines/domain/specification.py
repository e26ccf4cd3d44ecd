"""What will be built: everything a generated project is rendered from, in plain frozen values.

Two equal specifications render to the same bytes. Text of people is cleaned when a specification is made.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from pipelines.domain.acceptance import Check
from pipelines.domain.architecture import Architecture, Problem
from pipelines.domain.licences import UNNAMED, Licence

ROW_ID, DECIDED_AT, KNOWN_AT, OUTCOME = "row_id", "decided_at", "known_at", "outcome"
AMOUNTS = frozenset({Problem.REGRESSION, Problem.FORECASTING})
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
    """What is predicted. `task` is a Problem's value; `label_kind` outcome or imitation."""

    title: str
    task: str
    classes: tuple[str, ...] = ()
    positive: str = ""
    label_kind: str = "outcome"
    unit: str = ""

    @property
    def is_amount(self) -> bool:
        """Whether a number is predicted rather than a class."""
        return self.task in AMOUNTS


@dataclass(frozen=True)
class Series:
    """What a forecast rests on besides its values: see `planner.domain.foresight.periods.SeriesShape`; days as ISO."""

    period: str
    season: int
    zone: str
    origin: str
    open_weekdays: tuple[int, ...]
    closed: tuple[str, ...]


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
    """A pipeline as it will be generated. `decided_alone` is the share of cases the model decides without a person;
    `series` is set where periods are forecast.

    `training_hours` is how long a training may take by the canvas, None where it does not say.
    `rows_from` is log, upload or made_up: where what it learns from was recorded, if at all.
    """

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
    architecture: Architecture
    lock_digest: str
    excluded: tuple[tuple[str, int], ...] = field(default=())
    series: Series | None = None
    rows_from: str = "log"
    training_hours: float | None = None
    licence: Licence = UNNAMED

    def as_json(self) -> dict[str, Any]:
        """Plain values; `from_json` reads them back."""
        beside = {"architecture": self.architecture.as_json(), "licence": self.licence.as_json()}
        return asdict(self) | beside

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `as_json` wrote, also after a trip through JSON."""
        plain = {key: value for key, value in data.items() if key != "lock_name"}  # of generations before options
        plain["architecture"] = Architecture.from_json(data.get("architecture", {}))
        plain["licence"] = Licence.from_json(data.get("licence", {}))
        plain["label"] = LabelColumn(**(data["label"] | {"classes": tuple(data["label"]["classes"])}))
        plain["series"] = _series(data.get("series"))
        plain["values"] = CostValues(**data["values"])
        plain["planned"] = None if data["planned"] is None else PlannedValue(**data["planned"])
        for name, kind in (("story", StoryField), ("features", FeatureColumn), ("checks", Check), ("choices", Choice)):
            plain[name] = tuple(kind(**item) for item in data[name])
        plain["excluded"] = tuple((reason, count) for reason, count in data["excluded"])
        return cls(**plain)


def _series(plain: dict[str, Any] | None) -> Series | None:
    if plain is None:
        return None
    return Series(**(plain | {"open_weekdays": tuple(plain["open_weekdays"]), "closed": tuple(plain["closed"])}))
