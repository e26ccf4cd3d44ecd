"""A task that was filtered out or removed says so to members, with the way back; strangers find nothing."""

import pytest
from django.urls import reverse

from planner.domain.discovery.filtering import GraphFilter
from planner.models import Task
from planner.services import graph_filter_apply, task_delete
from tests.conftest import Cast
from tests.planner.measuring import measured_process

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("planner:task", "planner:value", "planner:targets", "canvas:sheet")


@pytest.fixture
def phone(cast: Cast) -> Task:
    """The task one case in ten comes to."""
    process = measured_process(cast.access(cast.editor))
    return Task.objects.select_related("process__workspace").get(process=process, name="Phone")


def filtered_out(cast: Cast, task: Task) -> None:
    graph_filter_apply(access=cast.access(cast.editor), process=task.process, chosen=GraphFilter(activities=0.8))
    task.refresh_from_db()
    assert task.filtered


@pytest.mark.parametrize("name", PAGES)
def test_a_filtered_task_names_the_filter_and_leads_to_it(cast: Cast, phone: Task, name: str) -> None:
    filtered_out(cast, phone)
    page = reverse(name, args=["acme", phone.pk])
    answer = cast.browser(cast.editor).get(page)
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "“Phone” was filtered out of the process" in text
    assert "activities to 80 %" in text
    assert reverse("planner:discovery", args=["acme", phone.process_id]) in text


def test_a_removed_task_says_who_removed_it_and_leads_back(cast: Cast, phone: Task) -> None:
    task_delete(access=cast.access(cast.editor), task=phone)
    text = cast.browser(cast.editor).get(reverse("planner:task", args=["acme", phone.pk])).content.decode()
    assert "“Phone” was removed from the process" in text
    assert f"by {cast.editor}" in text
    assert f"{reverse('planner:tasks', args=['acme', phone.process_id])}?edit=graph" in text


def test_strangers_and_other_addresses_get_the_plain_page(cast: Cast, phone: Task) -> None:
    filtered_out(cast, phone)
    page = reverse("planner:task", args=["acme", phone.pk])
    stranger = cast.browser(cast.stranger).get(page)
    assert stranger.status_code == 404
    assert "Phone" not in stranger.content.decode()
    never = cast.browser(cast.editor).get(reverse("planner:task", args=["acme", 10**9]))
    assert never.status_code == 404
    assert "There is nothing at this address" in never.content.decode()
    assert "Open the filter" not in cast.browser(cast.viewer).get(page).content.decode()
