"""Working hours as somebody chose them: hours a weekday, whose holidays, days closed besides, and the time zone.

The holidays of a country become dates elsewhere; here they are only named.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from planner.domain.event_log.time_zones import zone_named
from planner.domain.event_log.working_calendar import (
    DAY_MINUTES,
    LONGEST_NIGHT,
    WEEKDAYS,
    DayHours,
    WorkingCalendar,
)

AROUND_THE_CLOCK = "around the clock, nights and weekends included"
_HOURS = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to|bis)\s*(\d{1,2})(?:[:.](\d{2}))?$")
_MOST_CLOSED = 1_000


class CalendarError(ValueError):
    """Working hours that cannot be: what is wrong, and which part of them (`where`)."""

    def __init__(self, what: str, *, where: str = "") -> None:
        super().__init__(what)
        self.where = where


@dataclass(frozen=True)
class CalendarChoice:
    """Hours of each weekday from Monday (None: no work), holidays of a country or a part of it, closed days, zone.

    `country` is an ISO 3166 code, `subdivision` a code within it; both may be empty.
    """

    days: tuple[DayHours | None, ...]
    zone: str = "UTC"
    country: str = ""
    subdivision: str = ""
    closed: tuple[date, ...] = ()

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "CalendarChoice | None":
        """From plain values as `as_dict` gives them; None, around the clock, from none.

        CalendarError says what is wrong.

        >>> CalendarChoice.from_dict({"days": ["9-17"] * 5 + ["", ""]}).words()
        'working hours Mon–Fri 9–17'
        >>> CalendarChoice.from_dict({}) is None
        True
        """
        if not values:
            return None
        texts = values.get("days")
        if not isinstance(texts, list | tuple) or len(texts) != len(WEEKDAYS):
            raise CalendarError(
                "Hours are needed for seven weekdays; an empty text is a day without work.", where="days"
            )
        days = tuple(hours_of(str(text or ""), where=name) for name, text in zip(WEEKDAYS, texts, strict=True))
        if not any(days):
            raise CalendarError("Work is done on at least one day of the week.", where="days")
        zone = str(values.get("zone") or "UTC")
        try:
            zone_named(zone)
        except ValueError as problem:
            raise CalendarError(str(problem), where="zone") from problem
        country, part = (str(values.get(name) or "").upper() for name in ("country", "subdivision"))
        return cls(days, zone, country, part, _closed(values.get("closed") or ()))

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "days": [hours.words.replace("–", "-") if hours else "" for hours in self.days],
            "zone": self.zone,
            "country": self.country,
            "subdivision": self.subdivision,
            "closed": [day.isoformat() for day in self.closed],
        }

    def calendar(self, holidays: Iterable[date] = ()) -> WorkingCalendar:
        """The calendar that counts, with these dates of holidays besides the closed days."""
        return WorkingCalendar(self.days, frozenset(holidays) | frozenset(self.closed), self.zone)

    def words(self, country: str = "") -> str:
        """In words: hours by groups of days, and the holidays of `country` where one is named."""
        told = ", ".join(f"{days} {hours}" for days, hours in self._groups())
        holidays = f", holidays of {country}" if country else ""
        count = len(self.closed)
        closed = f", {count} closed {'day' if count == 1 else 'days'} besides" if count else ""
        return f"working hours {told}{holidays}{closed}"

    def _groups(self) -> list[tuple[str, str]]:
        """Weekdays that follow each other and have the same hours, and these hours."""
        groups: list[tuple[int, int, str]] = []
        for place, hours in enumerate(self.days):
            if hours is None:
                continue
            words = f"{hours.words} overnight" if hours.overnight else hours.words
            if groups and groups[-1][1] == place - 1 and groups[-1][2] == words:
                groups[-1] = (groups[-1][0], place, words)
            else:
                groups.append((place, place, words))
        return [(WEEKDAYS[a] if a == b else f"{WEEKDAYS[a]}–{WEEKDAYS[b]}", words) for a, b, words in groups]


def hours_of(text: str, *, where: str = "") -> DayHours | None:
    """The hours of a day as they are typed; None for a blank. An end before the beginning is that of the next day.

    >>> hours_of("8:30 – 17"), hours_of(" ")
    (DayHours(opens=510, closes=1020), None)
    >>> hours_of("22-6"), hours_of("22-0")
    (DayHours(opens=1320, closes=1800), DayHours(opens=1320, closes=1440))
    """
    if not text.strip():
        return None
    found = _HOURS.match(text.strip())
    if found is None:
        raise CalendarError(f"“{text.strip()[:40]}” are no hours: write them as 9–17 or 8:30–12.", where=where)
    opens, closes = (int(found[place]) * 60 + int(found[place + 1] or 0) for place in (1, 3))
    typed = text.strip()[:40]
    if max(opens, closes) > DAY_MINUTES or opens in (closes, DAY_MINUTES) or _past_the_hour(found):
        raise CalendarError(f"“{typed}” does not end after it begins, between 0 and 24.", where=where)
    if closes > opens:
        return DayHours(opens, closes)
    night = closes + DAY_MINUTES - opens
    if closes and night > LONGEST_NIGHT:
        lasts = f"would go on over midnight for {night / 60:g} hours"
        advice = f"Is {_swapped(found)} meant? A night has 12 hours at most"
        raise CalendarError(f"“{typed}” {lasts}. {advice}; longer ones are two days, as 17–24 and 0–9.", where=where)
    return DayHours(opens, closes + DAY_MINUTES)


def _past_the_hour(found: re.Match[str]) -> bool:
    return any(int(found[place] or 0) > 59 for place in (2, 4))


def _swapped(found: re.Match[str]) -> str:
    first, last = (f"{int(found[place])}{f':{found[place + 1]}' if found[place + 1] else ''}" for place in (3, 1))
    return f"{first}–{last}"


def _closed(values: Any) -> tuple[date, ...]:
    if not isinstance(values, list | tuple) or len(values) > _MOST_CLOSED:
        raise CalendarError(f"Closed days are a list of at most {_MOST_CLOSED} dates.", where="closed")
    found = set()
    for value in values:
        try:
            found.add(date.fromisoformat(str(value).strip()))
        except ValueError:
            raise CalendarError(f"“{str(value)[:40]}” is no date: write it as 2026-12-24.", where="closed") from None
    return tuple(sorted(found))
