"""Reports in the API."""

from rest_framework import serializers

from common.api import KnownFields
from planner.domain.valuation.ranking import RankBy
from planner.models import ProcessReport
from planner.services.reports import LONGEST_DECISION


class ReportSerializer(serializers.ModelSerializer[ProcessReport]):
    """A report as it was made. `pdf` and `workbook` are where its files are."""

    made_by = serializers.CharField(source="made_by.name", default="", read_only=True)
    pdf = serializers.HyperlinkedIdentityField(view_name="v1:report-pdf")
    workbook = serializers.HyperlinkedIdentityField(view_name="v1:report-xlsx")

    class Meta:
        model = ProcessReport
        fields = ("id", "process", "headline", "decision", "formula_version", "made_by", "made_at", "pdf", "workbook")
        read_only_fields = fields


class ReportRequestSerializer(KnownFields):
    """What a report is made with."""

    decision = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_DECISION,
        default="",
        help_text="What was decided, in your words; stands first.",
    )
    by = serializers.ChoiceField(choices=[by.value for by in RankBy], default=RankBy.ROI.value)
