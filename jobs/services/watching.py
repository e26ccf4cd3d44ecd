"""Takes back stages whose worker gave no sign of life for the lease, by this process's own monotonic clock."""

import time
from collections.abc import Sequence

from django.conf import settings

from jobs.domain.watching import StillnessWatch
from jobs.models import Stage
from jobs.services.recovery import stage_reap


class Reaper:
    """Looks again and again; remembers the beats it saw."""

    def __init__(self, run_ids: Sequence[int] | None = None) -> None:
        self._run_ids = None if run_ids is None else list(run_ids)
        self._watch: StillnessWatch[tuple[int, str]] = StillnessWatch(settings.JOBS_LEASE_SECONDS / 4)

    def look(self) -> int:
        """One look. Gives how many stages were taken back."""
        running = Stage.objects.running()
        if self._run_ids is not None:
            running = running.filter(run_id__in=self._run_ids)
        beats = {(pk, token): beat for pk, token, beat in running.values_list("pk", "token", "beat")}
        silent = self._watch.look(time.monotonic(), beats, lambda _: settings.JOBS_LEASE_SECONDS)
        return sum(stage_reap(stage_id=pk, token=token, beat=beats[pk, token]) for pk, token in silent)
