"""Defaults of assumptions: set once for a workspace, a process or a lane, in place wherever nothing narrower is set."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role, Workspace
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput, StaleEdit
from planner.domain.valuation.assumptions import kept_text
from planner.models import AssumptionDefault
from planner.selectors.assumption_defaults import DefaultsScope, defaults_of, defaults_version, lanes_of
from planner.selectors.value_places import OF_THE_WORKSPACE
from planner.services.estimates import Change, assumption_problem, name_of
from planner.services.values import values_start


def assumption_defaults_update(
    *, access: Access, scope: DefaultsScope, changes: Mapping[str, Change], version: int | None = None
) -> dict[str, AssumptionDefault]:
    """Set defaults by key; an empty text takes one away. Nothing is saved unless every text can be read.

    `version` is that of what the edit was made on (None for whatever holds now). InvalidInput names each field that
    cannot be used, StaleEdit says what holds meanwhile. Those of a workspace are its owners' to set.
    """
    access.require(Role.EDITOR if scope.process else Role.OWNER)
    _check(scope, changes)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=scope.workspace.pk)
        before = defaults_of(scope)
        if version is not None and version != defaults_version(before):
            raise _stale(scope, before, changes)
        told = {key: _set(access, scope, before.get(key), key, change) for key, change in changes.items()}
        changed = {name_of(key): words for key, words in told.items() if words}
        if changed:
            detail = {"where": scope.words, **changed}
            audit_record(access=access, verb="assumption-defaults.changed", subject=scope.subject, detail=detail)
            values_start(access=access, process=scope.process)
    return defaults_of(scope)


def _check(scope: DefaultsScope, changes: Mapping[str, Change]) -> None:
    problems = []
    if scope.lane and scope.process is not None and scope.lane not in lanes_of(scope.process):
        problems.append(FieldProblem("lane", f"No task of this process is done by “{scope.lane[:60]}”."))
    for key, change in changes.items():
        sentence = assumption_problem(key, change, scope.workspace.currency)
        if not sentence and scope.process is None and key in OF_THE_WORKSPACE:
            sentence = "Set this in the settings of the workspace."
        if sentence:
            problems.append(FieldProblem(key, sentence))
    if problems:
        raise InvalidInput("Not saved.", detail="Mend the fields named.", errors=problems)


def _set(
    access: Access, scope: DefaultsScope, before: AssumptionDefault | None, key: str, change: Change
) -> dict[str, str]:
    """What changed, from and to; empty where nothing did."""
    text = change.get("text", "").strip()
    if not text:
        if before is None:
            return {}
        before.delete()
        return {"from": before.text, "to": "not set here"}
    source, note = (
        change[field].strip() if field in change else getattr(before, field, "") for field in ("source", "note")
    )
    text = kept_text(key, text, scope.workspace.currency)
    if before is not None and (before.text, before.source, before.note) == (text, source, note):
        return {}
    AssumptionDefault.objects.update_or_create(
        workspace=scope.workspace,
        process=scope.process,
        lane=scope.lane,
        key=key,
        defaults={"text": text, "source": source, "note": note, "set_by": access.user, "set_at": timezone.now()},
    )
    return {"from": before.text if before else "not set here", "to": text}


def _stale(scope: DefaultsScope, now: Mapping[str, AssumptionDefault], changes: Mapping[str, Change]) -> StaleEdit:
    changed = [
        f"{name_of(each.key)}: now {each.text}, by {each.set_by or 'somebody'}"
        for each in sorted(now.values(), key=lambda each: each.set_at, reverse=True)
    ]
    changed += [f"{name_of(key)}: not set here any more" for key in changes if key not in now]
    return StaleEdit(
        f"Not saved: the defaults of {scope.words} were changed meanwhile.",
        detail="The page now shows what holds; make your change again.",
        changed=changed,
    )
