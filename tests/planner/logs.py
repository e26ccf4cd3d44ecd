"""Small logs written as text, and a second, naive way of counting what a log holds."""

import gzip
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence

Event = tuple[str, str, str]


def csv_log(events: Iterable[Sequence[str]], header: str = "case,activity,time", separator: str = ",") -> bytes:
    """A CSV log, one line an event."""
    lines = [header.replace(",", separator), *(separator.join(event) for event in events)]
    return ("\n".join(lines) + "\n").encode()


def xes_log(traces: Iterable[tuple[str, Iterable[str]]], namespace: str = "") -> bytes:
    """An XES log from case names and events already written as XML."""
    body = "".join(
        f'<trace><string key="concept:name" value="{name}"/>{"".join(events)}</trace>' for name, events in traces
    )
    space = f' xmlns="{namespace}"' if namespace else ""
    return f"<?xml version='1.0' encoding='UTF-8'?><log{space}>{body}</log>".encode()


def xes_event(activity: str | None, time: str | None, transition: str = "", resource: str = "") -> str:
    """One XES event; None leaves the attribute out."""
    parts = [
        f'<string key="concept:name" value="{activity}"/>' if activity is not None else "",
        f'<date key="time:timestamp" value="{time}"/>' if time is not None else "",
        f'<string key="lifecycle:transition" value="{transition}"/>' if transition else "",
        f'<string key="org:resource" value="{resource}"/>' if resource else "",
    ]
    return f"<event>{''.join(parts)}</event>"


def stream(data: bytes, *, packed: bool = False) -> io.BytesIO:
    return io.BytesIO(gzip.compress(data) if packed else data)


def at(minute: int) -> str:
    """A time on one day, `minute` minutes after midnight UTC."""
    return f"2024-03-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00+00:00"


def naive_counts(events: Iterable[tuple[str, str, int]]) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, ...]]]:
    """Directly-follows pairs and variants of (case, activity, minute), counted case by case in plain Python."""
    cases: dict[str, list[tuple[int, int, str]]] = {}
    for row, (case, activity, minute) in enumerate(events):
        cases.setdefault(case, []).append((minute, row, activity))
    pairs: Counter[tuple[str, str]] = Counter()
    variants: Counter[tuple[str, ...]] = Counter()
    for found in cases.values():
        names = [name for _, _, name in sorted(found)]
        pairs.update(itertools.pairwise(names))
        variants[tuple(names)] += 1
    return pairs, variants
