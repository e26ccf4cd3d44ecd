"""The shapes of verdicts, estimates and rankings in the API. Money in the workspace's currency, shares from 0 to 1."""

from typing import Any

from rest_framework import serializers

from common.api import KnownFields
from planner.domain.suitability.verdicts import Verdict
from planner.models import EstimateResult
from planner.selectors.value_inputs import KEYS

VERDICTS = [(verdict.value, verdict.label) for verdict in Verdict]
Shape = serializers.Serializer[Any]


class VerdictSerializer(Shape):
    verdict = serializers.ChoiceField(choices=VERDICTS)
    label = serializers.CharField()  # type: ignore[assignment]
    reason = serializers.CharField()


class InsteadSerializer(Shape):
    """What would be used if nothing narrower were set."""

    text = serializers.CharField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    origin = serializers.CharField()


class AssumptionSerializer(Shape):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField(help_text="A number or a range: `20 to 40`, `80 %`, `12 k`, `pert(10, 20, 60)`.")
    unit = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    origin = serializers.CharField(help_text="person, template, log, lane, process, workspace or default")
    note = serializers.CharField(allow_blank=True)
    instead_of = InsteadSerializer(many=True, help_text="What it stands in place of, the next one first.")


MEAN = "Mean net present value of all that may come, the chance of not reaching production included."
MIDDLE = "Median net present value of the draws: half of them lie below."


class TaskValueSerializer(Shape):
    """A simulated value. `roi` is mean NPV over mean present value of all costs, null where there are no costs."""

    npv_mean = serializers.FloatField(help_text=MEAN)
    npv_p5 = serializers.FloatField(help_text="A twentieth of the draws lie below.")
    npv_p50 = serializers.FloatField(help_text=MIDDLE)
    npv_p95 = serializers.FloatField(help_text="A twentieth of the draws lie above.")
    loss_probability = serializers.FloatField()
    failing = serializers.FloatField(help_text="Chance of not reaching production, part of the chance of a loss.")
    roi = serializers.FloatField(allow_null=True)
    irr = serializers.FloatField(allow_null=True, help_text="At the medians; null where there is none, or several.")
    payback_months = serializers.FloatField(allow_null=True, help_text="At the medians; null where it never comes.")
    pv_costs = serializers.FloatField()
    once = serializers.FloatField()
    information = serializers.FloatField(help_text="Worth of knowing everything first.")
    formula_version = serializers.IntegerField()


class SwingSerializer(Shape):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    npv_low = serializers.FloatField(help_text="At the input's P10, the others at their medians.")
    npv_high = serializers.FloatField(help_text="At its P90.")


class InformationSerializer(Shape):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    worth = serializers.FloatField()


class PresentValueSerializer(Shape):
    mean = serializers.FloatField(allow_null=True, help_text="Exact.")
    p5 = serializers.FloatField(allow_null=True)
    p95 = serializers.FloatField(allow_null=True)


class FiguresSerializer(Shape):
    """What a value is made of. NPV at the medians, IRR and both paybacks are at the medians, in production."""

    npv_at_medians = serializers.FloatField(
        help_text="Every input at its median, in production, as `formulas` add it up. Not the mean, nor the median."
    )

    pv_benefits = PresentValueSerializer()
    pv_costs = PresentValueSerializer()
    irr = serializers.ListField(
        child=serializers.FloatField(), help_text="Every rate at which it is worth nothing: none, one or several."
    )
    payback_years = serializers.FloatField(allow_null=True, help_text="null: never")
    payback_discounted_years = serializers.FloatField(allow_null=True, help_text="null: never")
    borne_whole = serializers.ListField(
        child=serializers.CharField(), help_text="Shared costs in the figures whole, as if no other task paid them."
    )


class BreakEvenSerializer(Shape):
    """What an input would have to be for a mean net present value of zero, in its unit."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    found = serializers.ChoiceField(choices=["one", "none", "outside", "several"])
    values = serializers.ListField(child=serializers.FloatField())


class ResultSerializer(Shape):
    """A value as it was computed then, with what it was computed from."""

    id = serializers.IntegerField()
    computed_at = serializers.DateTimeField()
    changed = serializers.CharField(help_text="What differed from the result before it.")
    basis = serializers.ChoiceField(choices=EstimateResult.Basis.choices)
    formula_version = serializers.IntegerField()
    revision = serializers.IntegerField(help_text="The estimate's version.")
    fingerprint = serializers.CharField(
        allow_blank=True, help_text="Of inputs, shared costs, formula and random numbers: the same is the same result."
    )
    inputs = serializers.DictField(child=serializers.CharField(allow_blank=True))
    npv_mean = serializers.FloatField(help_text=MEAN)
    npv_p5 = serializers.FloatField()
    npv_p50 = serializers.FloatField(help_text=MIDDLE)
    npv_p95 = serializers.FloatField()
    loss_probability = serializers.FloatField()
    roi = serializers.FloatField(allow_null=True)
    irr = serializers.FloatField(allow_null=True)
    payback_months = serializers.FloatField(allow_null=True)
    pv_costs = serializers.FloatField()
    figures = serializers.DictField(help_text="What has no field of its own; empty in results of older versions.")


class FormulaSerializer(Shape):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.FloatField(allow_null=True)
    unit = serializers.CharField()
    expression = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    depth = serializers.IntegerField(help_text="How deep below the net present value.")


class MeasuredSerializer(Shape):
    tp = serializers.IntegerField()
    fp = serializers.IntegerField()
    fn = serializers.IntegerField()
    tn = serializers.IntegerField()
    threshold = serializers.FloatField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    recorded_at = serializers.DateTimeField()


class EstimateSerializer(Shape):
    """A task's assumptions and what they are worth. With measured errors, `value` uses them and `planned` does not."""

    task = serializers.IntegerField()
    version = serializers.IntegerField()
    currency = serializers.CharField()
    gap = serializers.CharField(allow_blank=True, help_text="What is missing where `value` is null.")
    assumptions = AssumptionSerializer(many=True)
    on_defaults = serializers.IntegerField(help_text="Assumptions in use that nobody has set.")
    value = TaskValueSerializer(allow_null=True)
    planned = TaskValueSerializer(allow_null=True)
    measured = MeasuredSerializer(allow_null=True)
    verdict = VerdictSerializer(allow_null=True)
    drivers = SwingSerializer(many=True)
    worth_knowing = InformationSerializer(many=True)
    break_even = BreakEvenSerializer(many=True)
    figures = FiguresSerializer(allow_null=True)
    formulas = FormulaSerializer(many=True)


class GivenAssumptionSerializer(KnownFields):
    key = serializers.ChoiceField(choices=sorted(KEYS))
    text = serializers.CharField(allow_blank=True, max_length=80, help_text="Empty goes back to what is proposed.")
    source = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")  # type: ignore[assignment]
    note = serializers.CharField(required=False, allow_blank=True, max_length=400)


class EstimateChangeSerializer(KnownFields):
    """The assumptions to set; others stay. All are saved, or none."""

    assumptions: "serializers.ListSerializer[Any]" = serializers.ListSerializer(
        child=GivenAssumptionSerializer(), max_length=len(KEYS)
    )

    def validate_assumptions(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        keys = [each["key"] for each in given]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise serializers.ValidationError(f"“{twice}” stands here twice: say it once.")
        return given


class RankedSerializer(Shape):
    rank = serializers.IntegerField()
    task = serializers.IntegerField()
    name = serializers.CharField()
    process = serializers.IntegerField()
    process_name = serializers.CharField()
    value = TaskValueSerializer()
    npv_per_once = serializers.FloatField(allow_null=True)
    first = serializers.FloatField(
        allow_null=True, help_text="Chance of being first in this order; null while it is being computed."
    )
    first_k = serializers.FloatField(allow_null=True, help_text="Chance of being among the first k.")
    on_defaults = serializers.IntegerField()
    verdict = VerdictSerializer(allow_null=True)


class NotRankedSerializer(Shape):
    task = serializers.IntegerField()
    name = serializers.CharField()
    process = serializers.IntegerField()
    process_name = serializers.CharField()
    gap = serializers.CharField(allow_blank=True)
    verdict = VerdictSerializer(allow_null=True)


class RankingSerializer(Shape):
    """Tasks, best first, and those that are not ranked with the reason.

    Of many tasks not valued yet the answer is 202 with nothing in it: `job` computes them, ask again when it is done.
    """

    process = serializers.IntegerField(allow_null=True, help_text="null: of all processes of the workspace.")
    waiting = serializers.ChoiceField(
        choices=["", "values", "chances"], help_text="What `job` computes: all of it, or the chances of being first."
    )
    job = serializers.IntegerField(allow_null=True)
    by = serializers.CharField()
    k = serializers.IntegerField()
    currency = serializers.CharField()
    ranked = RankedSerializer(many=True)
    not_ranked = NotRankedSerializer(many=True)
