"""Reading and measuring logs, side by side with pm4py where PEER_PYTHON names a throw-away environment that has it.

    PEER_PYTHON=peer/bin/python XES_LOG=some.xes.gz python -m benchmarks.discovery [--runs 5] [--only csv,xes]

Writes seeded logs, measures each reader in processes of its own that take turns, asserts that both find the same, and
prints medians and ratios. Nothing of the peer is imported here. Then: five million events, the layout of large graphs,
and a running app during an import.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.layout import SIZES, best_milliseconds, process_like
from benchmarks.running_app import import_while_watched
from benchmarks.side_by_side import Taken, Work, measured, measured_in_turn
from benchmarks.written_logs import write_csv, write_xes
from planner.domain.process_graph.layout import layered

CSV_EVENTS, XES_EVENTS, MANY_EVENTS = 1_000_000, 262_200, 5_000_000
SEED = 7

# Counted over the raw rows, which in a log without a lifecycle are the instances, so that both sides count the same.
_ANSWER = """
import numpy as np
named = lambda packed: [names[code] for code in np.frombuffer(packed, dtype=np.int32)]
each = lambda times: sorted([names[code], int(count)] for code, count in enumerate(times) if count)
found = {
    "pairs": sorted([names[a], names[b], int(n)] for a, b, n in zip(counts.source, counts.target, counts.count)),
    "variants": sorted([named(one), times] for one, times in counts.variants.items()),
    "starts": each(counts.starts), "ends": each(counts.ends),
}
assert statistics.directly_follows_pairs == len(found["pairs"]) and statistics.variants == len(found["variants"])
"""
_MEASURE = """
statistics = log_statistics(raw)
instances = pair_instances(raw)
discover(instances)
"""
_IMPORTS = """
from planner.domain.discovery.discovery import discover
from planner.domain.event_log.eventlog import log_statistics, pair_instances
"""
# All that the job of an import does beside the database: the events stored, and how the process really ran as JSON.
_IMPORTS_JOB = """
import io, json
from planner.domain.event_log.attribute_profile import attribute_profiles
from planner.domain.event_log.columnar import write_events
from planner.domain.discovery.discovery import discover
from planner.domain.event_log.eventlog import log_statistics, pair_instances
from planner.domain.event_log.intake import read_log
from planner.domain.event_log.mapping import LogMapping
from planner.domain.discovery.observed import observe
"""
_JOB = """
mapping = None
if path.endswith(".csv"):
    mapping = LogMapping(case="case", activity="activity", start="start", end="end", resource="who")
with open(path, "rb") as source:
    raw = read_log(source, mapping)
statistics = log_statistics(raw)
instances = pair_instances(raw)
del raw
observed = observe(instances)
profiles = attribute_profiles(instances.frame)
discovery = discover(instances)
with open(path + ".parquet", "wb") as target:
    write_events(instances.frame, target)
text = json.dumps(observed.as_json())
"""
_ANSWER_JOB = """
found = {"activities": discovery.activities, "flows": discovery.flows}
found |= {"profiles": profiles, "rejected": instances.dropped}
found = {name: [repr(one) for one in part] for name, part in found.items()}
"""
WHOLE_JOB = Work(_IMPORTS_JOB, _JOB, _ANSWER_JOB)
OUR_CSV = Work(
    _IMPORTS
    + "from planner.domain.event_log.csv_log import read_csv\nfrom planner.domain.event_log.mapping import LogMapping",
    """
mapping = LogMapping(case="case", activity="activity", start="start", end="end", resource="who")
with open(path, "rb") as source:
    raw = read_csv(source, mapping)
"""
    + _MEASURE.replace("discover(", "del raw\ndiscover("),
    """
from planner.domain.event_log.eventlog import frame_counts
counts, names = frame_counts(instances.frame), list(instances.frame["activity"].cat.categories)
"""
    + _ANSWER,
)
# What the import of an XES file runs until its rows become a frame, and the counts it makes of them.
OUR_XES = Work(
    "from planner.domain.event_log.xes_events import read_xes_events",
    """
with open(path, "rb") as source:
    log = read_xes_events(source)
counts = log.counts()
statistics = log.statistics(counts)
""",
    "names = log.texts('activity').texts" + _ANSWER,
)
_PEER_ANSWER = """
found = {
    "pairs": sorted([a, b, int(n)] for (a, b), n in pairs.items()),
    "variants": sorted([list(one), int(n)] for one, n in variants.items()),
    "starts": sorted([a, int(n)] for a, n in starts.items()),
    "ends": sorted([a, int(n)] for a, n in ends.items()),
}
"""
_PEER_MEASURE = """
pairs, starts, ends = pm4py.discover_dfg(frame)
variants = pm4py.get_variants(frame)
"""
PEER_CSV = Work(
    "import pandas, pm4py",
    """
frame = pandas.read_csv(path, keep_default_na=False)
frame = pm4py.format_dataframe(
    frame, case_id="case", activity_key="activity", timestamp_key="end", start_timestamp_key="start"
)
"""
    + _PEER_MEASURE,
    _PEER_ANSWER,
)
PEER_XES = Work("import pm4py", "frame = pm4py.read_xes(path)\n" + _PEER_MEASURE, _PEER_ANSWER)


def beside(title: str, ours: Work, theirs: Work, path: Path, runs: int) -> None:
    """Print both and the ratios; refuse where they do not find the same."""
    print(f"\n{title}, median of {runs}")
    peer = os.environ.get("PEER_PYTHON")
    if not peer:
        print(f"  ours    {measured(sys.executable, ours, str(path), runs)}")
        print("  PEER_PYTHON names no environment with pm4py: nothing to compare with.")
        return
    our, their = measured_in_turn([(sys.executable, ours), (peer, theirs)], str(path), runs)
    print(f"  ours    {our}\n  pm4py   {their}\n  ratios  {_ratios(our, their)}")
    if our.digest != their.digest:
        raise SystemExit(f"Pairs, variants, starts or ends differ: {our.counts} here, {their.counts} there.")
    print("  pairs with counts, variants with counts, start and end activities: the same")


def _ratios(our: Taken, their: Taken) -> str:
    names = {"cpu": "CPU", "wall": "time at work", "mib": "peak memory", "beyond": "memory beyond the imports"}
    return ", ".join(f"{words} {getattr(their, name) / getattr(our, name):.1f}" for name, words in names.items())


def csv(folder: Path, runs: int) -> None:
    write_csv(folder / "log.csv", CSV_EVENTS, np.random.default_rng(SEED))
    beside(f"CSV of {CSV_EVENTS} events", OUR_CSV, PEER_CSV, folder / "log.csv", runs)


def xes(folder: Path, runs: int) -> None:
    given = os.environ.get("XES_LOG")
    path = Path(given) if given else folder / "log.xes.gz"
    if not given:
        write_xes(path, XES_EVENTS, np.random.default_rng(SEED))
    beside(f"XES.gz, {'the one given' if given else f'{XES_EVENTS} events'}", OUR_XES, PEER_XES, path, runs)


def many(folder: Path, runs: int) -> None:
    path = folder / "many.csv"
    write_csv(path, MANY_EVENTS, np.random.default_rng(SEED))
    print(f"\nCSV of {MANY_EVENTS} events")
    for title, work in (("reading and discovery", OUR_CSV), ("the import as a whole", WHOLE_JOB)):
        print(f"  {title:<22} {measured(sys.executable, work, str(path), min(runs, 3))}")
    path.unlink()


def job(folder: Path, runs: int) -> None:
    print("\nThe import as a whole, with how the process really runs, profiles, rejected rows and the stored events")
    write_csv(folder / "job.csv", CSV_EVENTS, np.random.default_rng(SEED))
    write_xes(folder / "job.xes.gz", XES_EVENTS, np.random.default_rng(SEED))
    for title, name in ((f"CSV of {CSV_EVENTS} events", "job.csv"), (f"XES.gz of {XES_EVENTS} events", "job.xes.gz")):
        print(f"  {title:<24} {measured(sys.executable, WHOLE_JOB, str(folder / name), runs)}")


def layout(_: Path, runs: int) -> None:
    print("\nLayout of process-like graphs (the same as benchmarks.layout, there beside networkx)")
    for size in SIZES:
        names, edges = process_like(size, np.random.default_rng(SEED))
        spent = best_milliseconds(partial(layered, names, edges, names[:1]), runs)
        print(f"  {size} nodes, {len(edges)} flows: {spent:.0f} ms of CPU, the least of {runs}")


def app(folder: Path, _: int) -> None:
    path = folder / "log.csv"
    if not path.exists():
        write_csv(path, CSV_EVENTS, np.random.default_rng(SEED))
    print(f"\nA running app while a CSV of {CSV_EVENTS} events is imported")
    import_while_watched(path, folder / "data")


FIGURES: dict[str, Callable[[Path, int], None]] = {
    "csv": csv,
    "xes": xes,
    "job": job,
    "many": many,
    "layout": layout,
    "app": app,
}


def main() -> None:
    asked = argparse.ArgumentParser(description="Measure reading and discovery, beside pm4py where it is there.")
    asked.add_argument("--runs", type=int, default=5, help="how often each is measured")
    asked.add_argument("--only", default=",".join(FIGURES), help="some of " + ", ".join(FIGURES))
    given = asked.parse_args()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, load {load:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        for name in given.only.split(","):
            FIGURES[name](Path(folder), given.runs)


if __name__ == "__main__":
    main()
