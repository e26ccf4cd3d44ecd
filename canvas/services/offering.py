"""Deciding on what a canvas is offered: a drafted value is made one's own, or refused until its source changes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from canvas.domain.blocks import UnknownField
from canvas.domain.changes import label_of, parts_of
from canvas.domain.offers import Offer
from canvas.models import Canvas
from canvas.selectors import canvas_offers, canvas_standing
from canvas.services.changing import Entries, author_of, change, locked
from common.errors import FieldProblem, InvalidInput, StaleEdit


def canvas_offer_accept(*, access: Access, canvas: Canvas, path: str, token: str) -> Canvas:
    """Take an offered value, or agree to a drafted one that stands there: from now on it is that person's."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        now = locked(canvas)
        offer = _found(now, path, token)
        _decide(now, offer)
        words = f"{offer.source}, accepted by {author_of(access)}"
        return change(access, now, _entry(offer, value=offer.value, source=words), cause="accepted")


def canvas_offer_refuse(*, access: Access, canvas: Canvas, path: str, token: str) -> Canvas:
    """Refuse an offered value: what stands there stays. A drafted value that stands there itself is emptied.

    Either is not drafted or offered again before its source says something else.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        now = locked(canvas)
        offer = _found(now, path, token)
        _decide(now, offer)
        if offer.is_standing:
            return change(access, now, _entry(offer, value=None, source=author_of(access)), cause="refused")
        told: Mapping[str, Any] = {"task": now.task.name, offer.label: {"from": offer.after, "to": offer.before or "–"}}
        audit_record(access=access, verb="canvas.offer-refused", subject=f"canvas:{now.pk}", detail=told)
        return now


def _found(canvas: Canvas, path: str, token: str) -> Offer:
    """What the token names; StaleEdit where the source, or the field, says something else by now."""
    try:
        parts_of(path)
    except UnknownField as unknown:
        problem = FieldProblem("path", str(unknown))
        raise InvalidInput("Nothing was decided.", detail=str(unknown), errors=[problem]) from unknown
    every = [offer for offer in (*canvas_standing(canvas), *canvas_offers(canvas)) if offer.path == path]
    for offer in every:
        if offer.token == token:
            return offer
    raise StaleEdit(
        f"What is offered for {label_of(path)} changed meanwhile.",
        changed=[f"{offer.label}: “{offer.after}”" for offer in every] or [f"{label_of(path)}: nothing is offered"],
        detail="Nothing was changed. Look at what is offered now and decide.",
    )


def _decide(canvas: Canvas, offer: Offer) -> None:
    canvas.decided = {**canvas.decided, offer.path: offer.value}
    canvas.save(update_fields=["decided"])


def _entry(offer: Offer, *, value: Any, source: str) -> Entries:
    return {offer.path: {"value": value, "source": source, "by": "person"}}
