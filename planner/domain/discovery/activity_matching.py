"""Which task an activity of a newer log is: by its name in the older one, by what a person said, else a guess."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

LEAST_ALIKE = 0.7
WORDS_WITHIN = 0.8
"""How alike two names are of which one has all the words of the other."""
MOST_COMPARED = 80


@dataclass(frozen=True)
class NamedTask:
    """A task by its id: what it is called, and its activity in the log it was measured from (empty if drawn)."""

    pk: int
    name: str
    activity: str = ""


@dataclass(frozen=True)
class Matching:
    """The task of each activity, those of them that were guessed, and what is left on both sides."""

    tasks: Mapping[str, int]
    guessed: frozenset[str] = frozenset()
    activities_left: tuple[str, ...] = ()
    tasks_left: tuple[NamedTask, ...] = field(default=())


def match_activities(
    activities: Sequence[str], tasks: Collection[NamedTask], said: Mapping[str, int | None]
) -> Matching:
    """Match every activity to one task at most. What a person `said` wins (None: it is none of the tasks), then the
    same name; what is left on both sides is guessed where names are much alike.

    >>> tasks = [NamedTask(1, "Check", "Check"), NamedTask(2, "Pay", "Pay invoices")]
    >>> found = match_activities(["Check", "Pay invoice"], tasks, {})
    >>> dict(found.tasks), sorted(found.guessed)
    ({'Check': 1, 'Pay invoice': 2}, ['Pay invoice'])
    """
    by_pk, by_activity = {task.pk: task for task in tasks}, {task.activity: task.pk for task in tasks if task.activity}
    found: dict[str, int] = {}
    for activity in activities:
        pk = said.get(activity)
        if pk in by_pk and pk not in found.values():
            found[activity] = pk
    for activity in activities:
        pk = by_activity.get(activity)
        if activity not in said and pk is not None and pk not in found.values():
            found[activity] = pk
    left = [activity for activity in activities if activity not in found]
    unmatched = [task for task in tasks if task.pk not in found.values()]
    guesses = _guesses([one for one in left if one not in said], unmatched)
    found |= guesses
    taken = set(found.values())
    return Matching(
        tasks=found,
        guessed=frozenset(guesses),
        activities_left=tuple(activity for activity in left if activity not in guesses),
        tasks_left=tuple(task for task in tasks if task.pk not in taken),
    )


def alike(one: str, other: str) -> float:
    """How alike two names are, 0 to 1, whatever their case, order of words and punctuation.

    >>> alike("Send invoice", "invoice SEND"), alike("Phone", "Phone call"), alike("Pay", "Check") < 0.5
    (1.0, 0.8, True)
    """
    first, second = _plain(one), _plain(other)
    words, others = set(first.split()), set(second.split())
    if words == others:
        return 1.0
    if words and others and (words < others or others < words):
        return WORDS_WITHIN
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _guesses(activities: Sequence[str], tasks: Sequence[NamedTask]) -> dict[str, int]:
    """The most alike pairs first, each side once. None where there is too much to compare for a page."""
    if len(activities) > MOST_COMPARED or len(tasks) > MOST_COMPARED:
        return {}
    pairs = [
        (max(alike(activity, task.name), alike(activity, task.activity) if task.activity else 0.0), activity, task.pk)
        for activity in activities
        for task in tasks
    ]
    found: dict[str, int] = {}
    for likeness, activity, pk in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if likeness >= LEAST_ALIKE and activity not in found and pk not in found.values():
            found[activity] = pk
    return found


def _plain(name: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in name.casefold()).split())
