"""A small process drawn by hand, for tests of editing, pages and the API."""

from accounts.access import Access
from planner.models import Process, Task
from planner.services import flow_add, process_create, task_add, task_update


def drawn_process(access: Access, *, cases: float | None = 1000.0) -> dict[str, Task]:
    """Start, Triage, Ask, Pay, End: a quarter of triages ask for more and come back. Tasks by name."""
    process = process_create(access=access, name="Claims", cases_a_year=cases)
    start = process.tasks.get(kind="start")
    triage = task_add(access=access, process=process, name="Triage", after=start)
    ask = task_add(access=access, process=process, name="Ask")
    pay = task_add(access=access, process=process, name="Pay", after=triage)
    flow_add(access=access, source=triage, target=ask, probability=0.25)
    flow_add(access=access, source=ask, target=triage)
    for task, minutes in ((triage, 6), (ask, 9), (pay, 2)):
        task_update(access=access, task=task, changes={"handling_minutes": minutes})
    return {task.name: task for task in Task.objects.filter(process=process)}


def the_process(tasks: dict[str, Task]) -> Process:
    """Their process, as it is now."""
    return Process.objects.select_related("workspace").get(pk=tasks["Start"].process_id)
