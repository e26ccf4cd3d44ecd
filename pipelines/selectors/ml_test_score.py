"""How well a pipeline is tested: what the app shows, what people marked, and the score of both."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from canvas.selectors import canvas_approval
from common.formatting import listed, number
from jobs.domain.states import StageState
from jobs.models import Stage
from pipelines.domain.ml_test_score import (
    DONE_POINTS,
    GROUPS,
    ScoredGroup,
    ScoredTest,
    best_points,
    final_score,
    group_points,
    score_words,
    weakest_group,
)
from pipelines.domain.score_evidence import Evidence, ScoreFacts, evidence_of
from pipelines.models import (
    AliasName,
    Deployment,
    ModelAlias,
    MonitoringReport,
    Pipeline,
    PipelineRun,
    Promotion,
    PromotionKind,
    PromotionState,
    TestMark,
    Trigger,
)

RECENT = timedelta(days=31)
READ = ("validate", "train", "evaluate")
MOST_TRAININGS = 50
LACKS = 3


@dataclass(frozen=True)
class ScoredRow:
    """One test of a pipeline: what the app shows of it, what a person said. Both may be None."""

    test: ScoredTest
    evidence: Evidence | None
    mark: TestMark | None

    @property
    def shown(self) -> float:
        return self.evidence.points if self.evidence else 0.0

    @property
    def marked(self) -> float:
        return DONE_POINTS[self.mark.done] if self.mark else 0.0

    @property
    def points(self) -> float:
        return best_points(self.shown, self.marked)

    @property
    def by_person(self) -> bool:
        """Whether a person's mark is what counts."""
        return self.marked > self.shown

    @property
    def may_be_marked(self) -> bool:
        """Whether a mark could raise it."""
        return self.shown < 1

    @property
    def version(self) -> int:
        """The version a change of its mark is made on; 0 before the first."""
        return self.mark.version if self.mark else 0


@dataclass(frozen=True)
class ScoredRows:
    """One group with its seven tests."""

    group: ScoredGroup
    rows: tuple[ScoredRow, ...]
    points: float


@dataclass(frozen=True)
class PipelineTestScore:
    """All 28 tests."""

    groups: tuple[ScoredRows, ...]

    @cached_property
    def _points(self) -> dict[str, float]:
        return {row.test.key: row.points for found in self.groups for row in found.rows}

    @property
    def score(self) -> float:
        return final_score(self._points)

    @property
    def words(self) -> str:
        return score_words(self.score)

    @property
    def weakest(self) -> ScoredRows:
        key = weakest_group(self._points).key
        return next(found for found in self.groups if found.group.key == key)

    @property
    def lacks(self) -> str:
        """What the weakest group lacks first, in a sentence."""
        missing = [f"“{row.test.name}”" for row in self.weakest.rows if not row.points]
        half = [f"“{row.test.name}”" for row in self.weakest.rows if 0 < row.points < 1]
        names = missing or half
        if not names:
            return ""
        more = len(names) - LACKS
        shown = [*names[:LACKS], *([f"{more} more"] if more > 0 else [])]
        kind = "No points yet" if missing else "Not automated"
        return f"{kind}: {listed(shown)}."

    @property
    def headline(self) -> str:
        """The score, and what holds it down."""
        if not self.lacks:
            return "7 of 7: every test is automated"
        return f"{number(self.score)} of 7, held down by {self.weakest.group.name.lower()}"


def pipeline_test_score(pipeline: Pipeline) -> PipelineTestScore:
    """The score of a pipeline. The number of queries is the same whatever it has done."""
    marks = {mark.test: mark for mark in marks_of(pipeline)}
    shown = evidence_of(_facts(pipeline))
    groups = []
    for group in GROUPS:
        rows = tuple(ScoredRow(test, shown.get(test.key), marks.get(test.key)) for test in group.tests)
        groups.append(ScoredRows(group, rows, group_points(group, {row.test.key: row.points for row in rows})))
    return PipelineTestScore(tuple(groups))


def marks_of(pipeline: Pipeline) -> list[TestMark]:
    """What people marked, also what they took back."""
    found = TestMark.objects.of(pipeline.workspace).filter(pipeline=pipeline).select_related("marked_by")
    return list(found.order_by("test"))


def marks_version(marks: list[TestMark]) -> int:
    """The version a change of several marks is made on: marks are never deleted, so it only grows."""
    return sum(mark.version for mark in marks)


def last_recorded_run(pipeline: Pipeline) -> PipelineRun | None:
    """The last run here whose result is recorded."""
    return PipelineRun.objects.of(pipeline.workspace).filter(pipeline=pipeline).finished().first()


def _facts(pipeline: Pipeline) -> ScoreFacts:
    run = last_recorded_run(pipeline)
    approval = canvas_approval(pipeline.canvas)
    previous = ModelAlias.objects.named(pipeline.pk, AliasName.PREVIOUS)
    deployed = Deployment.objects.of(pipeline.workspace).filter(pipeline=pipeline).select_related("serves").first()
    back = Promotion.objects.of(pipeline.workspace).filter(
        pipeline=pipeline, kind=PromotionKind.ROLL_BACK, state=PromotionState.DONE
    )
    triggers = Trigger.objects.of(pipeline.workspace).filter(pipeline=pipeline, enabled=True)
    return ScoreFacts(
        results=_results(run) if run else None,
        number=run.number if run else 0,
        made_up=bool(run and run.metrics.get("made_up")),
        metrics=run.metrics if run else {},
        acceptance=run.acceptance if run else {},
        smoke=run.smoke if run else {},
        trainings=_trainings(pipeline),
        approved_version=approval.version if approval else None,
        approved_by=str(approval.by) if approval and approval.by else "",
        served=deployed.serves.number if deployed and deployed.wanted and deployed.serves else None,
        previous=previous.version.number if previous else None,
        rolled_back=back.exists(),
        triggers=frozenset(triggers.values_list("kind", flat=True)),
        report=_report(pipeline),
    )


def _results(run: PipelineRun) -> dict[str, Any]:
    stages = Stage.objects.of(run.workspace).filter(run=run.run_id, name__in=READ)
    return {name: output.get("results", {}) for name, output in stages.values_list("name", "output")}


def _trainings(pipeline: Pipeline) -> dict[str, tuple[str, ...]]:
    """The model each training gave, by what it was made from; one that was not needed again is none."""
    ran = Stage.objects.of(pipeline.workspace).filter(
        run__pipeline_run__pipeline=pipeline, name="train", state=StageState.SUCCEEDED.value
    )
    found: dict[str, tuple[str, ...]] = {}
    rows = ran.exclude(fingerprint="").order_by("-id").values_list("fingerprint", "output")
    for fingerprint, output in rows[:MOST_TRAININGS]:
        digests = [str(each["digest"]) for each in output.get("files", ()) if str(each["path"]).startswith("model")]
        if digests:
            found[fingerprint] = (*found.get(fingerprint, ()), " ".join(sorted(digests)))
    return found


def _report(pipeline: Pipeline) -> dict[str, Any] | None:
    recent = MonitoringReport.objects.of(pipeline.workspace).filter(
        pipeline=pipeline, created_at__gte=timezone.now() - RECENT
    )
    report = recent.first()
    return {name: getattr(report, name) for name in ("drift", "performance", "service")} if report else None
