"""What a person writes on the page of a scenario."""

from collections.abc import Mapping
from dataclasses import replace

from planner.forms.value import posted_texts
from planner.models import ProcessScenario
from planner.services import ScenarioEntry


def posted_entry(post: Mapping[str, str], own: ProcessScenario | None, task: int | None) -> ScenarioEntry:
    """The whole scenario as posted: the fields shown were those of all tasks, or of one; the rest stays as it is."""
    texts = {key: text for key, text in posted_texts(post).items() if text}
    before = ScenarioEntry("", amounts=own.amounts, task_amounts=own.task_amounts) if own else ScenarioEntry("")
    entry = replace(before, name=post.get("name", ""), note=post.get("note", ""))
    if task is None:
        return replace(entry, amounts=texts)
    return replace(entry, task_amounts={**entry.task_amounts, str(task): texts})
