"""The Celery application of the fault tests: the product's own, with the tests' stages and a clock that can be set."""

from tests.faults.clock import clock_worn

clock_worn()

from config.celery import app  # noqa: E402

app.conf.imports = ("tests.jobs.stages",)
