"""Time zones by their IANA names."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_named(name: str) -> ZoneInfo:
    """The time zone of this IANA name; ValueError with a sentence where there is none.

    >>> zone_named("Europe/Amsterdam").key
    'Europe/Amsterdam'
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"There is no time zone “{name}”. Write it as Europe/Amsterdam.") from problem
