"""From canvas and training table to a specification: names derived, text cleaned, numbers read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.domain.acceptance import Limit, checks_read, limits_read
from pipelines.domain.architecture import Architecture, Problem, refusals
from pipelines.domain.choices import choices_of
from pipelines.domain.identifiers import column_names, package_name
from pipelines.domain.licences import UNNAMED, Licence
from pipelines.domain.specification import (
    AMOUNTS,
    ROW_COLUMNS,
    Choice,
    CostValues,
    FeatureColumn,
    LabelColumn,
    PlannedValue,
    Series,
    Specification,
    StoryField,
)
from pipelines.domain.text import text_clean

KINDS = {"number": "number", "flag": "flag", "boolean": "flag"}
MOST_CLASSES = 50


class SpecificationError(ValueError):
    """The canvas or the table cannot become a project; `where` names the field."""

    def __init__(self, message: str, *, where: str) -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True)
class TableFeature:
    """A feature as the training table describes it; `kind` is number, flag, or anything else for a category."""

    column: str
    title: str
    kind: str
    unit: str = ""
    source: str = ""
    description: str = ""
    required: bool = False


@dataclass(frozen=True)
class TableFacts:
    """What the generator needs to know of a training table; `choices` are those made about its rows."""

    features: Sequence[TableFeature]
    question: str
    task: str
    classes: Sequence[str]
    positive: str
    label_kind: str
    rows: int
    unit: str = ""
    excluded: Sequence[tuple[str, int]] = ()
    series: Series | None = None
    rows_from: str = "log"
    choices: Sequence[Choice] = ()


@dataclass(frozen=True)
class CanvasField:
    """A field of the canvas: where it stands, what it is called there, its text and, for a figure, its number.

    That of a duration is in hours.
    """

    block: str
    key: str
    block_title: str
    label: str
    text: str
    number: float | None = None


@dataclass(frozen=True)
class CanvasFacts:
    """The canvas in plain values; `fields` in the order of the sheet."""

    title: str
    process: str
    fields: Sequence[CanvasField]
    version: int
    currency: str
    limits: Sequence[Limit] = ()
    decided_alone: float = 1.0


def specification_make(
    canvas: CanvasFacts,
    table: TableFacts,
    *,
    planned: PlannedValue | None,
    architecture: Architecture,
    lock_digest: str,
    licence: Licence | None = None,
) -> Specification:
    """Refuses with SpecificationError a table without features, fewer than two classes, options that do not fit."""
    _refuse(table)
    _refuse_options(table, architecture)
    texts = canvas_texts(canvas)
    numbers = {f"{field.block}.{field.key}": field.number for field in canvas.fields}
    title = text_clean(canvas.title, longest=120) or "Task"
    package = package_name(title)
    demanded = texts.get("impact_simulation.minimum_acceptable", "")
    checks, unread = limits_read(canvas.limits) if canvas.limits else checks_read(demanded)
    return Specification(
        title=title,
        slug=package.replace("_", "-"),
        package=package,
        process=text_clean(canvas.process, longest=120),
        story=tuple(_story(canvas.fields)),
        label=_label(table),
        features=_features(table.features),
        values=values_read(numbers, currency=text_clean(canvas.currency, longest=8)),
        checks=checks,
        unread=text_clean(unread),
        latency_budget_ms=numbers.get("making_predictions.latency_budget_ms"),
        decided_alone=min(max(canvas.decided_alone, 0.05), 1.0),
        planned=planned,
        choices=(
            *choices_of(architecture, texts, rows=table.rows, problem=Problem(table.task)),
            *map(_choice, table.choices),
        ),
        canvas_version=canvas.version,
        architecture=architecture,
        lock_digest=lock_digest,
        excluded=tuple((text_clean(reason), int(count)) for reason, count in table.excluded),
        series=table.series,
        rows_from=table.rows_from,
        licence=licence or UNNAMED,
        training_hours=numbers.get("building_models.training_time_budget") or None,
    )


def _choice(choice: Choice) -> Choice:
    return replace(choice, value=text_clean(choice.value, longest=200), reason=text_clean(choice.reason))


def _refuse(table: TableFacts) -> None:
    if not table.features:
        raise SpecificationError("No feature is known when this task begins: gather data first.", where="features")
    if table.task not in AMOUNTS and not 2 <= len(set(table.classes)) <= MOST_CLASSES:
        message = f"The outcome takes {len(set(table.classes))} values in the rows; a model needs 2 to {MOST_CLASSES}."
        raise SpecificationError(message, where="prediction_task.outcomes")
    if table.task == "binary" and table.positive not in table.classes:
        raise SpecificationError("The outcome that is acted on does not occur in the rows.", where="prediction_task")


def canvas_texts(canvas: CanvasFacts) -> dict[str, str]:
    """The canvas as "block.field" to cleaned text."""
    return {f"{field.block}.{field.key}": text_clean(field.text) for field in canvas.fields}


def _refuse_options(table: TableFacts, architecture: Architecture) -> None:
    for refusal in refusals(Problem(table.task), architecture):
        raise SpecificationError(refusal.sentence, where=refusal.axis)


def _story(fields: Iterable[CanvasField]) -> Iterable[StoryField]:
    for field in fields:
        text = text_clean(field.text)
        if text:
            place = f"{field.block}.{field.key}"
            yield StoryField(text_clean(field.block_title), text_clean(field.label), text, place)


def _label(table: TableFacts) -> LabelColumn:
    classes = () if table.task in AMOUNTS else tuple(sorted({class_text(name) for name in table.classes}))
    return LabelColumn(
        title=text_clean(table.question, longest=200),
        task=table.task,
        classes=classes,
        positive=class_text(table.positive) if table.task == "binary" else "",
        label_kind=table.label_kind,
        unit=text_clean(table.unit, longest=20),
    )


def class_text(name: object) -> str:
    """A class as it stands in data and configuration: cleaned, never empty."""
    return text_clean(name, longest=200) or "(empty)"


def _features(features: Sequence[TableFeature]) -> tuple[FeatureColumn, ...]:
    names = column_names((feature.column for feature in features), taken=ROW_COLUMNS)
    return tuple(
        FeatureColumn(
            name=name,
            source_column=feature.column,
            title=text_clean(feature.title, longest=120),
            kind=KINDS.get(feature.kind, "category"),
            unit=text_clean(feature.unit, longest=40),
            source=text_clean(feature.source, longest=120),
            description=text_clean(feature.description, longest=300),
            required=feature.required,
        )
        for name, feature in zip(names, features, strict=True)
    )


def values_read(numbers: Mapping[str, float | None], *, currency: str) -> CostValues:
    """The cost matrix of the canvas; where any of the four is missing, right counts 1 and wrong −1, not known."""
    found = [numbers.get(f"impact_simulation.value_{name}") for name in ("tp", "fp", "fn", "tn")]
    given = [float(value) for value in found if value is not None]
    if len(given) < len(found) or len(set(given)) == 1:
        return CostValues(currency=currency)
    tp, fp, fn, tn = given
    return CostValues(tp, fp, fn, tn, currency, known=True)
