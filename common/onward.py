"""What other apps made of one task, as links for its page. No app needs to know another.

`settings.TASK_PROVIDERS` lists functions, each taking a task and giving TaskLink objects.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class TaskLink:
    """A page about something made of a task: its address, what it is, and how that stands ("serving")."""

    url: str
    words: str
    note: str = ""


def task_links(task: object) -> list[TaskLink]:
    """The links of every provider, in their order."""
    return [link for path in settings.TASK_PROVIDERS for link in import_string(path)(task)]
