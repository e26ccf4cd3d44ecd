"""The board of all pipelines of a workspace: how many are in each state, and those of one state, a page at a time."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Workspace
from pipelines.domain.lifecycle import BEING_BUILT, IN_USE, LABELS, PipelineState
from pipelines.models import Deployment, OutsideRun, Pipeline, PipelineEvent, PipelineRun

PAGE = 50
LONGEST_WORDS = 200
GROUPS = (("Being built", BEING_BUILT), ("In use", IN_USE), ("Over", (PipelineState.RETIRED,)))


@dataclass(frozen=True)
class Place:
    """A state of the board, and how many pipelines are in it."""

    state: PipelineState
    count: int

    @property
    def label(self) -> str:
        return LABELS[self.state]


@dataclass(frozen=True)
class Lane:
    """States that belong together."""

    title: str
    places: tuple[Place, ...]

    @property
    def count(self) -> int:
        return sum(place.count for place in self.places)


@dataclass(frozen=True)
class PipelinesBoard:
    """`chosen` None: all states. `words` are looked for in the names of task and process.

    `moved` changes when anything on the board does.
    """

    lanes: tuple[Lane, ...]
    chosen: PipelineState | None
    page: Page[Pipeline]
    moved: str
    words: str = ""

    @property
    def count(self) -> int:
        return sum(lane.count for lane in self.lanes)

    @property
    def is_searched(self) -> bool:
        """Whether there is so much that it has a search."""
        return self.count > PAGE or bool(self.words)

    @property
    def in_use(self) -> int:
        return self.lanes[1].count

    @property
    def stale(self) -> int:
        return next(place.count for place in self.lanes[1].places if place.state is PipelineState.STALE)


def pipelines_board(workspace: Workspace, *, state: str = "", number: str = "", words: str = "") -> PipelinesBoard:
    """The board with the pipelines of one state (empty, or no state: of all) that have all `words` in the names of task
    and process. Seven queries, however many there are.
    """
    chosen = PipelineState(state) if state in set(PipelineState) else None
    found = Pipeline.objects.of(workspace)
    counted = dict(found.order_by().values_list("state").annotate(Count("pk")))
    shown = found.with_task().select_related("deployment__serves")
    if chosen is not None:
        shown = shown.filter(state=chosen.value)
    words = words.replace("\0", "").strip()[:LONGEST_WORDS]
    for word in words.split():
        shown = shown.filter(Q(task__name__icontains=word) | Q(task__process__name__icontains=word))
    told = OutsideRun.objects.filter(pipeline=OuterRef("pk")).order_by().values("pipeline").annotate(number=Count("pk"))
    shown = shown.annotate(elsewhere=Coalesce(Subquery(told.values("number")), 0))
    lanes = tuple(
        Lane(title, tuple(Place(one, counted.get(one.value, 0)) for one in states)) for title, states in GROUPS
    )
    page = Paginator(shown, PAGE).get_page(number or 1)
    return PipelinesBoard(lanes, chosen, page, board_moved(workspace), words)


def board_moved(workspace: Workspace) -> str:
    """What differs once a state, a service or a run, here or elsewhere, has changed. Four queries, on indexes."""
    event = PipelineEvent.objects.of(workspace).aggregate(last=Max("pk"))["last"]
    served = Deployment.objects.of(workspace).aggregate(last=Max("healthy_at"), changed=Max("changed_at"))
    run = PipelineRun.objects.filter(workspace=workspace).aggregate(last=Max("pk"))["last"]
    outside = OutsideRun.objects.filter(workspace=workspace).aggregate(last=Max("pk"), ended=Max("finished_at"))
    times = (served["last"], served["changed"], outside["ended"])
    moments = ".".join(f"{moment.timestamp() if moment else 0:.3f}" for moment in times)
    return f"{event or 0}.{run or 0}.{outside['last'] or 0}.{moments}"
