"""A full disk: recognised wherever it shows, and told in the same words everywhere."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from typing import Final

from common.errors import ProblemError

FULL_CODES: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
SAID_BY_PROGRAMS: Final = tuple(os.strerror(code) for code in sorted(FULL_CODES))
POSTGRESQL_FULL: Final = "53100"
SQLITE_FULL: Final = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE"})
"""Writing the shared-memory file beside a database is refused with a code of its own."""

STAGE_REASON: Final = (
    "The disk that holds the data is full. Nothing is lost; this goes on by itself once there is space again."
)


class DiskFull(ProblemError):
    """There was no space to write what was asked for; nothing of it was kept."""

    status = 507
    type = "disk-full"

    def __init__(self) -> None:
        super().__init__(
            "The disk is full: this could not be saved.",
            detail="Nothing of it was kept, and nothing saved before is lost. Whoever runs this installation frees "
            "space where its data lies (DATA_DIR, or the database's disk); then do the same again.",
        )


def is_disk_full(error: BaseException | None) -> bool:
    """Whether `error`, or what it was raised from, says that a disk or a quota is used up."""
    return any(_says_full(one) for one in _chain(error))


def says_disk_full(line: str) -> bool:
    """Whether a line that a program printed says so."""
    return any(words in line for words in SAID_BY_PROGRAMS)


def _says_full(error: BaseException) -> bool:
    match error:
        case OSError():
            return error.errno in FULL_CODES
        case sqlite3.Error():
            return getattr(error, "sqlite_errorname", "") in SQLITE_FULL
        case _:
            return getattr(error, "sqlstate", None) == POSTGRESQL_FULL


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
