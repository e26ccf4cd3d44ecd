"""What other apps made of a log or a process: named before it is deleted. No app needs to know another.

`settings.DERIVED_PROVIDERS` lists functions, each taking a log and giving Derived; `settings.SUBJECT_PROVIDERS` those
taking a process and giving what jobs about a part of it are about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Derived:
    """What one app derived from a log, in words ("2 generated projects"), and how it is deleted.

    `remove` deletes the rows, to be called inside a transaction, and gives the files they held.
    """

    words: Sequence[str]
    remove: Callable[[], Sequence[Any]]


def derived_from(log: object) -> list[Derived]:
    """What every provider derived from a log."""
    found: list[Derived] = [import_string(path)(log) for path in settings.DERIVED_PROVIDERS]
    return found


def subjects_within(process: object) -> list[str]:
    """What jobs of other apps about a part of this process are about ("pipeline:7")."""
    return [subject for path in settings.SUBJECT_PROVIDERS for subject in import_string(path)(process)]
