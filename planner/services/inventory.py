"""What people write of a process before it is decomposed: whose, what for, where it hurts, what ML might change."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User, Workspace
from common.errors import FieldProblem, InvalidInput

TEXTS = {"goal": ("The goal", 400), "pain": ("The pain", 400), "ml_change": ("What ML might change", 400)}
LINES = {**TEXTS, "owner_name": ("The owner's name", 120), "cases_note": ("The source of the cases", 200)}
ENTRIES = frozenset({*LINES, "owner"})


def entries_checked(workspace: Workspace, given: Mapping[str, Any]) -> dict[str, Any]:
    """The entries as they are kept: texts without needless space, the owner a member of the workspace or None.

    Raises InvalidInput naming each field that cannot be.
    """
    problems = [FieldProblem(field, "There is no such entry.") for field in given if field not in ENTRIES]
    values: dict[str, Any] = {}
    for field, value in given.items():
        if field in LINES:
            values[field], problem = _line(field, value)
            problems += problem
        elif field == "owner":
            values[field] = value
            problems += _stranger(workspace, value)
    if problems:
        raise InvalidInput("Not saved.", detail="Mend the fields named.", errors=problems)
    if values.get("owner") is not None:
        values["owner_name"] = ""
    elif values.get("owner_name"):
        values["owner"] = None
    return values


def owner_entries(workspace: Workspace, text: str) -> dict[str, Any]:
    """The owner as typed: a member by name or address, else somebody by that name."""
    typed = " ".join(text.split())
    members = User.objects.filter(memberships__workspace=workspace).order_by("pk")
    found = next((one for one in members if typed and typed.lower() in (one.name.lower(), one.email)), None)
    return {"owner": found} if found is not None else {"owner": None, "owner_name": typed}


def _line(field: str, value: object) -> tuple[str, list[FieldProblem]]:
    words, most = LINES[field]
    text = "" if value is None else " ".join(str(value).split())
    return text, [FieldProblem(field, f"{words} has at most {most} characters.")] if len(text) > most else []


def _stranger(workspace: Workspace, owner: object) -> list[FieldProblem]:
    if owner is None or (isinstance(owner, User) and workspace.memberships.filter(user=owner).exists()):
        return []
    return [FieldProblem("owner", "The owner is a member of this workspace, or a name.")]
