"""Writes the synthetic claims example: the log, and the truth planted in it."""

import gzip
import json
from argparse import ArgumentParser
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from planner.domain.claims_log.claims import claims_generate
from planner.domain.claims_log.claims_truth import BestPossible, truth_of

SEED = 20240101
CASES = 13000
DAYS = 364
FIRST_DAY = pd.Timestamp("2024-01-01", tz="UTC")


class Command(BaseCommand):
    help = "Write the synthetic claims log and its truth. The same seed gives the same files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, default=Path(settings.BASE_DIR) / "examples", help="folder to write to")
        parser.add_argument("--cases", type=int, default=CASES)
        parser.add_argument("--seed", type=int, default=SEED)

    def handle(self, *args: Any, out: Path, cases: int, seed: int, **options: Any) -> None:
        try:
            rng = np.random.default_rng(seed)
            claims = claims_generate(cases=cases, first_day=FIRST_DAY, days=DAYS, rng=rng)
            truth = truth_json(claims, seed=seed)
        except ValueError as error:
            raise CommandError(f"{error} Give more --cases.") from error
        out.mkdir(parents=True, exist_ok=True)
        (out / "claims.csv.gz").write_bytes(packed(claims))
        (out / "claims.truth.json").write_text(json.dumps(truth, indent=2, ensure_ascii=False) + "\n")
        self.stdout.write(f"{truth['cases']} cases, {truth['events']} events in {out / 'claims.csv.gz'}")


def packed(claims: pd.DataFrame) -> bytes:
    """The log as gzipped CSV, the same bytes for the same log: no name and no time inside."""
    text = claims.to_csv(index=False, lineterminator="\n").encode()
    stream = BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as target:
        target.write(text)
    return stream.getvalue()


def truth_json(claims: pd.DataFrame, *, seed: int) -> dict[str, Any]:
    """What was planted and the best AUC any model can reach, in plain values."""
    return {
        "about": "Synthetic. Best possible AUC on the latest quarter of the labelled cases of each decision, "
        "from the generator's own probabilities.",
        "seed": seed,
        "cases": int(claims["case_id"].nunique()),
        "events": len(claims),
        "decisions": [
            {
                "key": decision.key,
                "task": decision.task,
                "target": decision.target.text,
                "verdict": decision.verdict,
                "truth": decision.truth,
                "split_at": None if table.split_at is None else table.split_at.isoformat(),
            }
            | auc_json(best)
            for decision, table, best in truth_of(claims).values()
        ],
    }


def auc_json(best: BestPossible) -> dict[str, Any]:
    """`best_auc` is the one to compare with: of order where order decides, else on the observed labels."""
    return {
        "test_cases": best.test_cases,
        "positives": best.positives,
        "best_auc": round(best.by_order if best.by_order is not None else best.on_rows, 4),
        "best_auc_from_attributes": round(best.on_rows, 4),
        "best_auc_in_the_mean": round(best.expected, 4),
    }
