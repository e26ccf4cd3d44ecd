"""A run until a stage, again from one, and with other parameters: what has not changed is not run, and why is said."""

import pytest
from django.urls import reverse

from accounts.access import Access
from accounts.models import Workspace
from common.errors import InvalidInput
from jobs.domain.states import StageState
from jobs.services import run_drain
from pipelines.models import Generation, PipelineRun
from pipelines.services import RunWish, pipeline_run_foretell, pipeline_run_start, run_parameters
from tests.conftest import Cast
from tests.pipelines.claims_setup import triage_generated

pytestmark = pytest.mark.django_db(transaction=True)
DATA = ["ingest", "validate", "prepare", "split"]


@pytest.fixture
def generation(cast: Cast) -> Generation:
    return triage_generated(cast.access(cast.editor))


def run(cast: Cast, generation: Generation, wish: RunWish) -> tuple[PipelineRun, dict[str, StageState]]:
    found = pipeline_run_start(access=cast.access(cast.editor), generation=generation, wish=wish)
    run_drain(run_ids=[found.run_id])
    return PipelineRun.objects.get(pk=found.pk), {stage.name: stage.state_of for stage in found.run.stages.all()}


def test_until_a_stage_then_on_from_there_then_again(cast: Cast, generation: Generation) -> None:
    found, states = run(cast, generation, RunWish(until="split"))
    assert states == dict.fromkeys(DATA, StageState.SUCCEEDED)
    assert found.accepted is None
    page = cast.browser(cast.viewer).get(reverse("pipelines:run", args=["acme", found.pk])).content.decode()
    assert "Done until Split" in page

    _, states = run(cast, generation, RunWish(until="baseline"))
    assert states == {**dict.fromkeys(DATA, StageState.CACHED), "baseline": StageState.SUCCEEDED}

    found, states = run(cast, generation, RunWish(until="baseline", again_from="prepare"))
    assert states["validate"] is StageState.CACHED
    assert states["prepare"] is StageState.SUCCEEDED
    assert "Request changed" in found.run.stages.get(name="prepare").why


def test_another_parameter_runs_only_what_hears_it(cast: Cast, generation: Generation) -> None:
    run(cast, generation, RunWish(until="baseline"))
    known = run_parameters(generation)
    value = next(name for name in known if name.startswith("decision.values."))
    assert all(
        one.runs is False
        for one in pipeline_run_foretell(generation=generation, wish=RunWish({value: known[value]}, "baseline"))
    )
    _, states = run(cast, generation, RunWish({value: known[value] + 1}, until="baseline"))
    assert set(states.values()) == {StageState.CACHED}, "the rule to beat looks at no values"

    seed = RunWish({"settings.max_rows": 500}, until="baseline")
    foretold = {one.name: one for one in pipeline_run_foretell(generation=generation, wish=seed)}
    assert foretold["ingest"].why == "Parameters changed: settings.max_rows 200000 → 500."
    found, states = run(cast, generation, seed)
    assert states["ingest"] is StageState.SUCCEEDED
    assert found.changes == {"settings.max_rows": 500.0}
    assert found.run.stages.get(name="prepare").output["results"]["prepare"]["rows"] == 500


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        (RunWish(until="bake"), "until"),
        (RunWish(again_from="bake"), "again_from"),
        (RunWish(until="split", again_from="train"), "again_from"),
        (RunWish({"settings.speed": 3}), "changes.settings.speed"),
        (RunWish({"settings.seed": 1.5}), "changes.settings.seed"),
        (RunWish({"settings.max_rows": 3}), "changes.settings.max_rows"),
        (RunWish({"settings.seed": float("nan")}), "changes.settings.seed"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(cast: Cast, wish: RunWish, path: str) -> None:
    generation = triage_generated(Access.system(Workspace.objects.get(slug="acme")))
    with pytest.raises(InvalidInput) as refused:
        pipeline_run_start(access=cast.access(cast.editor), generation=generation, wish=wish)
    assert [problem.path for problem in refused.value.errors] == [path]
    assert not PipelineRun.objects.exists()


def test_the_page_foretells_and_places_errors(cast: Cast, generation: Generation) -> None:
    url = reverse("pipelines:again", args=["acme", generation.pipeline_id])
    browser = cast.browser(cast.editor)
    assert "10 stages of 10 would run" in browser.get(url).content.decode()
    refused = browser.post(url, {"p-settings.max_rows": "3", "do": "run"})
    assert refused.status_code == 422
    assert "a whole number from 100" in refused.content.decode()
    looked = browser.post(url, {"until": "split", "do": "look"})
    assert "4 stages of 4 would run" in looked.content.decode()
    assert not PipelineRun.objects.exists()
    assert browser.post(url, {"until": "split", "do": "run"}).status_code == 302
    assert PipelineRun.objects.get().until == "split"
