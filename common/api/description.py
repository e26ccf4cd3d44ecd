"""How the API describes itself: headers and error answers every operation shares are added here, once."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from common.api.problems import MEDIA_TYPE


class FieldProblemSerializer(serializers.Serializer[Any]):
    path = serializers.CharField(help_text="Dotted path of the field, empty for the whole body.")
    message = serializers.CharField(help_text="A whole sentence.")


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457. `changed` is there for an edit made on an old version."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)
    errors = FieldProblemSerializer(many=True)  # type: ignore[assignment]
    changed = serializers.ListField(child=serializers.CharField(), required=False)


IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="ETag of the version that is changed, or `*`."
)
IF_MATCH_IF_ANY = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="ETag of the version to change; without it, whatever stands."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Sent again with the same key within a day, the request is done once and answered alike.",
)
CHANGES = ("PUT", "PATCH")
CHANGED = "Changed since you read it; `changed` says what."


class Description(AutoSchema):
    """The description of one operation."""

    def get_override_parameters(self) -> list[Any]:
        found = list(super().get_override_parameters())
        if self._on_a_version():
            found.append(IF_MATCH)
        elif self.method == "POST" and getattr(self.view, "etag_optional", False):
            found.append(IF_MATCH_IF_ANY)
        if self.method == "POST" and getattr(self.view, "idempotent", False):
            found.append(IDEMPOTENCY_KEY)
        return found

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        for status, words in self._refusals():
            if status not in found:
                answer = OpenApiResponse(ProblemSerializer, words)
                found[status] = self._get_response_for_code(answer, status, [MEDIA_TYPE], direction)  # type: ignore[no-untyped-call]
        return dict(sorted(found.items()))

    def _refusals(self) -> list[tuple[str, str]]:
        refusals = [("429", "Too many requests; see Retry-After.")]
        if AllowAny not in getattr(self.view, "permission_classes", ()):
            refusals += [("401", "No token, or one that is not accepted."), ("404", "Not there, or not yours.")]
        if self.method not in ("GET", "HEAD"):
            refusals += [("400", "The body cannot be used; `errors` says where."), ("403", "Your role may not.")]
        if self._on_a_version():
            refusals += [("412", CHANGED), ("428", "If-Match is missing.")]
        elif self.method == "POST" and getattr(self.view, "etag_optional", False):
            refusals += [("412", CHANGED)]
        return refusals

    def _on_a_version(self) -> bool:
        """Whether the operation needs If-Match: every change of a view with `etag`, deletions with `etag_of_deletions`,
        and of POST those with `etag_of_posts`, True or the names of actions."""
        if self.method == "POST":
            posts: bool | tuple[str, ...] = getattr(self.view, "etag_of_posts", False)
            return posts if isinstance(posts, bool) else getattr(self.view, "action", "") in posts
        named = "etag_of_deletions" if self.method == "DELETE" else "etag"
        return self.method in (*CHANGES, "DELETE") and getattr(self.view, named, False)
