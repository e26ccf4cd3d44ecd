"""The shapes of models in the API: versions, promotions, what is served, the workspace's rules."""

from typing import ClassVar

from rest_framework import serializers

from accounts.api_base import ScopedRelated
from common.api import KnownFields
from pipelines.models import Deployment, LifecyclePolicy, ModelVersion, Promotion


class ModelVersionRowSerializer(serializers.ModelSerializer[ModelVersion]):
    """One version in a list. `aliases` are the names it goes by: champion, candidate, previous.

    `outside` is the run elsewhere that told of it; its files are not here then.
    """

    aliases = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields: ClassVar[tuple[str, ...]] = (
            *("id", "pipeline", "number", "run", "outside", "digest", "aliases", "accepted", "created_at"),
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields

    def get_aliases(self, version: ModelVersion) -> list[str]:
        return sorted(alias.name for alias in version.aliases.all())


class ModelVersionSerializer(ModelVersionRowSerializer):
    """One version: signature, figures, verdict, model card, and digests of what made it."""

    class Meta(ModelVersionRowSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *ModelVersionRowSerializer.Meta.fields,
            *("signature", "lineage", "metrics", "acceptance", "card"),
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class PromoteSerializer(KnownFields):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)


class RollBackSerializer(KnownFields):
    to = ScopedRelated(queryset=ModelVersion.objects.all(), help_text="The version that was in use before.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)


class DecisionSerializer(KnownFields):
    comment = serializers.CharField(max_length=500, help_text="Who asked reads it.")


class PromotionSerializer(serializers.ModelSerializer[Promotion]):
    """A version put, or asked to be put, into use. `state` is waiting, done or declined."""

    class Meta:
        model = Promotion
        fields: ClassVar[tuple[str, ...]] = (
            *("id", "pipeline", "version", "before", "kind", "state", "reason", "asked_by", "asked_at"),
            *("decided_by", "decided_at", "comment"),
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class DeploymentSerializer(serializers.ModelSerializer[Deployment]):
    """What is served: `wanted` and `version` as people decided, `state` and `serves` as it is at the moment."""

    class Meta:
        model = Deployment
        fields: ClassVar[tuple[str, ...]] = (
            *("pipeline", "version", "wanted", "state", "serves", "restarts", "reason", "healthy_at", "changed_at"),
        )
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class WantedSerializer(KnownFields):
    wanted = serializers.BooleanField(help_text="Whether the champion is to be served.")


class PolicySerializer(serializers.ModelSerializer[LifecyclePolicy]):
    """The rules of a workspace for all its models."""

    class Meta:
        model = LifecyclePolicy
        fields: ClassVar[tuple[str, ...]] = ("approval_needed", "keep_inputs", "changed_at")
        read_only_fields: ClassVar[tuple[str, ...]] = fields


class PolicyChangeSerializer(KnownFields):
    approval_needed = serializers.BooleanField(help_text="A second person approves what is put into use.")
    keep_inputs = serializers.BooleanField(help_text="Keep the values predictions were made from.")
