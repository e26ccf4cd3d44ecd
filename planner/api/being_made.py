"""What is answered while a job works out what was asked for."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from jobs.models import Run

BEING_MADE = OpenApiResponse(
    OpenApiTypes.OBJECT,
    description="There are many tasks, so a job works it out: `job` is its id, and Location where it is followed. "
    "Ask again once it has ended; after any change to the process it is worked out anew.",
)


def being_made(request: Request, run: Run | None) -> Response:
    """202 with the job."""
    if run is None:
        raise ValueError("Nothing works it out.")
    where = reverse("v1:job-detail", args=[run.pk], request=request)
    return Response({"job": run.pk}, status=202, headers={"Location": where})


def answered(text: str) -> HttpResponse:
    """What a job wrote, as it is."""
    return HttpResponse(text, content_type="application/json")
