"""What takes a second to load is not loaded by a process that answers pages: the optimiser, statistics, learners."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("scipy.optimize", "scipy.stats", "sklearn")
LOAD = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
import config.urls
from planner.selectors import value_outcome
print([name for name in {heavy!r} if name in sys.modules], "planner.domain.valuation.outcome" in sys.modules)
"""


def test_the_addresses_of_the_site_load_nothing_heavy() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", LOAD.format(heavy=HEAVY)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[] True"
