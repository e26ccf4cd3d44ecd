"""Time zones to choose from."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zone_names() -> tuple[str, ...]:
    """The time zones to choose from: UTC, then those named after a place."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def zone_choices() -> list[tuple[str, str]]:
    """Time zones as choices of a form."""
    return [(name, name.replace("_", " ")) for name in zone_names()]
