"""What tells the answers that people gave from those at another time."""

import zlib
from collections.abc import Iterable

from planner.models import SuitabilityAnswer

Given = tuple[int, str, int, str]
"""Task, question, score and reason."""


def answers_version(answers: Iterable[SuitabilityAnswer]) -> int:
    """A number that changes with every answer a person gives or takes back, whatever the order they come in."""
    given: list[Given] = sorted((one.task_id, one.question, one.score, one.evidence) for one in answers)
    return zlib.crc32(repr(given).encode())
