"""What the work of a stage is given: its parameters, its inputs, a directory, and ways to say how it goes."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.execution.channel import MessageWriter
from jobs.execution.command import CommandResult, command_run
from jobs.services.limits import Limits

COMMAND_LIMITS = Limits(cpu_s=7200)


@dataclass(frozen=True)
class StageContext:
    """One attempt at one stage. `inputs` are the outputs of the stages it waited for, by name."""

    stage_id: int
    run_id: int
    workspace_id: int
    name: str
    attempt: int
    params: Mapping[str, object]
    run_params: Mapping[str, object]
    inputs: Mapping[str, Mapping[str, object]]
    directory: Path
    fingerprint: str
    messages: MessageWriter

    @property
    def effect_key(self) -> str:
        """What to send as Idempotency-Key with an effect outside the product: the same for every attempt."""
        return f"stage:{self.fingerprint or self.stage_id}"

    def progress(self, share: float, note: str = "") -> None:
        """How much is done, 0 to 1, and what is being done, in a few words."""
        self.messages.send("progress", share=min(max(float(share), 0.0), 1.0), note=note[:200])

    def log(self, text: str, level: str = "info") -> None:
        """A line for people. Levels: debug, info, warning, error."""
        self.messages.send("log", text=text, level=level)

    def metric(self, name: str, value: float | str | None) -> None:
        """A measured figure, shown beside the stage as it comes; a later one of the same name replaces it."""
        not_a_number = isinstance(value, float) and not math.isfinite(value)
        self.messages.send("metric", name=name, value=None if not_a_number else value)

    def command(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        limits: Limits = COMMAND_LIMITS,
        on_line: Callable[[str], None] | None = None,
    ) -> CommandResult:
        """Run a program; its lines go to `on_line`, else to the log. Raises StageFailed when it ends badly."""
        place = self.directory if cwd is None else cwd
        return command_run(argv, cwd=place, env=env or {}, limits=limits, on_line=on_line or self.log)
