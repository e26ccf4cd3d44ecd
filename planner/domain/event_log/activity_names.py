"""The activities of a log: so few that a process can be drawn from them, by names that fit everywhere."""

import hashlib
from dataclasses import replace

from planner.domain.event_log import eventlog as log
from planner.domain.event_log.eventlog import LogError, RawLog

MOST_ACTIVITIES = 700
LONGEST_NAME = 200
_DIGEST = 8


def activities_bounded(raw: RawLog) -> RawLog:
    """The log with names of at most `LONGEST_NAME` characters; LogError with more than `MOST_ACTIVITIES` of them.

    A name is shortened the same way wherever it occurs, two names never to the same one, and a note says how many.
    """
    column = raw.frame[log.ACTIVITY].astype("category").cat.remove_unused_categories()
    names = [str(name) for name in column.cat.categories]
    if len(names) > MOST_ACTIVITIES:
        raise _too_many(len(names))
    short = {name: name_shorten(name) for name in names}
    count = sum(name != found for name, found in short.items())
    if not count:
        return raw
    frame = raw.frame.assign(**{log.ACTIVITY: column.cat.rename_categories(short)})
    note = f"{count} activity names are longer than {LONGEST_NAME} characters: they are shortened."
    return replace(raw, frame=frame, notes=(*raw.notes, note))


def name_shorten(name: str) -> str:
    """A name of at most `LONGEST_NAME` characters: a longer one ends in a digest of the whole.

    >>> name_shorten("Check"), len(name_shorten("x" * 300)), name_shorten("x" * 300)[-11:]
    ('Check', 200, 'x… 0d4e2ca9')
    """
    if len(name) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGEST]
    return f"{name[: LONGEST_NAME - _DIGEST - 2]}… {digest}"


def _too_many(found: int) -> LogError:
    count = f"{found:,}".replace(",", "\u202f")
    return LogError(
        f"The log has {count} different activities; at most {MOST_ACTIVITIES} are read. "
        "The column chosen for the activity probably holds ids or free text.",
        where="the activity column",
        advice="Choose the column that names the kind of step.",
    )
