"""What a node of the task graph is. Apart from the graph itself: models need these words, and no arithmetic."""

from enum import StrEnum

LONGEST_NAME = 200


class NodeKind(StrEnum):
    """What a node is: work, or where cases begin and end."""

    TASK = "task"
    START = "start"
    END = "end"
