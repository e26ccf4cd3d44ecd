"""No broken XES crashes the reader, and none holds it: some hundreds here, very many in `make test-faults`."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from planner.domain.discovery.discovery import discover
from planner.domain.event_log.eventlog import LogError, log_statistics, pair_instances
from planner.domain.event_log.intake import preview_log, read_log
from tests.planner.fuzzing import broken_xes
from tests.planner.logs import stream

HANGS_AFTER = 20
"""Seconds; every one of these logs is a few kilobytes."""


@contextmanager
def watched(seed: int) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise AssertionError(f"The log of seed {seed} holds the reader.")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, HANGS_AFTER)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def outcome(seed: int) -> str:
    data = broken_xes(seed)
    with watched(seed):
        try:
            preview_log(stream(data))
            raw = read_log(stream(data), None)
            found = discover(pair_instances(raw))
        except LogError as problem:
            return "refused" if problem.sentence else "refused without a word"
    return "read" if found.cases and log_statistics(raw).events == len(raw.frame) else "read wrong"


def test_some_hundred_broken_logs_are_read_or_refused() -> None:
    found = Counter(outcome(seed) for seed in range(400))
    assert set(found) == {"read", "refused"}
    assert min(found["read"], found["refused"]) > 20, "a generator that breaks all or nothing tests nothing"


@pytest.mark.faults
@pytest.mark.parametrize("part", range(20))
def test_very_many_broken_logs_are_read_or_refused(part: int) -> None:
    found = Counter(outcome(seed) for seed in range(1_000 * part, 1_000 * (part + 1)))
    assert set(found) == {"read", "refused"}
