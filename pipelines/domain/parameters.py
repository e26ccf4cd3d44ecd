"""Parameters of a run that a person may change without generating again.

Numbers of `config/decision.json`, and how much is learnt from. What holds for one run is written into its own copy of
the project.
"""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

DECISION = "config/decision.json"
SETTINGS = "params.json"
DECIDED, SET = "decision", "settings"
LONGEST = 60


class BadParameter(ValueError):
    """A parameter there is none of, or a value it cannot take; `where` names it."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


SHARES = frozenset({"decision.decided_alone"})
LABELS: Mapping[str, str] = {
    "settings.seed": "Seed of what is drawn",
    "settings.max_rows": "Most recent rows used",
    "settings.max_training_rows": "Rows a candidate is fitted on",
    "decision.values.tp": "Value of acting rightly",
    "decision.values.fp": "Value of acting needlessly",
    "decision.values.tn": "Value of rightly not acting",
    "decision.values.fn": "Value of missing one",
    "decision.latency_budget_ms": "Longest answer, in milliseconds",
    "decision.decided_alone": "Share decided without a person, 0 to 1",
}
SETTING_BOUNDS: Mapping[str, tuple[int, int, int]] = {
    "seed": (20240229, 0, 2**32 - 1),
    "max_rows": (200_000, 100, 10_000_000),
    "max_training_rows": (60_000, 100, 10_000_000),
}
"""Setting → (default, least, most), as the project's own settings have them."""


def parameters_of(files: Mapping[str, bytes]) -> dict[str, float]:
    """What can be changed in a project, with the value it has: `decision.values.false_positive`, `settings.seed`.

    >>> found = parameters_of({"config/decision.json": b'{"values": {"tp": 2}, "checks": [], "known": true}'})
    >>> found["decision.values.tp"], found["settings.max_rows"]
    (2.0, 200000.0)
    """
    found = {f"{DECIDED}.{name}": value for name, value in _numbers(_read(files, DECISION))}
    given = _read(files, SETTINGS)
    return found | {f"{SET}.{name}": float(given.get(name, bounds[0])) for name, bounds in SETTING_BOUNDS.items()}


def _read(files: Mapping[str, bytes], path: str) -> dict[str, Any]:
    known = json.loads(files[path]) if path in files else {}
    return known if isinstance(known, dict) else {}


def _numbers(value: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, float]]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from _numbers(inner, f"{before}{name}.")
        elif isinstance(inner, int | float) and not isinstance(inner, bool):
            yield f"{before}{name}", float(inner)


def changes_checked(known: Mapping[str, float], changes: Mapping[str, object]) -> dict[str, float]:
    """The changes that change something, as numbers. Raises BadParameter.

    >>> changes_checked({"settings.seed": 1.0}, {"settings.seed": 2})
    {'settings.seed': 2.0}
    >>> changes_checked({"settings.seed": 1.0}, {"settings.seed": 1})
    {}
    """
    for name in changes:
        if name not in known:
            raise BadParameter(name, f"There is no parameter “{name[:LONGEST]}”: {', '.join(sorted(known)[:20])}.")
    checked = {name: _value(name, value) for name, value in changes.items()}
    return {name: value for name, value in sorted(checked.items()) if value != known[name]}


def _value(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadParameter(name, f"{name} takes a number.")
    if name in SHARES and not 0 <= value <= 1:
        raise BadParameter(name, f"{LABELS[name]}: a share from 0 to 1.")
    if name == "decision.latency_budget_ms" and value <= 0:
        raise BadParameter(name, f"{LABELS[name]}: more than zero.")
    group, _, setting = name.partition(".")
    if group == SET:
        _, least, most = SETTING_BOUNDS[setting]
        if value != int(value) or not least <= value <= most:
            raise BadParameter(name, f"{LABELS[name]}: a whole number from {least} to {most}.")
    return float(value)


def files_changed(files: Mapping[str, bytes], changes: Mapping[str, float]) -> dict[str, bytes]:
    """The files that hold the changes, path to content; none where nothing changes."""
    decided = {name.removeprefix(f"{DECIDED}."): value for name, value in changes.items() if _in(name, DECIDED)}
    settings = {name.removeprefix(f"{SET}."): int(value) for name, value in changes.items() if _in(name, SET)}
    changed = {}
    if decided:
        decision = _read(files, DECISION)
        for name, value in decided.items():
            _put(decision, name.split("."), value)
        changed[DECISION] = _written(decision)
    if settings:
        changed[SETTINGS] = _written({**_read(files, SETTINGS), **settings})
    return changed


def _in(name: str, group: str) -> bool:
    return name.startswith(f"{group}.")


def _put(inside: dict[str, Any], path: list[str], value: float) -> None:
    for part in path[:-1]:
        inside = inside[part]
    whole = isinstance(inside.get(path[-1]), int) and value == int(value)
    inside[path[-1]] = int(value) if whole else value


def _written(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def told(values: Mapping[str, float]) -> dict[str, str]:
    """Values as people read them.

    >>> told({"settings.seed": 20240229.0, "decision.values.tp": 2.5})
    {'settings.seed': '20240229', 'decision.values.tp': '2.5'}
    """
    return {name: f"{int(value)}" if value == int(value) else f"{value:g}" for name, value in values.items()}
