"""Worked examples that ship with the product, loaded through the same road as anybody's file."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from accounts.access import Access
from common.errors import NotFound
from jobs.models import Run
from planner.models import LogUpload
from planner.services.imports import log_import_start, log_upload_create


@dataclass(frozen=True)
class Example:
    """A log in examples/: its key in addresses, the name of the process, what it is in one sentence."""

    key: str
    title: str
    filename: str
    words: str

    @property
    def path(self) -> Path:
        return Path(settings.BASE_DIR) / "examples" / self.filename


_EXAMPLES = (
    Example(
        "claims",
        "Insurance claims",
        "claims.csv.gz",
        "Synthetic, with planted truth: one decision a model predicts well, one that is chance, one that is a rule.",
    ),
    Example(
        "purchasing",
        "Purchasing",
        "PurchasingExample.csv.gz",
        "Procure to pay: 608 cases with start and end times, 27 people. Little in it can be predicted.",
    ),
    Example(
        "loan",
        "Loan applications",
        "LoanApp_simplified.csv.gz",
        "Simulated loan applications: 1\u202f000 cases, three checks in parallel. Little in it can be predicted.",
    ),
)


def examples_available() -> list[Example]:
    """The examples whose file is there."""
    return [example for example in _EXAMPLES if example.path.exists()]


def example_load(*, access: Access, key: str) -> Run:
    """Import the example with this key; when the workspace has already imported it, that run is given back."""
    example = next((one for one in examples_available() if one.key == key), None)
    if example is None:
        raise NotFound("There is no such example.")
    earlier = LogUpload.objects.of(access.workspace).filter(example=key).exclude(run=None).select_related("run").first()
    if earlier is not None and earlier.run is not None and (earlier.process_id is not None or not earlier.run.is_over):
        return earlier.run
    with example.path.open("rb") as source:
        upload = log_upload_create(
            access=access, file=source, filename=example.filename, name=example.title, example=example.key
        )
    return log_import_start(access=access, upload=upload)
