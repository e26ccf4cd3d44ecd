"""Names of the sets of states in the API's description; left alone, equal field names would get numbers."""

from jobs.models import Run, Stage
from pipelines.models import Pipeline

RUN_STATES = Run._meta.get_field("state").choices
STAGE_STATES = Stage._meta.get_field("state").choices
PIPELINE_STATES = Pipeline._meta.get_field("state").choices
