"""What can be done with canvases."""

from canvas.services.drafting import canvas_draft, canvases_draft_portfolio, canvases_draft_top
from canvas.services.editing import (
    SheetSaved,
    canvas_conclude,
    canvas_field_update,
    canvas_header_update,
    canvas_texts_save,
    canvas_update,
    fields_at,
)

__all__ = [
    "SheetSaved",
    "canvas_conclude",
    "canvas_draft",
    "canvas_field_update",
    "canvas_header_update",
    "canvas_texts_save",
    "canvas_update",
    "canvases_draft_portfolio",
    "canvases_draft_top",
    "fields_at",
]
