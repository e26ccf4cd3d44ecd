"""What a canvas is offered by what is known now."""

from canvas.domain.drafting import drafts
from canvas.domain.facts import Facts
from canvas.domain.offers import Offer, offers_of, standing_of
from canvas.models import Canvas
from canvas.selectors.facts import task_facts


def canvas_offers(canvas: Canvas, facts: Facts | None = None) -> tuple[Offer, ...]:
    """Values its sources would say now, and nobody decided on; `facts` where they are known."""
    found = drafts(facts or task_facts(canvas.task))
    return offers_of(canvas.fields, found, canvas.decided, currency=canvas.workspace.currency)


def canvas_standing(canvas: Canvas) -> tuple[Offer, ...]:
    """Drafted values that stand on the canvas and wait for somebody to accept or refuse them."""
    return standing_of(canvas.fields, currency=canvas.workspace.currency)
