"""Generated projects of every kind of answer, unpacked elsewhere: `make setup`, `make test`, `make pipeline`, a server.

The environment is fresh: built from the project's own lock by its own Makefile.
"""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from pipelines.domain.architecture import Architecture
from pipelines.services.environments import environment_python
from pipelines.services.skeletons import lock_read
from planner.domain.foresight.targets import Problem
from tests.generated.unpacking import borrow_environment, clean_environment, make, unpacked
from tests.pipelines.projects import project_of, specification_of, with_rows
from tests.pipelines.tables import made_table

HOSTILE = "It's \"quoted\"\n🙂 {{ 7*7 }} ${{ x }} ''' $(id) </script> \x07"


def test_a_project_with_hostile_texts_passes_its_own_tests_and_lint(tmp_path: Path) -> None:
    made = made_table(rows=400, seed=2)
    texts = dict.fromkeys(("value_proposition.end_user", "decisions.action", "monitoring.note"), HOSTILE)
    root = unpacked(project_of(specification_of(made, title=HOSTILE, texts=texts)), tmp_path)
    borrow_environment(root)
    assert "passed" in make(root, "test")
    make(root, "lint")


@pytest.mark.generated
@pytest.mark.parametrize("problem", list(Problem))
def test_every_kind_of_project_runs_in_a_fresh_environment(problem: Problem, tmp_path: Path) -> None:
    made = made_table(rows=500 if problem is Problem.FORECASTING else 1500, seed=4, problem=problem)
    root = unpacked(with_rows(made, specification_of(made)), tmp_path)
    assert "passed" in make(root, "setup", "test")
    make(root, "pipeline")
    accepted = json.loads((root / "work/test/acceptance.json").read_text(encoding="utf-8"))
    assert accepted["accepted"], accepted
    smoke = json.loads((root / "work/serve_smoke/smoke.json").read_text(encoding="utf-8"))
    assert smoke["refused_bad_row"]
    assert smoke["logged"] >= smoke["rows"]


@pytest.mark.generated
def test_two_runs_of_the_same_project_give_the_same_figures(tmp_path: Path) -> None:
    made = made_table(rows=900, seed=6)
    project = with_rows(made, specification_of(made))
    found = []
    for name in ("one", "two"):
        root = unpacked(project, tmp_path / name)
        borrow_environment(root)
        make(root, "pipeline")
        found.append((root / "work/evaluate/metrics.json").read_text(encoding="utf-8"))
        shutil.rmtree(root)
    assert found[0] == found[1]


@pytest.mark.generated
def test_the_model_is_nearly_as_good_as_the_truth_allows(tmp_path: Path) -> None:
    made = made_table(rows=12_000, seed=3, noise_columns=35)
    root = unpacked(with_rows(made, specification_of(made)), tmp_path)
    borrow_environment(root)
    make(root, "pipeline")
    metrics = json.loads((root / "work/evaluate/metrics.json").read_text(encoding="utf-8"))
    test = (made.table.frame["part"] == "test").to_numpy(bool)
    best = roc_auc_score((made.table.frame["label"] == "yes")[test], made.truth[test])
    assert abs(metrics["model"]["auc"] - best) <= 0.03
    assert metrics["rows"]["test"] >= 2000


@pytest.mark.generated
def test_chance_is_not_accepted_and_that_is_no_error(tmp_path: Path) -> None:
    made = made_table(rows=2000, seed=8)
    shuffled = made.table.frame.assign(label=np.random.default_rng(1).permutation(made.table.frame["label"]))
    table = type(made.table)(**{**vars(made.table), "frame": shuffled})
    chance = type(made)(table, made.truth)
    root = unpacked(with_rows(chance, specification_of(chance)), tmp_path)
    borrow_environment(root)
    make(root, "pipeline")
    verdict = json.loads((root / "work/test/acceptance.json").read_text(encoding="utf-8"))
    assert not verdict["accepted"]
    assert not verdict["beats_rule"]


@pytest.mark.generated
def test_a_model_file_that_could_execute_code_is_refused(tmp_path: Path) -> None:
    made = made_table(rows=300, seed=9)
    root = unpacked(project_of(specification_of(made)), tmp_path)
    script = (
        "import functools, os, pathlib, skops.io\n"
        "skops.io.dump({'members': [functools.partial(os.system, 'touch gone')]}, 'bad.skops')\n"
        "from triage_claim_model.model_file import model_load\n"
        "try:\n    model_load(pathlib.Path('bad.skops'))\n"
        "except ValueError as error:\n    print('refused', error)\n"
    )
    done = subprocess.run(
        [str(environment_python(lock_read(Architecture()))), "-c", script],
        cwd=root, env=clean_environment(root) | {"PYTHONPATH": "src"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "refused" in done.stdout, done.stdout + done.stderr
    assert not (root / "gone").exists()
