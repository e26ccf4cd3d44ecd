"""The registry: a packaged model becomes a version, a version the champion, and back; each step leaves its trace."""

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict
from pipelines.domain.lifecycle import IN_USE, Cause, PipelineState
from pipelines.domain.serving import service_plan
from pipelines.models import (
    AliasName,
    Deployment,
    ModelAlias,
    ModelVersion,
    Pipeline,
    Promotion,
    PromotionKind,
    PromotionState,
    ServingState,
)
from pipelines.services.living import pipeline_state_change
from pipelines.services.policies import policy_of


def version_promote(*, access: Access, version: ModelVersion, reason: str = "") -> Promotion:
    """Make a version the champion; where the workspace asks for a yes, it waits for another person's.

    Refuses with Conflict a version that did not pass its acceptance test, the champion itself, and a second promotion
    while one waits.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        pipeline = pipeline_held(version.pipeline_id)
        _check_promotable(pipeline, version)
        waits = policy_of(access).approval_needed
        promotion = _promotion(access, version, PromotionKind.PROMOTE, reason, waits=waits)
        if not waits:
            _use(access, promotion)
    return promotion


def _check_promotable(pipeline: Pipeline, version: ModelVersion) -> None:
    _check_usable(pipeline, version)
    waiting = pipeline.promotions.filter(state=PromotionState.WAITING).select_related("version").first()
    if waiting is not None:
        raise Conflict(
            f"Version {waiting.version.number} already waits for approval.",
            detail="Approve or decline it first.",
        )


def _check_usable(pipeline: Pipeline, version: ModelVersion) -> None:
    _check_living(pipeline)
    if not version.accepted:
        said = str(version.acceptance.get("sentence", ""))
        raise Conflict(
            f"Version {version.number} did not pass its acceptance test.",
            detail=f"{said} A version is promoted once it holds what the canvas asks for.".strip(),
        )
    if version.aliases.filter(name=AliasName.CHAMPION).exists():
        raise Conflict(f"Version {version.number} is the champion already.", detail="There is nothing to promote.")


def _check_living(pipeline: Pipeline) -> None:
    if pipeline.state_of is PipelineState.RETIRED:
        raise Conflict("This pipeline is retired.", detail="Generate it again to bring it back.")


def promotion_approve(*, access: Access, promotion: Promotion, comment: str = "") -> Promotion:
    """A person other than the one who asked says yes: the version is in use. Of two decisions the first counts."""
    return _decided(access, promotion, comment, yes=True)


def promotion_decline(*, access: Access, promotion: Promotion, comment: str = "") -> Promotion:
    """A person says no: what is served stays. Who asked may take it back this way."""
    return _decided(access, promotion, comment, yes=False)


def _decided(access: Access, promotion: Promotion, comment: str, *, yes: bool) -> Promotion:
    access.require(Role.EDITOR)
    with transaction.atomic():
        pipeline_held(promotion.pipeline_id)
        found = Promotion.objects.select_related("version", "pipeline__task").get(pk=promotion.pk)
        if found.state != PromotionState.WAITING:
            raise Conflict("This was decided already.", detail=f"Version {found.version.number} {_said(found)}.")
        if yes and access.user is not None and found.asked_by_id == access.user.pk:
            raise Conflict(
                "Somebody else has to approve it.",
                detail="This workspace wants a second person's yes; owners change that in its settings.",
            )
        if yes:
            _check_usable(found.pipeline, found.version)
        found.decided_by, found.decided_at, found.comment = access.user, timezone.now(), comment.strip()[:500]
        if yes:
            _use(access, found)
        else:
            found.state = PromotionState.DECLINED
            found.save()
            _told(access, found, "model.declined")
    return found


def _said(promotion: Promotion) -> str:
    by = f" by {promotion.decided_by}" if promotion.decided_by else ""
    return f"was {'put into use' if promotion.state == PromotionState.DONE else 'declined'}{by}"


def version_roll_back(
    *, access: Access, pipeline: Pipeline, to: ModelVersion | None = None, reason: str = ""
) -> Promotion:
    """The previous champion answers again, at once and without approval: what fails must be stoppable by one person.

    `to` is the version the person saw as the previous one: of two who go back at once the second is told, and does not
    bring back what failed. Refuses with Conflict where there is no previous champion, or it is another by now.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        _check_living(pipeline_held(pipeline.pk))
        previous = ModelAlias.objects.named(pipeline.pk, AliasName.PREVIOUS)
        if previous is None:
            raise Conflict("There is nothing to go back to.", detail="Only one version was ever in use.")
        if to is not None and previous.version_id != to.pk:
            raise Conflict(
                "Somebody else went back or promoted meanwhile.",
                detail=f"The previous version is {previous.version.number} by now. Look again.",
            )
        promotion = _promotion(access, previous.version, PromotionKind.ROLL_BACK, reason, waits=False)
        _use(access, promotion)
    return promotion


def serving_stop(*, access: Access, pipeline: Pipeline) -> Deployment:
    """Nothing answers any more; the champion stays the champion. Refuses with Conflict where nothing is served."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        found = pipeline_held(pipeline.pk)
        deployment = Deployment.objects.filter(pipeline=found, wanted=True).first()
        if deployment is None:
            raise Conflict("Nothing is served.", detail="Promote a version first.")
        _wanted(access, deployment, wanted=False)
        if found.state_of in IN_USE:  # whatever became of the pipeline meanwhile, its service can be stopped
            pipeline_state_change(
                access=access,
                pipeline=found,
                after=PipelineState.PACKAGED,
                cause=Cause.PERSON,
                note="serving was stopped",
            )
    return deployment


def serving_start(*, access: Access, pipeline: Pipeline) -> Deployment:
    """Serve the champion again. Refuses with Conflict where there is none."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        found = pipeline_held(pipeline.pk)
        champion = ModelAlias.objects.named(found.pk, AliasName.CHAMPION)
        if champion is None:
            raise Conflict("There is no champion to serve.", detail="Promote a version first.")
        _check_living(found)
        if not is_served_here(champion.version):
            raise Conflict("This model is not served here.", detail="The application that imports it answers.")
        deployment = _deployment(access, champion.version)
        if found.state_of not in IN_USE:
            note = f"version {champion.version.number} is served again"
            pipeline_state_change(
                access=access, pipeline=found, after=PipelineState.SERVING, cause=Cause.PERSON, note=note
            )
    return deployment


def pipeline_held(pipeline_id: int) -> Pipeline:
    """The pipeline, locked until the end of the transaction: of two people who promote at once one is told of it."""
    found = Pipeline.objects.select_for_update(of=("self",)).select_related("task__process", "workspace")
    return found.get(pk=pipeline_id)


def _promotion(access: Access, version: ModelVersion, kind: PromotionKind, reason: str, *, waits: bool) -> Promotion:
    champion = ModelAlias.objects.named(version.pipeline_id, AliasName.CHAMPION)
    promotion = Promotion.objects.create(
        workspace=version.workspace,
        pipeline=version.pipeline,
        version=version,
        before_id=champion.version_id if champion else None,
        kind=kind,
        state=PromotionState.WAITING if waits else PromotionState.DONE,
        reason=reason.strip()[:500],
        asked_by=access.user,
    )
    if waits:
        _told(access, promotion, "model.promotion-asked")
    return promotion


def _use(access: Access, promotion: Promotion) -> None:
    """The version is champion, the champion before it previous; its service is wanted, and the pipeline serves."""
    version, pipeline = promotion.version, pipeline_held(promotion.pipeline_id)
    before = ModelAlias.objects.named(pipeline.pk, AliasName.CHAMPION)
    if before is not None:
        alias_point(pipeline, AliasName.PREVIOUS, before.version)
    alias_point(pipeline, AliasName.CHAMPION, version)
    ModelAlias.objects.filter(pipeline=pipeline, name=AliasName.CANDIDATE, version=version).delete()
    promotion.before = before.version if before else None
    promotion.state = PromotionState.DONE
    promotion.save()
    if is_served_here(version):
        _deployment(access, version)
    if pipeline.state_of is not PipelineState.SERVING:
        note = f"version {version.number} {promotion.get_kind_display()}"
        pipeline_state_change(
            access=access, pipeline=pipeline, after=PipelineState.SERVING, cause=Cause.PERSON, note=note
        )
    _told(access, promotion, "model.promoted" if promotion.kind == PromotionKind.PROMOTE else "model.rolled-back")


def is_served_here(version: ModelVersion) -> bool:
    """Whether a supervisor can serve it: its code is here, and its serving pattern answers over HTTP."""
    if version.run is None or version.package_id is None:
        return False
    return service_plan(version.run.generation.specification).is_served_here


def alias_point(pipeline: Pipeline, name: AliasName, version: ModelVersion) -> None:
    ModelAlias.objects.update_or_create(
        pipeline=pipeline,
        name=name,
        defaults={"workspace_id": pipeline.workspace_id, "version": version, "since": timezone.now()},
    )


def _deployment(access: Access, version: ModelVersion) -> Deployment:
    deployment, _ = Deployment.objects.get_or_create(
        pipeline_id=version.pipeline_id, defaults={"workspace_id": version.workspace_id}
    )
    deployment.version = version
    return _wanted(access, deployment, wanted=True)


def _wanted(access: Access, deployment: Deployment, *, wanted: bool) -> Deployment:
    """What a person wants; the state stays the supervisor's, but for what is wanted and not yet looked at."""
    deployment.wanted, deployment.restarts, deployment.reason = wanted, 0, ""
    if wanted and deployment.state == ServingState.STOPPED:
        deployment.state = ServingState.STARTING
    deployment.changed_by, deployment.changed_at = access.user, timezone.now()
    deployment.save(update_fields=["version", "wanted", "restarts", "reason", "state", "changed_by", "changed_at"])
    verb = "model.served" if wanted else "model.serving-stopped"
    audit_record(access=access, verb=verb, subject=deployment.pipeline.subject, detail={"version": _number(deployment)})
    return deployment


def _number(deployment: Deployment) -> int | None:
    return deployment.version.number if deployment.version else None


def _told(access: Access, promotion: Promotion, verb: str) -> None:
    detail = {
        "task": promotion.pipeline.task.name,
        "version": promotion.version.number,
        "before": promotion.before.number if promotion.before else None,
        "reason": promotion.reason,
        "comment": promotion.comment,
    }
    audit_record(access=access, verb=verb, subject=promotion.pipeline.subject, detail=detail)
