"""Models in the API: versions, what is put into use and by whom, what is served."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from accounts.models import Role
from common.api import if_match_version, tagged
from common.api.parameters import PAGED, PAGING, takes
from pipelines.api.found import pipeline_of
from pipelines.models import Deployment, LifecyclePolicy, ModelVersion, Promotion
from pipelines.selectors import download_of
from pipelines.serializers import (
    DecisionSerializer,
    DeploymentSerializer,
    ModelVersionRowSerializer,
    ModelVersionSerializer,
    PolicyChangeSerializer,
    PolicySerializer,
    PromoteSerializer,
    PromotionSerializer,
    RollBackSerializer,
    WantedSerializer,
)
from pipelines.services import (
    policy_change,
    policy_of,
    promotion_approve,
    promotion_decline,
    serving_start,
    serving_stop,
    version_promote,
    version_roll_back,
)


class ModelVersionsView(WorkspaceAPIView):
    """The versions of a pipeline's model."""

    @extend_schema(
        operation_id="pipeline_models_list", parameters=PAGED, responses=ModelVersionRowSerializer(many=True)
    )
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Versions, newest first."""
        found = ModelVersion.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found.defer("card").prefetch_related("aliases"), ModelVersionRowSerializer)


class ModelVersionView(WorkspaceAPIView):
    """One version."""

    @extend_schema(operation_id="models_retrieve", responses=ModelVersionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Signature, figures, verdict, model card, lineage."""
        return Response(ModelVersionSerializer(version_of(self, pk)).data)


class PackageView(WorkspaceAPIView):
    """The files of a version."""

    @extend_schema(operation_id="models_package", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The package as a zip: model, manifest, card, checksums."""
        found = version_of(self, pk)
        if found.package is None:
            raise NotFound
        return download_of(found.package, f"model-{found.pipeline_id}-version-{found.number}.zip")


class PromoteView(WorkspaceAPIView):
    """Putting a version into use."""

    @extend_schema(operation_id="models_promote", request=PromoteSerializer, responses={201: PromotionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Make it the champion, or ask for it where the workspace wants a second person's yes (state waiting)."""
        version = version_of(self, pk)
        asked = PromoteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reason = asked.validated_data.get("reason", "")
        promotion = version_promote(access=self.access, version=version, reason=reason)
        return Response(PromotionSerializer(promotion).data, status=201)


class PromotionsView(WorkspaceAPIView):
    """What was put into use."""

    @extend_schema(operation_id="pipeline_promotions_list", parameters=PAGED, responses=PromotionSerializer(many=True))
    @takes(*PAGING)
    def get(self, request: Request, pk: int) -> Response:
        """Promotions and returns, newest first."""
        found = Promotion.objects.of(self.workspace).filter(pipeline=pipeline_of(self, pk))
        return self.paged(request, found, PromotionSerializer)


class ApproveView(WorkspaceAPIView):
    """A second person's yes."""

    @extend_schema(operation_id="promotions_approve", request=DecisionSerializer, responses=PromotionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Approve a promotion somebody else asked for."""
        promotion, comment = _decision(self, request, pk)
        return Response(
            PromotionSerializer(promotion_approve(access=self.access, promotion=promotion, comment=comment)).data
        )


class DeclineView(WorkspaceAPIView):
    """A person's no."""

    @extend_schema(operation_id="promotions_decline", request=DecisionSerializer, responses=PromotionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Decline a promotion, or take back one's own."""
        promotion, comment = _decision(self, request, pk)
        return Response(
            PromotionSerializer(promotion_decline(access=self.access, promotion=promotion, comment=comment)).data
        )


class RollBackView(WorkspaceAPIView):
    """Going back to the previous champion."""

    @extend_schema(operation_id="pipelines_roll_back", request=RollBackSerializer, responses={201: PromotionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """The previous version is in use again, at once. `to` names it: 409 when it is another by now."""
        pipeline = pipeline_of(self, pk)
        asked = RollBackSerializer(data=request.data, context={"access": self.access})
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        promotion = version_roll_back(
            access=self.access, pipeline=pipeline, to=given["to"], reason=given.get("reason", "")
        )
        return Response(PromotionSerializer(promotion).data, status=201)


class DeploymentView(WorkspaceAPIView):
    """The service of a pipeline's champion."""

    @extend_schema(operation_id="pipeline_deployment_retrieve", responses=DeploymentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What is wanted and what is. 404 while nothing was ever put into use."""
        found = Deployment.objects.of(self.workspace).get_or_404(pipeline=pipeline_of(self, pk))
        return Response(DeploymentSerializer(found).data)

    @extend_schema(
        operation_id="pipeline_deployment_change", request=WantedSerializer, responses={202: DeploymentSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Start or stop serving the champion."""
        pipeline = pipeline_of(self, pk)
        asked = WantedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        verb = serving_start if asked.validated_data["wanted"] else serving_stop
        return Response(DeploymentSerializer(verb(access=self.access, pipeline=pipeline)).data, status=202)


class PolicyView(WorkspaceAPIView):
    """The rules of a workspace for its models."""

    writers = Role.OWNER
    etag = True

    @extend_schema(operation_id="model_rules_retrieve", responses=PolicySerializer)
    def get(self, request: Request) -> Response:
        """The rules; what nobody decided holds by default."""
        return _policy(policy_of(self.access), request)

    @extend_schema(operation_id="model_rules_update", request=PolicyChangeSerializer, responses=PolicySerializer)
    def put(self, request: Request) -> Response:
        """Change them; If-Match holds the ETag that was read."""
        version = if_match_version(request, "rules", 0)
        asked = PolicyChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        changed = policy_change(access=self.access, version=version, **asked.validated_data)
        return _policy(changed, request)


def version_of(view: WorkspaceAPIView, pk: int) -> ModelVersion:
    """The version an address names, or 404."""
    return ModelVersion.objects.of(view.workspace).with_origin().select_related("package").get_or_404(pk=pk)


def _decision(view: WorkspaceAPIView, request: Request, pk: int) -> tuple[Promotion, str]:
    promotion = Promotion.objects.of(view.workspace).get_or_404(pk=pk)
    asked = DecisionSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return promotion, str(asked.validated_data["comment"])


def _policy(policy: LifecyclePolicy, request: Request) -> Response:
    return tagged(Response(PolicySerializer(policy).data), "rules", 0, policy.version, request=request)
