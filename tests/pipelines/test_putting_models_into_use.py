"""A version is promoted when it passed its test, with a second person's yes where the workspace wants it, and back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from common.errors import Conflict, NotAllowed, StaleEdit
from pipelines.domain.lifecycle import PipelineState
from pipelines.models import AliasName, Deployment, ModelVersion, Pipeline, PipelineEvent, Promotion
from pipelines.selectors import registry_of
from pipelines.services import (
    pipeline_retire,
    policy_change,
    promotion_approve,
    promotion_decline,
    serving_start,
    serving_stop,
    version_promote,
    version_roll_back,
)
from planner.models import Task
from tests.conftest import Cast
from tests.pipelines.made_versions import packaged, version_made

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return packaged(cast.workspace)


def names(pipeline: Pipeline) -> dict[str, int]:
    """Name → number of the version that goes by it."""
    return {str(name): row.version.number for row in registry_of(pipeline).rows for name in row.aliases}


def state(pipeline: Pipeline) -> PipelineState:
    return Pipeline.objects.get(pk=pipeline.pk).state_of


def test_the_first_is_champion_the_second_leaves_it_previous(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    first, second = version_made(pipeline), version_made(pipeline)
    version_promote(access=access, version=first, reason="good enough")
    assert names(pipeline) == {"champion": 1}
    assert state(pipeline) is PipelineState.SERVING
    version_promote(access=access, version=second)
    assert names(pipeline) == {"champion": 2, "previous": 1}
    deployment = Deployment.objects.get(pipeline=pipeline)
    assert (deployment.wanted, deployment.version) == (True, second)
    verbs = list(AuditEntry.objects.filter(verb="model.promoted").values_list("detail__version", "detail__before"))
    assert sorted(verbs) == [(1, None), (2, 1)]
    assert PipelineEvent.objects.filter(pipeline=pipeline, after="serving").count() == 1


def test_one_click_goes_back_and_another_forth(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    for version in (version_made(pipeline), version_made(pipeline)):
        version_promote(access=access, version=version)
    version_roll_back(access=access, pipeline=pipeline, reason="too slow")
    assert names(pipeline) == {"champion": 1, "previous": 2}
    assert Deployment.objects.get(pipeline=pipeline).version_id == ModelVersion.objects.get(number=1).pk
    version_roll_back(access=access, pipeline=pipeline)
    assert names(pipeline) == {"champion": 2, "previous": 1}
    kinds = list(Promotion.objects.order_by("pk").values_list("kind", "state"))
    assert kinds == [("promote", "done")] * 2 + [("roll_back", "done")] * 2


def test_what_failed_its_test_what_is_champion_and_what_is_retired_is_refused(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    bad, good = version_made(pipeline, accepted=False), version_made(pipeline)
    with pytest.raises(Conflict, match="did not pass") as refused:
        version_promote(access=access, version=bad)
    assert "needed 0.6" in refused.value.detail
    version_promote(access=access, version=good)
    with pytest.raises(Conflict, match="champion already"):
        version_promote(access=access, version=good)
    with pytest.raises(Conflict, match="nothing to go back to"):
        version_roll_back(access=access, pipeline=pipeline)
    Pipeline.objects.filter(pk=pipeline.pk).update(state="retired")
    with pytest.raises(Conflict, match="retired"):
        version_promote(access=access, version=version_made(pipeline))
    with pytest.raises(NotAllowed):
        version_promote(access=cast.access(cast.viewer), version=good)


def test_a_second_person_says_yes(cast: Cast, pipeline: Pipeline) -> None:
    policy_change(access=cast.access(cast.owner), approval_needed=True, keep_inputs=True, version=1)
    asking, other = cast.access(cast.editor), cast.access(cast.owner)
    first, second = version_made(pipeline), version_made(pipeline)
    promotion = version_promote(access=asking, version=first)
    assert (promotion.state, names(pipeline), state(pipeline)) == ("waiting", {}, PipelineState.PACKAGED)
    with pytest.raises(Conflict, match="already waits"):
        version_promote(access=asking, version=second)
    with pytest.raises(Conflict, match="Somebody else"):
        promotion_approve(access=asking, promotion=promotion, comment="yes")
    promotion_approve(access=other, promotion=promotion, comment="The figures hold.")
    assert (names(pipeline), state(pipeline)) == ({"champion": 1}, PipelineState.SERVING)
    with pytest.raises(Conflict, match="decided already"):
        promotion_decline(access=other, promotion=promotion, comment="no")


def test_a_no_and_a_change_of_mind_leave_what_is_served(cast: Cast, pipeline: Pipeline) -> None:
    policy_change(access=cast.access(cast.owner), approval_needed=True, keep_inputs=True, version=1)
    asking = cast.access(cast.editor)
    for decider in (cast.access(cast.owner), asking):
        promotion = version_promote(access=asking, version=version_made(pipeline))
        declined = promotion_decline(access=decider, promotion=promotion, comment="Not yet.")
        assert (declined.state, names(pipeline)) == ("declined", {})


def test_stopped_and_served_again(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    with pytest.raises(Conflict, match="Nothing is served"):
        serving_stop(access=access, pipeline=pipeline)
    version_promote(access=access, version=version_made(pipeline))
    serving_stop(access=access, pipeline=pipeline)
    assert (Deployment.objects.get().wanted, state(pipeline)) == (False, PipelineState.PACKAGED)
    assert names(pipeline) == {"champion": 1}
    serving_start(access=access, pipeline=pipeline)
    assert (Deployment.objects.get().wanted, state(pipeline)) == (True, PipelineState.SERVING)


def test_a_model_in_a_library_is_in_use_and_not_served(cast: Cast, pipeline: Pipeline) -> None:
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline, serving="model_as_dependency"))
    assert state(pipeline) is PipelineState.SERVING
    assert not Deployment.objects.exists()


def test_rules_are_the_owners_and_a_stale_change_is_refused(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        policy_change(access=cast.access(cast.editor), approval_needed=True, keep_inputs=True, version=1)
    owner = cast.access(cast.owner)
    policy_change(access=owner, approval_needed=True, keep_inputs=True, version=1)
    with pytest.raises(StaleEdit, match="Somebody changed") as stale:
        policy_change(access=owner, approval_needed=False, keep_inputs=False, version=1)
    assert "approval is needed" in stale.value.detail
    assert policy_change(access=owner, approval_needed=False, keep_inputs=True, version=2).version == 3


def test_the_page_says_what_is_in_use_and_offers_what_may_be_done(cast: Cast, pipeline: Pipeline) -> None:
    url = reverse("pipelines:models", args=["acme", pipeline.pk])
    editor = cast.browser(cast.editor)
    assert "No model yet" in editor.get(url).content.decode()
    good, bad = version_made(pipeline), version_made(pipeline, accepted=False)
    answer = editor.post(reverse("pipelines:promote", args=["acme", bad.pk]), {"reason": ""})
    assert answer.status_code == 409
    assert "did not pass its acceptance test" in answer.content.decode()
    answer = editor.post(reverse("pipelines:promote", args=["acme", good.pk]), {"reason": "first"}, follow=True)
    assert "Version 1 is in use" in answer.content.decode()
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline))
    page = editor.post(reverse("pipelines:roll_back", args=["acme", pipeline.pk]), follow=True).content.decode()
    assert "Version 1 is in use" in page
    assert "Back to version 3" in page
    assert cast.browser(cast.viewer).get(url).content.decode().count("<form") < page.count("<form")
    version_page = editor.get(reverse("pipelines:version", args=["acme", good.pk])).content.decode()
    assert "It passed its acceptance test" in version_page
    assert "# Model card" in version_page


def test_the_page_asks_the_second_person(cast: Cast, pipeline: Pipeline) -> None:
    owner, editor = cast.browser(cast.owner), cast.browser(cast.editor)
    owner.post(reverse("pipelines:policy", args=["acme"]), {"approval_needed": "on", "keep_inputs": "on", "version": 1})
    version = version_made(pipeline)
    asked = editor.post(reverse("pipelines:promote", args=["acme", version.pk]), {"reason": "due"}, follow=True)
    assert "waits for approval" in asked.content.decode()
    assert "Take it back" in asked.content.decode()
    decide = reverse("pipelines:decide", args=["acme", Promotion.objects.get().pk])
    assert owner.post(decide, {"decision": "approve"}).status_code == 422, "a comment is asked for"
    page = owner.post(decide, {"decision": "approve", "comment": "The figures hold."}, follow=True).content.decode()
    assert "Version 1 is in use" in page
    assert "The figures hold." in page
    assert names(pipeline) == {AliasName.CHAMPION: 1}


def test_whatever_became_of_the_pipeline_its_service_can_be_stopped(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    version_promote(access=access, version=version_made(pipeline))
    for after in ("generated", "packaged", "trained"):
        Pipeline.objects.filter(pk=pipeline.pk).update(state=after)
        serving_stop(access=access, pipeline=pipeline)
        assert not Deployment.objects.get().wanted
        serving_start(access=access, pipeline=pipeline)
        assert (Deployment.objects.get().wanted, state(pipeline)) == (True, PipelineState.SERVING)
    pipeline.refresh_from_db()
    pipeline_retire(access=access, pipeline=pipeline, reason="done")
    assert not Deployment.objects.get().wanted
    with pytest.raises(Conflict, match="retired"):
        serving_start(access=access, pipeline=pipeline)
    with pytest.raises(Conflict, match="retired"):
        version_roll_back(access=access, pipeline=pipeline)


def test_what_is_served_of_a_removed_task_ends(cast: Cast, pipeline: Pipeline) -> None:
    version_promote(access=cast.access(cast.editor), version=version_made(pipeline))
    assert Deployment.objects.wanted().exists()
    Task.objects.update(removed_at=timezone.now())
    assert not Deployment.objects.wanted().exists()


def test_of_two_who_go_back_at_once_the_second_is_told(cast: Cast, pipeline: Pipeline) -> None:
    access = cast.access(cast.editor)
    first, second = version_made(pipeline), version_made(pipeline)
    for version in (first, second):
        version_promote(access=access, version=version)
    version_roll_back(access=access, pipeline=pipeline, to=first)
    with pytest.raises(Conflict, match="Somebody else"):
        version_roll_back(access=access, pipeline=pipeline, to=first)
    assert names(pipeline) == {"champion": 1, "previous": 2}


def test_what_became_champion_meanwhile_is_not_approved_again(cast: Cast, pipeline: Pipeline) -> None:
    asking, other = cast.access(cast.editor), cast.access(cast.owner)
    first, second = version_made(pipeline), version_made(pipeline)
    for version in (first, second):
        version_promote(access=asking, version=version)
    policy_change(access=other, approval_needed=True, keep_inputs=True, version=1)
    promotion = version_promote(access=asking, version=first)
    version_roll_back(access=other, pipeline=pipeline, to=first)
    with pytest.raises(Conflict, match="champion already"):
        promotion_approve(access=other, promotion=promotion, comment="yes")
    assert names(pipeline) == {"champion": 1, "previous": 2}


def test_the_rules_are_changed_over_the_api_with_their_own_tag(cast: Cast) -> None:
    client = cast.browser(cast.owner)
    url = reverse("v1:model-rules") + "?workspace=acme"
    tag = client.get(url)["ETag"]
    body = {"approval_needed": True, "keep_inputs": True}
    sent = {"content_type": "application/json", "headers": {"If-Match": tag}}
    assert client.put(url, body, **sent).status_code == 200
    assert client.put(url, body, **sent).status_code == 412
