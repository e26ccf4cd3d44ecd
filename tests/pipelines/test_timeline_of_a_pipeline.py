"""Everything that happened to a pipeline in one list by time: narrowed, paged, live, and over the API."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pipelines.models import (
    Firing,
    MonitoringReport,
    OutcomeReading,
    Pipeline,
    Promotion,
    RealisedMonth,
    Trigger,
)
from pipelines.selectors import timeline_of
from pipelines.services import version_promote
from tests.conftest import Cast
from tests.pipelines.made_versions import packaged, version_made

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    """One to which one thing of each kind happened."""
    found = packaged(cast.workspace)
    version = version_made(found)
    version_promote(access=cast.access(cast.editor), version=version, reason="better")
    ours = {"workspace": cast.workspace, "pipeline": found}
    Promotion.objects.create(
        **ours, version=version, kind="promote", state="declined", asked_by=cast.editor, decided_by=cast.owner,
        decided_at=timezone.now(), comment="not yet",
    )  # fmt: skip
    trigger = Trigger.objects.create(**ours, kind="data")
    fired(found, trigger, 1)
    MonitoringReport.objects.create(**ours, begins=BEGAN, ends=BEGAN)
    words = "amount has moved: PSI 0.31, at most 0.2."
    MonitoringReport.objects.create(**ours, begins=BEGAN, ends=BEGAN, breaches=[{"what": "psi", "words": words}])
    OutcomeReading.objects.create(**ours, log_name="spring.csv", log_digest="1", waiting=50, kept=42)
    RealisedMonth.objects.create(**ours, month=date(2026, 3, 1), volume=310)
    RealisedMonth.objects.create(**ours, month=timezone.now().date().replace(day=1), volume=5)
    return found


def fired(pipeline: Pipeline, trigger: Trigger, count: int) -> None:
    Firing.objects.bulk_create(
        Firing(
            workspace=pipeline.workspace, pipeline=pipeline, trigger=trigger, change=f"{trigger.pk} {place} {count}",
            words="New log.", state="started", at=timezone.now() - timedelta(minutes=place),
        )
        for place in range(count)
    )  # fmt: skip


def test_all_stands_in_one_list_by_time(cast: Cast, pipeline: Pipeline) -> None:
    told = timeline_of(pipeline).entries
    assert [one.at for one in told] == sorted((one.at for one in told), reverse=True)
    words = {one.words: one for one in told}
    for expected in (
        "Generation 2",
        "Run 1",
        "Version 1 promoted",
        "Version 1: asked to be put into use",
        "Version 1: its promotion was declined",
        "Trigger, new data: started a run",
        "1 figure past the limit",
        "42 outcomes came from log spring.csv",
        "March 2026 ended: 310 predictions",
    ):
        assert expected in words, expected
    assert words["March 2026 ended: 310 predictions"].at == datetime(2026, 4, 1, tzinfo=UTC)
    assert words["1 figure past the limit"].why == "amount has moved: PSI 0.31, at most 0.2."
    assert words["Version 1: its promotion was declined"].who == str(cast.owner)
    assert not [one for one in told if "ended: 5 predictions" in one.words], "the month is not over"


def test_it_is_narrowed_paged_and_leads_to_what_it_tells(cast: Cast, pipeline: Pipeline) -> None:
    browser, url = cast.browser(cast.viewer), reverse("pipelines:timeline", args=["acme", pipeline.pk])
    page = browser.get(url).content.decode()
    assert reverse("pipelines:run", args=["acme", pipeline.runs.get().pk]) in page
    narrowed = browser.get(url, {"kind": "alert"}).content.decode()
    assert "amount has moved" in narrowed
    assert "Generation 2" not in narrowed
    fired(pipeline, pipeline.triggers.get(), 120)
    assert "Page 3 of 3" in browser.get(url, {"kind": "firing", "page": "3"}).content.decode()
    assert "Page 1 of" in browser.get(url, {"kind": "nonsense", "page": "x"}).content.decode()
    assert cast.browser(cast.stranger).get(url).status_code == 404


def test_it_is_sent_again_only_when_something_happened(cast: Cast, pipeline: Pipeline) -> None:
    browser, url = cast.browser(cast.viewer), reverse("pipelines:timeline_live", args=["acme", pipeline.pk])
    moved = timeline_of(pipeline).moved
    assert browser.get(url, {"after": moved}).status_code == 204
    version_made(pipeline)
    assert "Run 2" in browser.get(url, {"after": moved}).content.decode()


def test_a_long_life_takes_no_more_queries_than_a_short_one(cast: Cast, pipeline: Pipeline) -> None:
    browser, url = cast.browser(cast.viewer), reverse("pipelines:timeline", args=["acme", pipeline.pk])
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    fired(pipeline, pipeline.triggers.get(), 1000)
    with CaptureQueriesContext(connection) as many:
        assert "Page 1 of 21" in browser.get(url).content.decode()
    assert len(many) <= len(few)


def test_over_the_api(cast: Cast, pipeline: Pipeline) -> None:
    browser, url = cast.browser(cast.viewer), reverse("v1:pipeline-timeline", args=[pipeline.pk])
    answer = browser.get(url, {"page_size": 2}).json()
    assert (len(answer["results"]), answer["count"]) == (2, timeline_of(pipeline).page.paginator.count)
    only = browser.get(url, {"kind": "month"}).json()["results"]
    assert [(one["kind"], one["page"], one["subject"]) for one in only] == [("month", "value", pipeline.pk)]
    assert browser.get(url, {"kind": "nonsense"}).status_code in (400, 422)
