"""The shapes of accounts in the API."""

from typing import Any

from rest_framework import serializers

from accounts.models import Workspace
from common.api import KnownFields


class TokenRequestSerializer(KnownFields):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)
    workspace = serializers.SlugField(help_text="Short name of the workspace; see its address.")
    name = serializers.CharField(max_length=80, help_text="What the token is for, so that you know it again.")
    write = serializers.BooleanField(default=False, help_text="May it change things? Needs an editor.")


class TokenAnswerSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Shown once; only its digest is kept.")
    prefix = serializers.CharField()
    workspace = serializers.SlugField()
    name = serializers.CharField()
    write = serializers.BooleanField()
    expires_at = serializers.DateTimeField(allow_null=True)


class WorkspaceSerializer(serializers.ModelSerializer[Workspace]):
    role = serializers.CharField(read_only=True, help_text="Yours: owner, editor or viewer.")

    class Meta:
        model = Workspace
        fields = (
            "id",
            "name",
            "slug",
            "currency",
            "hourly_wage",
            "discount_rate",
            "working_days_a_year",
            "hours_a_day",
            "horizon_years",
            "role",
        )
        read_only_fields = fields
