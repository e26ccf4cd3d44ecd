"""Which column of a table of events is which: a guess with its certainty, from names and from what stands in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.domain.event_log.mapping import NEEDED, SINGLE, TIMES, LogMapping, Role
from planner.domain.event_log.terms import TimeMeaning
from planner.domain.event_log.times import parse_times

_NAMES: dict[Role, tuple[tuple[str, float], ...]] = {
    Role.CASE: (
        (r"case:concept:name|case id|caseid|case|case nr|case number|case key|trace|trace id", 1.0),
        (r".*\bcase\b.*|.*\bid$|.*\bnumber$|.*\bnr$|.*\bno$|.*\bkey$|.*_id$", 0.6),
        (r".*(order|ticket|claim|application|incident|request|invoice|service|patient|vorgang|fall).*", 0.35),
    ),
    Role.ACTIVITY: (
        (r"activity|activity name|concept:name|event|event name|task|task name|operation|aktivität", 1.0),
        (r".*(activity|operation|task|action|event|step|status|aktivit|schritt).*", 0.6),
        (r"name|type|what", 0.3),
    ),
    Role.START: (
        (r"start|start timestamp|start time|start date|started|started at|begin|begin time|begin date|time:start", 1.0),
        (r".*(start|begin|began|opened).*", 0.6),
    ),
    Role.END: (
        (r"time:timestamp|timestamp|time|end|end time|end timestamp|end date|complete timestamp|completed|date", 1.0),
        (r"datetime|date time|event time|completed at|finished|finish time|finished at|zeit|zeitpunkt", 1.0),
        (r".*(timestamp|complete|end|finish|closed|time|date|datum|zeit).*", 0.5),
    ),
    Role.SCHEDULED: ((r".*(schedul|planned|due|deadline|geplant|fällig).*", 0.9),),
    Role.RESOURCE: (
        (r"org:resource|resource|agent|user|performer|employee|operator|originator|handler|bearbeiter", 1.0),
        (r"who|by|done by|performed by", 0.8),
        (r"role|org:role|org:group|group|team|department", 0.5),
        (r".*(resource|agent|user|employee|operator|worker).*", 0.5),
    ),
    Role.LIFECYCLE: ((r"lifecycle:transition|lifecycle|transition|life cycle|event type|eventtype", 0.9),),
}
_TRANSITIONS = frozenset({"start", "complete", "schedule", "suspend", "resume", "assign", "withdraw", "ate_abort"})


@dataclass(frozen=True)
class ColumnGuess:
    """What one column probably is, how sure that is (0 to 1), and why; and how many samples are filled."""

    name: str
    role: Role
    certainty: float
    why: str
    filled: float


@dataclass(frozen=True)
class MappingGuess:
    """The guess for a whole table. `wide` says that it holds one row a case, `ambiguous` lists unclear date columns.

    `meaning` is what the only time says by its name, None where the name does not tell or there are two.
    `zoneless` lists the columns of times that have no offset.
    """

    columns: tuple[ColumnGuess, ...]
    day_first: bool | None
    ambiguous: tuple[str, ...]
    wide: bool
    meaning: TimeMeaning | None = None
    zoneless: tuple[str, ...] = ()

    def column_for(self, role: Role) -> str:
        """The column with this role, empty where none was found."""
        return next((guess.name for guess in self.columns if guess.role == role), "")

    @property
    def missing(self) -> tuple[str, ...]:
        """In words, what no column was found for."""
        return tuple(words for role, words in NEEDED.items() if not self.column_for(role))

    def mapping(self) -> LogMapping:
        """The guess as a choice; LogError naming what is missing."""
        ignored = [guess.name for guess in self.columns if guess.role == Role.IGNORED]
        return LogMapping.from_dict({**self.chosen, "day_first": self.day_first, "ignored": ignored})

    @property
    def chosen(self) -> dict[str, str]:
        """The column of each role, empty where none was found."""
        return {role.value: self.column_for(role) for role in SINGLE}


def guess_mapping(sample: pd.DataFrame, *, serials: int | None = None) -> MappingGuess:
    """What each column of a sample of texts probably is, by its name and by what stands in it.

    `serials` is how dates are counted in a spreadsheet (see `parse_times`).
    """
    looks = {str(name): _Look.at(str(name), sample[name], serials) for name in sample.columns}
    taken = _taken(looks)
    if _start_is_doubtful(sample, taken):
        del taken[Role.START]
    meaning = _only_time(taken)
    by_name = {name: role for role, name in taken.items()}
    columns = tuple(look.guess(by_name.get(name)) for name, look in looks.items())
    times = [looks[taken[role]] for role in TIMES if role in taken]
    day_first = next((look.day_first for look in times if look.day_first is not None), None)
    ambiguous = tuple(look.name for look in times if look.ambiguous) if day_first is None else ()
    zoneless = tuple(look.name for look in times if look.zoneless)
    return MappingGuess(columns, day_first, ambiguous, _is_wide(sample, looks, taken), meaning, zoneless)


def _only_time(taken: dict[Role, str]) -> TimeMeaning | None:
    """Let a lone start or schedule be the time of the log; what the only time means, as far as its name tells."""
    if Role.END not in taken:
        for role, meaning in ((Role.START, TimeMeaning.START), (Role.SCHEDULED, TimeMeaning.SCHEDULED)):
            if role in taken:
                taken[Role.END] = taken.pop(role)
                return meaning
        return None
    name = taken[Role.END].lower()
    return TimeMeaning.COMPLETION if re.search(r"complet|end|finish|closed|done", name) else None


@dataclass(frozen=True)
class _Look:
    """What was seen in one column of the sample."""

    name: str
    filled: float
    distinct: int
    repeats: float
    timely: float
    numeric: float
    transitions: float
    day_first: bool | None
    ambiguous: bool
    zoneless: bool

    @classmethod
    def at(cls, name: str, texts: "pd.Series[Any]", serials: int | None) -> "_Look":
        values = texts[texts != ""]
        rows = max(len(values), 1)
        parsed = parse_times(values, serials=serials)
        numeric = float(pd.to_numeric(values, errors="coerce").notna().mean()) if len(values) else 0.0
        return cls(
            name=name,
            filled=len(values) / max(len(texts), 1),
            distinct=values.nunique(),
            repeats=1 - values.nunique() / rows,
            timely=float(parsed.times.notna().mean()) if len(values) else 0.0,
            numeric=numeric,
            transitions=float(values.str.lower().isin(_TRANSITIONS).mean()) if len(values) else 0.0,
            day_first=parsed.day_first,
            ambiguous=parsed.ambiguous,
            zoneless=parsed.zone_missing,
        )

    @property
    def is_time(self) -> bool:
        """A column of times: nearly all readable, and not merely numbers that could be seconds since 1970."""
        return self.timely >= 0.8 and (self.numeric < 0.5 or _score(self.name, Role.END) >= 0.5)

    def score(self, role: Role) -> float:
        named = _score(self.name, role)
        if role in TIMES:
            return self._time_score(role, named)
        if self.is_time or not self.filled:
            return 0.0
        if role == Role.LIFECYCLE:
            return named if self.transitions > 0.5 else 0.0
        fits = {Role.CASE: 0.2 if self.filled > 0.99 else 0.0, Role.ACTIVITY: self._activity_fit(), Role.RESOURCE: 0.0}
        return named * 0.8 + fits[role] if named else (fits[role] if role == Role.ACTIVITY else 0.0)

    def _time_score(self, role: Role, named: float) -> float:
        if self.name.lower().startswith("case:"):
            return 0.0
        if not self.is_time:
            return named * 0.1 if role == Role.END and named == 1.0 and not self.filled else 0.0
        if role == Role.SCHEDULED or _score(self.name, Role.SCHEDULED):
            return 0.8 * named + 0.2 if role == Role.SCHEDULED and named else 0.0
        begins = _score(self.name, Role.START)
        if role == Role.END and begins >= 0.6 and begins >= named:
            return 0.15
        return 0.8 * named + (0.2 if role == Role.END or named else 0.0)

    def _activity_fit(self) -> float:
        """Few values that repeat, mostly words: what an activity looks like."""
        return 0.2 if self.repeats > 0.3 and self.distinct > 1 and self.numeric < 0.5 else 0.0

    def guess(self, role: Role | None) -> ColumnGuess:
        if role is None:
            role = Role.IGNORED if not self.filled or self.name.startswith("column ") else Role.ATTRIBUTE
            why = "empty" if not self.filled else "kept with the log"
            return ColumnGuess(self.name, role, 1.0, "no name" if self.name.startswith("column ") else why, self.filled)
        score = min(self.score(role), 1.0)
        why = "by its name and values" if _score(self.name, role) else "by its values"
        return ColumnGuess(self.name, role, round(score, 2), why, self.filled)


def _score(name: str, role: Role) -> float:
    plain = re.sub(r"[\s_\-.]+", " ", name).strip().lower()
    for pattern, score in _NAMES.get(role, ()):
        if re.fullmatch(pattern, plain):
            return score
    return 0.0


def _taken(looks: Mapping[str, _Look]) -> dict[Role, str]:
    """The best column for each role, the surest choice first, no column twice."""
    scored = [
        (look.score(role), -place, role, name) for place, (name, look) in enumerate(looks.items()) for role in SINGLE
    ]
    taken: dict[Role, str] = {}
    for score, _, role, name in sorted(scored, key=lambda item: item[:2], reverse=True):
        if score > 0.1 and role not in taken and name not in taken.values():
            taken[role] = name
    return taken


def _start_is_doubtful(sample: pd.DataFrame, taken: Mapping[Role, str]) -> bool:
    """A start that mostly lies after the end, or never changes within a case while the end does."""
    if Role.START not in taken or Role.END not in taken:
        return False
    start, end = (parse_times(sample[taken[role]]).times for role in (Role.START, Role.END))
    both = start.notna() & end.notna()
    if not both.any():
        return False
    if (start[both] <= end[both]).mean() < 0.9:
        return True
    if Role.CASE not in taken:
        return False
    by_case = pd.DataFrame({"case": sample[taken[Role.CASE]], "start": start, "end": end})[both].groupby("case")
    changes = by_case.nunique()
    return bool((changes["end"] > 1).any() and (changes["start"] == 1).all())


def _is_wide(sample: pd.DataFrame, looks: Mapping[str, _Look], taken: Mapping[Role, str]) -> bool:
    """One row a case: cases never repeat, and times stand in several columns or there is no activity."""
    if len(sample) < 2 or Role.CASE not in taken or looks[taken[Role.CASE]].repeats > 0:
        return False
    times = sum(look.is_time for look in looks.values())
    return Role.ACTIVITY not in taken or times > 2
