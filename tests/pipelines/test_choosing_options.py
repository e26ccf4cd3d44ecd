"""The options of a pipeline: pre-chosen from the canvas, changed by people, refused with the reason, kept for later."""

import pytest

from accounts.access import Access
from accounts.models import Workspace
from jobs.services import run_drain
from pipelines.domain.architecture import Architecture, Form, Serving
from pipelines.models import Generation, Pipeline
from pipelines.services import pipeline_generate
from tests.pipelines.claims_setup import triage_generated
from tests.pipelines.made_generations import pipeline_made


@pytest.fixture
def generation(cast):
    return pipeline_made(cast.workspace).generations.get()


def options_at(generation):
    return f"/w/acme/tasks/{generation.pipeline.task_id}/pipeline/options/"


def generate_at(generation):
    return f"/w/acme/tasks/{generation.pipeline.task_id}/pipeline/generate/"


def test_the_page_shows_what_the_canvas_asks_for_and_why(cast, generation):
    page = cast.browser(cast.editor).get(options_at(generation)).content.decode()
    assert "As proposed from the canvas" in page
    assert "others ask it over REST" in page
    assert 'value="model_as_service" checked' in page


def test_what_does_not_fit_is_said_before_it_is_sent(cast, generation):
    browser = cast.browser(cast.editor)
    part = browser.get(f"{options_at(generation)}result/?serving=precompute").content.decode()
    assert "may not know the case yet" in part
    assert "Choose Model-as-Service" in part


def test_what_does_not_fit_is_refused_beside_its_axis_and_nothing_is_kept(cast, generation):
    sent = {"form": "forecast", "serving": "model_as_service"}
    answer = cast.browser(cast.editor).post(generate_at(generation), sent)
    assert answer.status_code == 422
    assert "nothing waits for a single question" in answer.content.decode()
    assert Pipeline.objects.get().architecture == {}


def test_what_is_chosen_is_kept_for_later(cast, generation):
    cast.browser(cast.editor).post(generate_at(generation), {"form": "web_service", "serialization": "joblib"})
    assert Pipeline.objects.get().architecture["serialization"] == "joblib"
    assert 'value="joblib" checked' in cast.browser(cast.editor).get(options_at(generation)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_is_chosen_is_built():
    access = Access.system(Workspace.objects.create(name="Acme", slug="acme"))
    canvas = triage_generated(access).pipeline.canvas
    chosen = Architecture(form=Form.FORECAST, serving=Serving.DEPENDENCY)
    job = pipeline_generate(access=access, canvas=canvas, architecture=chosen)
    run_drain(run_ids=[job.pk])
    latest = Generation.objects.of(access.workspace).first()
    assert latest.number == 2
    assert Architecture.from_json(latest.specification["architecture"]) == chosen


def test_a_viewer_reads_the_options_and_a_stranger_does_not(cast, generation):
    page = cast.browser(cast.viewer).get(options_at(generation))
    assert page.status_code == 200
    assert "Generate again" not in page.content.decode()
    assert cast.browser(cast.stranger).get(options_at(generation)).status_code == 404
