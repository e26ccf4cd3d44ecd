"""What a person writes of a shared cost."""

from django.http import QueryDict

from planner.services import SharedCostEntry


def posted_entry(post: QueryDict) -> SharedCostEntry:
    """The cost as given; a task that is no number stands as one that does not exist, so that it is refused."""
    tasks = [
        int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0 for given in post.getlist("tasks")
    ]
    label, text, source, note = (post.get(field, "") for field in ("label", "text", "source", "note"))
    return SharedCostEntry(label, text, tasks, source, note)
