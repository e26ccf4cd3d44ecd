"""Results that were kept: read in place of computing them again, and as the history of what a task was worth."""

from collections.abc import Iterable, Mapping, Sequence

from accounts.models import Workspace
from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.outcome import Brief
from planner.domain.valuation.results import brief_read
from planner.domain.valuation.valuation import FORMULA_VERSION
from planner.models import EstimateResult
from planner.selectors.value_outcome import REMEMBERED, Memory, briefs_together, forget_outcomes, outcome_known

MOST_AT_ONCE = 60
"""Tasks that are valued in brief while a page waits: about 2 ms each, beside some 70 ms for the page itself."""

Wanted = tuple[str, Case, str]
"""A fingerprint with its case and the identity of its task."""


def briefs_of(workspace: Workspace, wanted: Iterable[Wanted], *, most: int | None = MOST_AT_ONCE) -> dict[str, Brief]:
    """Each case in brief, by fingerprint: as remembered, else as kept, else valued now unless there are more than
    `most` of those.

    One query where something is not remembered.
    """
    every = {mark: (case, identity) for mark, case, identity in wanted}
    found: dict[str, Brief] = {mark: known for mark in every if (known := outcome_known(mark) or _briefs.peek(mark))}
    found |= _kept(workspace, [mark for mark in every if mark not in found])
    unknown = [mark for mark in every if mark not in found]
    if most is None or len(unknown) <= most:
        computed = briefs_together(every[mark] for mark in unknown)
        found |= {mark: _briefs.keep(mark, brief) for mark, brief in computed}
    return found


_briefs: Memory[str, Brief] = Memory(4 * REMEMBERED)
"""What was read of kept results, or valued: a fingerprint is always the same figures."""


def _kept(workspace: Workspace, marks: Sequence[str]) -> Mapping[str, Brief]:
    if not marks:
        return {}
    rows = EstimateResult.objects.of(workspace).filter(fingerprint__in=marks, formula_version=FORMULA_VERSION)
    parts = rows.values_list("fingerprint", "figures__summary", "figures__at_medians")
    read = {mark: brief_read(summary, at_medians, FORMULA_VERSION) for mark, summary, at_medians in parts}
    return {mark: _briefs.keep(mark, brief) for mark, brief in read.items() if brief is not None}


def forget_values() -> None:
    """Have nothing at hand, as a process that has just started."""
    forget_outcomes()
    _briefs.clear()
