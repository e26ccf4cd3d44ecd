"""What the canvas says decides what the project does, and each steered file says so."""

import json

import pytest

from pipelines.domain.acceptance import Limit, checks_read, limits_read
from pipelines.domain.architecture import Architecture, Form, Serving
from pipelines.domain.designing import SpecificationError, values_read
from pipelines.domain.fingerprint import file_digests, stage_source
from pipelines.domain.stage_graph import BY_NAME, STAGES, sources_of
from planner.domain.foresight.targets import Problem
from tests.pipelines.projects import project_of, small_table, specification_of


def test_the_cost_matrix_reaches_the_decision_file():
    decision = json.loads(project_of(specification_of(small_table())).files["config/decision.json"])
    assert decision["values"] == {"tp": 40.0, "fp": -25.0, "fn": -40.0, "tn": 10.0, "currency": "EUR", "known": True}


def test_a_missing_value_is_not_invented():
    found = values_read({"impact_simulation.value_tp": 5.0}, currency="EUR")
    assert not found.known
    assert (found.tp, found.fp, found.fn, found.tn) == (1, -1, -1, 1)


def test_limits_of_the_canvas_become_checks():
    checks, unread = limits_read([Limit("recall", ">=", 0.62), Limit("false alarm rate", "<=", 0.1)])
    assert [(check.metric, check.sign, check.needed) for check in checks] == [
        ("recall", ">=", 0.62),
        ("false_positive_rate", "<=", 0.1),
    ]
    assert unread == ""


def test_what_nobody_can_measure_waits_for_a_person():
    assert limits_read([Limit("happiness", ">=", 4)]) == ((), "happiness >= 4")
    assert checks_read("users like it")[1] == "users like it"


def test_every_steered_file_names_its_canvas_field():
    specification = specification_of(small_table())
    files = project_of(specification).files
    package = f"src/{specification.package}"
    for name in ("impact.py", "schema.py", "candidates.py", "judging.py", "stages/test.py", "service.py", "rule.py"):
        assert b"Steered by the canvas" in files[f"{package}/{name}"], name


@pytest.mark.parametrize(
    ("architecture", "names"),
    [
        (
            Architecture(Form.FORECAST, Serving.PRECOMPUTE),
            ("open_cases.py", "precomputing.py", "service.py", "store_settings.py", "stages/serve_smoke.py"),
        ),
        (
            Architecture(serving=Serving.DEPENDENCY),
            ("library.py", "wheel_building.py", "stages/serve_smoke.py"),
        ),
    ],
)
def test_every_steered_file_of_a_pattern_names_its_canvas_field(architecture, names):
    specification = specification_of(small_table(), architecture=architecture)
    files = project_of(specification).files
    for name in names:
        assert b"Steered by the canvas" in files[f"src/{specification.package}/{name}"], name


def test_the_canvas_carries_its_licence_and_author():
    canvas = project_of(specification_of(small_table())).files["docs/canvas.md"].decode()
    assert "Louis Dorard" in canvas
    assert "https://www.ownml.co" in canvas
    assert "CC BY-SA 4.0" in canvas


def test_the_readme_tells_the_plan():
    readme = project_of(specification_of(small_table())).files["README.md"].decode()
    assert "worth 148000 EUR over 5 years" in readme
    assert "Chance that it loses money: 0.08" in readme


def test_an_outcome_that_never_differs_is_refused_in_words():
    made = small_table()
    frame = made.table.frame.assign(label="yes")
    table = type(made.table)(**{**vars(made.table), "frame": frame})
    with pytest.raises(SpecificationError, match="takes 1 values in the rows"):
        specification_of(type(made)(table, made.truth))


@pytest.mark.parametrize("problem", [Problem.BINARY, Problem.MULTICLASS, Problem.REGRESSION])
def test_each_kind_of_answer_is_described(problem):
    features = json.loads(project_of(specification_of(small_table(problem))).files["config/features.json"])
    assert features["label"]["task"] == problem.value
    assert bool(features["label"]["classes"]) == (problem is not Problem.REGRESSION)


def test_a_changed_cost_leaves_training_alone_and_evaluates_again():
    specification = specification_of(small_table())
    before = file_digests(project_of(specification).files)
    after = before | {"config/decision.json": "changed"}

    def sources(digests):
        return {
            stage.name: stage_source(stage.name, digests, sources_of(stage, specification.package, digests), extra={})
            for stage in STAGES
        }

    changed = {name for name, source in sources(before).items() if source != sources(after)[name]}
    assert changed == {"evaluate", "test", "package", "serve_smoke"}


def test_every_stage_is_a_module_of_the_project_and_its_sources_exist():
    specification = specification_of(small_table())
    files = project_of(specification).files
    for name, stage in BY_NAME.items():
        assert f"src/{specification.package}/stages/{name}.py" in files
        assert f"src/{specification.package}/stages/{name}.py" in sources_of(stage, specification.package, files)
