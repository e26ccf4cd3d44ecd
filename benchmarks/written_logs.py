"""Seeded logs for the benchmarks, written so that every reader finds the same order of events in a case."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ACTIVITIES = 30
_ZERO = np.datetime64("2024-01-01T00:00:00")


@dataclass(frozen=True)
class _Events:
    """Case, activity, start and end (seconds) and resource of each event, in the order of completion."""

    case: np.ndarray
    activity: np.ndarray
    start: np.ndarray
    end: np.ndarray
    who: np.ndarray


def write_csv(path: Path, events: int, rng: np.random.Generator) -> None:
    """A CSV log of about ten events a case and thirty activities, rows in the order of completion."""
    drawn = _drawn(events, rng)
    frame = pd.DataFrame(
        {
            "case": np.char.add("C", drawn.case.astype("U9")),
            "activity": np.char.add("Activity ", drawn.activity.astype("U2")),
            "start": _texts(drawn.start, "Z"),
            "end": _texts(drawn.end, "Z"),
            "who": np.char.add("U", drawn.who.astype("U2")),
        }
    )
    frame.to_csv(path, index=False)


def write_xes(path: Path, events: int, rng: np.random.Generator) -> None:
    """A gzipped XES log of about ten events a case, each with a resource and a lifecycle; cases with two attributes."""
    drawn = _drawn(events, rng)
    order = np.argsort(drawn.case, kind="stable")
    stamp = _texts(drawn.end, ".000+00:00")
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as target:
        target.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n')
        last = -1
        for row in order.tolist():
            case = int(drawn.case[row])
            if case != last:
                target.write(_TRACE_END if last >= 0 else "")
                target.write(_TRACE.format(case=case, amount=int(rng.integers(5, 500)) * 100, date=stamp[row]))
                last = case
            target.write(_EVENT.format(activity=drawn.activity[row], who=drawn.who[row], time=stamp[row]))
        target.write(_TRACE_END + "</log>\n")


_TRACE = """<trace>
<string key="concept:name" value="C{case}"/>
<string key="AMOUNT" value="{amount}"/>
<date key="REGISTERED" value="{date}"/>
"""
_TRACE_END = "</trace>\n"
_EVENT = """<event>
<string key="org:resource" value="U{who}"/>
<string key="lifecycle:transition" value="COMPLETE"/>
<string key="concept:name" value="Activity {activity}"/>
<date key="time:timestamp" value="{time}"/>
</event>
"""


def _drawn(events: int, rng: np.random.Generator) -> _Events:
    """Steps of a case are a minute apart, and each starts after the one before it ended: no order is left open."""
    case = np.sort(rng.integers(0, max(events // 10, 1), events))
    step = np.arange(events) - np.searchsorted(case, case)
    activity = np.minimum(ACTIVITIES - 1, step * 2 + rng.integers(0, 3, events))
    end = case * 300 + step * 60 + rng.integers(20, 50, events)
    start = end - rng.integers(0, 20, events)
    who = rng.integers(0, 99, events)
    order = np.argsort(end, kind="stable")
    return _Events(case[order], activity[order], start[order], end[order], who[order])


def _texts(seconds: np.ndarray, zone: str) -> np.ndarray:
    return np.char.add(np.datetime_as_string(_ZERO + seconds.astype("timedelta64[s]")), zone)
