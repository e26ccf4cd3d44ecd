"""The effect of automating tasks on a whole case, in the API."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api.parameters import takes
from common.errors import Conflict, FieldProblem, InvalidInput
from planner.domain.valuation.explanation import Explanation
from planner.models import Process
from planner.selectors.effect_formulas import explain_effect
from planner.selectors.process_effect import EffectFound, effect_of
from planner.serializers.effect import EffectSerializer
from planner.services.values import values_awaited


class EffectView(WorkspaceAPIView):
    """A case before and after."""

    @extend_schema(
        operation_id="processes_effect_retrieve",
        parameters=[
            OpenApiParameter(
                "tasks",
                str,
                description="Ids of the tasks to automate, as `12,15`; those with the verdict to predict "
                "unless said, none if empty.",
            ),
            OpenApiParameter(
                "repeats",
                str,
                description="By task the share of its repeats that disappears, as `12:0.5,15:0`; what "
                "follows from the errors of its estimate unless said.",
            ),
        ],
        responses=EffectSerializer,
    )
    @takes("tasks", "repeats")
    def get(self, request: Request, pk: int) -> Response:
        """Minutes, cost, expected time and visits of every task, before and after, with every formula."""
        process = Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)
        found = effect_of(process, _tasks(request), _repeats(request))
        if found.problems:
            raise InvalidInput("The effect cannot be computed.", errors=found.problems)
        if found.waiting:
            values_awaited(process=process, tasks=found.tasks)
            detail = "Ask again in a moment, or name the tasks."
            raise Conflict("Which tasks are worth a model is being computed.", detail=detail)
        return Response(EffectSerializer(_plain(found)).data)


def _tasks(request: Request) -> set[int] | None:
    given = request.query_params.get("tasks")
    return None if given is None else {_number("tasks", text) for text in _parts(given)}


def _repeats(request: Request) -> dict[int, str]:
    pairs = [text.partition(":") for text in _parts(request.query_params.get("repeats", ""))]
    if any(not share.strip() for _, _, share in pairs):
        raise InvalidInput("repeats cannot be read.", errors=[FieldProblem("repeats", "Write 12:0.5,15:0.")])
    return {_number("repeats", task): share for task, _, share in pairs}


def _parts(text: str) -> list[str]:
    return [part for part in text.split(",") if part.strip()]


def _number(path: str, text: str) -> int:
    given = text.strip()
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        raise InvalidInput(f"{path} cannot be read.", errors=[FieldProblem(path, "Write ids of tasks, as 12,15.")])
    return int(given)


def _plain(found: EffectFound) -> dict[str, Any]:
    effect = found.effect
    return {
        "currency": found.process.workspace.currency,
        "gap": found.gap,
        "before": effect.before if effect else None,
        "after": effect.after if effect else None,
        "tasks": list(_task_rows(found)),
        "flows": effect.changes if effect else [],
        "unknown": list(effect.unknown) if effect else [],
        "formulas": [_formula(each) for each in explain_effect(found.graph.nodes, effect)] if effect else [],
    }


def _task_rows(found: EffectFound) -> Iterable[dict[str, Any]]:
    for each in found.effect.tasks if found.effect else ():
        yield {
            "task": int(each.key),
            "name": each.name,
            "automated": each.automation is not None,
            "visits_before": each.visits_before,
            "visits_after": each.visits_after,
            "volume_before": each.volume_before,
            "volume_after": each.volume_after,
            "minutes_before": each.minutes_before,
            "minutes_after": each.minutes_after,
            "waiting_before": each.worked.waiting,
            "waiting_after": each.waiting_after,
            "repeats_removed": each.automation.repeats if each.automation else None,
        }


def _formula(each: Explanation) -> dict[str, Any]:
    return {
        "label": each.label,
        "value": each.value,
        "unit": each.unit,
        "expression": each.expression,
        "source": each.source,
    }
