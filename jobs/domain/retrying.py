"""When to try again: after a fault of the code, after the loss of a worker, after a bell nobody answered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RetryPolicy:
    """How often a stage is tried again. Errors (it failed) and losses (its worker died) are counted apart.

    `first_delay_s` seconds before the second try, then `growth` times as long each time, at most `longest_delay_s`.
    """

    most_errors: int = 3
    most_losses: int = 5
    first_delay_s: float = 1.0
    growth: float = 4.0
    longest_delay_s: float = 60.0

    def delay_s(self, errors: int) -> float:
        """Seconds to wait after the `errors`-th error (1 is the first).

        >>> [RetryPolicy().delay_s(errors) for errors in (1, 2, 3, 4, 5)]
        [1.0, 4.0, 16.0, 60.0, 60.0]
        """
        return min(self.first_delay_s * self.growth ** (errors - 1), self.longest_delay_s)

    def gives_up_after_error(self, errors: int) -> bool:
        return errors >= self.most_errors

    def gives_up_after_loss(self, losses: int) -> bool:
        return losses >= self.most_losses


RETRY_POLICY = RetryPolicy()
LONGEST_RING_DELAY_S = 600.0


def ring_delay_s(rung: int, *, lease_s: float) -> float:
    """Seconds a stage rung `rung` times (1 or more) may stay unclaimed before the bell is rung again: the lease first.

    Ringing every second flooded the queue (8,134 messages for 10,000 stages), so the wait doubles, up to ten minutes.

    >>> [ring_delay_s(rung, lease_s=30) for rung in (1, 2, 3, 6, 50)]
    [30.0, 60.0, 120.0, 600.0, 600.0]
    """
    return float(min(lease_s * 2.0 ** min(rung - 1, 10), LONGEST_RING_DELAY_S))
