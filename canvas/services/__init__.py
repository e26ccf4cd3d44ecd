"""What can be done with canvases."""

from canvas.services.commenting import (
    comment_change,
    comment_create,
    comment_delete,
    comment_require_author,
    comment_resolve,
)
from canvas.services.drafting import canvas_draft, canvases_draft_first, check_many
from canvas.services.drafting_job import (
    canvases_draft_compute,
    canvases_draft_portfolio,
    canvases_draft_publish,
    canvases_draft_top,
    drafting_submit,
    is_drafted_at_once,
)
from canvas.services.editing import (
    SheetSaved,
    canvas_conclude,
    canvas_field_update,
    canvas_header_update,
    canvas_texts_save,
    canvas_update,
)
from canvas.services.importing import canvas_import
from canvas.services.offering import canvas_offer_accept, canvas_offer_refuse
from canvas.services.paper_sheet import PAPERS, Paper, paper_picture, paper_sheet
from canvas.services.reviewing import canvas_restore, canvas_review

__all__ = [
    "PAPERS",
    "Paper",
    "SheetSaved",
    "canvas_conclude",
    "canvas_draft",
    "canvas_field_update",
    "canvas_header_update",
    "canvas_import",
    "canvas_offer_accept",
    "canvas_offer_refuse",
    "canvas_restore",
    "canvas_review",
    "canvas_texts_save",
    "canvas_update",
    "canvases_draft_compute",
    "canvases_draft_first",
    "canvases_draft_portfolio",
    "canvases_draft_publish",
    "canvases_draft_top",
    "check_many",
    "comment_change",
    "comment_create",
    "comment_delete",
    "comment_require_author",
    "comment_resolve",
    "drafting_submit",
    "is_drafted_at_once",
    "paper_picture",
    "paper_sheet",
]
