"""Rounds of random faults as a table for docs/faults.md: `python -m tests.faults.report FILE` (see FAULT_REPORT)."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median

HEAD = [
    "| database | rounds | held | seconds: median, longest | longest standstill (s) | start of processes (s) |",
    "|---|---|---|---|---|---|",
]


def table(rounds: Iterable[Mapping[str, object]]) -> str:
    """Markdown: a line a database, the seeds that did not hold, and how often each fault was drawn."""
    told = list(rounds)
    databases = sorted({str(one["database"]) for one in told})
    lines = [*HEAD, *(_line(name, [one for one in told if one["database"] == name]) for name in databases)]
    lost = [f"{one['database']} {one['seed']}" for one in told if not one["held"]]
    drawn = Counter(fault for one in told for fault in _faults(one))
    said = ", ".join(f"{fault} {times}" for fault, times in sorted(drawn.items()))
    return "\n".join([*lines, "", f"Seeds that did not hold: {', '.join(lost) or 'none'}.", f"Faults: {said}."])


def _line(database: str, rounds: list[Mapping[str, object]]) -> str:
    taken, still, starting = ([float(str(one[name])) for one in rounds] for name in ("seconds", "still", "starting"))
    held = sum(bool(one["held"]) for one in rounds)
    times = f"{median(taken):.0f}, {max(taken):.0f} | {max(still):.1f} | {min(starting):.0f} to {max(starting):.0f}"
    return f"| {database} | {len(rounds)} | {held} | {times} |"


def _faults(one: Mapping[str, object]) -> list[str]:
    found = one["faults"]
    return [str(fault) for fault in found] if isinstance(found, list) else []


if __name__ == "__main__":
    file = Path(sys.argv[1])
    stories = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    sys.stdout.write(f"{table(stories)}\n" if stories else "No round was run.\n")
