"""The making of a report: valued, set as pages and as a workbook, published in one short transaction.

Imported by the task alone: it loads what writes workbooks, which pages and services do not need.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from accounts.access import Access
from accounts.models import User
from accounts.services import audit_record
from jobs.models import Stage
from jobs.services import blob_store
from planner.models import Process, ProcessReport
from planner.selectors.report import report_content
from planner.selectors.reports import PDF, XLSX
from planner.selectors.value_ranking import ranking_of
from planner.services.report_document import document_of
from planner.services.report_workbook import workbook_of

Progress = Callable[[float, str], None]


def report_compute(*, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Value, rank, and set both files. Empty where the process was deleted meanwhile."""
    process = Process.objects.select_related("workspace").filter(pk=params["process"]).first()
    if process is None:
        return {}
    user = User.objects.filter(pk=params["user"]).first()
    progress(0.0, "valuing the tasks")
    ranking = ranking_of(process, params["by"])
    made_at = timezone.localtime()
    content = report_content(
        process, ranking, decision=params["decision"], made_by=str(user or "Taskworth"), made_at=made_at
    )
    progress(0.5, "setting the pages")
    document = blob_store(workspace=process.workspace, source=document_of(content), media_type=PDF)
    progress(0.8, "writing the workbook")
    workbook = blob_store(workspace=process.workspace, source=workbook_of(content), media_type=XLSX)
    return {
        "process": process.pk,
        "headline": content.headline[:300],
        "decision": content.decision,
        "document": document.pk,
        "workbook": workbook.pk,
        "formula_version": content.formula_version,
        "made_by": params["user"],
        "made_at": made_at.isoformat(),
    }


def report_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Keep the report, unless its process was deleted meanwhile."""
    if not output:
        return
    process = Process.objects.of(stage.workspace).filter(pk=output["process"]).first()
    if process is None:
        return
    user = User.objects.filter(pk=output["made_by"]).first()
    report = ProcessReport.objects.create(
        workspace=process.workspace,
        process=process,
        headline=output["headline"],
        decision=output["decision"],
        document_id=output["document"],
        workbook_id=output["workbook"],
        formula_version=output["formula_version"],
        made_by=user,
        made_at=output["made_at"],
    )
    detail = {"report": report.pk, "headline": report.headline}
    access = Access.system(process.workspace)
    audit_record(access=access, verb="report.made", subject=f"process:{process.pk}", detail=detail)
