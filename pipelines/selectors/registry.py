"""What the pages of models show: versions, what they go by, what waits for a person, what was in use when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.domain.figures import FIGURES, Figure, FigureRow, figure_rows, figure_value
from pipelines.models import (
    AliasName,
    Deployment,
    ModelAlias,
    ModelVersion,
    Pipeline,
    Promotion,
    PromotionState,
    ServingState,
)
from pipelines.selectors.served import deployment_of, pattern_of

SHOWN_PROMOTIONS = 50
ORDER = {AliasName.CHAMPION: 0, AliasName.CANDIDATE: 1, AliasName.PREVIOUS: 2}


@dataclass(frozen=True)
class VersionRow:
    """One version, the names it goes by, and its first figure."""

    version: ModelVersion
    aliases: tuple[AliasName, ...]
    figure: Figure | None
    value: float | None

    @property
    def is_champion(self) -> bool:
        return AliasName.CHAMPION in self.aliases

    @property
    def may_be_promoted(self) -> bool:
        return self.version.accepted and not self.is_champion


@dataclass(frozen=True)
class Registry:
    """All versions of a pipeline, newest first; `waiting` is the promotion that waits for a yes."""

    pipeline: Pipeline
    rows: tuple[VersionRow, ...]
    waiting: Promotion | None
    promotions: tuple[Promotion, ...]
    deployment: Deployment | None

    def named(self, name: AliasName) -> VersionRow | None:
        return next((row for row in self.rows if name in row.aliases), None)

    @property
    def champion(self) -> VersionRow | None:
        return self.named(AliasName.CHAMPION)

    @property
    def candidate(self) -> VersionRow | None:
        return self.named(AliasName.CANDIDATE)

    @property
    def previous(self) -> VersionRow | None:
        return self.named(AliasName.PREVIOUS)

    @property
    def pattern(self) -> str:
        """How what is served answers (see Serving), "" where that is not known."""
        return pattern_of(self.deployment) or ""

    @property
    def is_stopped(self) -> bool:
        """Whether a person stopped serving the champion."""
        return self.deployment is not None and not self.deployment.wanted

    @property
    def is_settled(self) -> bool:
        """Whether what is served is what people want: nothing changes by itself soon."""
        found = self.deployment
        if found is None or not found.wanted:
            return found is None or found.state == ServingState.STOPPED
        return found.state == ServingState.RUNNING and found.serves_id == found.version_id

    @property
    def serving(self) -> str:
        """What answers at this moment, in a few words."""
        found = self.deployment
        if found is None or not found.wanted:
            return "Nothing is served"
        if found.state == ServingState.RUNNING and found.serves is not None:
            answers = f"Version {found.serves.number} answers"
            return answers if self.is_settled else f"{answers} until the next one is ready"
        return "The service fails" if found.state == ServingState.FAILING else "The service is starting"

    @property
    def headline(self) -> str:
        """What is in use, and what could be."""
        if self.champion is None:
            return _without_champion(self)
        number = self.champion.version.number
        answers = (
            f"Version {number} is the champion, and not served" if self.is_stopped else f"Version {number} is in use"
        )
        if self.waiting is not None:
            return f"{answers}, version {self.waiting.version.number} waits for approval"
        if self.candidate is not None:
            return f"{answers}, version {self.candidate.version.number} could replace it"
        return answers


def _without_champion(registry: Registry) -> str:
    if registry.waiting is not None:
        return f"Version {registry.waiting.version.number} waits for approval"
    if registry.candidate is not None:
        return f"Version {registry.candidate.version.number} is good enough and not in use yet"
    if registry.rows:
        return "No version is good enough yet"
    return "No model yet"


def registry_of(pipeline: Pipeline) -> Registry:
    """The registry of a pipeline. Four queries, however many versions there are."""
    versions = ModelVersion.objects.of(pipeline.workspace).filter(pipeline=pipeline).defer("card").with_origin()
    names: dict[int, list[AliasName]] = {}
    for alias in ModelAlias.objects.of(pipeline.workspace).filter(pipeline=pipeline):
        names.setdefault(alias.version_id, []).append(AliasName(alias.name))
    promotions = Promotion.objects.of(pipeline.workspace).filter(pipeline=pipeline)
    known = tuple(promotions.select_related("version", "before", "asked_by", "decided_by")[:SHOWN_PROMOTIONS])
    return Registry(
        pipeline=pipeline,
        rows=tuple(version_row(version, names.get(version.pk, [])) for version in versions),
        waiting=next((one for one in known if one.state == PromotionState.WAITING), None),
        promotions=known,
        deployment=deployment_of(pipeline),
    )


def version_row(version: ModelVersion, names: list[AliasName]) -> VersionRow:
    """A version with its first figure: that of its kind of task."""
    figure = first_figure(version.metrics)
    value = figure_value(version.metrics, figure) if figure else None
    return VersionRow(version, tuple(sorted(names, key=ORDER.__getitem__)), figure, value)


def first_figure(metrics: Mapping[str, Any]) -> Figure | None:
    """The figure a kind of task is told by: AUC, MASE, mean error."""
    return next(iter(FIGURES.get(str(metrics.get("task", "")), ())), None)


def figure_rows_of(version: ModelVersion) -> list[FigureRow]:
    """Its figures beside the rule to beat and what the canvas needed when it was made."""
    checks = version.run.generation.specification.get("checks", []) if version.run else []
    return figure_rows(version.metrics, checks)


def aliases_of(version: ModelVersion) -> list[AliasName]:
    """The names one version goes by."""
    return sorted((AliasName(alias.name) for alias in version.aliases.all()), key=ORDER.__getitem__)
