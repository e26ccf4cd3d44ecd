"""With an Idempotency-Key a creating request sent twice is done once and answered alike."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import IdempotentAnswer
from accounts.services import idempotent_answer_begin
from canvas.models import Canvas
from planner.models import Process, Task
from tests.api.conftest import Calling
from tests.conftest import Cast

CANVASES = "/api/v1/canvases/"


@pytest.fixture
def task(cast: Cast) -> Task:
    process = Process.objects.create(workspace=cast.workspace, name="Claims")
    return Task.objects.create(workspace=cast.workspace, process=process, name="Triage")


def test_the_same_request_is_done_once_and_answered_alike(cast: Cast, calling: Calling, task: Task) -> None:
    client = calling(cast.editor)
    first = client.post(CANVASES, {"task": task.pk}, HTTP_IDEMPOTENCY_KEY="k1")
    version = Canvas.objects.get().version
    task.name = "Triage claims"
    task.save()
    again = client.post(CANVASES, {"task": task.pk}, HTTP_IDEMPOTENCY_KEY="k1")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again["Idempotency-Replayed"] == "true"
    assert Canvas.objects.get().version == version


def test_the_same_key_for_another_request_is_refused(cast: Cast, calling: Calling, task: Task) -> None:
    client = calling(cast.editor)
    client.post(CANVASES, {"task": task.pk}, HTTP_IDEMPOTENCY_KEY="k1")
    other = client.post(CANVASES, {"process": task.process_id, "first": 1}, HTTP_IDEMPOTENCY_KEY="k1")
    assert other.status_code == 422


def test_a_refused_request_frees_its_key(cast: Cast, calling: Calling, task: Task) -> None:
    client = calling(cast.editor)
    assert client.post(CANVASES, {"task": 0}, HTTP_IDEMPOTENCY_KEY="k1").status_code == 400
    assert client.post(CANVASES, {"task": task.pk}, HTTP_IDEMPOTENCY_KEY="k1").status_code == 201


def test_a_key_belongs_to_one_person(cast: Cast, calling: Calling, task: Task) -> None:
    calling(cast.editor).post(CANVASES, {"task": task.pk}, HTTP_IDEMPOTENCY_KEY="k1")
    other = calling(cast.owner).post(CANVASES, {"task": task.pk}, HTTP_IDEMPOTENCY_KEY="k1")
    assert "Idempotency-Replayed" not in other


def test_while_the_first_is_running_the_second_is_told_to_wait(cast: Cast, calling: Calling, task: Task) -> None:
    client = calling(cast.editor)
    client.post(CANVASES, {"task": task.pk}, HTTP_IDEMPOTENCY_KEY="k1")
    IdempotentAnswer.objects.update(status=None)
    assert client.post(CANVASES, {"task": task.pk}, HTTP_IDEMPOTENCY_KEY="k1").status_code == 409


def test_a_key_is_forgotten_after_a_day_and_after_a_crash(cast: Cast) -> None:
    access, now = cast.access(cast.editor), timezone.now()
    idempotent_answer_begin(access=access, key="k1", digest="a", now=now - timedelta(minutes=11))
    assert idempotent_answer_begin(access=access, key="k1", digest="b", now=now).digest == "b"


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"], ids=["empty", "too long", "with a tab"])
def test_a_key_is_1_to_200_printable_characters(cast: Cast, calling: Calling, task: Task, key: str) -> None:
    answer = calling(cast.editor).post(CANVASES, {"task": task.pk}, HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 400
