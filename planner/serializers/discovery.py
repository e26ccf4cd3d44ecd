"""The filter of a graph and what it leaves, in the API."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from common.api import KnownFields
from planner.domain.discovery.filtering import FilteredGraph, GraphFilter


class FilterSerializer(KnownFields):
    """How much of the log is kept, as shares from 0 to 1: of all visits, and of all steps between kept activities."""

    activities = serializers.FloatField(required=False, min_value=0, max_value=1)
    flows = serializers.FloatField(required=False, min_value=0, max_value=1)

    def chosen(self, otherwise: GraphFilter) -> GraphFilter:
        """The validated filter; what is not given stays as it is in use."""
        given = self.validated_data
        return GraphFilter(given.get("activities", otherwise.activities), given.get("flows", otherwise.flows))


class CountedFlowSerializer(serializers.Serializer[Any]):
    """Cases that went straight from one activity to another; null is the start or the end."""

    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a field, not the option
    target = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()


class FilteredSerializer(serializers.Serializer[Any]):
    """What a filter leaves and hides. `cases_whole_share` is the share of cases with every step shown."""

    filter = serializers.DictField(help_text="The shares looked at.")
    in_use = serializers.DictField(help_text="The shares the graph shows now.")
    activities = serializers.ListField(child=serializers.CharField())
    left_out = serializers.ListField(child=serializers.CharField())
    flows = CountedFlowSerializer(many=True)
    flows_hidden = serializers.IntegerField()
    cases = serializers.IntegerField()
    cases_whole_share = serializers.FloatField()
    visits_share = serializers.FloatField()
    steps_share = serializers.FloatField()


def filtered_body(chosen: GraphFilter, in_use: GraphFilter, found: FilteredGraph) -> dict[str, Any]:
    """The answer of a preview."""
    shares = {"filter": asdict(chosen), "in_use": asdict(in_use)}
    share = found.cases_whole_share
    return dict(FilteredSerializer({**asdict(found), **shares, "cases_whole_share": share}).data)
