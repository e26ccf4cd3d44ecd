"""Two to four runs beside each other: what differs first, the best marked, and what cannot be compared refused."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from pipelines.domain.comparison import best_places, figures_section, texts_section
from pipelines.models import PipelineRun
from tests.conftest import Cast
from tests.pipelines.made_generations import generation_made, pipeline_made
from tests.pipelines.made_runs import run_made, stage_made

PARTS = {
    "parameters": {"decision.values.tp": "40", "settings.seed": "1"},
    "code": {"src/model/a.py": "aa", "src/model/b.py": "bb"},
}


@pytest.fixture
def runs(cast: Cast) -> list[PipelineRun]:
    """Three runs: of the second a parameter and a file are others, and its AUC is higher."""
    pipeline = pipeline_made(cast.workspace)
    generation_made(pipeline)
    found = []
    for place, auc in enumerate((0.7, 0.8, 0.7)):
        run = run_made(pipeline)
        changed = {"decision.values.tp": "55"} if place == 1 else {}
        code = {"src/model/b.py": "b2"} if place == 1 else {}
        parts = {"parameters": PARTS["parameters"] | changed, "code": PARTS["code"] | code}
        metrics = {"task": "binary", "model": {"auc": auc, "auc_low": auc - 0.05, "auc_high": auc + 0.05}}
        stage_made(run, "train", begins=0, seconds=4 + place, fingerprint_parts=parts)
        stage_made(run, "evaluate", begins=9, results={"metrics": metrics}, fingerprint_parts=parts)
        found.append(run)
    return found


def address(found: list[PipelineRun]) -> str:
    query = "&".join(f"run={each.pk}" for each in found)
    return f"{reverse('pipelines:compare', args=['acme', found[0].pipeline_id])}?{query}"


@pytest.mark.django_db
def test_what_differs_stands_before_what_is_the_same(cast: Cast, runs: list[PipelineRun]) -> None:
    page = cast.browser(cast.viewer).get(address(runs[:2])).content.decode()
    assert "These runs differ in parameters and code" in page
    parameters, code = page[page.index(">Parameters<") : page.index(">Data<")], page[page.index(">Code<") :]
    assert (
        parameters.index("decision.values.tp") < parameters.index("the same in all") < parameters.index("settings.seed")
    )
    assert "src/model/b.py" in code
    assert "src/model/a.py" not in code
    assert "0.75 to 0.85" in page
    assert "5.0 s" in page


@pytest.mark.django_db
def test_runs_that_rest_on_the_same_say_so(cast: Cast, runs: list[PipelineRun]) -> None:
    page = cast.browser(cast.viewer).get(address([runs[0], runs[2]])).content.decode()
    assert "Nothing differs in what these runs rest on" in page


@pytest.mark.django_db
def test_the_api_tells_the_same(cast: Cast, runs: list[PipelineRun]) -> None:
    where = f"/api/v1/pipelines/{runs[0].pipeline_id}/compare/?workspace=acme&run={runs[1].pk},{runs[0].pk}"
    told = cast.browser(cast.viewer).get(where).json()
    assert [run["id"] for run in told["runs"]] == [runs[0].pk, runs[1].pk]
    figures = next(section for section in told["sections"] if section["title"] == "Figures")["rows"]
    assert figures[0]["best"] == [1]
    assert figures[0]["cells"][1] == {"text": "", "value": 0.8, "low": 0.75, "high": pytest.approx(0.85)}


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["", "1", "1,2,3,4,5", "x,y", "1,1", "999999999999999999999999,2", "0,-1"])
def test_what_cannot_be_compared_is_a_sentence(cast: Cast, runs: list[PipelineRun], asked: str) -> None:
    pipeline = runs[0].pipeline_id
    answer = cast.browser(cast.viewer).get(f"/api/v1/pipelines/{pipeline}/compare/?workspace=acme&run={asked}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == "run"
    query = "&".join(f"run={each}" for each in asked.split(","))
    page = cast.browser(cast.viewer).get(f"{reverse('pipelines:compare', args=['acme', pipeline])}?{query}")
    assert page.status_code == 422


@pytest.mark.django_db
def test_runs_of_another_pipeline_are_not_compared(cast: Cast, runs: list[PipelineRun]) -> None:
    other = run_made(pipeline_made(cast.elsewhere))
    assert cast.browser(cast.viewer).get(address([runs[0], other])).status_code == 422


@pytest.mark.django_db
def test_four_runs_take_no_more_queries_than_two(
    cast: Cast, runs: list[PipelineRun], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = cast.browser(cast.viewer)
    browser.get(address(runs[:2]))
    with django_assert_max_num_queries(60) as first:
        browser.get(address(runs[:2]))
    with django_assert_max_num_queries(len(first.captured_queries)):
        browser.get(address(runs))


def test_of_errors_the_smallest_is_best_and_of_one_value_none() -> None:
    metrics = [{"task": "regression", "model": {"mean_absolute_error": error}} for error in (3.0, 2.0, 2.0)]
    row = figures_section("Figures", metrics).rows[0]
    assert (row.label, row.best) == ("Off by, on average", (1, 2))
    assert best_places([None, 0.4], small=True) == ()


def test_a_name_that_one_run_lacks_differs() -> None:
    row = texts_section("Parameters", [{"a": "1"}, {}]).rows[0]
    assert row.differs
    assert row.cells[1].text == ""
