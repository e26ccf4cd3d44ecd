"""Reading and measuring a log, side by side with pm4py where PEER_PYTHON names a throw-away environment that has it.

`python -m benchmarks.discovery [EVENTS]` writes a seeded log, measures each reader in a process of its own, and prints
CPU seconds, peak memory and the ratios. Nothing of the peer is imported here.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

OURS = """
from planner.domain.csv_log import read_csv
from planner.domain.discovery import discover
from planner.domain.eventlog import log_statistics, pair_instances
from planner.domain.mapping import LogMapping
mapping = LogMapping(case="case", activity="activity", start="start", end="end", resource="who")
with open(path, "rb") as source:
    raw = read_csv(source, mapping)
pairs = log_statistics(raw).directly_follows_pairs
discover(pair_instances(raw))
"""
PEERS = """
import pandas, pm4py
frame = pandas.read_csv(path, keep_default_na=False)
frame = pm4py.format_dataframe(frame, case_id="case", activity_key="activity", timestamp_key="end",
    start_timestamp_key="start")
pairs = len(pm4py.discover_dfg(frame)[0])
pm4py.get_variants(frame)
"""
HARNESS = """
import json, resource, sys
path = sys.argv[1]
{body}
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({{"pairs": pairs, "cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024}}))
"""


def write_log(path: Path, events: int, rng: np.random.Generator) -> None:
    """A log of about ten events a case and thirty activities, rows in the order of completion."""
    cases = max(events // 10, 1)
    case = np.sort(rng.integers(0, cases, events))
    step = np.arange(events) - np.searchsorted(case, case)
    activity = np.minimum(29, step * 2 + rng.integers(0, 3, events))
    end = case * 300 + step * 60 + rng.integers(1, 50, events)
    start = end - rng.integers(0, 30, events)
    zero = np.datetime64("2024-01-01T00:00:00")
    frame = pd.DataFrame(
        {
            "case": np.char.add("C", case.astype("U9")),
            "activity": np.char.add("Activity ", activity.astype("U2")),
            "start": np.char.add(np.datetime_as_string(zero + start.astype("timedelta64[s]")), "Z"),
            "end": np.char.add(np.datetime_as_string(zero + end.astype("timedelta64[s]")), "Z"),
            "who": np.char.add("U", rng.integers(0, 99, events).astype("U2")),
        }
    )
    frame.iloc[np.argsort(end, kind="stable")].to_csv(path, index=False)


def measured(python: str, body: str, path: Path) -> dict[str, float]:
    """CPU seconds, peak MiB and the pairs found by `body` in a process of its own."""
    answer = subprocess.run(
        [python, "-c", HARNESS.format(body=body), str(path)], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        write_log(path, events, np.random.default_rng(7))
        ours = measured(sys.executable, OURS, path)
        print(f"{events} events: {ours['cpu']:.2f} s of CPU, {ours['mib']:.0f} MiB, {ours['pairs']} pairs")
        peer = os.environ.get("PEER_PYTHON")
        if peer:
            theirs = measured(peer, PEERS, path)
            print(f"pm4py: {theirs['cpu']:.2f} s of CPU, {theirs['mib']:.0f} MiB, {theirs['pairs']} pairs")
            ratios = theirs["cpu"] / ours["cpu"], theirs["mib"] / ours["mib"]
            print(f"ratio: {ratios[0]:.1f} times the CPU, {ratios[1]:.1f} times the memory")


if __name__ == "__main__":
    main()
