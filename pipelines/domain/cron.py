"""Schedules as cron lines: five fields (minute hour day month weekday) in a time zone, and when they fire next."""

from datetime import datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

LEAST_APART = timedelta(minutes=5)
FIELDS = 5
LOOKED_AT = 100


class BadSchedule(ValueError):
    """A schedule that cannot be kept; the message says what to write."""


def schedule_check(cron: str, zone: str, after: datetime) -> None:
    """Refuses with BadSchedule what is no cron line, never fires, or fires more often than every five minutes."""
    moments = list(islice(_moments(cron, zone, after), LOOKED_AT))
    if not moments:
        raise BadSchedule(f"“{cron}” never comes: no such day is in the calendar.")
    if any(later - earlier < LEAST_APART for earlier, later in pairwise(moments)):
        raise BadSchedule("A run at most every five minutes: write */5 in the first field, or fewer minutes.")


def next_moment(cron: str, zone: str, after: datetime) -> datetime | None:
    """When the schedule fires next, later than `after` (with a time zone); None where it never does.

    >>> from datetime import UTC
    >>> next_moment("30 2 * * 1", "Europe/Berlin", datetime(2026, 3, 2, 12, tzinfo=UTC)).isoformat()
    '2026-03-09T02:30:00+01:00'
    """
    return next(_moments(cron, zone, after), None)


def _moments(cron: str, zone: str, after: datetime) -> CronSim:
    if len(cron.split()) != FIELDS:
        raise BadSchedule("Write five fields: minute, hour, day of month, month, weekday. “0 2 * * *” is each night.")
    try:
        known = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSchedule(f"There is no time zone “{zone[:60]}”: write one like Europe/Berlin.") from None
    try:
        return CronSim(cron, after.astimezone(known))
    except CronSimError as error:
        raise BadSchedule(f"“{cron[:60]}” is no schedule: {str(error).rstrip('.').lower()}.") from error


DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def cron_words(cron: str, zone: str) -> str:
    """A schedule as people say it; empty where its words would be longer than the line itself.

    >>> cron_words("0 6 * * 1", "UTC")
    'every Monday 06:00 UTC'
    >>> cron_words("*/15 * * * *", "UTC"), cron_words("30 2 * * *", "Europe/Berlin")
    ('every 15 minutes', 'every day 02:30 Europe/Berlin')
    >>> cron_words("0 6 1 1,7 *", "UTC"), cron_words("0 2 1-7 * 1", "UTC")
    ('on day 1 of January and July 06:00 UTC', '')
    """
    minute, hour, day, month, weekday = cron.split()
    if (hour, day, month, weekday) == ("*", "*", "*", "*"):
        return _within_hours(minute)
    if hour.startswith("*/") and minute == "0" and (day, month, weekday) == ("*", "*", "*"):
        return f"every {hour[2:]} hours"
    times, days = _times(minute, hour), _which_days(day, month, weekday)
    return f"{days} {times} {zone}" if times and days else ""


def _within_hours(minute: str) -> str:
    if minute.startswith("*/") and minute[2:].isdecimal():
        return f"every {minute[2:]} minutes"
    return f"every hour at minute {int(minute)}" if minute.isdecimal() else ""


def _times(minute: str, hour: str) -> str:
    hours = hour.split(",")
    if not minute.isdecimal() or not all(one.isdecimal() for one in hours):
        return ""
    return " and ".join(f"{int(one):02d}:{int(minute):02d}" for one in hours)


def _which_days(day: str, month: str, weekday: str) -> str:
    if (day, month) == ("*", "*"):
        return _weekdays(weekday)
    months = month.split(",")
    if weekday != "*" or not day.isdecimal() or not (month == "*" or all(one.isdecimal() for one in months)):
        return ""
    named = "every month" if month == "*" else " and ".join(MONTHS[int(one) - 1] for one in months)
    return f"on day {int(day)} of {named}"


def _weekdays(weekday: str) -> str:
    if weekday in ("*", "1-5"):
        return "every day" if weekday == "*" else "every day from Monday to Friday"
    days = weekday.split(",")
    if not all(one.isdecimal() and int(one) <= 7 for one in days):
        return ""
    return "every " + " and ".join(DAYS[int(one) % 7] for one in days)
