"""A committed workspace, and a short way to submit and run stages."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from accounts.access import Access
from accounts.models import Workspace
from jobs.domain.retrying import RetryPolicy
from jobs.models import Run, Stage
from jobs.services import StageSpec, claims, ringing, run_drain, run_submit
from tests.jobs import stages as _tasks

Submit = Callable[..., Run]
TASK = _tasks.stage_run.name


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages are run by hand here; the faults have a broker of their own."""
    monkeypatch.setattr(settings, "REDIS_URL", "")


def refuse_joined_updates(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """An update filtered through a subselect is not checked again after a lock wait: two racers both win."""
    changes = sql.lstrip().upper().startswith(("UPDATE", "DELETE"))
    assert not (changes and "IN (SELECT" in sql.upper()), sql
    return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def own_columns_only(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every update of every test here filters on columns of its own table; forked processes inherit the check."""
    if not {"db", "transactional_db"} & set(request.fixturenames):
        yield
        return
    with connection.execute_wrapper(refuse_joined_updates):
        yield


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backoffs of a twentieth of a second."""
    policy = RetryPolicy(first_delay_s=0.05, growth=1.0)
    monkeypatch.setattr(claims, "RETRY_POLICY", policy)
    monkeypatch.setattr(ringing, "RETRY_POLICY", policy)


@pytest.fixture
def workspace(transactional_db: None) -> Workspace:
    return Workspace.objects.create(name="Acme", slug="acme")


@pytest.fixture
def access(workspace: Workspace) -> Access:
    return Access.system(workspace)


@pytest.fixture
def submit(access: Access) -> Submit:
    """Submit stages given as `name=params`, each waiting for those named in `after`."""

    def submitted(stages: Sequence[StageSpec] | None = None, *, key: str | None = None, **params: Any) -> Run:
        specs = stages or [spec("only", **params)]
        return run_submit(access=access, kind="test", title="A test", stages=specs, idempotency_key=key)

    return submitted


def spec(name: str, *after: str, task_name: str = TASK, **params: Any) -> StageSpec:
    """A stage; what a StageSpec has fields for is its own, the rest are parameters."""
    fields = ("timeout_s", "fingerprint_source", "fingerprint_parts", "needs_approval", "need")
    own = {key: params.pop(key) for key in fields if key in params}
    return StageSpec(name, task_name, tuple(after), params, **own)


def drained(run: Run) -> dict[str, Stage]:
    """The stages by name, once the run is over."""
    run_drain(run_ids=[run.pk])
    run.refresh_from_db()
    return {stage.name: stage for stage in run.stages.all()}
