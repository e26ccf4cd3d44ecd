"""How well generated projects foresee an outcome of a real log, task by task, beside the rule they have to beat.

    XES_LOG=some.xes.gz python -m benchmarks.foresight --outcome A_APPROVED --others A_DECLINED,A_CANCELLED

The first 80 % of the cases of the log by their start learn, if their outcome was known before the next one began; the
rest test. For each task at which the outcome is still open it builds the training table, generates the project, runs
its stages up to the evaluation in its own environment, and prints the area under the ROC curve of rule and model on the
later cases: once from the plain features of the case, once from all of them. With `--keep FILE` the log is read once
and kept as columns for the next time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import json  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from benchmarks.generator import unpacked  # noqa: E402
from pipelines.domain.architecture import Architecture  # noqa: E402
from pipelines.domain.designing import CanvasFacts, SpecificationError, specification_make  # noqa: E402
from pipelines.domain.table_data import table_facts, table_rows  # noqa: E402
from pipelines.services.designing import render  # noqa: E402
from pipelines.services.environments import environment_python  # noqa: E402
from pipelines.services.skeletons import lock_read  # noqa: E402
from planner.domain.event_log.columnar import read_events, write_events  # noqa: E402
from planner.domain.event_log.eventlog import pair_instances  # noqa: E402
from planner.domain.event_log.intake import read_log  # noqa: E402
from planner.domain.foresight.arranged_log import ArrangedLog, log_arrange, timestamps  # noqa: E402
from planner.domain.foresight.feature_kinds import FeatureGroup  # noqa: E402
from planner.domain.foresight.targets import TargetError, TargetSpec  # noqa: E402
from planner.domain.foresight.training_table import PURGED, TEST, TRAIN, TrainingTable, table_of  # noqa: E402

LEARN_SHARE = 0.8
STAGES = ("ingest", "validate", "prepare", "split", "baseline", "train", "evaluate")
FEWEST = 200
"""Rows of the test below which an area says too little."""

PLAIN = {
    "events_before", "last_activity", "last_resource", "elapsed_hours", "hours_since_last_event", "weekday", "hour",
}  # fmt: skip
"""Beside the attributes and how often each activity was done: what is known without looking further."""

RUN = "import sys; from {package}.__main__ import main; [main([stage]) for stage in {stages!r}]"


def events_of(path: Path, keep: Path | None) -> pd.DataFrame:
    """The log's events, read from what was kept of an earlier time where there is such."""
    if keep is not None and keep.exists():
        with keep.open("rb") as source:
            return read_events(source)
    with path.open("rb") as source:
        events = pair_instances(read_log(source, None)).frame
    if keep is not None:
        with keep.open("wb") as sink:
            write_events(events, sink)
    return events


def by_start(table: TrainingTable, log: ArrangedLog) -> TrainingTable:
    """The table split by when cases began instead of by when they came to the task."""
    begun = timestamps(np.sort(log.begun))
    split_at = pd.Timestamp(begun.iloc[int(len(begun) * LEARN_SHARE)])
    starts = timestamps(log.begun).set_axis(log.cases.astype(str))
    frame = table.frame.assign(moment=table.frame["case"].astype(str).map(starts))
    before, known = frame["moment"] < split_at, frame["known_at"] < split_at
    part = np.select([before & known, before], [TRAIN, PURGED], TEST)
    frame = frame.assign(part=pd.Series(part, index=frame.index, dtype="string"))
    return replace(table, frame=frame.sort_values("moment", kind="stable").reset_index(drop=True), split_at=split_at)


def plain(table: TrainingTable) -> TrainingTable:
    """Without what the order, the other cases and earlier outcomes tell beyond the plainest."""
    kept = tuple(
        feature
        for feature in table.features
        if feature.group is FeatureGroup.ATTRIBUTE or feature.name.startswith("done_") or feature.name in PLAIN
    )
    return replace(table, features=kept)


def judged(table: TrainingTable) -> dict[str, Any]:
    """The metrics of the project generated for a table; all its stages in one process."""
    facts = table_facts(table)
    canvas = CanvasFacts("Outcome", "Log", [], 1, "")
    spec = specification_make(canvas, facts, planned=None, architecture=Architecture(), lock_digest="0" * 64)
    python = environment_python(lock_read(Architecture()))
    with tempfile.TemporaryDirectory() as folder:
        root = unpacked(render(spec, table_rows(table, spec)), Path(folder))
        subprocess.run(
            [str(python), "-c", RUN.format(package=spec.package, stages=STAGES)],
            check=True, capture_output=True, text=True, cwd=root,
            env={**os.environ, "PYTHONPATH": "src", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        metrics: dict[str, Any] = json.loads((root / "work/evaluate/metrics.json").read_text(encoding="utf-8"))
    return metrics


def line_of(task: str, table: TrainingTable) -> str:
    """A line of the report; what failed is said in it."""
    began = time.perf_counter()
    try:
        before, metrics = judged(plain(table)), judged(table)
    except (SpecificationError, subprocess.CalledProcessError) as failed:
        print(f"{task}: {getattr(failed, 'stderr', '') or failed}", file=sys.stderr)
        return f"| {task} | {len(table.frame)} | {len(table.test)} | – | – | – |"
    model, rule = metrics["model"], metrics["rule"]
    interval = f"({model['auc_low']:.3f} to {model['auc_high']:.3f})"
    print(f"{task}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return (
        f"| {task} | {len(table.frame)} | {metrics['rows']['test']} | {rule['auc']:.3f} "
        f"| {before['model']['auc']:.3f} | {model['auc']:.3f} {interval} |"
    )


def tables(log: ArrangedLog, outcome: str, others: tuple[str, ...]) -> list[tuple[str, TrainingTable]]:
    """The tables of all tasks at which the outcome is open, by task."""
    found = []
    for task in log.activities:
        target = TargetSpec.later(task=task, activity=outcome, alternatives=others)
        try:
            table = by_start(table_of(log, target, pseudonym_key=b"benchmark"), log)
        except TargetError:
            continue
        if len(table.test) >= FEWEST and table.train["label"].nunique() == 2 == table.test["label"].nunique():
            found.append((task, table))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outcome", required=True)
    parser.add_argument("--others", required=True)
    parser.add_argument("--keep", type=Path, help="a file the log is kept in, as columns")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="projects run side by side")
    parser.add_argument("--only", default="", help="tasks to look at, separated by commas")
    given = parser.parse_args()
    began = time.perf_counter()
    log = log_arrange(events_of(Path(os.environ["XES_LOG"]), given.keep))
    read = time.perf_counter()
    only = set(filter(None, given.only.split(",")))
    wanted = [
        (task, table)
        for task, table in tables(log, given.outcome, tuple(given.others.split(",")))
        if not only or task in only
    ]
    built = time.perf_counter()
    print(f"read in {read - began:.0f} s, {len(wanted)} tables in {built - read:.0f} s", file=sys.stderr, flush=True)
    print("| task | cases | tested | AUC of the rule | AUC, plain features | AUC of the model |")
    print("|---|---:|---:|---:|---:|---:|", flush=True)
    with ThreadPoolExecutor(given.jobs) as pool:
        for line in pool.map(lambda one: line_of(*one), wanted):
            print(line, flush=True)


if __name__ == "__main__":
    main()
