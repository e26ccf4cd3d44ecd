"""Portfolios in the API: limits, and what is chosen within them. Money in the workspace's currency, tasks by id."""

from typing import Any

from rest_framework import serializers

from common.api import LARGEST_ID, KnownFields
from planner.models import PortfolioPlan
from planner.models.portfolio import MOST_QUARTERS
from planner.services import PortfolioEntry

Shape = serializers.Serializer[Any]
MOST = 1_000


def _ids(words: str, **extra: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        max_length=MOST,
        required=False,
        help_text=words,
        **extra,
    )


class NeedSerializer(KnownFields):
    """A task and those it needs to be built as well."""

    task = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    needs = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), min_length=1, max_length=MOST
    )


class PortfolioSerializer(KnownFields):
    """A portfolio plan: what may be chosen, and within which limits; null where there is none."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=120)
    processes = _ids("Chosen from the tasks of these; empty for all of the workspace.")
    budget = serializers.FloatField(required=False, allow_null=True, min_value=0, help_text="One-off costs in total.")
    days_a_quarter = serializers.FloatField(required=False, allow_null=True, min_value=0, help_text="Person-days.")
    quarters = serializers.IntegerField(required=False, min_value=1, max_value=MOST_QUARTERS)
    must = _ids("Tasks that are in it whatever they are worth.")
    must_not = _ids("Tasks that are left out.")
    needs = NeedSerializer(many=True, required=False)
    exclusions = serializers.ListField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), min_length=2, max_length=MOST
        ),
        required=False,
        max_length=MOST,
        help_text="Groups of tasks of which at most one is built.",
    )
    decided = serializers.ListField(child=serializers.IntegerField(), read_only=True, help_text="Empty until decided.")
    decided_at = serializers.DateTimeField(read_only=True, allow_null=True)
    version = serializers.IntegerField(read_only=True)

    def to_representation(self, instance: PortfolioPlan) -> dict[str, Any]:
        names = ("name", "budget", "days_a_quarter", "quarters", "must", "must_not", "exclusions", "decided", "version")
        return {
            "id": instance.pk,
            **{name: getattr(instance, name) for name in names},
            "decided_at": instance.decided_at,
            "processes": sorted(process.pk for process in instance.processes.all()),
            "needs": [{"task": int(task), "needs": needed} for task, needed in dict(instance.needs).items()],
        }

    @property
    def entry(self) -> PortfolioEntry:
        """What was given, to be drawn up."""
        given = dict(self.validated_data)
        needs: dict[int, list[int]] = {}
        for each in given.pop("needs", ()):
            needs.setdefault(each["task"], []).extend(each["needs"])
        return PortfolioEntry(**given, needs=needs)


class PortfolioDecisionSerializer(KnownFields):
    """What somebody looked at when deciding."""

    fingerprint = serializers.CharField(
        required=False, max_length=64, help_text="Of the result looked at; refused (412) when it has changed since."
    )


class ChosenSerializer(Shape):
    """A task that is chosen."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    process = serializers.CharField()
    npv = serializers.FloatField(help_text="Without shared costs.")
    npv_alone = serializers.FloatField(help_text="With all shared costs borne by this task.")
    roi = serializers.FloatField(allow_null=True, help_text="With all shared costs borne by this task.")
    once = serializers.FloatField(help_text="One-off cost without shared costs.")
    days = serializers.FloatField(help_text="Person-days.")
    first = serializers.IntegerField(allow_null=True, help_text="Quarter it is begun in, from 1.")
    last = serializers.IntegerField(allow_null=True, help_text="Quarter it is done in.")


class LeftSerializer(Shape):
    """A task that is not chosen, with the first thing that speaks against it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    why = serializers.CharField()
    added = serializers.FloatField(help_text="What it would add to what is chosen.")
    missing = serializers.FloatField(help_text="What lacks of the limit, if one is why.")
    others = serializers.ListField(child=serializers.CharField(), help_text="Tasks it lacks or that stand against it.")


class SharedPaidSerializer(Shape):
    """A shared cost that is paid, once."""

    amount = serializers.FloatField()
    tasks = serializers.ListField(child=serializers.CharField())


class DemandSerializer(Shape):
    """A limit that contradicts the others named: what was set, and what would be enough, of budget or person-days."""

    limit = serializers.CharField()
    tasks = serializers.ListField(child=serializers.CharField())
    helps = serializers.BooleanField(help_text="Whether a choice is possible once this limit is given up.")
    given = serializers.FloatField(allow_null=True)
    enough = serializers.FloatField(allow_null=True, help_text="The least with which the others can be kept.")


class MoreSerializer(Shape):
    """The least that more budget has to be for a better choice."""

    budget = serializers.FloatField(help_text="So much more.")
    worth = serializers.FloatField(help_text="What it brings.")
    added = serializers.ListField(child=serializers.CharField())
    dropped = serializers.ListField(child=serializers.CharField())


class BindingSerializer(Shape):
    """A limit that holds the choice back: what it would be worth more without it."""

    limit = serializers.CharField()
    worth = serializers.FloatField()
    added = serializers.ListField(child=serializers.CharField())
    dropped = serializers.ListField(child=serializers.CharField())


class BudgetStepSerializer(Shape):
    """From this budget on, not below it, a choice is worth this much."""

    budget = serializers.FloatField()
    npv = serializers.FloatField()
    tasks = serializers.IntegerField(help_text="How many are chosen.")


class PortfolioResultSerializer(Shape):
    """The best choice within the limits. `conflict` names the kinds of limits that contradict each other, and
    `contradiction` each of them; nothing is chosen then."""

    fingerprint = serializers.CharField()
    candidates = serializers.IntegerField(help_text="Tasks it is chosen from.")
    conflict = serializers.ListField(child=serializers.CharField())
    contradiction = DemandSerializer(many=True, required=False)
    npv = serializers.FloatField(required=False, help_text="Shared costs taken off.")
    short = serializers.FloatField(
        required=False, help_text="What another choice may at most be worth more; 0 where this one is proven best."
    )
    p5 = serializers.FloatField(required=False)
    p95 = serializers.FloatField(required=False)
    loss = serializers.FloatField(required=False, help_text="Chance that the whole loses money: a share of draws.")
    loss_error = serializers.FloatField(required=False, help_text="Standard error of that share.")
    draws = serializers.IntegerField(required=False)
    once = serializers.FloatField(required=False)
    days = serializers.FloatField(required=False)
    chosen = ChosenSerializer(many=True)
    left = LeftSerializer(many=True, required=False)
    shared = SharedPaidSerializer(many=True, required=False)
    bindings = BindingSerializer(many=True, required=False)
    curve = BudgetStepSerializer(many=True)
    curve_whole = serializers.BooleanField(help_text="Whether there are no other steps between those of the curve.")
    stopped = serializers.BooleanField(
        required=False, help_text="The curve was stopped by the clock: steps are missing."
    )
    unweighed = serializers.BooleanField(
        required=False, help_text="It could not be told in time what each limit costs: `bindings` is empty."
    )
    more = MoreSerializer(required=False, allow_null=True)
