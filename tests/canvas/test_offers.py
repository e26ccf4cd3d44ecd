"""Drafted values are accepted or refused; what their source says later is offered, once, and overwrites nothing."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import AuditEntry
from canvas.domain.drafting import drafts
from canvas.domain.facts import DriftFacts, Facts, TargetFacts, TaskFacts
from canvas.domain.offers import Offer
from canvas.models import Canvas
from canvas.selectors import canvas_offers, canvas_standing
from canvas.services import (
    canvas_draft,
    canvas_field_update,
    canvas_offer_accept,
    canvas_offer_refuse,
)
from common.errors import InvalidInput, NotAllowed, StaleEdit
from planner.models import Task
from tests.conftest import Cast

VOLUME = "making_predictions.note"


def grown(canvas: Canvas, volume: float) -> Canvas:
    """The canvas after its task is done so often a year."""
    Task.objects.filter(pk=canvas.task_id).update(volume_a_year=volume)
    return Canvas.objects.select_related("workspace", "task__process").get(pk=canvas.pk)


def offered(canvas: Canvas, path: str = VOLUME) -> Offer | None:
    return next((offer for offer in canvas_offers(canvas) if offer.path == path), None)


def note(canvas: Canvas) -> str | None:
    canvas.refresh_from_db()
    value = canvas.fields["making_predictions"]["note"]["value"]
    return value.replace("\u202f", " ") if value else None


def decide(cast: Cast, canvas: Canvas, offer: Offer | None, *, accept: bool) -> Canvas:
    assert offer is not None
    decided = canvas_offer_accept if accept else canvas_offer_refuse
    return decided(access=cast.access(cast.editor), canvas=canvas, path=offer.path, token=offer.token)


def test_nothing_is_offered_before_a_source_changes(canvas: Canvas) -> None:
    assert canvas_offers(canvas) == ()


def test_a_source_that_changed_offers_old_and_new_and_changes_nothing(canvas: Canvas) -> None:
    offer = offered(grown(canvas, 41_000))
    assert offer is not None
    assert (offer.before[:2], offer.after[:2], offer.source) == ("31", "41", "from the log")
    assert note(canvas) == "31 000 predictions a year, 85 a day on average"


def test_an_accepted_offer_stands_there_as_that_persons_with_its_source(cast: Cast, canvas: Canvas) -> None:
    canvas = grown(canvas, 41_000)
    decide(cast, canvas, offered(canvas), accept=True)
    assert (note(canvas) or "")[:6] == "41 000"
    entry = canvas.fields["making_predictions"]["note"]
    assert (entry["by"], entry["source"]) == ("person", "from the log, accepted by Edith")
    assert offered(canvas) is None
    assert offered(grown(canvas, 52_000)) is not None


def test_a_refused_offer_is_gone_until_its_source_changes_also_when_drafted_again(cast: Cast, canvas: Canvas) -> None:
    canvas = grown(canvas, 41_000)
    decide(cast, canvas, offered(canvas), accept=False)
    canvas_draft(access=cast.access(cast.editor), task=canvas.task)
    assert (note(canvas) or "")[:6] == "31 000"
    assert offered(canvas) is None
    again = offered(grown(canvas, 52_000))
    assert again is not None
    assert again.after[:2] == "52"


def test_a_drafted_value_that_stands_is_agreed_to_or_emptied(cast: Cast, canvas: Canvas) -> None:
    standing = {offer.path: offer for offer in canvas_standing(canvas)}
    agreed = decide(cast, canvas, standing["making_predictions.target"], accept=True)
    assert agreed.fields["making_predictions"]["target"]["source"] == "suggested, accepted by Edith"
    decide(cast, canvas, standing[VOLUME], accept=False)
    canvas_draft(access=cast.access(cast.editor), task=canvas.task)
    assert note(canvas) is None
    assert offered(canvas) is None


def test_what_somebody_typed_stays_and_is_offered_something_only_when_the_source_changed(
    cast: Cast, canvas: Canvas
) -> None:
    access = cast.access(cast.editor)
    canvas_field_update(
        access=access, canvas=canvas, block="making_predictions", field="note", value="few", version=None
    )
    canvas.refresh_from_db()
    assert offered(canvas) is None
    canvas = grown(canvas, 41_000)
    offer = offered(canvas)
    canvas_draft(access=access, task=canvas.task)
    assert note(canvas) == "few"
    assert offer is not None
    assert offer.before == "few"


def test_what_was_written_over_before_decisions_were_kept_is_read_from_the_history(cast: Cast, canvas: Canvas) -> None:
    canvas_field_update(
        access=cast.access(cast.editor), canvas=canvas, block="making_predictions", field="note", value="few",
        version=None,
    )  # fmt: skip
    canvas.refresh_from_db()
    kept = canvas.decided
    Canvas.objects.update(decided={})
    import_module("canvas.migrations.0004_decisions_on_drafts").decisions_found(apps, connection.schema_editor())
    canvas.refresh_from_db()
    assert list(kept) == [VOLUME]
    assert canvas.decided == kept


def test_a_decision_on_a_value_that_is_no_longer_offered_is_refused(cast: Cast, canvas: Canvas) -> None:
    seen = offered(grown(canvas, 41_000))
    with pytest.raises(StaleEdit, match="Also"):
        decide(cast, grown(canvas, 52_000), seen, accept=True)
    with pytest.raises(InvalidInput):
        canvas_offer_accept(access=cast.access(cast.editor), canvas=canvas, path="no.field", token="0" * 16)
    assert (note(canvas) or "")[:6] == "31 000"


def test_a_viewer_decides_nothing_and_each_decision_is_in_the_trail(cast: Cast, canvas: Canvas) -> None:
    canvas = grown(canvas, 41_000)
    offer = offered(canvas)
    assert offer is not None
    with pytest.raises(NotAllowed):
        canvas_offer_refuse(access=cast.access(cast.viewer), canvas=canvas, path=offer.path, token=offer.token)
    decide(cast, canvas, offer, accept=False)
    decide(cast, canvas, canvas_standing(canvas)[0], accept=True)
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"canvas.offer-refused", "canvas.accepted"}


def test_the_sheet_counts_offers_and_decides_by_one_click(cast: Cast, canvas: Canvas) -> None:
    canvas = grown(canvas, 41_000)
    offer = offered(canvas)
    assert offer is not None
    client, address = cast.browser(cast.editor), f"/w/acme/tasks/{canvas.task_id}/canvas/"
    page = client.get(address).content.decode()
    count = len(canvas_offers(canvas))
    assert f"{count} value{'s' if count > 1 else ''} {'are' if count > 1 else 'is'} offered" in page
    assert "full, 1 offered" in page
    answer = client.post(f"{address}offers/", {"accept": f"{offer.path} {offer.token}", "order": "free"})
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{address}?order=free&at=making_predictions#making_predictions",
    )
    assert (note(canvas) or "")[:6] == "41 000"
    assert client.post(f"{address}offers/", {"accept": "x"}).status_code == 400
    assert 'form="decide"' not in cast.browser(cast.viewer).get(address).content.decode()


@pytest.mark.parametrize(
    ("later", "moved", "said"),
    [(0.16, True, "every month"), (0.101, False, "every year"), (0.5, True, "every week")],
)
def test_the_rhythm_of_training_follows_how_fast_the_outcome_moved(later: float, moved: bool, said: str) -> None:
    drift = DriftFacts(outcome="yes", earlier=0.1, later=later, days=182, moved=moved)
    facts = Facts(
        task=TaskFacts(name="Triage", process="Claims"),
        target=TargetFacts(question="Is it fraud?", problem="binary", drift=drift),
    )
    found = next(draft for draft in drafts(facts) if draft.key == "retrain_trigger")
    assert found.value.startswith(said)
    assert "10 % in the first half of the log" in found.source
