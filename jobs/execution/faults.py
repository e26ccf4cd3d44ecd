"""The ways in which the work of a stage may end on purpose without an output."""

FULL_DISK_WAIT_S = 30.0
"""How long a stage that met a full disk is put off, again and again until there is space or it is cancelled."""


class UserFault(Exception):
    """The input is at fault, not the code: the sentence is shown as it is and nothing is tried again."""


class NotYet(Exception):
    """What the stage needs is not there yet: it is tried again after `wait_s` seconds, and no error is counted.

    The sentence is shown as the reason while it waits.
    """

    def __init__(self, message: str, *, wait_s: float) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class StageFailed(Exception):
    """A command of the stage failed; tried again a bounded number of times, as any other fault of the code.

    `returncode` is that of the command (negative: ended by that signal), `tail` its last lines.
    """

    def __init__(self, message: str, *, returncode: int = 1, tail: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.returncode = returncode
        self.tail = tail
