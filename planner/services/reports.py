"""Reports of a process: made as a job, kept as they were, put away when nobody needs them."""

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput
from jobs.models import Blob, Run
from jobs.services import StageSpec, run_submit
from planner.domain.valuation.ranking import RankBy
from planner.models import Process, ProcessReport
from planner.services.discarding import blob_let_go

TASK = "planner.report"
LONGEST_DECISION = 2_000


def report_start(*, access: Access, process: Process, decision: str = "", by: str = RankBy.ROI.value) -> Run:
    """Make a report of a process as it is now, as a job. `decision` is what was decided, in people's own words.

    InvalidInput where the decision is too long or there is no such order.
    """
    access.require(Role.EDITOR)
    problems = []
    if len(decision) > LONGEST_DECISION:
        problems.append(FieldProblem("decision", f"At most {LONGEST_DECISION} characters; it has {len(decision)}."))
    if by not in set(RankBy):
        problems.append(FieldProblem("by", f"Use one of {', '.join(each.value for each in RankBy)}."))
    if problems:
        raise InvalidInput("The report is not made.", detail="Mend the fields named.", errors=problems)
    params = {"process": process.pk, "decision": decision.strip(), "by": by}
    params |= {"user": access.user.pk if access.user is not None else None}
    return run_submit(
        access=access,
        kind=TASK,
        title=f"Report of {process.name}"[:200],
        stages=[StageSpec(name="report", task_name=TASK, params=params)],
        subject=f"process:{process.pk}",
    )


def report_delete(*, access: Access, report: ProcessReport) -> None:
    """Put a report away with its files."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        files = [report.document_id, report.workbook_id]
        detail = {"headline": report.headline, "made": f"{report.made_at:%Y-%m-%d %H:%M}"}
        audit_record(access=access, verb="report.deleted", subject=f"process:{report.process_id}", detail=detail)
        report.delete()
        for blob in Blob.objects.of(access.workspace).filter(pk__in=files):
            blob_let_go(blob)
