"""Which assumptions are set for many tasks at once, and where."""

import json
import zlib
from dataclasses import dataclass

from accounts.models import Workspace
from planner.models import AssumptionDefault, Process, Task


@dataclass(frozen=True)
class DefaultsScope:
    """Where a default holds: in the workspace, with a process in it, with a lane in that lane of the process."""

    workspace: Workspace
    process: Process | None = None
    lane: str = ""

    @property
    def words(self) -> str:
        """
        >>> DefaultsScope(Workspace()).words
        'the workspace'
        """
        if self.process is None:
            return "the workspace"
        return f"the lane {self.lane}" if self.lane else "the process"

    @property
    def subject(self) -> str:
        """What the audit trail files it under."""
        return f"process:{self.process.pk}" if self.process else f"workspace:{self.workspace.pk}"


def defaults_of(scope: DefaultsScope) -> dict[str, AssumptionDefault]:
    """What is set in a scope itself, by key."""
    found = AssumptionDefault.objects.of(scope.workspace).filter(process=scope.process, lane=scope.lane)
    return {each.key: each for each in found.select_related("set_by")}


def defaults_version(found: dict[str, AssumptionDefault]) -> int:
    """A number that changes whenever anything set in a scope does; what an edit was made on."""
    content = sorted((each.key, each.text, each.source, each.note) for each in found.values())
    return zlib.crc32(json.dumps(content).encode())


def lanes_of(process: Process) -> tuple[str, ...]:
    """The lanes of a process that have tasks, by name."""
    lanes = Task.objects.of(process.workspace).work().filter(process=process).exclude(lane="")
    return tuple(lanes.order_by("lane").values_list("lane", flat=True).distinct())
