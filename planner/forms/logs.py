"""Which activity of a newer log is which task."""

from collections.abc import Iterable

from django.http import QueryDict

from common.errors import FieldProblem, InvalidInput
from planner.models import Task

NONE = "none"


def posted_matching(posted: QueryDict, activities: Iterable[str], tasks: Iterable[Task]) -> dict[str, int | None]:
    """What was chosen for each activity, by the place of its field; InvalidInput for a task that is not there."""
    known = {str(task.pk) for task in tasks}
    found: dict[str, int | None] = {}
    for place, activity in enumerate(activities):
        chosen = posted.get(f"task-{place}")
        if chosen == NONE:
            found[activity] = None
        elif chosen in known:
            found[activity] = int(chosen)
        elif chosen is not None:
            raise InvalidInput("The matching was not kept.", errors=[FieldProblem(activity, "There is no such task.")])
    return found
