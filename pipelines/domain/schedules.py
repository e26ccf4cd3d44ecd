"""How often batches run: the words of a canvas ("every night at 02:00") read as a cron line and a longest wait."""

import re
from dataclasses import dataclass

DAY, WEEK, MONTH = 24.0, 168.0, 744.0
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")
NIGHT, OTHERWISE = (2, 0), (6, 0)
SOME = re.compile(r"\b(?:every|each)\s+(\d{1,3})\s*(minute|min|hour|hr|h|day)s?\b")
WORKING = re.compile(r"\b(?:weekdays?|working days?|workdays?|business days?)\b")


@dataclass(frozen=True)
class Schedule:
    """`cron` has five fields (minute, hour, day of month, month, day of week); `longest_wait` is in hours."""

    cron: str
    longest_wait: float


def schedule_read(text: str) -> Schedule | None:
    """None where the words name no rhythm. Without a time of day a batch runs at 02:00 if by night, else at 06:00.

    >>> schedule_read("every night at 02:30")
    Schedule(cron='30 2 * * *', longest_wait=24.0)
    >>> schedule_read("each Monday and Thursday, 7:00")
    Schedule(cron='0 7 * * 1,4', longest_wait=96.0)
    >>> schedule_read("every 15 minutes").cron, schedule_read("when there is time")
    ('*/15 * * * *', None)
    """
    words = text.lower()
    return _some(words) or _days(words) or _named(words)


def _clock(words: str) -> tuple[int, int]:
    found = CLOCK.search(words)
    if found:
        return int(found[1]), int(found[2])
    return NIGHT if "night" in words else OTHERWISE


def _some(words: str) -> Schedule | None:
    """Every so many minutes, hours or days; where cron cannot repeat evenly, the next more frequent that it can."""
    found = SOME.search(words)
    if not found or int(found[1]) == 0:
        return None
    count, unit = int(found[1]), found[2][0]
    if unit == "d":
        hour, minute = _clock(words)
        return Schedule(f"{minute} {hour} * * *" if count == 1 else f"{minute} {hour} */{count} * *", DAY * count)
    if unit == "m" and count < 60:
        return Schedule(f"*/{_even(count, 60)} * * * *", _even(count, 60) / 60)
    hours = _even(max(count // 60 if unit == "m" else count, 1), 24)
    return Schedule("0 * * * *" if hours == 1 else f"0 */{hours} * * *" if hours < DAY else "0 2 * * *", float(hours))


def _even(count: int, whole: int) -> int:
    """The largest divisor of `whole` that is at most `count`."""
    return max(each for each in range(1, whole + 1) if whole % each == 0 and each <= count)


def _days(words: str) -> Schedule | None:
    hour, minute = _clock(words)
    if WORKING.search(words):
        return Schedule(f"{minute} {hour} * * 1-5", 3 * DAY)
    days = [place for place, name in enumerate(WEEKDAYS) if name in words]
    if not days:
        return None
    gaps = [(later - earlier) or 7 for earlier, later in zip(days, [*days[1:], days[0] + 7], strict=True)]
    return Schedule(f"{minute} {hour} * * {','.join(map(str, days))}", max(gaps) * DAY)


def _named(words: str) -> Schedule | None:
    hour, minute = _clock(words)
    if "twice a day" in words or "twice daily" in words:
        return Schedule(f"{minute} {hour % 12},{hour % 12 + 12} * * *", DAY / 2)
    if re.search(r"\bhour(ly)?\b", words):
        return Schedule("0 * * * *", 1.0)
    if re.search(r"\b(daily|nightly|every night|every day|each day|each night|day|night|morning|evening)\b", words):
        return Schedule(f"{minute} {hour} * * *", DAY)
    if re.search(r"\bweek(ly)?\b", words):
        return Schedule(f"{minute} {hour} * * 1", WEEK)
    if re.search(r"\bmonth(ly)?\b", words):
        return Schedule(f"{minute} {hour} 1 * *", MONTH)
    return None
