"""How long an invitation lives and whether it can still be used. Its random part is drawn outside and handed in."""

from datetime import datetime, timedelta
from typing import Final, Literal

LIFETIME: Final = timedelta(days=7)
MARK: Final = "ti_"

State = Literal["open", "expired", "used"]


def invitation_state(*, expires_at: datetime, accepted_at: datetime | None, now: datetime) -> State:
    """Whether a link still works.

    >>> noon = datetime(2026, 1, 1, 12)
    >>> invitation_state(expires_at=noon + LIFETIME, accepted_at=None, now=noon)
    'open'
    >>> invitation_state(expires_at=noon, accepted_at=None, now=noon)
    'expired'
    >>> invitation_state(expires_at=noon + LIFETIME, accepted_at=noon, now=noon)
    'used'
    """
    if accepted_at is not None:
        return "used"
    return "open" if now < expires_at else "expired"
