"""Follows a running stage: turns what it says into log lines and beats, and decides how its attempt ended."""

import logging
import time
from dataclasses import dataclass, field
from enum import Enum, auto

from django.conf import settings
from django.db import DatabaseError

from jobs.execution.channel import message_read
from jobs.execution.process import StageProcess
from jobs.models import LogEntry, LogEvent, LogLevel, Stage
from jobs.services.claims import stage_beat
from jobs.services.recording import log_entry

log = logging.getLogger(__name__)
FLUSH_SECONDS = 0.4
MOST_LINES = 20_000


class Ending(Enum):
    """How an attempt ended, as its holder sees it."""

    DONE = auto()
    POSTPONED = auto()
    FAILED = auto()
    CANCELLED = auto()
    GONE = auto()


@dataclass(frozen=True)
class Outcome:
    """An ending, with what belongs to it. `final`: do not try again. `wait_s`: seconds until a postponed one is due."""

    ending: Ending
    output: dict[str, object] = field(default_factory=dict)
    reason: str = ""
    final: bool = False
    wait_s: float = 0.0


class StageWatch:
    """One attempt, from fork to end."""

    def __init__(self, stage: Stage, process: StageProcess) -> None:
        self._stage = stage
        self._process = process
        self._entries: list[LogEntry] = []
        self._values: dict[str, object] = {}
        self._metrics: dict[str, object] = {}
        self._lines = 0
        self._told: Outcome | None = None
        now = time.monotonic()
        self._last_beat = now
        self._deadline = now + stage.timeout_s

    def until_over(self) -> Outcome:
        """Wait for the stage to end, or end it: cancelled, over its time, or no longer ours."""
        while not self._process.wait(self._patience()):
            self._listen()
            now = time.monotonic()
            if now >= self._deadline:
                return self._over_time()
            if self._beat_due(now) and not self._beat():
                return self._taken_away()
        self._process.collect()
        self._listen_to_the_end()
        return self._ended()

    def _patience(self) -> float:
        now = time.monotonic()
        return min(self._deadline, self._next_beat()) - now

    def _next_beat(self) -> float:
        pending = bool(self._entries or self._values)
        return self._last_beat + (FLUSH_SECONDS if pending else settings.JOBS_HEARTBEAT_SECONDS)

    def _beat_due(self, now: float) -> bool:
        return now >= self._next_beat()

    def _beat(self) -> bool:
        """A sign of life. While the database is away the work goes on; the lease decides later."""
        self._last_beat = time.monotonic()
        try:
            alive = stage_beat(self._stage, values=self._values, entries=self._entries)
        except DatabaseError as error:
            log.warning("Stage %s: the beat was not recorded: %s", self._stage.pk, error)
            return True
        self._entries, self._values = [], {}
        return alive

    def _over_time(self) -> Outcome:
        self._process.end()
        self._listen_to_the_end()
        reason = f"time limit: it ran longer than {self._stage.timeout_s} s and was ended."
        return Outcome(Ending.FAILED, reason=reason, final=True)

    def _taken_away(self) -> Outcome:
        self._process.end()
        held = Stage.objects.held_by(stage_id=self._stage.pk, token=self._stage.token)
        return Outcome(Ending.CANCELLED if held.exists() else Ending.GONE)

    def _ended(self) -> Outcome:
        if (self._entries or self._values) and not self._beat():
            return self._taken_away()
        if self._told is not None:
            return self._told
        status = self._process.status or 0
        how = f"was ended by signal {-status}" if status < 0 else f"ended with code {status}"
        memory = " Most often that means it wanted more memory than there is." if status == -9 else ""
        return Outcome(Ending.FAILED, reason=f"Its process {how} before it was done.{memory}")

    def _listen(self) -> None:
        for line in self._process.messages.lines():
            self._hear(line)
        for line in self._process.output.lines():
            self._note(line, LogLevel.INFO)

    def _listen_to_the_end(self) -> None:
        for line in self._process.messages.rest():
            self._hear(line)
        for line in self._process.output.rest():
            self._note(line, LogLevel.INFO)

    def _hear(self, line: str) -> None:
        message = message_read(line)
        match message.get("kind"):
            case "log":
                self._note(str(message.get("text", "")), _level(message.get("level")))
            case "progress":
                self._values |= {"progress": message.get("share"), "progress_note": message.get("note", "")}
            case "metric":
                self._measure(str(message.get("name")), message.get("value"))
            case "done":
                output = message.get("output")
                self._told = Outcome(Ending.DONE, output=output if isinstance(output, dict) else {})
            case "wait":
                wait_s, reason = message.get("seconds"), str(message.get("reason", ""))
                seconds = float(wait_s) if isinstance(wait_s, int | float) else 0.0
                self._told = Outcome(Ending.POSTPONED, reason=reason, wait_s=seconds)
            case "fault":
                reason = str(message.get("reason", ""))
                self._told = Outcome(Ending.FAILED, reason=reason, final=message.get("final") is True)

    def _measure(self, name: str, value: object) -> None:
        self._metrics[name] = value
        self._values["metrics"] = dict(self._metrics)
        self._entries.append(log_entry(self._stage, LogEvent.METRIC, f"{name} = {value}"))

    def _note(self, text: str, level: LogLevel) -> None:
        self._lines += 1
        if self._lines < MOST_LINES:
            self._entries.append(log_entry(self._stage, LogEvent.MESSAGE, text, level=level))
        elif self._lines == MOST_LINES:
            cut = f"more than {MOST_LINES} lines: the rest is not kept"
            self._entries.append(log_entry(self._stage, LogEvent.MESSAGE, cut, level=LogLevel.WARNING))


def _level(word: object) -> LogLevel:
    return LogLevel(word) if isinstance(word, str) and word in LogLevel.values else LogLevel.INFO
