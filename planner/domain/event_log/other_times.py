"""Times that are not plainly ISO, and clocks of zones: read with the libraries of frames, loaded for these alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.domain.event_log.iso_times import Moments


@dataclass(frozen=True)
class OtherTimes:
    """Texts as times in UTC (NaT where one is none), how many are none though not blank, and if one had no zone."""

    moments: Moments
    unreadable: int
    zoneless: bool


def other_times(texts: Sequence[str], zone: str) -> OtherTimes:
    """Distinct texts as times in all the ways that `parse_times` reads, together, so that they agree on the order of
    a date; those without an offset are of the clocks of the zone.

    >>> other_times(["1.3.2024 09:00", "soon"], "Europe/Amsterdam").moments.astype(str).tolist()
    ['2024-03-01T08:00:00.000000', 'NaT']
    """
    import pandas as pd  # noqa: PLC0415  most files have no such times and are read without pandas

    from planner.domain.event_log.times import parse_times  # noqa: PLC0415  loads pandas too

    parsed = parse_times(pd.Series(list(texts), dtype="str"), zone=zone)
    return OtherTimes(parsed.times.dt.tz_localize(None).to_numpy(), parsed.unreadable, parsed.zone_missing)


def of_clocks(clocks: Moments, zone: str) -> Moments:
    """Times of the clocks of a zone as UTC.

    >>> import numpy as np
    >>> of_clocks(np.array(["2024-07-01T12:00"], dtype="datetime64[us]"), "Europe/Amsterdam").astype(str).tolist()
    ['2024-07-01T10:00:00.000000']
    """
    if zone == "UTC":
        return clocks
    from planner.domain.event_log.times import in_zone  # noqa: PLC0415  loads pandas

    return in_zone(clocks, zone)[0]
