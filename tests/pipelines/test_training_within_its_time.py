"""How long a training may take stands in the canvas, reaches the project, and decides nothing but the training."""

import json
from dataclasses import replace
from datetime import date

import pytest

from canvas.domain.document import Header, document_of
from pipelines.domain.canvas_facts import canvas_facts
from pipelines.domain.fingerprint import file_digests, stage_source
from pipelines.domain.specification import Specification
from pipelines.domain.stage_graph import STAGES, sources_of
from tests.pipelines.projects import project_of, small_table, specification_of

PLACE = "building_models.training_time_budget"


def time_told(specification):
    return json.loads(project_of(specification).files["config/training.json"])


def test_a_duration_of_the_canvas_is_read_in_hours():
    header = Header("Triage", "Claims", "Acme", "EUR", "", "", date(2026, 1, 1), 1, 1)
    typed = {"building_models": {"training_time_budget": {"value": {"amount": 3, "unit": "days"}}}}
    fields = canvas_facts(document_of(header, typed)).fields
    assert [field.number for field in fields if f"{field.block}.{field.key}" == PLACE] == [72.0]


def test_the_time_the_canvas_allows_reaches_the_project():
    specification = specification_of(small_table(), texts={PLACE: "2 hours"}, numbers={PLACE: 2.0})
    assert time_told(specification) == {"time_budget_seconds": 7200.0, "time_budget_from": "canvas"}
    readme = project_of(specification).files["README.md"].decode()
    assert "(from the canvas): 7200 seconds" in readme
    assert "compared for at most 2 hours" in readme


def test_a_canvas_that_names_no_time_gives_the_default_and_says_so():
    specification = specification_of(small_table())
    assert time_told(specification) == {"time_budget_seconds": 600.0, "time_budget_from": "default"}
    assert "a default: the canvas names none" in project_of(specification).files["README.md"].decode()


def test_a_generation_from_before_there_was_a_time_is_read():
    plain = specification_of(small_table()).as_json()
    del plain["training_hours"]
    assert Specification.from_json(plain).training_hours is None


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_more_time_trains_again_and_leaves_the_data_as_they_are(stage):
    plain = specification_of(small_table())
    one, other = (project_of(replace(plain, training_hours=hours)).files for hours in (1.0, 2.0))
    before, after = (
        stage_source(stage.name, file_digests(files), sources_of(stage, plain.package, files), extra={})
        for files in (one, other)
    )
    assert (before != after) is (stage.name == "train")
