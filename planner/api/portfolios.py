"""Portfolios in the API: limits in, the best choice out."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_base import WorkspaceAPIView
from common.api import if_match_version, tagged
from common.errors import Conflict
from jobs.models import Run
from jobs.serializers import RunSerializer
from planner.models import PortfolioPlan
from planner.selectors.portfolio_standing import standing_of
from planner.serializers.portfolio import (
    PortfolioDecisionSerializer,
    PortfolioResultSerializer,
    PortfolioSerializer,
)
from planner.services import (
    portfolio_choose_start,
    portfolio_create,
    portfolio_decide,
    portfolio_delete,
    portfolio_update,
)


class PortfolioDoor(WorkspaceAPIView):
    """What the addresses of one portfolio share."""

    def plan(self, pk: int) -> PortfolioPlan:
        found = PortfolioPlan.objects.of(self.workspace).select_related("workspace").prefetch_related("processes")
        return found.get_or_404(pk=pk)

    def answer(self, plan: PortfolioPlan, request: Request | None = None, status: int = 200) -> Response:
        body = Response(PortfolioSerializer(plan).data, status=status)
        return tagged(body, "portfolio", plan.pk, plan.version, request=request)


class PortfoliosView(PortfolioDoor):
    """The portfolios of a workspace."""

    @extend_schema(operation_id="portfolios_list", responses=PortfolioSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All of them, the latest first."""
        found = PortfolioPlan.objects.of(self.workspace).prefetch_related("processes")
        return Response(PortfolioSerializer(found, many=True).data)

    @extend_schema(operation_id="portfolios_create", request=PortfolioSerializer, responses={201: PortfolioSerializer})
    def post(self, request: Request) -> Response:
        """Draw one up."""
        asked = PortfolioSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer(portfolio_create(access=self.access, entry=asked.entry), status=201)


class PortfolioView(PortfolioDoor):
    """One portfolio."""

    etag = True
    etag_of_deletions = True

    @extend_schema(operation_id="portfolios_retrieve", responses=PortfolioSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Its limits."""
        return self.answer(self.plan(pk), request)

    @extend_schema(operation_id="portfolios_update", request=PortfolioSerializer, responses=PortfolioSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Change its limits, all of them, on the version named by If-Match."""
        plan = self.plan(pk)
        version = if_match_version(request, "portfolio", pk)
        asked = PortfolioSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer(portfolio_update(access=self.access, plan=plan, entry=asked.entry, version=version))

    @extend_schema(operation_id="portfolios_destroy", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take it away, on the version named by If-Match; its tasks stay as they are."""
        plan = self.plan(pk)
        portfolio_delete(access=self.access, plan=plan, version=if_match_version(request, "portfolio", pk))
        return Response(status=204)


class PortfolioResultView(PortfolioDoor):
    """The best choice within the limits of a portfolio."""

    @extend_schema(
        operation_id="portfolios_result_retrieve", responses={200: PortfolioResultSerializer, 202: RunSerializer}
    )
    def get(self, request: Request, pk: int) -> Response:
        """The choice that holds now; 202 with the job while it is being made; 409 where POST has to start one."""
        standing = standing_of(self.plan(pk))
        if standing.is_current:
            return Response(_told(standing.result))
        if standing.run is not None:
            return _under_way(standing.run)
        raise Conflict("The choice has to be made anew.", detail="Start the job by POST, then ask again.")

    @extend_schema(
        operation_id="portfolios_result_create",
        request=None,
        responses={200: PortfolioResultSerializer, 202: RunSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Choose anew where anything has changed: 202 with the job that does, 200 with the choice where it holds."""
        plan = self.plan(pk)
        run = portfolio_choose_start(access=self.access, plan=plan)
        return _under_way(run) if run is not None else Response(_told(standing_of(plan).result))


class PortfolioDecideView(PortfolioDoor):
    """The decision for what is chosen."""

    @extend_schema(operation_id="portfolios_decide", request=PortfolioDecisionSerializer, responses=PortfolioSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Decide for the tasks chosen: they are kept with the figures of now."""
        plan = self.plan(pk)
        asked = PortfolioDecisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        fingerprint = asked.validated_data.get("fingerprint")
        return self.answer(portfolio_decide(access=self.access, plan=plan, fingerprint=fingerprint))


def _under_way(run: Run) -> Response:
    return Response(RunSerializer(run).data, status=202, headers={"Location": f"/api/v1/jobs/{run.pk}/"})


def _told(found: "dict[str, object] | None") -> "dict[str, object]":
    return {key: value for key, value in (found or {}).items() if key in PortfolioResultSerializer().fields}
