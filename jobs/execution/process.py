"""A forked stage as its holder sees it: three pipes, a process id, a process group that can be ended as a whole."""

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from jobs.execution.channel import LONGEST_LINE, LineReader, MessageWriter
from jobs.execution.child import Pipes, Work, child_main
from jobs.execution.context import StageContext
from jobs.services.lifeline import children, strangers_end


@dataclass
class StageProcess:
    """The running stage. `status` is the exit code once it is over: negative when a signal ended it."""

    pid: int
    exit_descriptor: int
    messages: LineReader
    output: LineReader
    others: frozenset[int] = frozenset()
    status: int | None = None

    @classmethod
    @contextmanager
    def forked(cls, work: Work, context: Callable[[MessageWriter], StageContext]) -> Iterator["StageProcess"]:
        """Fork; whatever happens to the caller, the stage's process group is gone when the block is left."""
        ours_messages, theirs_messages = os.pipe()
        ours_output, theirs_output = os.pipe()
        theirs_life, ours_life = os.pipe()
        parent = os.getpid()
        others = children()
        pid = os.fork()
        if pid == 0:
            pipes = Pipes(theirs_messages, theirs_output, theirs_life, (ours_messages, ours_output, ours_life))
            child_main(work, context(MessageWriter(theirs_messages)), pipes, parent)
        for descriptor in (theirs_messages, theirs_output, theirs_life):
            os.close(descriptor)
        messages, output = LineReader(ours_messages), LineReader(ours_output, longest=LONGEST_LINE)
        process = cls(pid, os.pidfd_open(pid), messages, output, others)
        try:
            yield process
        finally:
            process.end()
            for descriptor in (ours_messages, ours_output, ours_life, process.exit_descriptor):
                os.close(descriptor)

    def wait(self, seconds: float) -> bool:
        """Until something arrives, the process is over, or `seconds` have passed. True when it is over."""
        open_pipes = [reader.descriptor for reader in (self.messages, self.output) if not reader.ended]
        readable, _, _ = select.select([self.exit_descriptor, *open_pipes], [], [], max(seconds, 0.0))
        return self.exit_descriptor in readable

    def end(self) -> None:
        """End the process group and collect the stage. Its id cannot be another's before it is collected."""
        if self.status is not None:
            return
        for _ in range(200):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)  # it may not lead its own group yet
            collected, status = os.waitpid(self.pid, os.WNOHANG)
            if collected:
                self.status = os.waitstatus_to_exitcode(status)
                strangers_end(but=self.others)
                return
            time.sleep(0.01)
        self.status = -signal.SIGKILL

    def collect(self) -> None:
        """The process is over: end what it left behind, in its group or in one of its own, and keep its exit code."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        self.status = os.waitstatus_to_exitcode(status)
        strangers_end(but=self.others)
