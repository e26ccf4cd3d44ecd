"""How far suitability, value and ranking of a process are, for the bar of steps: nothing is valued."""

from django.db.models import Count, Q
from django.urls import reverse

from common.formatting import things
from common.steps import Sign, StepState
from planner.domain.suitability.suitability import ONLY_PEOPLE
from planner.domain.suitability.verdicts import Verdict
from planner.models import Process, Task
from planner.selectors.foresight import screen_under_way
from planner.selectors.suitability_standing import standings_of


def value_steps(process: Process) -> list[StepState]:
    """The three steps in words, in two queries while answers are open that only people can give."""
    tasks = Task.objects.of(process.workspace).work().filter(process=process)
    ready = Q(volume_a_year__gt=0, handling_minutes__gt=0) | Q(estimate__assumptions__has_key="minutes_before")
    counts = tasks.aggregate(
        all=Count("id", distinct=True),
        checked=Count("id", filter=Q(targets__isnull=False) & ~Q(targets__verdict=""), distinct=True),
        answered=Count("id", filter=Q(answers__isnull=False), distinct=True),
        by_people=Count("id", filter=Q(answers__question=ONLY_PEOPLE), distinct=True),
        valued=Count("id", filter=ready, distinct=True),
        open=Count("id", filter=ready & _open_to_a_model(), distinct=True),
    )
    checking = screen_under_way(process) is not None
    ranking = _ranking(process, counts, checking=checking)
    return [_suitability(process, counts, checking=checking), _value(process, counts), ranking]


def _open_to_a_model() -> Q:
    """Tasks that were not checked, or of which something can be foreseen, and which no machine does already."""
    foreseen = Q(targets__isnull=True) | Q(targets__verdict=Verdict.PREDICT)
    return foreseen & ~Q(automatic=True) & ~Q(automatic=None, automatic_proposed=True)


def _page(process: Process, name: str) -> str:
    return reverse(f"planner:{name}", args=[process.workspace.slug, process.pk])


def _suitability(process: Process, counts: dict[str, int], *, checking: bool) -> StepState:
    seen = max(counts["checked"], counts["answered"])
    if checking:
        return StepState("suitability", "Suitability", _page(process, "suitability"), "run", "being checked")
    words = f"{seen} of {things(counts['all'], 'task')} checked" if seen else "not checked yet"
    sign = _sign(seen, counts["all"])
    if sign == "done" and (still := _open_answers(process, counts)):
        sign, words = "part", f"{words}, {still}"
    return StepState("suitability", "Suitability", _page(process, "suitability"), sign, words)


def _open_answers(process: Process, counts: dict[str, int]) -> str:
    """What is still open in words, "" where every question is answered.

    While a question that no log answers is open for some task, nothing more is asked: only once people have answered
    it for all of them are the others looked at, one by one.
    """
    if counts["by_people"] < counts["all"]:
        return "answers open"
    still = sum(line.open for line in standings_of(process))
    return f"{things(still, 'answer')} open" if still else ""


def _value(process: Process, counts: dict[str, int]) -> StepState:
    words = f"{counts['valued']} of {counts['all']} valued"
    return StepState("value", "Value", _page(process, "values"), _sign(counts["valued"], counts["all"]), words)


def _ranking(process: Process, counts: dict[str, int], *, checking: bool) -> StepState:
    if checking and counts["valued"]:
        return StepState("ranking", "Ranking", _page(process, "ranking"), "run", "being checked")
    none = "none worth a model" if counts["valued"] else "nothing to rank yet"
    words = f"{things(counts['open'], 'task')} ranked" if counts["open"] else none
    sign: Sign = "done" if counts["valued"] else "open"
    return StepState("ranking", "Ranking", _page(process, "ranking"), sign, words)


def _sign(done: int, of: int) -> Sign:
    if not done:
        return "open"
    return "done" if done >= of else "part"
