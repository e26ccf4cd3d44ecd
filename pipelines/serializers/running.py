"""The shapes of how a run may differ, and of what it would do."""

from typing import Any

from rest_framework import serializers

from common.api import KnownFields


class RunWishSerializer(KnownFields):
    """How a run differs from the usual one; all of it may be left out."""

    changes = serializers.DictField(
        child=serializers.FloatField(), required=False, help_text="Parameter to value, see pipelines/{id}/parameters/."
    )
    until = serializers.CharField(required=False, allow_blank=True, max_length=80, help_text="The last stage to run.")
    again_from = serializers.CharField(
        required=False, allow_blank=True, max_length=80, help_text="From this stage on, run although unchanged."
    )


class ParametersSerializer(serializers.Serializer[Any]):
    parameters = serializers.DictField(child=serializers.FloatField())


class ForetoldSerializer(serializers.Serializer[Any]):
    """One stage. `runs` is null where it depends on what an earlier one will give."""

    name = serializers.CharField()
    runs = serializers.BooleanField(allow_null=True)
    why = serializers.CharField()
