"""A database that somebody else was writing to for too long: recognised, and told as what it is."""

import sqlite3
from typing import Final

from common.errors import ProblemError

SQLITE_BUSY: Final = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"})
POSTGRESQL_BUSY: Final = frozenset({"55P03", "40001", "40P01"})
"""Lock not available, serialization failure, deadlock."""
AGAIN_AFTER_S: Final = 5


class DatabaseBusy(ProblemError):
    """Another write held the database for longer than this one could wait; nothing of this one was kept."""

    status = 503
    type = "busy"

    def __init__(self) -> None:
        super().__init__(
            "Somebody else is saving a lot just now: this was not saved.",
            detail="Nothing of it was kept, and nothing saved before is lost. Do the same again in a few seconds.",
        )


def is_database_busy(error: BaseException | None) -> bool:
    """Whether `error`, or what it was raised from, says that the database was held by another writer for too long."""
    while error is not None:
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorname", "") in SQLITE_BUSY:
            return True
        if getattr(error, "sqlstate", None) in POSTGRESQL_BUSY:
            return True
        error = error.__cause__
    return False
