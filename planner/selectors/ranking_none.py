"""What the ranking page says where no task is ranked: why, by what was found of the tasks, and what to do next."""

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse

from common.formatting import count, listed, things
from planner.domain.suitability.verdicts import Verdict
from planner.selectors.rated_task import RatedTask
from planner.selectors.value_ranking import Ranking

NAMED = 3


@dataclass(frozen=True)
class Onward:
    """A next step: what to do and why, where, and the words of its link."""

    title: str
    words: str
    url: str
    action: str


def none_headline(ranking: Ranking[RatedTask]) -> str:
    """Why nothing is ranked, with the numbers of it."""
    tasks = len(ranking.aside) + len(ranking.gaps)
    if not tasks:
        return f"Nothing to rank yet: {'this process has' if ranking.process else 'there are'} no tasks"
    if not ranking.aside:
        return "Nothing to rank yet: no task is valued"
    reasons = [f"{count(number)} {verdict.label}" for verdict, number in _counted(ranking)]
    if ranking.gaps:
        reasons.append(f"{count(len(ranking.gaps))} not valued yet")
    start = "The only task is not worth a model" if tasks == 1 else f"None of {things(tasks, 'task')} is worth a model"
    return f"{start}: {', '.join(reasons)}"


def none_lede(ranking: Ranking[RatedTask]) -> str:
    """The most frequent reasons in a sentence each."""
    if not ranking.aside and not ranking.gaps:
        return "Draw its tasks, or import a log."
    words = [f"{verdict.label.capitalize()}: {_lower(verdict.sentence)}" for verdict, _ in _counted(ranking)[:2]]
    if ranking.gaps:
        words.append("A task is valued from its visits a year and handling minutes: set them, or import a log.")
    return " ".join(words)


def none_onward(ranking: Ranking[RatedTask]) -> tuple[Onward, ...]:
    """What can be done about it, the surest first."""
    steps = [_figures(ranking), _outcomes(ranking), _rules(ranking), _other_targets(ranking), _anyway(ranking)]
    return tuple(step for step in steps if step is not None)


def _counted(ranking: Ranking[RatedTask]) -> list[tuple[Verdict, int]]:
    return Counter(found.finding.verdict for found in ranking.aside if found.finding).most_common()


def _of(ranking: Ranking[RatedTask], verdict: Verdict) -> list[RatedTask]:
    """Tasks of a verdict, the dearest of today first."""
    found = [each for each in ranking.aside if each.finding and each.finding.verdict is verdict]
    return sorted(found, key=lambda each: -(each.yearly_cost or 0.0))


def _page(found: RatedTask, name: str) -> str:
    """A page of the process of a task."""
    return reverse(f"planner:{name}", args=[found.workspace.slug, found.task.process_id])


def _named(found: list[RatedTask] | tuple[RatedTask, ...]) -> str:
    names = [each.task.name for each in found[:NAMED]]
    more = len(found) - NAMED
    return listed([*names, things(more, "other")] if more > 0 else names)


def _figures(ranking: Ranking[RatedTask]) -> Onward | None:
    if not ranking.gaps:
        return None
    url = f"{_page(ranking.gaps[0], 'tasks')}?edit=figures"
    return Onward("Set what is missing", f"for {_named(ranking.gaps)}.", url, "Set the figures")


def _outcomes(ranking: Ranking[RatedTask]) -> Onward | None:
    found = _of(ranking, Verdict.GATHER_DATA_FIRST)
    if not found:
        return None
    words = f"of {_named(found)}: in a field of the log, for some months."
    return Onward("Record outcomes", words, _page(found[0], "foresight"), "See what is missing")


def _rules(ranking: Ranking[RatedTask]) -> Onward | None:
    found = _of(ranking, Verdict.WRITE_A_RULE)
    if not found:
        return None
    return Onward("Write a rule", f"for {_named(found)}.", _page(found[0], "foresight"), "See the rule")


def _other_targets(ranking: Ranking[RatedTask]) -> Onward | None:
    found = [*_of(ranking, Verdict.TRIVIAL), *_of(ranking, Verdict.NOT_PREDICTABLE)]
    if not found:
        return None
    slug, first = ranking.workspace.slug, max(found, key=lambda each: each.yearly_cost or 0.0)
    task, words = first.task, "Other things may be foretold at a task than the one that was checked."
    if first.yearly_cost and len(found) > 1:
        words += f" Of these tasks {task.name} costs most today, as far as costs are known."
    return Onward("Choose another target.", words, reverse("planner:targets", args=[slug, task.pk]), "See its targets")


def _anyway(ranking: Ranking[RatedTask]) -> Onward | None:
    valued = [each for each in ranking.aside if each.brief is not None]
    if not valued:
        return None
    best = max(valued, key=lambda each: each.brief.summary.mean if each.brief else 0.0)
    url = reverse("planner:task", args=[ranking.workspace.slug, best.task.pk])
    words = f"A canvas may be drafted all the same; {best.task.name} would bring most if it could be foretold."
    return Onward("Think it through on a canvas.", words, url, f"Open {best.task.name}")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
