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
