"""The page of a pipeline's ML Test Score: what the app shows of each test, and the marks people set."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import StaleEdit
from pipelines.forms import MarkForm
from pipelines.models import Pipeline
from pipelines.selectors import PipelineTestScore, ScoredRow, last_recorded_run, pipeline_test_score
from pipelines.services import MarkEntry, score_mark_set


@workspace_view()
def test_score(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The tests in their groups; posting marks one of them."""
    pipeline = Pipeline.objects.of(request.workspace).with_task().select_related("workspace").get_or_404(pk=pk)
    asked, status = None, 200
    if request.method == "POST":
        asked, status = MarkForm(request.POST), 422
        if asked.is_valid():
            given = asked.cleaned_data
            try:
                score_mark_set(
                    access=request.access,
                    pipeline=pipeline,
                    test=given["test"],
                    entry=MarkEntry(given["done"], given["note"]),
                    version=given["version"],
                )
            except StaleEdit as problem:
                asked, status = None, 409
                messages.warning(request, f"{problem} What holds now is shown.")
            else:
                messages.success(request, "Marked.")
                address = reverse("pipelines:test_score", args=(request.workspace.slug, pk))
                return redirect(f"{address}#test-{given['test']}")
        elif {"test", "version"} & set(asked.errors):
            messages.warning(request, "Not saved: open the page again.")
    score = pipeline_test_score(pipeline)
    shown = {
        "process": pipeline.task.process,
        "current_step": "life",
        "pipeline": pipeline,
        "score": score,
        "groups": _groups(request, pipeline, score, asked),
    }
    return render(request, "pipelines/test_score.html", shown, status=status)


def _groups(
    request: WorkspaceRequest, pipeline: Pipeline, score: PipelineTestScore, asked: MarkForm | None
) -> list[dict[str, object]]:
    """Each group with its rows: the test, the address of what shows it, and the form to mark it."""
    places = _places(request.workspace.slug, pipeline)
    wrong = asked.data.get("test") if asked is not None else None
    return [
        {
            "found": found,
            "rows": [
                {
                    "row": row,
                    "url": places.get(row.evidence.place, "") if row.evidence else "",
                    "form": asked if row.test.key == wrong else _form(row),
                }
                for row in found.rows
            ],
        }
        for found in score.groups
    ]


def _form(row: ScoredRow) -> MarkForm:
    mark = row.mark
    first = {
        "test": row.test.key,
        "version": row.version,
        "done": mark.done if mark else "not",
        "note": mark.note if mark else "",
    }
    return MarkForm(initial=first, auto_id=f"{row.test.key}-%s")


def _places(slug: str, pipeline: Pipeline) -> dict[str, str]:
    """Where evidence is shown, by the name of the page."""
    run = last_recorded_run(pipeline)
    own = ("pipeline", "again", "models", "monitoring", "triggers")
    found = {name: reverse(f"pipelines:{name}", args=(slug, pipeline.pk)) for name in own}
    if run is not None:
        found |= {name: reverse(f"pipelines:{name}", args=(slug, run.pk)) for name in ("run", "plots")}
    return found | {"canvas": reverse("canvas:sheet", args=(slug, pipeline.task_id))}
