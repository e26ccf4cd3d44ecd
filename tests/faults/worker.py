"""The Celery application of the fault tests: the product's own, with the tests' stages."""

from config.celery import app

app.conf.imports = ("tests.jobs.stages",)
