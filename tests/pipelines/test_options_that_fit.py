"""Options of a pipeline: what goes together, what does not and why, and that every pair of options is covered."""

from itertools import combinations

import pytest

from pipelines.domain.architecture import (
    Architecture,
    ArchitectureError,
    Deployment,
    Form,
    Problem,
    Serving,
    covering_set,
    parts,
    refusals,
    serving_parts,
    valid_combinations,
)
from pipelines.domain.choices import architecture_proposed
from pipelines.services.skeletons import lock_read, requirements_read, serving_lock_read, templates_read

EVERY = list(valid_combinations())


def test_what_does_not_fit_says_why_and_what_to_choose():
    found = refusals(Problem.BINARY, Architecture(serving=Serving.ON_DEMAND, deployment=Deployment.SERVERLESS))
    assert [refusal.axis for refusal in found] == ["serving"]
    assert found[0].sentence == (
        "Model-on-Demand does not fit. A serverless function starts for one request and ends: it keeps no queue, "
        "database or library. Choose Model-as-Service."
    )


def test_batches_are_not_served_one_by_one():
    assert refusals(Problem.BINARY, Architecture(form=Form.FORECAST))
    assert not refusals(Problem.BINARY, Architecture(form=Form.FORECAST, serving=Serving.PRECOMPUTE))


def test_an_option_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(ArchitectureError, match="Serving pattern “magic” is none of model_as_service") as refused:
        Architecture.from_json({"serving": "magic"})
    assert refused.value.where == "serving"


def test_an_axis_that_does_not_exist_is_named():
    with pytest.raises(ArchitectureError, match="no axis “colour”"):
        Architecture.from_json({"colour": "blue"})


def test_options_survive_json():
    assert all(Architecture.from_json(architecture.as_json()) == architecture for _, architecture in EVERY)


def test_the_covering_set_holds_every_pair_of_options_that_fit():
    def pairs(problem, architecture):
        return set(combinations([("problem", problem.value), *architecture.as_json().items()], 2))

    wanted = set().union(*(pairs(*combination) for combination in EVERY))
    covered = set().union(*(pairs(*combination) for combination in covering_set()))
    assert covered == wanted
    assert len(covering_set()) < len(EVERY) / 4


@pytest.mark.parametrize(
    ("texts", "serving"),
    [
        ({}, Serving.SERVICE),
        ({"making_predictions.mode": "batch"}, Serving.PRECOMPUTE),
        ({"making_predictions.mode": "real time"}, Serving.SERVICE),
        ({"making_predictions.target": "the claims queue"}, Serving.ON_DEMAND),
        ({"making_predictions.target": "as a library"}, Serving.DEPENDENCY),
    ],
)
def test_the_canvas_proposes_and_what_it_proposes_fits(texts, serving):
    proposed = architecture_proposed(texts)
    assert proposed.serving == serving
    assert not refusals(Problem.BINARY, proposed)


@pytest.mark.parametrize(("problem", "architecture"), covering_set())
def test_every_lock_pins_what_is_asked_for_and_answering_needs_no_more(problem, architecture):
    lock, serving = lock_read(architecture).decode(), serving_lock_read(architecture).decode()
    pinned = {line.split("==")[0] for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))}
    asked = {name.split(">")[0].split("[")[0] for name in requirements_read(architecture)}
    assert asked <= pinned
    assert {line for line in serving.splitlines() if "==" in line} <= set(lock.splitlines())
    assert set(serving_parts(architecture)) < set(parts(architecture))


@pytest.mark.parametrize(("problem", "architecture"), EVERY)
def test_no_two_layers_hold_the_same_file(problem, architecture):
    assert "README.md.j2" in templates_read(architecture).sources
