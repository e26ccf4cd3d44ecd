"""Why a stage runs, or need not: what its fingerprint was taken of, beside what it was taken of the last time."""

from collections.abc import Mapping
from itertools import islice

Parts = Mapping[str, Mapping[str, str]]
PARAMETERS, INPUTS = "parameters", "inputs"
VALUED = frozenset({PARAMETERS})
"""Groups whose values people read; of the others, which hold digests, only the names are told."""

MOST_TOLD = 3
NEVER = "It did not run here before."
ALWAYS = "It runs every time."
GONE = "What it wrote the last time is no longer kept."
UNCHANGED = "Nothing it rests on has changed."
ABSENT = "nothing"


def why_it_runs(before: Parts | None, now: Parts) -> str:
    """In a sentence: what changed since the last time it was done (`before`; None: it never was).

    >>> why_it_runs({"parameters": {"threshold": "0.4"}}, {"parameters": {"threshold": "0.35"}})
    'Parameters changed: threshold 0.4 → 0.35.'
    >>> before = {"code": {"a.py": "1"}, "inputs": {"split": "x"}}
    >>> why_it_runs(before, {"code": {"a.py": "2"}, "inputs": {"split": "y"}})
    'Code changed: a.py. Inputs changed: split.'
    >>> why_it_runs({"code": {"a.py": "1"}}, {"code": {"a.py": "1"}})
    'What it wrote the last time is no longer kept.'
    """
    if before is None:
        return NEVER
    told = [_told(group, before.get(group, {}), now.get(group, {})) for group in _groups(before, now)]
    return " ".join(sentence for sentence in told if sentence) or GONE


def _groups(before: Parts, now: Parts) -> list[str]:
    """The groups of now in their order, then those that are gone; inputs last, for they follow from the others."""
    groups = dict.fromkeys([*now, *before])
    return sorted(groups, key=lambda group: group == INPUTS)


def _told(group: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    changed = [name for name in dict.fromkeys([*now, *before]) if before.get(name) != now.get(name)]
    if not changed:
        return ""
    words = [_words(name, before, now) if group in VALUED else name for name in islice(changed, MOST_TOLD)]
    more = f" and {len(changed) - MOST_TOLD} more" if len(changed) > MOST_TOLD else ""
    return f"{group.capitalize()} changed: {', '.join(words)}{more}."


def _words(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    return f"{name} {before.get(name, ABSENT)} → {now.get(name, ABSENT)}"
