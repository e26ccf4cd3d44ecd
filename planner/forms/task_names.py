"""Tasks as people name them in one field: by name, several with a semicolon between, or by number."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from planner.models import Task


class UnknownTask(ValueError):
    """No task, or more than one, is meant. Its message says which text, and what to write."""


class TaskNames:
    """The tasks that can be named."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._named: dict[str, list[Task]] = defaultdict(list)
        self._by_id = {task.pk: task for task in tasks}
        for task in tasks:
            self._named[_folded(task.name)].append(task)

    def written(self, ids: Iterable[int]) -> str:
        """What stands in the field for these; read again it means the same."""
        return "; ".join(self.one(pk) for pk in ids)

    def one(self, pk: int) -> str:
        """The name where it is read as this task and no other, else the number."""
        task = self._by_id.get(pk)
        if task is None or len(self._named[_folded(task.name)]) > 1:
            return str(pk)
        return str(pk) if ";" in task.name or re.fullmatch(r"[\d,\s]*", task.name) else task.name

    def read(self, text: str) -> tuple[int, ...]:
        """The ids a text means. UnknownTask names what cannot be read."""
        found: list[int] = []
        for part in text.split(";"):
            if part.strip():
                found += self._meant(part.strip())
        return tuple(dict.fromkeys(found))

    def _meant(self, part: str) -> list[int]:
        """Of one part between semicolons; a comma separates too where the whole is no name."""
        if re.fullmatch(r"[\d,\s]+", part, re.ASCII):
            numbers = re.findall(r"\d+", part)
            if any(len(digits) > 12 for digits in numbers):
                raise UnknownTask(f"There is no task with the number {part[:20]}.")
            return [int(digits) for digits in numbers]
        if _folded(part) not in self._named and "," in part:
            return [pk for one in part.split(",") if one.strip() for pk in self._meant(one.strip())]
        tasks = self._named.get(_folded(part), [])
        if len(tasks) > 1:
            which = " or ".join(f"{task.pk} ({task.process.name})" for task in tasks[:4])
            raise UnknownTask(f"{len(tasks)} tasks are called “{part}”: write the number of the one meant, {which}.")
        if not tasks:
            raise UnknownTask(f"No task here is called “{part}”: write the name of a task, several with ; between.")
        return [tasks[0].pk]


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
