"""Results that were kept: read in place of computing them again, and as the history of what a task was worth."""

from collections.abc import Iterable, Mapping, Sequence

from accounts.models import Workspace
from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.outcome import Brief
from planner.domain.valuation.results import brief_read
from planner.domain.valuation.valuation import FORMULA_VERSION
from planner.models import EstimateResult
from planner.selectors.value_outcome import fingerprint, outcome_known, outcome_of

MOST_AT_ONCE = 80
"""Tasks that are valued while a page waits: about 2 ms each."""

Wanted = tuple[Case, str]
"""A case and the identity of its task."""


def briefs_of(
    workspace: Workspace, wanted: Iterable[Wanted], *, most: int | None = MOST_AT_ONCE
) -> dict[Wanted, Brief]:
    """Each case in brief: as remembered, else as kept, else valued now unless there are more than `most` of those.

    One query where something is not remembered.
    """
    every = dict.fromkeys(wanted)
    cold = [each for each in every if not outcome_known(*each)]
    kept = _kept(workspace, [fingerprint(*each) for each in cold])
    unknown = [each for each in cold if fingerprint(*each) not in kept]
    left = set(unknown) if most is not None and len(unknown) > most else set()
    return {each: kept.get(fingerprint(*each)) or outcome_of(*each) for each in every if each not in left}


def _kept(workspace: Workspace, fingerprints: Sequence[str]) -> Mapping[str, Brief]:
    if not fingerprints:
        return {}
    rows = EstimateResult.objects.of(workspace).filter(fingerprint__in=fingerprints, formula_version=FORMULA_VERSION)
    read = {
        found: brief_read(figures, FORMULA_VERSION) for found, figures in rows.values_list("fingerprint", "figures")
    }
    return {found: brief for found, brief in read.items() if brief is not None}
