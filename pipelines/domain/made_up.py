"""Where nothing was recorded yet: the facts of a table that does not exist, from the schema in the canvas."""

from collections.abc import Mapping, Sequence

from pipelines.domain.designing import CanvasFacts, SpecificationError, TableFacts, TableFeature, canvas_texts
from pipelines.domain.sample import ROWS
from pipelines.domain.specification import Choice

NUMBERS = ("number", "numeric", "integer", "int", "float", "decimal", "amount", "count", "date", "time", "duration")
FLAGS = ("flag", "boolean", "bool", "yes/no", "yes or no", "true/false")
TASKS = {
    "binary_classification": "binary",
    "anomaly_detection": "binary",
    "regression": "regression",
    "forecasting": "regression",
}
CLASSES = {"binary": ("yes", "no"), "multiclass": ("first outcome", "second outcome", "third outcome")}
SOURCE = "made up"
REASON = "Nothing was recorded yet: the rows follow from the schema and from dice. No figure says anything of the task."


def made_up_facts(canvas: CanvasFacts, features: Sequence[Mapping[str, object]], *, task_type: str) -> TableFacts:
    """The inputs are the rows of the canvas's Features (name, type, unit, source), the outcomes have no real names.

    Refuses with SpecificationError a canvas that names no feature.
    """
    named = [row for row in features if str(row.get("name") or "").strip()]
    if not named:
        sentence = "There is no log, no table and no feature in the canvas: import a log, bring a table, or say there "
        raise SpecificationError(f"{sentence}what is known at that moment.", where="features")
    task = TASKS.get(task_type, "multiclass" if task_type.startswith("multi") else "binary")
    question = canvas_texts(canvas).get("prediction_task.entity", "") or canvas.title
    return TableFacts(
        features=[_feature(row) for row in named],
        question=f"{question} (made up: no rows were recorded)",
        task=task,
        classes=CLASSES.get(task, ()),
        positive="yes" if task == "binary" else "",
        label_kind="outcome",
        rows=ROWS,
        rows_from="made_up",
        choices=(Choice("Rows to learn from", "Made up", REASON, "features.features"),),
    )


def _feature(row: Mapping[str, object]) -> TableFeature:
    name, words = str(row["name"]), str(row.get("type") or "").lower()
    kind = "flag" if any(word in words for word in FLAGS) else "category"
    if kind == "category" and set(words.replace(",", " ").split()) & set(NUMBERS):
        kind = "number"
    unit = str(row.get("unit") or "")
    return TableFeature(name, name, kind, unit=unit, source=SOURCE)
