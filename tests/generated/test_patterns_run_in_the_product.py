"""Each pattern of serving in the product's own run: limits, a scrubbed environment, nothing but loopback."""

import pytest

from accounts.access import Access
from accounts.models import Workspace
from jobs.domain.states import StageState
from jobs.services import run_drain
from pipelines.domain.architecture import Architecture, Form, Serving
from pipelines.models import PipelineRun
from pipelines.services import pipeline_run_start
from tests.pipelines.claims_setup import triage_generated


@pytest.mark.generated
@pytest.mark.parametrize(
    "architecture",
    [Architecture(Form.FORECAST, Serving.PRECOMPUTE), Architecture(serving=Serving.DEPENDENCY)],
    ids=lambda architecture: str(architecture.serving),
)
def test_what_is_served_is_asked_at_the_end_of_a_run(architecture: Architecture, transactional_db: None) -> None:
    access = Access.system(Workspace.objects.create(name="Acme", slug="acme"))
    generation = triage_generated(access, architecture=architecture)
    started = pipeline_run_start(access=access, generation=generation)
    run_drain(run_ids=[started.run_id])
    found = PipelineRun.objects.with_run().get(pk=started.pk)
    stages = list(found.run.stages.all())
    assert {stage.state_of for stage in stages} == {StageState.SUCCEEDED}, [stage.reason for stage in stages]
    assert found.smoke["refused_bad_row"]
    assert found.smoke["logged"] == found.smoke["rows"] > 0
