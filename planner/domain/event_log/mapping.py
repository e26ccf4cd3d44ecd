"""Which column of a table of events is which, as a person (or the guess) chose it, and how the file is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from planner.domain.event_log.terms import LogError, TimeMeaning
from planner.domain.event_log.text_encodings import ENCODINGS, SEPARATORS
from planner.domain.event_log.time_zones import zone_named


class Role(StrEnum):
    """What a column of the table is to the log."""

    CASE = "case"
    ACTIVITY = "activity"
    START = "start"
    END = "end"
    SCHEDULED = "scheduled"
    RESOURCE = "resource"
    LIFECYCLE = "lifecycle"
    ATTRIBUTE = "attribute"
    IGNORED = "ignored"


SINGLE = (Role.CASE, Role.ACTIVITY, Role.START, Role.END, Role.SCHEDULED, Role.RESOURCE, Role.LIFECYCLE)
TIMES = (Role.START, Role.END, Role.SCHEDULED)
NEEDED = {Role.CASE: "the case", Role.ACTIVITY: "the activity", Role.END: "the time"}


@dataclass(frozen=True)
class LogMapping:
    """The columns a person (or the guess) chose; `end` is the only time where a log has but one.

    `day_first` answers how `9.3.10` is read; None leaves it to the column itself and asks when that cannot tell.
    `meaning` is what the only time says, None where nobody was asked: then it is taken for the completion. `zone` is
    the IANA time zone of times without an offset. `encoding`, `separator` and `sheet` are found when empty.
    Columns in `ignored` are not kept, all others become attributes. XES names its columns itself: there they are empty.
    """

    case: str = ""
    activity: str = ""
    end: str = ""
    start: str = ""
    scheduled: str = ""
    resource: str = ""
    lifecycle: str = ""
    day_first: bool | None = None
    ignored: tuple[str, ...] = ()
    meaning: TimeMeaning | None = None
    zone: str = "UTC"
    encoding: str = ""
    separator: str = ""
    sheet: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {**self.__dict__, "ignored": list(self.ignored), "meaning": self.meaning and self.meaning.value}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, named: bool = True) -> "LogMapping":
        """From plain values; LogError naming what has no column, unless the file names its columns itself."""
        missing = [words for role, words in NEEDED.items() if named and not values.get(role.value)]
        if missing:
            raise LogError(
                f"No column is chosen for {_and(missing)}.",
                where=", ".join(role.value for role in NEEDED if not values.get(role.value)),
                advice="Choose one.",
            )
        names = {role.value: str(values.get(role.value) or "") for role in SINGLE if named}
        ignored = values.get("ignored")
        day_first = values.get("day_first")
        return cls(
            **names,
            **_reading(values),
            meaning=_meaning(values.get("meaning")),
            day_first=day_first if isinstance(day_first, bool) else None,
            ignored=tuple(str(name) for name in ignored) if isinstance(ignored, list | tuple) else (),
        )

    def check(self, columns: Sequence[str]) -> None:
        """Refuse a column that is not in the file, and one chosen twice; `where` names the roles it was chosen for."""
        chosen = {role.value: name for role in SINGLE if (name := getattr(self, role.value))}
        for role, name in chosen.items():
            if name not in columns:
                raise LogError(
                    f"There is no column “{name}” in this file.",
                    where=role,
                    advice=f"Its columns are {_and([f'“{one}”' for one in columns[:12]])}.",
                )
        for name in sorted(set(chosen.values())):
            roles = [role for role, column in chosen.items() if column == name]
            if len(roles) > 1:
                where = ", ".join(roles)
                raise LogError(f"Column “{name}” is chosen twice.", where=where, advice="Choose another for one.")


def _reading(values: Mapping[str, Any]) -> dict[str, str]:
    """How the file is to be read, checked: encoding, separator, sheet and time zone."""
    encoding, separator = str(values.get("encoding") or ""), str(values.get("separator") or "")
    zone = str(values.get("zone") or "UTC")
    try:
        zone_named(zone)
    except ValueError as problem:
        raise LogError(str(problem), where="zone") from problem
    if encoding and encoding not in ENCODINGS:
        known = ", ".join(ENCODINGS)
        raise LogError(
            f"The encoding “{encoding[:40]}” is not read.", where="encoding", advice=f"It is one of {known}."
        )
    if separator and separator not in SEPARATORS:
        raise LogError(
            f"“{separator[:40]}” separates no columns here.",
            where="separator",
            advice="Columns are separated by a comma, a semicolon, a tab or a bar.",
        )
    return {"zone": zone, "encoding": encoding, "separator": separator, "sheet": str(values.get("sheet") or "")}


def _meaning(value: Any) -> TimeMeaning | None:
    if value in (None, ""):
        return None
    if value not in [meaning.value for meaning in TimeMeaning]:
        raise LogError(
            f"A time cannot mean “{str(value)[:40]}”.",
            where="meaning",
            advice="It is start, completion or scheduled.",
        )
    return TimeMeaning(value)


def refuse_wide() -> LogError:
    """The sentence for a table with one row a case."""
    return LogError(
        "This table has one row a case: it cannot say that a step was repeated, nor in which order steps ran.",
        where="the case column",
        advice="Export one row an event instead: case, activity, time.",
    )


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else "nothing"
