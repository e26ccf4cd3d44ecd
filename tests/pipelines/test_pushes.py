"""A push is believed by its signature alone, noted once, never executed, and handed on to a public address only."""

import base64
import hashlib
import hmac
import json
import time

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from common.errors import InvalidInput
from common.outgoing import OutgoingRefused, post_outside
from jobs.models import Run
from pipelines.models import Firing, Pipeline, PipelineRun, PushHook, PushProvider
from pipelines.services import push_hook_create
from tests.conftest import Cast
from tests.pipelines.made_generations import pipeline_made

pytestmark = pytest.mark.django_db(transaction=True)
BODY = json.dumps(
    {"ref": "refs/heads/main", "after": "a" * 40, "head_commit": {"message": "Mend <b>it</b>\n\nlong"}}
).encode()


@pytest.fixture
def pipeline(cast: Cast) -> Pipeline:
    return pipeline_made(cast.workspace)


def hook(cast: Cast, pipeline: Pipeline, provider: PushProvider, url: str = "") -> tuple[str, str]:
    """Its address and secret."""
    made, secret = push_hook_create(
        access=cast.access(cast.editor), pipeline=pipeline, provider=provider, notify_url=url
    )
    return reverse("v1:hook", args=[made.token]), secret


def github(secret: str, body: bytes = BODY, *, delivery: str = "d-1", event: str = "push") -> dict[str, str]:
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={mac}", "X-GitHub-Delivery": delivery, "X-GitHub-Event": event}


def standard(secret: str, moment: int, *, identity: str = "m-1") -> dict[str, str]:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{identity}.{moment}.".encode() + BODY, hashlib.sha256).digest()
    return {
        "Webhook-Id": identity,
        "Webhook-Timestamp": str(moment),
        "Webhook-Signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def post(url: str, headers: dict[str, str], body: bytes = BODY) -> int:
    return Client().post(url, body, content_type="application/json", headers=headers).status_code


def test_a_signed_push_is_noted_once_and_runs_nothing_here(cast: Cast, pipeline: Pipeline) -> None:
    url, secret = hook(cast, pipeline, PushProvider.GITHUB)
    assert post(url, github(secret)) == 202
    assert post(url, github(secret)) == 200, "sent again by the repository, or by somebody who listened"
    assert post(url, github(secret, delivery="d-9")) == 200, "under another name, which is not signed"
    firing = Firing.objects.get(state="told")
    assert firing.words == f"Pushed main {'a' * 12}: Mend <b>it</b>."
    assert not PipelineRun.objects.exists()
    page = cast.browser(cast.viewer).get(reverse("pipelines:triggers", args=["acme", pipeline.pk])).content.decode()
    assert "Mend &lt;b&gt;it&lt;/b&gt;" in page
    assert post(url, github(secret, delivery="d-2", event="ping")) == 200


@pytest.mark.parametrize("spoil", ["secret", "body", "no signature", "no delivery"])
def test_a_wrong_signature_is_refused(cast: Cast, pipeline: Pipeline, spoil: str) -> None:
    url, secret = hook(cast, pipeline, PushProvider.GITHUB)
    headers = github("another" if spoil == "secret" else secret)
    if spoil == "no signature":
        del headers["X-Hub-Signature-256"]
    if spoil == "no delivery":
        del headers["X-GitHub-Delivery"]
    assert post(url, headers, BODY + b" " if spoil == "body" else BODY) == 403
    assert not Firing.objects.filter(change__startswith="push:").exists()
    assert post(reverse("v1:hook", args=["x" * 43]), github(secret)) == 404


def test_an_old_timestamp_is_refused_and_gitlabs_token_compared(cast: Cast, pipeline: Pipeline) -> None:
    url, secret = hook(cast, pipeline, PushProvider.STANDARD)
    now = int(time.time())
    assert post(url, standard(secret, now)) == 202
    assert post(url, standard(secret, now - 400, identity="m-2")) == 403
    assert post(url, standard(secret, now + 400, identity="m-3")) == 403
    forged = {**standard(secret, now, identity="m-4"), "Webhook-Timestamp": str(now - 1)}
    assert post(url, forged) == 403

    url, secret = hook(cast, pipeline, PushProvider.GITLAB)
    told = {"X-Gitlab-Event": "Push Hook", "Idempotency-Key": "k-1"}
    assert post(url, {**told, "X-Gitlab-Token": secret}) == 202
    assert post(url, {**told, "X-Gitlab-Token": secret[:-1]}) == 403


def test_a_new_secret_makes_the_old_address_unknown(cast: Cast, pipeline: Pipeline) -> None:
    old, old_secret = hook(cast, pipeline, PushProvider.GITHUB)
    new, new_secret = hook(cast, pipeline, PushProvider.GITHUB)
    assert (old == new, old_secret == new_secret) == (False, False)
    assert post(old, github(old_secret)) == 404
    assert old_secret not in str(list(PushHook.objects.values())), "no table holds a secret"


PRIVATE = [
    "https://127.0.0.1/x",
    "https://localhost/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://0.0.0.0/x",
    "https://2130706433/x",
    "https://0x7f.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://10.1.2.3/x",
    "https://192.168.0.1/x",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_no_private_address_is_asked(url: str) -> None:
    with pytest.raises(OutgoingRefused, match="private network"):
        post_outside(url, body=b"{}", headers={})


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "file:///etc/passwd", "gopher://example.org", "https://a:b@example.org/", "nothing"]
)
def test_no_other_kind_of_address_is_kept(cast: Cast, pipeline: Pipeline, url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        hook(cast, pipeline, PushProvider.GITHUB, url)
    assert [problem.path for problem in refused.value.errors] == ["notify_url"]


def test_the_owners_own_run_is_asked_for_once(cast: Cast, pipeline: Pipeline, settings: Settings) -> None:
    url, secret = hook(cast, pipeline, PushProvider.GITHUB, "https://ci.example.org/start")
    for _ in range(2):
        post(url, github(secret))
    assert list(Run.objects.filter(kind="pipelines.notify").values_list("title", flat=True)) == [
        "Ask for the run of Triage"
    ]
