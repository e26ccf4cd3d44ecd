"""What the home page shows: what waits, what goes on, the processes with what they cost and may be worth."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Workspace
from common.formatting import listed, money, spelled, things
from common.home import HomeLine, HomeTodo, news_of
from jobs.domain.states import RunState
from jobs.models import Run
from planner.models import LogUpload
from planner.selectors.older_measures import older_of_workspace
from planner.selectors.process import ProcessCard, process_cards, uploads_open


@dataclass(frozen=True)
class HomePage:
    """Everything on Home. `title` answers the question of the page; `stopped` is the one line for files gone wrong."""

    cards: Sequence[ProcessCard]
    todos: Sequence[HomeTodo]
    stopped: HomeTodo | None
    pipelines: Sequence[HomeLine]
    running: Sequence[Run]
    cost: float | None
    tasks: int
    valued: int
    currency: str
    whose: str = "you"

    @property
    def best(self) -> ProcessCard | None:
        """The process with the task that is worth most."""
        known = [card for card in self.cards if card.best is not None]
        return max(known, key=lambda card: card.best.npv_mean if card.best else 0.0, default=None)

    @property
    def by_state(self) -> str:
        """How many pipelines are in each state, in words; empty without one."""
        return listed([f"{count} {state}" for state, count in Counter(line.state for line in self.pipelines).items()])

    @property
    def title(self) -> str:
        waiting = len(self.todos) + (self.stopped is not None)
        if not self.cards and self.running:
            return "The first process is on its way"
        if not self.cards:
            return "Begin with a process: three ways in" if self.whose == "you" else "No process yet"
        waits = f"{spelled(waiting).capitalize()} {'thing waits' if waiting == 1 else 'things wait'} for {self.whose}"
        first = waits if waiting else f"Nothing waits for {self.whose}"
        if self.best is not None and self.best.best is not None:
            worth = money(self.best.best.npv_mean, self.currency)
            return f"{first}; {self.best.best.task.name} is worth most, about {worth}"
        if self.cost is not None:
            return f"{first}; {things(self.tasks, 'task')} cost {money(self.cost, self.currency)} a year"
        return first


def home_page(workspace: Workspace, *, can_edit: bool = True) -> HomePage:
    """What Home shows; what waits is an editor's to do. A handful of queries, however many processes there are."""
    cards = process_cards(workspace)
    costs = [card.sheet.cost for card in cards if card.sheet.cost is not None]
    news, uploads = news_of(workspace), uploads_open(workspace)
    for upload in uploads:
        upload.workspace = workspace
    running = Run.objects.of(workspace).under_way().prefetch_related("stages")[:5]
    return HomePage(
        cards=cards,
        todos=[*_ready(uploads), *_older(workspace, cards), *_gaps(cards), *news.todos],
        stopped=_stopped(workspace, uploads),
        pipelines=news.pipelines,
        running=list(running),
        cost=sum(costs) if costs else None,
        tasks=sum(card.tasks for card in cards),
        valued=sum(card.best is not None for card in cards),
        currency=workspace.currency,
        whose="you" if can_edit else "an editor",
    )


def _ready(uploads: Sequence[LogUpload]) -> list[HomeTodo]:
    """Files that were brought and wait for a look."""
    return [
        HomeTodo("upload", f"{upload.filename}: {upload.standing_words}", _check_words(upload), _page(upload), "Check")
        for upload in uploads
        if upload.standing == LogUpload.State.UPLOADED
    ]


def _check_words(upload: LogUpload) -> str:
    if upload.missing:
        return f"No column holds {listed(upload.missing)}; choose one, or bring a file that has them."
    return "Its columns are guessed; look at five rows and import it."


def _stopped(workspace: Workspace, uploads: Sequence[LogUpload]) -> HomeTodo | None:
    """One line for all files that could not be read or whose import stopped, however many there are."""
    stopped = [upload for upload in uploads if upload.standing in (LogUpload.State.REFUSED, LogUpload.State.FAILED)]
    if not stopped:
        return None
    if len(stopped) == 1:
        title = f"{stopped[0].filename}: {stopped[0].standing_words}"
        return HomeTodo("warn", title, import_problem(stopped[0]), _page(stopped[0]), "Look")
    words = "Bring mended files in their place, or discard them."
    page = reverse("planner:import", args=[workspace.slug])
    return HomeTodo("warn", f"{len(stopped)} files could not be imported", words, page, "Look")


def _page(upload: LogUpload) -> str:
    return reverse("planner:upload", args=[upload.workspace.slug, upload.pk])


def _gaps(cards: Sequence[ProcessCard]) -> list[HomeTodo]:
    """Figures only a person can give."""
    found = []
    for card in cards:
        missing = card.sheet.without_handling
        if not missing or not card.tasks:
            continue
        slug, pk = card.process.workspace.slug, card.process.pk
        title = f"{things(len(missing), 'handling time')} of {card.process.name} not known"
        words = "The log holds no start times for them. Ask those who do the work; without it no cost can be told."
        url = f"{reverse('planner:tasks', args=[slug, pk])}?edit=figures"
        found.append(HomeTodo("part", title, words, url, "Fill in"))
    return found


def _older(workspace: Workspace, cards: Sequence[ProcessCard]) -> list[HomeTodo]:
    """Processes some of whose checks were made on an older log."""
    older = older_of_workspace(workspace) if cards else {}
    return [
        HomeTodo(
            "warn",
            f"{card.process.name} rests in part on older measurements",
            older[card.process.pk],
            reverse("planner:foresight", args=[workspace.slug, card.process.pk]),
            "Check again",
        )
        for card in cards
        if card.process.pk in older
    ]


def import_problem(upload: LogUpload) -> str:
    """Why a file is not a process yet, in a sentence; empty when nothing is wrong."""
    if upload.problems:
        return " ".join(upload.problems)
    if upload.run is None or upload.run.state not in (RunState.FAILED.value, RunState.CANCELLED.value):
        return ""
    reasons = [stage.reason for stage in upload.run.stages.all() if stage.reason]
    if upload.run.state == RunState.CANCELLED.value:
        return "The import was cancelled; nothing was kept of it."
    return " ".join(reasons) or "The import failed; nothing was kept of it."
