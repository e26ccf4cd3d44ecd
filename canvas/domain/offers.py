"""What a canvas is offered: values that its sources would say now, and that nobody has decided on.

A decision holds until the source says something else: `decided` keeps, by path, the drafted value that somebody
accepted, refused or wrote over. An offer never changes a canvas by itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from canvas.domain.blocks import field_of
from canvas.domain.changes import label_of, path_of
from canvas.domain.completeness import Fields, applies, kept
from canvas.domain.drafting import Draft
from canvas.domain.values import shown

Decided = Mapping[str, Any]
TOKEN_LETTERS = 16


@dataclass(frozen=True)
class Offer:
    """A value offered for one field: what stands there now ("": nothing) and what would, in words; where it is from.

    `token` names exactly this value: a decision on another one is refused. `is_standing`: the value already stands in
    the field, drafted and not decided on.
    """

    block: str
    key: str
    label: str
    before: str
    after: str
    value: Any
    source: str
    token: str
    is_standing: bool = False

    @property
    def path(self) -> str:
        return path_of(self.block, self.key)


def token_of(path: str, value: Any) -> str:
    """A short name of this very value of a field.

    >>> token_of("decisions.threshold", 0.24) == token_of("decisions.threshold", 0.25)
    False
    """
    plain = json.dumps([path, value], sort_keys=True, ensure_ascii=False)
    return sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:TOKEN_LETTERS]


def undecided(found: Iterable[Draft], decided: Decided) -> tuple[Draft, ...]:
    """The drafts that are not what was decided on already."""
    return tuple(draft for draft in found if not _is_decided(path_of(draft.block, draft.key), draft.value, decided))


def _is_decided(path: str, value: Any, decided: Decided) -> bool:
    return path in decided and decided[path] == value


def offers_of(fields: Fields, found: Iterable[Draft], decided: Decided, *, currency: str = "") -> tuple[Offer, ...]:
    """What differs from what stands there, in the order of the drafts; nothing for fields that are not asked."""
    return tuple(
        _offer(draft.block, draft.key, draft.value, draft.source, before=now, currency=currency)
        for draft in undecided(found, decided)
        if (now := kept(fields, draft.block, draft.key)) != draft.value
        and applies(field_of(draft.block, draft.key), fields)
    )


def standing_of(fields: Fields, *, currency: str = "") -> tuple[Offer, ...]:
    """The drafted values that stand on the canvas and that nobody has decided on."""
    return tuple(
        _offer(block, key, entry["value"], entry["source"], before=entry["value"], currency=currency, is_standing=True)
        for block, inner in fields.items()
        for key, entry in inner.items()
        if entry.get("by") == "draft" and entry.get("value") is not None
    )


def _offer(
    block: str, key: str, value: Any, source: str, *, before: Any, currency: str, is_standing: bool = False
) -> Offer:
    field, path = field_of(block, key), path_of(block, key)
    texts = (shown(field, before, currency), shown(field, value, currency))
    return Offer(block, key, label_of(path), *texts, value, source, token_of(path, value), is_standing)


def decided_by(changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What changes decide: a drafted value that a person wrote over, emptied or made their own."""
    return {
        change["path"]: change["before"]["value"]
        for change in changes
        if _entry(change, "before").get("by") == "draft" and _entry(change, "after").get("by") == "person"
    }


def _entry(change: Mapping[str, Any], side: str) -> Mapping[str, Any]:
    entry = change[side]
    return entry if isinstance(entry, Mapping) else {}
