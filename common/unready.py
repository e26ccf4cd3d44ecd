"""A database whose tables are not there yet: the first seconds of a new installation, or of an upgrade."""

import sqlite3
from typing import Final

from common.errors import Unavailable

SQLITE_ABSENT: Final = ("no such table", "no such column")
POSTGRESQL_ABSENT: Final = frozenset({"42P01", "42703"})
"""Undefined table, undefined column."""


class DatabaseUnready(Unavailable):
    """Taskworth is being prepared; nothing can be done yet, and nothing is lost."""

    def __init__(self) -> None:
        super().__init__(
            "Taskworth is being prepared.",
            detail="Its database is made ready at the first start and after an upgrade. Try again in some seconds.",
        )


def is_database_unready(error: BaseException | None) -> bool:
    """Whether `error`, or what it was raised from, says that a table or column is not there."""
    while error is not None:
        if isinstance(error, sqlite3.OperationalError) and str(error).startswith(SQLITE_ABSENT):
            return True
        if getattr(error, "sqlstate", None) in POSTGRESQL_ABSENT:
            return True
        error = error.__cause__
    return False
