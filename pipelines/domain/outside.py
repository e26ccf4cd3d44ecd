"""What a run elsewhere may tell: the fields of each kind of event, what of them can be kept, what they add up to."""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LONGEST_NAME, LONGEST_PATH, LONGEST_REASON, LONGEST_LINE = 100, 300, 1_000, 2_000
LONGEST_CARD, LARGEST_OBJECT = 200_000, 200_000
MOST_LINES = 500
LARGEST_FILE = 10**15


class EventKind(StrEnum):
    STAGE_STARTED = "stage_started"
    STAGE_SUCCEEDED = "stage_succeeded"
    STAGE_FAILED = "stage_failed"
    METRIC = "metric"
    LOG = "log"
    ARTIFACT = "artifact"
    MODEL = "model"
    ENDED = "ended"


_K = EventKind
FIELDS: Mapping[EventKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    _K.STAGE_STARTED: (("stage",), ("fingerprint",)),
    _K.STAGE_SUCCEEDED: (("stage",), ("fingerprint", "seconds")),
    _K.STAGE_FAILED: (("stage",), ("fingerprint", "seconds", "reason")),
    _K.METRIC: (("name", "value"), ("stage",)),
    _K.LOG: (("lines",), ("stage",)),
    _K.ARTIFACT: (("name", "digest", "size"), ("stage",)),
    _K.MODEL: (("digest", "manifest"), ("metrics", "acceptance", "inputs", "card")),
    _K.ENDED: (("state",), ("reason",)),
}
"""The fields a kind of event needs, and those it may have besides."""

STAGE_ENDS = {_K.STAGE_SUCCEEDED: "succeeded", _K.STAGE_FAILED: "failed"}
HEXADECIMAL = re.compile(r"[0-9a-f]{64}")
# Orders to a terminal: CSI (colours, cursor), OSC (titles, links) to its end, and the short ones.
TERMINAL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]|\x9b[0-?]*[ -/]*[@-~]"
)


def plain_line(line: str) -> str:
    r"""A line of a log as text alone: no orders to a terminal, nothing invisible; of a line written over, the last.

    >>> plain_line("\x1b[31mred\x1b[0m <b>\x07")
    'red <b>'
    >>> plain_line("10 %\r20 %")
    '20 %'
    """
    line = line[: 4 * LONGEST_LINE].rstrip("\r\n").replace("\t", "    ")
    last = TERMINAL.sub("", line).rpartition("\r")[2]
    return "".join(each for each in last if each.isprintable())[:LONGEST_LINE]


def path_problem(name: str) -> str:
    """What is wrong with the name of a file, in a sentence; empty for a clean relative one.

    >>> path_problem("package/model.skops")
    ''
    >>> path_problem("../secret")
    'A name leads down from the work folder: no “..”, no “.”, nothing empty between slashes.'
    """
    if not name or len(name) > LONGEST_PATH or not name.isprintable():
        return f"A name has 1 to {LONGEST_PATH} printable characters."
    if name.startswith("/") or "\\" in name or ":" in name:
        return "A name is relative, with slashes, without a drive."
    if any(part.strip() in ("", ".", "..") for part in name.split("/")):
        return "A name leads down from the work folder: no “..”, no “.”, nothing empty between slashes."
    return ""


def event_problems(event: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with an event, as field and sentence: what its kind lacks, what it has not, what cannot be kept."""
    kind = EventKind(event["kind"])
    needed, possible = FIELDS[kind]
    told = [name for name in event if name not in ("kind", "sequence", "at")]
    words = kind.value.replace("_", " ")
    found = [(name, f"An event “{words}” needs it.") for name in needed if name not in event]
    found += [(name, f"An event “{words}” has no such field.") for name in told if name not in (*needed, *possible)]
    checked = ((name, CHECKS[name](event[name])) for name in told if name in (*needed, *possible))
    path = [("name", path_problem(str(event["name"])))] if kind is _K.ARTIFACT and "name" in event else []
    return found + [(name, problem) for name, problem in (*path, *checked) if problem]


def event_body(event: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of an event without problems, its lines made plain."""
    kept = {name: value for name, value in event.items() if name not in ("kind", "sequence", "at")}
    if "lines" in kept:
        kept["lines"] = [plain_line(line) for line in kept["lines"]]
    for name in ("reason", "stage"):
        if name in kept:
            kept[name] = plain_line(kept[name])
    return kept


def _name(value: Any) -> str:
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_PATH and value.isprintable()
    return "" if fits else f"A name has 1 to {LONGEST_PATH} printable characters."


def _short(value: Any) -> str:
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()
    return "" if fits else f"A stage has 1 to {LONGEST_NAME} printable characters."


def _number(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return "" if is_number else "A figure is a finite number."


def _seconds(value: Any) -> str:
    return "" if not _number(value) and value >= 0 else "Seconds are a number, zero or more."


def _size(value: Any) -> str:
    is_size = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_FILE
    return "" if is_size else "A size is a whole number of bytes, zero or more."


def _digest(value: Any) -> str:
    fits = isinstance(value, str) and HEXADECIMAL.fullmatch(value)
    return "" if fits else "A digest is a SHA-256: 64 characters from 0 to 9 and a to f."


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        return "Lines are a list of texts."
    return "" if 0 < len(value) <= MOST_LINES else f"An event holds 1 to {MOST_LINES} lines."


def _object(value: Any) -> str:
    if not isinstance(value, dict):
        return "This is an object."
    try:
        return "" if len(json.dumps(value, allow_nan=False)) <= LARGEST_OBJECT else "At most 200 kB of JSON."
    except ValueError:
        return "It holds a number that is none."


def _inputs(value: Any) -> str:
    texts = isinstance(value, list) and all(isinstance(one, dict) and isinstance(one.get("name"), str) for one in value)
    return _object({"inputs": value}) if texts else "Inputs are a list of objects with name, kind and title."


def _manifest(value: Any) -> str:
    if _object(value):
        return _object(value)
    classes, threshold = value.get("classes", []), value.get("threshold")
    if not isinstance(classes, list) or not all(isinstance(one, str) for one in classes):
        return "Its classes are a list of texts."
    if threshold is not None and _number(threshold):
        return "Its threshold is a finite number."
    digests = (value[name] for name in ("model_sha256", "data_sha256") if name in value)
    return next((problem for digest in digests if (problem := _digest(digest))), "")


def _acceptance(value: Any) -> str:
    if _object(value):
        return _object(value)
    fits = isinstance(value.get("accepted"), bool) and isinstance(value.get("sentence", ""), str)
    return "" if fits else "It has “accepted”, true or false, and may have a “sentence”."


def _up_to(most: int) -> Callable[[Any], str]:
    return lambda value: (
        "" if isinstance(value, str) and len(value) <= most else f"A text of at most {most:,} characters."
    )


CHECKS: Mapping[str, Callable[[Any], str]] = {
    "stage": _short,
    "fingerprint": _digest,
    "seconds": _seconds,
    "reason": _up_to(LONGEST_REASON),
    "name": _name,
    "value": _number,
    "lines": _lines,
    "digest": _digest,
    "size": _size,
    "manifest": _manifest,
    "metrics": _object,
    "acceptance": _acceptance,
    "inputs": _inputs,
    "card": _up_to(LONGEST_CARD),
    "state": lambda value: "" if value in ("succeeded", "failed") else "A run ends as “succeeded” or “failed”.",
}


def figures_kept(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Of the figures of a model those that are numbers, in the shape of `evaluate/metrics.json`; the rest is left out.

    >>> figures_kept({"task": "binary", "model": {"auc": 0.7, "curve": [1]}, "rule": 3})
    {'task': 'binary', 'made_up': False, 'model': {'auc': 0.7}}
    """
    parts = {part: metrics.get(part) for part in ("model", "rule", "alone", "rows")}
    kept: dict[str, Any] = {"task": str(metrics.get("task", "")), "made_up": bool(metrics.get("made_up"))}
    for part, figures in parts.items():
        if isinstance(figures, dict):
            kept[part] = {name: value for name, value in figures.items() if not _number(value)}
    value = metrics.get("value")
    return kept | ({"value": {"known": value.get("known") is True}} if isinstance(value, dict) else {})


@dataclass(frozen=True)
class Kept:
    """An event that was taken; `at` in ISO 8601."""

    kind: EventKind
    at: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Story:
    """What the events of a run add up to.

    `stages` is name → {state, begun, ended, seconds, fingerprint, reason, metrics}, in the order they began.
    """

    stages: dict[str, dict[str, Any]]
    metrics: dict[str, float]


def story_of(events: Iterable[Kept]) -> Story:
    """Events in the order of their sequence; a stage begun again is as it is told last."""
    story = Story({}, {})
    for event in events:
        stage = story.stages.setdefault(event.body["stage"], _unheard()) if event.body.get("stage") else None
        if event.kind is EventKind.METRIC:
            figures = story.metrics if stage is None else stage["metrics"]
            figures[event.body["name"]] = event.body["value"]
        elif stage is not None:
            _stage_told(stage, event)
    return story


def _unheard() -> dict[str, Any]:
    return {"state": "running", "begun": None, "ended": None, "metrics": {}}


def _stage_told(stage: dict[str, Any], event: Kept) -> None:
    said = {name: event.body[name] for name in ("fingerprint", "seconds", "reason") if name in event.body}
    if event.kind is EventKind.STAGE_STARTED:
        stage.pop("reason", None)
        stage.pop("seconds", None)
        stage.update(said, state="running", begun=event.at, ended=None)
    elif event.kind in STAGE_ENDS:
        stage.update(said, state=STAGE_ENDS[event.kind], ended=event.at)
