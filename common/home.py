"""What the home page tells of every app. Each says what waits for people and what lives; no app needs to know another.

`settings.HOME_PROVIDERS` lists functions, each taking a workspace and giving HomeNews.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class HomeTodo:
    """One thing that waits for a person. `sign` as drawn by `icon`, `worth` in money orders the list, largest first."""

    sign: str
    title: str
    words: str
    url: str
    action: str
    worth: float = 0.0


@dataclass(frozen=True)
class HomeLine:
    """One pipeline: its name and page, a word with kind and sign for its state, since when."""

    name: str
    words: str
    url: str
    state: str
    kind: str = ""
    sign: str = ""
    since: str = ""


@dataclass(frozen=True)
class HomeNews:
    """What one app has to tell."""

    todos: Sequence[HomeTodo] = ()
    pipelines: Sequence[HomeLine] = ()


def news_of(workspace: object) -> HomeNews:
    """The news of every provider together; what waits, by what it is worth."""
    found = [import_string(path)(workspace) for path in getattr(settings, "HOME_PROVIDERS", ())]
    todos = sorted((todo for news in found for todo in news.todos), key=lambda todo: -todo.worth)
    return HomeNews(todos, [line for news in found for line in news.pipelines])
