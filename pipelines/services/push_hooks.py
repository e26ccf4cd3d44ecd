"""Pushes of a repository: believed by their signature, noted as a change, and handed on to the owner's own run.

What is pushed is never executed here: workers run generated code only.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput
from common.outgoing import OutgoingRefused, address_check, post_outside
from jobs.services import StageSpec, run_submit
from pipelines.domain.pushes import Push, push_of, signed
from pipelines.models import Firing, FiringState, Pipeline, PushHook, PushProvider, Trigger, TriggerKind
from pipelines.services.contexts import Context
from pipelines.services.firing import trigger_notice

NOTIFY = "pipelines.notify"
SUCCESS = range(200, 300)


class NotNotified(Exception):
    """Why the owner's own run could not be asked for, in a sentence; no use trying again."""


def push_hook_create(
    *, access: Access, pipeline: Pipeline, provider: PushProvider, notify_url: str = ""
) -> tuple[PushHook, str]:
    """The address a repository tells of pushes, and its secret, which is shown once. Made again, both are new.

    Refuses with InvalidInput a `notify_url` that is never asked.
    """
    access.require(Role.EDITOR)
    if notify_url:
        try:
            address_check(notify_url, allowed=settings.OUTGOING_ALLOWED_HOSTS)
        except OutgoingRefused as error:
            problem = FieldProblem("notify_url", str(error))
            raise InvalidInput("This address is not asked.", errors=[problem]) from error
    with transaction.atomic():
        hook, _ = PushHook.objects.update_or_create(
            pipeline=pipeline,
            defaults={
                "workspace": access.workspace,
                "provider": provider,
                "token": secrets.token_urlsafe(32),
                "nonce": secrets.token_urlsafe(32),
                "notify_url": notify_url.strip(),
                "enabled": True,
                "created_by": access.user,
            },
        )
        known = Trigger.objects.filter(pipeline=pipeline, kind=TriggerKind.CODE).first()
        if known is None:
            Trigger.objects.create(
                workspace=access.workspace, pipeline=pipeline, kind=TriggerKind.CODE, created_by=access.user
            )
        _told(access, hook, "push-hook.created")
    return hook, push_secret(hook)


def push_hook_delete(*, access: Access, hook: PushHook) -> None:
    """Its address answers no more."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        _told(access, hook, "push-hook.deleted")
        hook.delete()


def push_secret(hook: PushHook) -> str:
    """Derived from the server's key, so that no table and no backup holds it."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"push-hook:{hook.nonce}".encode(), hashlib.sha256).digest()
    return f"whsec_{base64.b64encode(mac).decode()}"  # as Standard Webhooks write secrets; others take it as it is


def push_receive(*, hook: PushHook, headers: Mapping[str, str], body: bytes, now: datetime) -> Firing | None:
    """Note a push and ask for the owner's own run. None for another kind of event, and for a message told before.

    Refuses with PushRefused what is not signed as it should be.
    """
    push = push_of(hook.provider, headers, body, push_secret(hook), now.timestamp())
    if push is None:
        return None
    with transaction.atomic():
        PushHook.objects.filter(pk=hook.pk).update(heard_at=now)
        trigger = Trigger.objects.filter(pipeline=hook.pipeline_id, kind=TriggerKind.CODE).order_by("pk").first()
        if trigger is None or not trigger.enabled:
            return None
        firing = trigger_notice(trigger=trigger, change=f"push:{push.delivery}", words=_words(push, hook), now=now)
        if firing is None:
            return None
        Firing.objects.filter(pk=firing.pk).update(state=FiringState.TOLD, due_at=None)
        _notify(hook, push)
    firing.refresh_from_db()
    return firing


def _words(push: Push, hook: PushHook) -> str:
    about = f": {push.about}" if push.about else ""
    asked = f" The owner's own run is asked for at {urlsplit(hook.notify_url).hostname}." if hook.notify_url else ""
    return f"Pushed {push.branch or 'a branch'} {push.commit[:12]}{about}.{asked}"


def _notify(hook: PushHook, push: Push) -> None:
    """A job: the answer of another host is not waited for, and tried again when it fails."""
    if not hook.notify_url:
        return
    params = {"hook": hook.pk, "delivery": push.delivery, "branch": push.branch, "commit": push.commit}
    run_submit(
        access=Access.system(hook.workspace),
        kind=NOTIFY,
        title=f"Ask for the run of {hook.pipeline.task.name}",
        stages=[StageSpec("notify", NOTIFY, params=params, timeout_s=60)],
        subject=hook.pipeline.subject,
        idempotency_key=f"push:{hook.pk}:{push.delivery}",
    )


def notify_compute(context: Context, *, now: datetime) -> dict[str, Any]:
    """POST what was pushed to the owner's address, signed with the hook's secret. Raises NotNotified, OSError."""
    hook = PushHook.objects.filter(pk=context.params["hook"], workspace=context.workspace_id).first()
    if hook is None or not hook.notify_url:
        raise NotNotified("The hook is gone.")
    told = {name: context.params[name] for name in ("branch", "commit")}
    body = json.dumps({"type": "push", "pipeline": hook.pipeline_id, **told}, sort_keys=True).encode()
    headers = signed(str(context.params["delivery"]), int(now.timestamp()), body, push_secret(hook))
    try:
        status = post_outside(hook.notify_url, body=body, headers=headers, allowed=settings.OUTGOING_ALLOWED_HOSTS)
    except OutgoingRefused as error:
        raise NotNotified(str(error)) from error
    context.log(f"answered {status}")
    if status not in SUCCESS:
        raise OSError(f"It answered {status}.")
    return {"status": status}


def _told(access: Access, hook: PushHook, verb: str) -> None:
    detail = {"task": hook.pipeline.task.name, "provider": hook.provider}
    audit_record(access=access, verb=verb, subject=hook.pipeline.subject, detail=detail)
