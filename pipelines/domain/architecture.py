"""The options of a pipeline: closed lists, which of them go together, and which sources and packages each brings.

Forms of workflow, serving patterns and deployment strategies are those of ml-ops.org. An option is added by a member
of its list, a folder of `skeletons/` named like it, its part of `environments/parts.toml`, and its rules below.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import combinations, product
from typing import Any, Self


class Problem(StrEnum):
    """What is predicted."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"
    FORECASTING = "forecasting"


class Form(StrEnum):
    """Offline training with predictions in batches (forecast) or as questions come up (web service)."""

    FORECAST = "forecast"
    WEB_SERVICE = "web_service"


class Serving(StrEnum):
    """How a prediction reaches whoever needs it."""

    SERVICE = "model_as_service"
    DEPENDENCY = "model_as_dependency"
    PRECOMPUTE = "precompute"
    ON_DEMAND = "model_on_demand"


class Deployment(StrEnum):
    """What is handed to the machines it runs on."""

    CONTAINER = "container"
    SERVERLESS = "serverless"


class Serialization(StrEnum):
    """What the model's file is written with."""

    SKOPS = "skops"
    ONNX = "onnx"
    JOBLIB = "joblib"


class Orchestration(StrEnum):
    """What puts the stages in order outside this product."""

    MAKE = "make"
    DVC = "dvc"


class Tracking(StrEnum):
    """Where the figures of each run are kept."""

    RUN_LOG = "run_log"
    MLFLOW = "mlflow"


TITLES: Mapping[str, str] = {
    "problem": "Problem",
    "form": "Form of workflow",
    "serving": "Serving pattern",
    "deployment": "Deployment",
    "serialization": "Serialization",
    "orchestration": "Orchestration",
    "tracking": "Tracking",
}
LABELS: Mapping[str, str] = {
    Problem.BINARY: "Yes or no",
    Problem.MULTICLASS: "One of several",
    Problem.REGRESSION: "An amount",
    Problem.FORECASTING: "The next periods",
    Form.FORECAST: "Forecast (batch)",
    Form.WEB_SERVICE: "Web service",
    Serving.SERVICE: "Model-as-Service",
    Serving.DEPENDENCY: "Model-as-Dependency",
    Serving.PRECOMPUTE: "Precompute",
    Serving.ON_DEMAND: "Model-on-Demand",
    Deployment.CONTAINER: "Container",
    Deployment.SERVERLESS: "Serverless function",
    Serialization.SKOPS: "skops",
    Serialization.ONNX: "ONNX",
    Serialization.JOBLIB: "joblib",
    Orchestration.MAKE: "Makefile and cron",
    Orchestration.DVC: "DVC",
    Tracking.RUN_LOG: "Run log",
    Tracking.MLFLOW: "MLflow",
}


@dataclass(frozen=True)
class Architecture:
    """One option on each axis; the problem is a matter of the data and stands apart."""

    form: Form = Form.WEB_SERVICE
    serving: Serving = Serving.SERVICE
    deployment: Deployment = Deployment.CONTAINER
    serialization: Serialization = Serialization.SKOPS
    orchestration: Orchestration = Orchestration.MAKE
    tracking: Tracking = Tracking.RUN_LOG

    def as_json(self) -> dict[str, str]:
        """Axis to value as plain text; `from_json` reads it back."""
        return {axis: str(value) for axis, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Axes that are missing keep their default. Raises ArchitectureError for an axis or value that is none."""
        unknown = sorted(set(data) - set(AXES))
        if unknown:
            raise ArchitectureError(unknown[0], f"There is no axis “{unknown[0]}”: {', '.join(AXES)}.")
        chosen: dict[str, Any] = {axis: option_of(axis, value) for axis, value in data.items()}
        return cls(**chosen)

    def value(self, axis: str) -> str:
        return str(getattr(self, axis))


OPTIONS: Mapping[str, type[StrEnum]] = {
    "form": Form,
    "serving": Serving,
    "deployment": Deployment,
    "serialization": Serialization,
    "orchestration": Orchestration,
    "tracking": Tracking,
}
AXES = tuple(OPTIONS)


class ArchitectureError(ValueError):
    """An axis or an option that does not exist; `where` names the axis."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


def option_of(axis: str, value: object) -> StrEnum:
    """The option of that name on an axis. Raises ArchitectureError, which names those there are."""
    options = OPTIONS[axis]
    try:
        return options(str(value))
    except ValueError:
        raise ArchitectureError(axis, f"{TITLES[axis]} “{str(value)[:60]}” is none of {', '.join(options)}.") from None


@dataclass(frozen=True)
class Rule:
    """Where axis `axis` is one of `values`, axis `other` must be one of `needs`; `reason` says why."""

    axis: str
    values: frozenset[str]
    other: str
    needs: tuple[str, ...]
    reason: str

    def broken_by(self, chosen: Mapping[str, str]) -> bool:
        return chosen[self.axis] in self.values and chosen[self.other] not in self.needs


RULES: tuple[Rule, ...] = (
    Rule(
        "form",
        frozenset({Form.FORECAST}),
        "serving",
        (Serving.PRECOMPUTE, Serving.DEPENDENCY),
        "Predictions in batches are made before anyone asks: nothing waits for a single question.",
    ),
    Rule(
        "form",
        frozenset({Form.WEB_SERVICE}),
        "serving",
        (Serving.SERVICE, Serving.ON_DEMAND, Serving.DEPENDENCY),
        "A question that comes up in real time is answered then: an answer made ahead may not know the case yet.",
    ),
    Rule(
        "deployment",
        frozenset({Deployment.SERVERLESS}),
        "serving",
        (Serving.SERVICE,),
        "A serverless function starts for one request and ends: it keeps no queue, database or library.",
    ),
)


@dataclass(frozen=True)
class Refusal:
    """Why a combination cannot be: the axis to change, its value, the axis it clashes with, and what to choose."""

    axis: str
    value: str
    because: str
    reason: str
    choose: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"{LABELS[self.value]} does not fit. {self.reason} Choose {_either(self.choose)}."


def refusals(problem: Problem, architecture: Architecture) -> tuple[Refusal, ...]:
    """Empty where the combination can be built, else one entry for each broken rule, in their order."""
    chosen = {"problem": str(problem), **architecture.as_json()}
    return tuple(
        Refusal(rule.other, chosen[rule.other], rule.axis, rule.reason, rule.needs)
        for rule in RULES
        if rule.broken_by(chosen)
    )


def valid_combinations() -> Iterator[tuple[Problem, Architecture]]:
    """Every problem with every architecture that can be built, always in the same order."""
    for problem in Problem:
        for values in product(*OPTIONS.values()):
            chosen: dict[str, Any] = dict(zip(AXES, values, strict=True))
            architecture = Architecture(**chosen)
            if not refusals(problem, architecture):
                yield problem, architecture


def covering_set(among: Iterable[tuple[Problem, Architecture]] | None = None) -> list[tuple[Problem, Architecture]]:
    """Combinations (of all valid ones) in which every pair of options found together is so at least once; greedy."""
    found = valid_combinations() if among is None else among
    every = [(combination, _pairs(*combination)) for combination in found]
    missing = set().union(*(pairs for _, pairs in every))
    chosen = []
    while missing:
        best, pairs = max(every, key=lambda item: len(item[1] & missing))
        chosen.append(best)
        missing -= pairs
    return chosen


def _pairs(problem: Problem, architecture: Architecture) -> frozenset[tuple[tuple[str, str], tuple[str, str]]]:
    return frozenset(combinations([("problem", str(problem)), *architecture.as_json().items()], 2))


BETWEEN: Mapping[tuple[Serving, Deployment], tuple[str, ...]] = {
    (Serving.SERVICE, Deployment.CONTAINER): ("http_service", "kubernetes_service", "kubernetes_drift"),
    (Serving.PRECOMPUTE, Deployment.CONTAINER): ("kubernetes_service", "kubernetes_batch", "kubernetes_drift"),
    (Serving.ON_DEMAND, Deployment.CONTAINER): ("kubernetes_service", "kubernetes_queue", "kubernetes_drift"),
}
"""Folders of `skeletons/between/` that neither a serving pattern nor a deployment brings alone, but both together."""


def layers(architecture: Architecture, problem: Problem = Problem.BINARY) -> tuple[str, ...]:
    """Folders of `skeletons/` whose files make up the project: the core, one an axis, those of two together, and
    those of the problem.
    """
    axes = (axis for axis in AXES if axis != "form")
    between = BETWEEN.get((architecture.serving, architecture.deployment), ())
    return (
        "core",
        *(f"{axis}/{architecture.value(axis)}" for axis in axes),
        *(f"between/{name}" for name in between),
        *_of_problem(architecture, problem),
    )


FORECASTS: Mapping[tuple[Serving, Deployment], tuple[str, ...]] = {
    (Serving.SERVICE, Deployment.CONTAINER): ("forecast_asked", "forecast_service"),
    (Serving.SERVICE, Deployment.SERVERLESS): ("forecast_asked", "forecast_function"),
    (Serving.ON_DEMAND, Deployment.CONTAINER): ("forecast_asked", "forecast_queue"),
    (Serving.PRECOMPUTE, Deployment.CONTAINER): ("forecast_ahead",),
    (Serving.DEPENDENCY, Deployment.CONTAINER): ("forecast_library",),
}
"""Folders of `skeletons/between/` by which each pattern gives the next periods where periods are forecast."""


def _of_problem(architecture: Architecture, problem: Problem) -> tuple[str, ...]:
    """What forecasting adds to the others: lags, backtest, intervals, and how the pattern gives the next periods."""
    if problem is not Problem.FORECASTING:
        return ()
    given = FORECASTS[architecture.serving, architecture.deployment]
    return ("problem/forecasting", *(f"between/{name}" for name in given))


MAKING: Mapping[str, tuple[str, ...]] = {
    Serialization.ONNX: ("onnx_writing",),
    Serving.DEPENDENCY: ("wheel_building",),
    Serving.ON_DEMAND: ("broker_to_try",),
}
"""Parts beside those that answering needs: to make what an option ships (a model's file, a wheel), or to stand in for a
server on the developer's machine."""


def parts(architecture: Architecture) -> tuple[str, ...]:
    """Parts of `environments/parts.toml` a project installs: to learn, to develop, and those of its options."""
    making = [part for axis in ("serving", "serialization") for part in MAKING.get(architecture.value(axis), ())]
    return (
        "learn",
        "develop",
        *serving_parts(architecture),
        *making,
        *_of(architecture, ("orchestration", "tracking")),
    )


def serving_parts(architecture: Architecture) -> tuple[str, ...]:
    """The parts that answering needs, without those only learning or developing does.

    A function has the framework of its deployment and none of the serving pattern's: its size is limited.
    """
    if architecture.deployment is Deployment.SERVERLESS:
        return ("answer", *_of(architecture, ("deployment", "serialization")))
    return ("answer", *_of(architecture, ("serving", "deployment", "serialization")))


def _of(architecture: Architecture, axes: Sequence[str]) -> tuple[str, ...]:
    return tuple(architecture.value(axis) for axis in axes)


def _either(values: Sequence[str]) -> str:
    names = [LABELS[value] for value in values]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
