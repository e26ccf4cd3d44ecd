"""The effect of automating tasks on a whole case, in the API."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api.parameters import takes
from common.errors import Conflict, FieldProblem, InvalidInput
from planner.api.being_made import BEING_MADE, answered, being_made
from planner.models import Process
from planner.selectors.effect_kept import effect_wanted, tasks_named
from planner.selectors.figures_kept import effect_figures
from planner.selectors.kept_page import About, Kept, is_kept
from planner.selectors.process_effect import effect_of
from planner.serializers.effect import EffectSerializer
from planner.services import page_or_job
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
        responses={200: EffectSerializer, 202: BEING_MADE},
    )
    @takes("tasks", "repeats")
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """Minutes, cost, expected time and visits of every task, before and after, with every formula.

        Of a process of many tasks a job works it out: the answer is 202 and its Location the job until it has ended.
        """
        process = Process.objects.of(self.workspace).select_related("workspace").get_or_404(pk=pk)
        if is_kept(About.of(process)):
            return _of_many(request, process)
        found = effect_of(process, _tasks(request), _repeats(request))
        if found.problems:
            raise InvalidInput("The effect cannot be computed.", errors=found.problems)
        if found.waiting:
            values_awaited(process=process, tasks=found.tasks)
            detail = "Ask again in a moment, or name the tasks."
            raise Conflict("Which tasks are worth a model is being computed.", detail=detail)
        return Response(EffectSerializer(effect_figures(found)).data)


def _of_many(request: Request, process: Process) -> HttpResponseBase:
    """From what a job has kept, or that job."""
    tasks, repeats = _tasks(request), _repeats(request)
    tasks_named(process, tasks, repeats)
    asked = effect_wanted(tasks, repeats)
    kept, run = page_or_job(about=About.of(process), page=Kept.EFFECT_FIGURES, asked=asked)
    if kept is None:
        return being_made(request, run)
    if kept["problems"]:
        problems = [FieldProblem(**each) for each in kept["problems"]]
        raise InvalidInput("The effect cannot be computed.", errors=problems)
    return answered(kept["text"])


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
