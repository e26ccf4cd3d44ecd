"""A canvas as the generator sees it: plain texts and numbers, in the order of the sheet."""

from canvas.domain.document import CanvasDocument, FieldDocument
from canvas.domain.values import hours_of
from pipelines.domain.acceptance import Limit
from pipelines.domain.designing import CanvasFacts, CanvasField


def canvas_facts(document: CanvasDocument, *, decided_alone: float = 1.0) -> CanvasFacts:
    """Every field of the document, and its limits of "may go live when".

    `decided_alone` is the share of cases the estimate counts on the model to decide without a person.
    """
    fields = [
        CanvasField(block.key, field.key, block.title, field.label, field.text.replace("\n", "; "), _number(field))
        for block in document.blocks
        for field in block.fields
    ]
    head = document.header
    limits = [
        Limit(str(row["metric"]), str(row["comparison"]), float(row["value"]))
        for row in document.rows("impact_simulation", "minimum_acceptable")
    ]
    return CanvasFacts(head.task, head.process, fields, head.version, head.currency, limits, decided_alone)


def _number(field: FieldDocument) -> float | None:
    """The value of a figure; of a duration, its hours."""
    return float(field.value) if isinstance(field.value, int | float) else hours_of(field.value)
