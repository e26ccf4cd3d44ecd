"""What a person writes on the value page."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import QueryDict

from planner.domain.valuation.assumptions import kept_text
from planner.domain.valuation.estimate import TEMPLATE, Assumption
from planner.forms.seen import is_its_own, was_left
from planner.selectors.value_form import NOTE, SOURCE
from planner.selectors.value_inputs import KEYS

PREFIX, SOURCE_PREFIX, NOTE_PREFIX = "a-", "src-", "note-"
WAS_PREFIX = "was-"
"""What the field held when its page was drawn: an edit elsewhere may have moved what is proposed since."""


def posted_version(post: Mapping[str, str]) -> int:
    """The version a form was made on; what is no number counts as an old one, so the edit is refused, not lost."""
    given = post.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def posted_texts(post: Mapping[str, str]) -> dict[str, str]:
    """Every assumption's text in the form, by key, with what was written as its source and note."""
    found = {key: post[f"{PREFIX}{key}"].strip() for key in sorted(KEYS) if f"{PREFIX}{key}" in post}
    for field, prefix in ((SOURCE, SOURCE_PREFIX), (NOTE, NOTE_PREFIX)):
        found |= {f"{field}{key}": post[f"{prefix}{key}"].strip() for key in KEYS if f"{prefix}{key}" in post}
    return found


def posted_changes(
    post: Mapping[str, str], shown: Mapping[str, Assumption], kept: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """What differs from what was shown; an emptied field goes back to what is proposed.

    A field that still holds what its page was drawn with is no edit, though what is proposed has moved since: or a
    new wage would turn everything that follows it into something people set.
    `kept` is what people set on the task so far. A source or a note alone makes the text that stands there theirs.
    """
    found = {}
    for key in sorted(KEYS):
        if f"{PREFIX}{key}" not in post:
            continue
        text, now = post[f"{PREFIX}{key}"].strip(), shown[key].text if key in shown else ""
        before = post.get(f"{WAS_PREFIX}{key}", now).strip()
        beside = _beside(post, key)
        if text != before:
            found[key] = {"text": text, **_without_template(beside)}
        elif text and _differs(beside, kept.get(key) or {}):
            found[key] = {"text": text, **beside}
    return found


def is_own_edit(
    post: QueryDict, changes: Mapping[str, Mapping[str, str]], shown: Mapping[str, Assumption], kept: Mapping[str, Any]
) -> bool:
    """Whether nobody but the page itself has edited, since it was drawn, what these changes are of (see `seen`)."""
    if not was_left(post):
        return False
    for key, change in changes.items():
        before = str(post.get(f"{WAS_PREFIX}{key}", ""))
        now = shown[key].text if key in shown else ""
        if not is_its_own(post, f"{PREFIX}{key}", now, (change["text"], before), partial(_alike, key)):
            return False
        for field, prefix in (("source", SOURCE_PREFIX), ("note", NOTE_PREFIX)):
            said = str((kept.get(key) or {}).get(field, ""))
            own = said.startswith(TEMPLATE) or field not in change
            if not own and not is_its_own(post, f"{prefix}{key}", said, ("", change[field])):
                return False
    return True


def _alike(key: str, text: str) -> str:
    """A text as it is compared, however its unit was written."""
    try:
        return kept_text(key, text.strip())
    except ValueError:
        return text.strip()


def _beside(post: Mapping[str, str], key: str) -> dict[str, str]:
    """The source and the note of an assumption as they are to be, where the form has them."""
    source = post.get(f"{SOURCE_PREFIX}{key}")
    note = post.get(f"{NOTE_PREFIX}{key}")
    found = {} if source is None else {"source": source.strip()}
    return found | ({} if note is None else {"note": note.strip()})


def _differs(beside: Mapping[str, str], kept: Mapping[str, str]) -> bool:
    return any(text != kept.get(field, "") for field, text in beside.items())


def _without_template(beside: dict[str, str]) -> dict[str, str]:
    """A text that is no longer the template's does not name it as its source."""
    return beside | {"source": ""} if beside.get("source", "").startswith(TEMPLATE) else beside
