"""The ways cases take: each different sequence of activities is a variant."""

from dataclasses import dataclass

import numpy as np

from planner.domain.discovery.grouped import Ints, group_quantiles
from planner.domain.discovery.traces import Traces
from planner.domain.event_log.log_counts import sequences

VARIANTS_KEPT = 500
"""Variants kept whole; the rest is counted and summed up."""
STEPS_KEPT = 200
"""Steps kept of a variant's sequence; `length` is always the whole."""
MOST_CASES = 0.8


@dataclass(frozen=True)
class VariantFacts:
    """One variant. Shares are of all cases; `cumulative_share` counts it and all more frequent ones.

    `sequence` holds places in the list of activities. `example` is a case of it, of about its median duration.
    """

    rank: int
    cases: int
    share: float
    cumulative_share: float
    sequence: tuple[int, ...]
    length: int
    duration_median_hours: float | None
    duration_p90_hours: float | None
    example: str


@dataclass(frozen=True)
class Variants:
    """The most frequent variants, and what the others add up to.

    `for_most_cases` is how many of the most frequent it takes to cover MOST_CASES of all cases; `single` how many
    variants have one case only.
    """

    kept: tuple[VariantFacts, ...]
    total: int
    rest_variants: int
    rest_cases: int
    single: int
    for_most_cases: int


def variants(traces: Traces, most: int = VARIANTS_KEPT) -> Variants:
    """Variants by frequency; of equally frequent ones the one seen first comes first."""
    texts = sequences(traces.case, traces.activity)
    numbers: dict[bytes, int] = {}
    variant = np.fromiter((numbers.setdefault(text, len(numbers)) for text in texts), np.int64, len(texts))
    counts = np.bincount(variant)
    order = np.argsort(-counts, kind="stable")
    covered = np.cumsum(counts[order]) / traces.cases
    median, late = group_quantiles(variant, traces.duration, len(counts), (0.5, 0.9))
    example = _typical(variant, traces.duration)
    names = list(numbers)
    kept = tuple(
        VariantFacts(
            rank=rank + 1,
            cases=int(counts[number]),
            share=float(counts[number] / traces.cases),
            cumulative_share=float(covered[rank]),
            sequence=tuple(np.frombuffer(names[number], np.int32)[:STEPS_KEPT].tolist()),
            length=len(names[number]) // 4,
            duration_median_hours=round(float(median[number]), 6),
            duration_p90_hours=round(float(late[number]), 6),
            example=str(traces.case_names.iloc[traces.first[example[number]]]),
        )
        for rank, number in enumerate(order[:most].tolist())
    )
    return Variants(
        kept=kept,
        total=len(counts),
        rest_variants=len(counts) - len(kept),
        rest_cases=traces.cases - sum(each.cases for each in kept),
        single=int((counts == 1).sum()),
        for_most_cases=int(np.searchsorted(covered, MOST_CASES - 1e-12) + 1),
    )


def _typical(variant: Ints, duration: np.ndarray) -> Ints:
    """By variant: the case in the middle of its cases by duration (the shorter of two)."""
    order = np.lexsort((duration, variant))
    count = np.bincount(variant)
    return np.asarray(order[np.cumsum(count) - count + (count - 1) // 2])
