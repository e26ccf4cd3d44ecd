"""Celery tasks take keywords only, and any more of them: a message of another release still fits."""

from inspect import Parameter, signature

from config.celery import app

GIVEN = {Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD}


def test_every_task_is_keyword_only_and_takes_unknown_keywords() -> None:
    app.loader.import_default_modules()
    app.finalize()
    wrong = []
    for name, task in app.tasks.items():
        kinds = {parameter.kind for parameter in signature(task.run).parameters.values()}
        if not name.startswith("celery.") and not (kinds <= GIVEN and Parameter.VAR_KEYWORD in kinds):
            wrong.append(name)
    assert wrong == []
