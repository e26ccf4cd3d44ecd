"""What a model of one task could foretell: the targets and the words for them.

A name that would be misread as it stands (an attribute with `=` in it, one that begins with a quotation mark or with
`case:`, blanks at an end, a line break) is written as a JSON string: `attribute:"a=b"=yes`.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class TargetError(ValueError):
    """A target that cannot be used; `where` names the part, the message says what to do."""

    def __init__(self, message: str, *, where: str = "target") -> None:
        super().__init__(message)
        self.where = where


class TargetKind(StrEnum):
    """The five things that can be foretold at a task."""

    NEXT_ACTIVITY = "next_activity"
    LATER_OCCURRENCE = "later_occurrence"
    ATTRIBUTE = "attribute"
    REMAINING_TIME = "remaining_time"
    VOLUME = "volume"


class Period(StrEnum):
    """How long one period of a volume is."""

    DAY = "day"
    WEEK = "week"

    @property
    def days(self) -> int:
        return 1 if self is Period.DAY else 7

    @property
    def windows(self) -> tuple[int, int]:
        """How many periods the short and the long mean look back on."""
        return (7, 28) if self is Period.DAY else (4, 13)


class LabelKind(StrEnum):
    """Where a label comes from: seen later (outcome) or the person's own decision (imitation)."""

    OUTCOME = "outcome"
    IMITATION = "imitation"


class Role(StrEnum):
    """Why a target is proposed."""

    OUTCOME = "outcome"
    NEXT = "next"
    ELSEWHERE = "elsewhere"
    ATTRIBUTE = "attribute"
    TIME = "time"
    ASKED = "asked"


class Problem(StrEnum):
    """The kind of learning problem a target poses."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"
    FORECASTING = "forecasting"


_SHORT = {
    "next": TargetKind.NEXT_ACTIVITY,
    "later": TargetKind.LATER_OCCURRENCE,
    "attribute": TargetKind.ATTRIBUTE,
    "remaining": TargetKind.REMAINING_TIME,
    "volume": TargetKind.VOLUME,
}
_WRITTEN = {kind: short for short, kind in _SHORT.items()}

WRITTEN = "next:ACTIVITY, later:ACTIVITY, attribute:NAME=VALUE, remaining, volume:day or volume:week"
"""How targets are written, for messages."""

LONGEST_TEXT = 900
"""Characters of a target as it is written; the names in a log may be longer than can be asked for."""


@dataclass(frozen=True)
class TargetSpec:
    """A target at a task (`task` is the activity as the log names it).

    `name` is the activity or attribute (`case:...`) foretold; `positive` the value that counts as
    yes (empty: every value is its own class, or a number). `alternatives` are the other endings of
    the process: with them, only cases that reached one of the endings have a label. Of a volume,
    `name` is the period.
    """

    task: str
    kind: TargetKind
    name: str = ""
    positive: str = ""
    label_kind: LabelKind = LabelKind.OUTCOME
    alternatives: tuple[str, ...] = ()

    @classmethod
    def next_activity(cls, *, task: str, positive: str = "") -> Self:
        """Which activity follows; with `positive`, whether that one does. An imitation."""
        return cls(task, TargetKind.NEXT_ACTIVITY, positive=positive, label_kind=LabelKind.IMITATION)

    @classmethod
    def later(cls, *, task: str, activity: str, alternatives: tuple[str, ...] = ()) -> Self:
        """Whether the activity occurs any time after the task."""
        return cls(task, TargetKind.LATER_OCCURRENCE, activity, activity, alternatives=alternatives)

    @classmethod
    def remaining_time(cls, *, task: str) -> Self:
        """Hours from the moment of prediction to the end of the case."""
        return cls(task, TargetKind.REMAINING_TIME, "remaining_hours")

    @classmethod
    def volume(cls, *, task: str, period: Period) -> Self:
        """How many cases reach the task in a period."""
        return cls(task, TargetKind.VOLUME, period.value)

    @property
    def needs_real_times(self) -> bool:
        """Whether it is told by when things happened, which a log of plans does not say."""
        return self.kind in (TargetKind.REMAINING_TIME, TargetKind.VOLUME)

    @property
    def period(self) -> Period:
        """The period of a volume."""
        return Period(self.name)

    @property
    def is_volume(self) -> bool:
        """Whether its rows are periods rather than cases."""
        return self.kind is TargetKind.VOLUME

    @classmethod
    def attribute(cls, *, task: str, column: str, positive: str = "") -> Self:
        """The value of a case attribute; with `positive`, whether it has that value."""
        return cls(task, TargetKind.ATTRIBUTE, column, positive)

    @property
    def text(self) -> str:
        """The target as it is written on the command line.

        >>> TargetSpec.next_activity(task="Triage", positive="Investigate").text
        'next:Investigate'
        >>> TargetSpec.attribute(task="Triage", column="case:a=b", positive="yes").text
        'attribute:"a=b"=yes'
        """
        short, value = _WRITTEN[self.kind], _written(self.positive)
        if self.is_volume:
            return f"{short}:{self.name}"
        if self.kind is TargetKind.ATTRIBUTE:
            name = self.name.removeprefix("case:")
            name = _quoted(name) if "=" in name or name.startswith("case:") else _written(name)
            return f"{short}:{name}={value}" if value else f"{short}:{name}"
        return f"{short}:{value}" if value else short

    @property
    def question(self) -> str:
        """The target as a question in words.

        >>> TargetSpec.later(task="Triage", activity="Reject").question
        'Will “Reject” follow later?'
        """
        if self.kind is TargetKind.NEXT_ACTIVITY:
            return f"Is “{self.positive}” next?" if self.positive else "Which activity is next?"
        if self.kind is TargetKind.LATER_OCCURRENCE:
            return f"Will “{self.name}” follow later?"
        if self.kind is TargetKind.REMAINING_TIME:
            return "How many hours until the case ends?"
        if self.is_volume:
            return f"How many cases come here in the next {self.name}?"
        name = self.name.removeprefix("case:")
        return f"Is {name} “{self.positive}”?" if self.positive else f"What will {name} be?"

    def as_json(self) -> dict[str, Any]:
        """Plain values; `from_json` reads them back."""
        return {
            "task": self.task,
            "kind": self.kind.value,
            "name": self.name,
            "positive": self.positive,
            "label_kind": self.label_kind.value,
            "alternatives": list(self.alternatives),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `as_json` wrote.

        >>> spec = TargetSpec.later(task="a", activity="b", alternatives=("c",))
        >>> TargetSpec.from_json(spec.as_json()) == spec
        True
        """
        return cls(
            task=data["task"],
            kind=TargetKind(data["kind"]),
            name=data["name"],
            positive=data["positive"],
            label_kind=LabelKind(data["label_kind"]),
            alternatives=tuple(data["alternatives"]),
        )


def target_parse(text: str, *, task: str, columns: Collection[str] = ()) -> TargetSpec:
    """Read a target written as `next`, `next:ACTIVITY`, `later:ACTIVITY`, `remaining`, `volume:day`, `volume:week`
    or `attribute:NAME[=VALUE]`. Refuses anything else with TargetError.

    `columns` are the case attributes of the log (`case:...`): a name with `=` in it that is one of them
    is taken whole even without quotation marks.

    >>> target_parse("attribute:risk=high", task="Triage").question
    'Is risk “high”?'
    >>> target_parse("attribute:a=b=yes", task="Triage", columns=["case:a=b"]).question
    'Is a=b “yes”?'
    """
    if len(text) > LONGEST_TEXT:
        raise TargetError(f"A target has at most {LONGEST_TEXT} characters, this one {len(text)}: choose another.")
    short, _, rest = text.strip().partition(":")
    kind, rest = _SHORT.get(short.strip().lower()), rest.strip()
    if kind is TargetKind.NEXT_ACTIVITY:
        return TargetSpec.next_activity(task=task, positive=_read(rest))
    if kind is TargetKind.REMAINING_TIME:
        return TargetSpec.remaining_time(task=task)
    if kind is TargetKind.VOLUME and rest.lower() in {period.value for period in Period}:
        return TargetSpec.volume(task=task, period=Period(rest.lower()))
    if kind is TargetKind.LATER_OCCURRENCE and rest:
        return TargetSpec.later(task=task, activity=_read(rest))
    if kind is TargetKind.ATTRIBUTE and rest:
        column, value = _column_and_value(rest, columns)
        return TargetSpec.attribute(task=task, column=column, positive=_read(value))
    raise TargetError(f"“{text}” is no target. Write {WRITTEN}.")


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _written(name: str) -> str:
    """The name as it stands, or in quotation marks where it would be read as another."""
    plain = name == name.strip() and name.isprintable() and not name.startswith('"')
    return name if plain else _quoted(name)


def _quoted_first(text: str) -> tuple[str, str] | None:
    """The name in quotation marks a text begins with, and what follows; None where it does not begin so."""
    if not text.startswith('"'):
        return None
    try:
        name, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return None
    return str(name), text[end:].strip()


def _read(text: str) -> str:
    found = _quoted_first(text)
    return found[0] if found is not None and not found[1] else text


def _column_and_value(text: str, columns: Collection[str]) -> tuple[str, str]:
    """The column and the text of the value. Without quotation marks the shortest name the log knows wins."""
    found = _quoted_first(text)
    if found is not None and found[1][:1] in ("", "="):
        return f"case:{found[0]}", found[1][1:].strip()
    parts = text.split("=")
    ways = [("=".join(parts[:count]).strip(), "=".join(parts[count:]).strip()) for count in range(1, len(parts) + 1)]
    read = [(name if name.startswith("case:") else f"case:{name}", value) for name, value in ways]
    return next((way for way in read if way[0] in columns), read[0])
