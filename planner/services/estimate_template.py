"""Starting an estimate from what is usual for its kind of task."""

from accounts.access import Access
from accounts.models import Role
from common.errors import Conflict, FieldProblem, InvalidInput
from planner.domain.valuation.assumptions import ERROR_FORM, ErrorForm
from planner.domain.valuation.estimate import UNCHECKED, Origin
from planner.domain.valuation.reference_classes import BY_KEY, ReferenceClass
from planner.models import Estimate, Task
from planner.selectors.value_form import keys_in_use
from planner.selectors.value_tasks import ValuedTask, valued_task
from planner.services.estimates import estimate_update


def estimate_template_apply(*, access: Access, task: Task, template: str, version: int | None) -> Estimate:
    """Set what nobody has set from a template, as one edit that can be undone; an earlier template gives way.

    `version` as in `estimate_update`. InvalidInput where there is no such template, Conflict where it sets nothing.
    """
    access.require(Role.EDITOR)
    chosen = BY_KEY.get(template)
    if chosen is None:
        words = f"There is no such template: use {', '.join(BY_KEY)}."
        raise InvalidInput("Not applied.", detail=words, errors=[FieldProblem("template", words)])
    changes = _changes(chosen, valued_task(task))
    if not changes:
        words = "Everything it would set is known of the task, or set by somebody."
        raise Conflict("The template changes nothing.", detail=words)
    return estimate_update(access=access, task=task, changes=changes, version=version)


def _changes(chosen: ReferenceClass, found: ValuedTask) -> dict[str, dict[str, str]]:
    """What differs from what is in use, and what an earlier template set that this one does not."""
    said = found.assumptions
    free = {key for key, each in said.items() if each.origin in UNCHECKED}
    form = chosen.texts[ERROR_FORM] if ERROR_FORM in free else said[ERROR_FORM].text
    wanted = [key for key in keys_in_use(ErrorForm(form)) if key in chosen.texts and key in free]
    changes = {
        key: {"text": chosen.texts[key], "source": chosen.source(key)}
        for key in wanted
        if (said[key].text, said[key].source) != (chosen.texts[key], chosen.source(key))
    }
    earlier = [key for key, each in said.items() if each.origin is Origin.TEMPLATE and key not in wanted]
    return {**{key: {"text": ""} for key in earlier}, **changes}
