"""Whether a push really comes from the repository: signatures of GitHub, GitLab and Standard Webhooks.

Sources: docs.github.com "Validating webhook deliveries"; docs.gitlab.com "Webhooks", secret token;
github.com/standard-webhooks, specification 1.0: HMAC-SHA256 over "id.timestamp.body", within five minutes.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

WITHIN_S = 300
LONGEST = 100


class PushRefused(ValueError):
    """A push that cannot be believed; the message says what is wrong, never what would be right."""


@dataclass(frozen=True)
class Push:
    """What was pushed: `delivery` names the message (the same twice is one), `commit` what the branch points at now."""

    delivery: str
    branch: str
    commit: str
    about: str


def push_of(provider: str, headers: Mapping[str, str], body: bytes, secret: str, now_s: float) -> Push | None:
    """The push a message tells of; None for another kind of event. Header names are lower case.

    Refuses with PushRefused a wrong or missing signature, an old timestamp, a body that is no JSON object.
    """
    delivery, event = _VERIFY[provider](headers, body, secret, now_s)
    if event not in ("push", "Push Hook"):
        return None
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise PushRefused("The body is no JSON.") from None
    if not isinstance(said, dict):
        raise PushRefused("The body is no JSON object.")
    commit = _plain(said.get("after") or said.get("checkout_sha"))
    branch = _plain(said.get("ref")).removeprefix("refs/heads/")
    head = said.get("head_commit")
    about = str(head.get("message") or "").splitlines()[:1] if isinstance(head, dict) else []
    return Push(delivery, branch, commit, _plain(about[0], 200) if about else "")


def _plain(text: object, longest: int = LONGEST) -> str:
    """A text that can be kept and shown: no control characters, no halves of characters."""
    shown = "".join(letter for letter in str(text or "") if letter.isprintable())
    return shown.encode("utf-8", "replace").decode()[:longest]


def _github(headers: Mapping[str, str], body: bytes, secret: str, now_s: float) -> tuple[str, str]:
    wanted = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    _same(headers.get("x-hub-signature-256", ""), wanted)
    _named(headers.get("x-github-delivery", ""))
    # The name it is delivered under is not signed: sent again under another, the message is the same.
    return hashlib.sha256(body).hexdigest()[:40], headers.get("x-github-event", "")


def _gitlab(headers: Mapping[str, str], body: bytes, secret: str, now_s: float) -> tuple[str, str]:
    _same(headers.get("x-gitlab-token", ""), secret)
    given = headers.get("idempotency-key") or headers.get("x-gitlab-event-uuid", "")
    return _named(given), headers.get("x-gitlab-event", "")


def _standard(headers: Mapping[str, str], body: bytes, secret: str, now_s: float) -> tuple[str, str]:
    identity, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not moment.isascii() or not moment.isdecimal() or abs(now_s - int(moment[:15])) > WITHIN_S:
        raise PushRefused("The message is too old, or its clock is wrong.")
    signed = f"{identity}.{moment}.".encode() + body
    wanted = hmac.new(key_of(secret), signed, hashlib.sha256).digest()
    if not any(_is(given, wanted) for given in headers.get("webhook-signature", "").split()[:10]):
        raise PushRefused("The signature is wrong.")
    return _named(identity), "push"


def key_of(secret: str) -> bytes:
    """The key of a secret as Standard Webhooks write it: base64 behind `whsec_`."""
    return base64.b64decode(secret.removeprefix("whsec_"))


def _is(given: str, wanted: bytes) -> bool:
    version, _, text = given.partition(",")
    try:
        return version == "v1" and hmac.compare_digest(base64.b64decode(text, validate=True), wanted)
    except (binascii.Error, ValueError):
        return False


def _same(given: str, wanted: str) -> None:
    if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
        raise PushRefused("The signature is wrong.")


def _named(delivery: str) -> str:
    if not delivery or len(delivery) > LONGEST or not delivery.isprintable():
        raise PushRefused("The message has no name of its own: it could be sent twice.")
    return delivery


_VERIFY = {"github": _github, "gitlab": _gitlab, "standard": _standard}


def signed(identity: str, moment_s: int, body: bytes, secret: str) -> dict[str, str]:
    """Headers of a message of ours, as Standard Webhooks sign it."""
    signed_text = f"{identity}.{moment_s}.".encode() + body
    mac = base64.b64encode(hmac.new(key_of(secret), signed_text, hashlib.sha256).digest()).decode()
    return {"webhook-id": identity, "webhook-timestamp": str(moment_s), "webhook-signature": f"v1,{mac}"}
