"""Files of runs and the lineage of models as the API shows them."""

from typing import Any

from rest_framework import serializers


class ArtifactSerializer(serializers.Serializer[Any]):
    path = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    digest = serializers.CharField(help_text="SHA-256 of its content.")


class OriginSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="inputs, parameters, data, code, configuration, packages, request.")
    parts = serializers.DictField(
        child=serializers.CharField(), help_text="Name to value, or to the start of a digest."
    )


class StageArtifactsSerializer(serializers.Serializer[Any]):
    """What one stage wrote, and what it was made from. `linked`: unchanged, the files of an earlier run."""

    stage = serializers.CharField(source="name")
    linked = serializers.BooleanField()
    files = ArtifactSerializer(many=True)
    origins = OriginSerializer(many=True)


class SourceSerializer(serializers.Serializer[Any]):
    """One thing that made a model; `shared` are ids of other versions made from the same."""

    kind = serializers.CharField(help_text="data, code, parameters, environment, model.")
    digest = serializers.CharField(help_text="SHA-256.")
    shared = serializers.SerializerMethodField()

    def get_shared(self, source: Any) -> list[int]:
        return [version.pk for version in source.shared]


class LineageSerializer(serializers.Serializer[Any]):
    """What made a version, and what it did."""

    run = serializers.IntegerField(source="version.run_id", allow_null=True)
    sources = SourceSerializer(many=True)
    changes = serializers.DictField(child=serializers.FloatField(), help_text="Parameters changed for its run.")
    predictions = serializers.IntegerField()
    first_at = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)
