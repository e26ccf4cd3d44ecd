"""What the ranking page shows: the answer in words, rows on one axis, who is set aside and why, the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from common.formatting import count, in_hundred, interval, listed, money, number, share, spelled, things, thousands
from planner.charts.ranking import AxisDrawing, Interval, IntervalDrawing, Place, draw_intervals, map_figure
from planner.domain.valuation.ranking import RankBy
from planner.selectors.ranking_filter import UNCHECKED, RankingFilter
from planner.selectors.ranking_none import Onward, none_headline, none_lede, none_onward
from planner.selectors.rated_task import RatedTask
from planner.selectors.value_ranking import RankedTask, Ranking
from planner.selectors.value_words import payback
from planner.selectors.verdict_tags import tag_of, tag_without


@dataclass(frozen=True, eq=False)
class RankingRow:
    """One line of the table: figures as written, its interval as drawn."""

    place: RankedTask[RatedTask]
    process: str
    score: str
    npv: str
    loses: str
    first: str
    first_k: str
    once: str
    interval: str
    drawing: IntervalDrawing
    tag: tuple[str, str, str]


Option = tuple[str, str]
EVERYTHING = RankingFilter()
PAGE = 50
"""Rows of a page, and tasks named of those that are not ranked."""


@dataclass(frozen=True)
class Choices:
    """What can be chosen in each filter: value and words. Empty where there is no choice."""

    verdicts: tuple[Option, ...]
    lanes: tuple[Option, ...]
    processes: tuple[Option, ...]
    chances: tuple[Option, ...] = tuple((str(each), f"at least {each} in 100") for each in (50, 75, 90, 95))
    defaults: tuple[Option, ...] = (("yes", "on some default"), ("no", "on none"))


@dataclass(frozen=True, eq=False)
class RankingPage:
    """The page; `rows` may be empty."""

    headline: str
    lede: str
    title: str
    heading: tuple[str, str]
    rows: tuple[RankingRow, ...]
    axis: AxisDrawing
    aside: tuple[tuple[RatedTask, str], ...]
    warnings: tuple[str, ...]
    map: dict[str, Any] | None
    map_title: str
    orders: tuple[tuple[str, str, bool], ...]
    onward: tuple[Onward, ...]
    narrowed: RankingFilter
    choices: Choices
    number: int
    pages: int
    more_aside: int
    asked: str
    """The order, k and filters as an address holds them."""

    @property
    def earlier(self) -> str:
        return f"{self.asked}&page={self.number - 1}" if self.number > 1 else ""

    @property
    def later(self) -> str:
        return f"{self.asked}&page={self.number + 1}" if self.number < self.pages else ""


HEADINGS = {
    RankBy.ROI: ("ROI", "mean, %"),
    RankBy.NPV: ("ROI", "mean, %"),
    RankBy.IRR: ("IRR", "medians, %"),
    RankBy.PAYBACK: ("Payback", "medians"),
    RankBy.NPV_PER_ONCE: ("NPV per", "one-off"),
    RankBy.CHANCE: ("Success", "in 100"),
}


def ranking_page(ranking: Ranking[RatedTask], narrowed: RankingFilter = EVERYTHING, number: int = 1) -> RankingPage:
    """Put a ranking in words and marks: of its rows those that `narrowed` lets through, page `number` of them."""
    seen = [row for row in ranking.rows if narrowed.lets(row.valued)]
    pages = max(1, -(-len(seen) // PAGE))
    number = min(max(1, number), pages)
    shown = slice(PAGE * (number - 1), PAGE * number)
    axis = draw_intervals([_interval(row) for row in seen], shown)
    drawn = zip(seen[shown], axis.rows, strict=True)
    rows = tuple(_row(row, drawing, ranking.by) for row, drawing in drawn)
    others = [found for found in (*ranking.aside, *ranking.gaps) if narrowed.lets(found)]
    places = _places(seen, others)
    return RankingPage(
        headline=ranking_headline(ranking),
        lede=_lede(ranking),
        title=_title(ranking, len(seen)),
        heading=HEADINGS[ranking.by],
        rows=rows,
        axis=axis,
        aside=tuple((found, _reason(found)) for found in others[:PAGE]),
        warnings=_warnings(ranking),
        map=map_figure(places, ranking.workspace.currency) if places else None,
        map_title=_map_title(seen),
        orders=tuple((by.value, by.label, by is ranking.by) for by in RankBy),
        onward=() if ranking.rows else none_onward(ranking),
        narrowed=narrowed,
        choices=_choices(ranking),
        number=number,
        pages=pages,
        more_aside=max(0, len(others) - PAGE),
        asked="&".join(filter(None, (f"by={ranking.by.value}", f"first={ranking.k}", narrowed.query))),
    )


def _title(ranking: Ranking[RatedTask], shown: int) -> str:
    every = len(ranking.rows)
    if shown == every:
        return f"{spelled(every).capitalize()} valued {'task' if every == 1 else 'tasks'} on one axis"
    return f"{count(shown)} of {things(every, 'valued task')} shown; ranks and chances are among all of them"


def _choices(ranking: Ranking[RatedTask]) -> Choices:
    everyone = [*(row.valued for row in ranking.rows), *ranking.aside, *ranking.gaps]
    verdicts = {found.finding.verdict: found.finding.verdict.label for found in everyone if found.finding is not None}
    lanes = sorted({found.lane for found in everyone if found.lane})
    unchecked = ((UNCHECKED, "not checked yet"),) if any(found.finding is None for found in everyone) else ()
    processes = {} if ranking.process else {found.process_id: found.process.name for found in everyone}
    return Choices(
        verdicts=(*((verdict.value, label) for verdict, label in verdicts.items()), *unchecked),
        lanes=tuple((lane, lane) for lane in lanes),
        processes=tuple((str(pk), name) for pk, name in processes.items()),
    )


def ranking_headline(ranking: Ranking[RatedTask]) -> str:
    """What first, with its number."""
    if ranking.waiting == "values":
        return "The ranking is being computed"
    if not ranking.rows:
        return none_headline(ranking)
    best = ranking.rows[0]
    name, currency = best.valued.task.name, ranking.workspace.currency
    gaining = sum(row.figures.npv > 0 for row in ranking.rows)
    if not gaining:
        return f"No task is worth a model: {name} comes closest, at {money(best.figures.npv, currency)}"
    rest = f"; {gaining} of {things(len(ranking.rows), 'task')} gain" if len(ranking.rows) > 1 else ""
    return f"{name} first: worth about {money(best.figures.npv, currency)}{rest}"


def _lede(ranking: Ranking[RatedTask]) -> str:
    if ranking.waiting == "values":
        return "There are many tasks to value: the page shows them as soon as they are done."
    if not ranking.rows:
        return none_lede(ranking)
    best = ranking.rows[0]
    if len(ranking.rows) == 1:
        return _alone(ranking, best)
    parts = [_who_is_first(ranking)]
    worst = max(ranking.rows, key=lambda row: _loss(row.valued))
    if _loss(worst.valued) > 0.5 and worst is not best:
        parts.append(f"{worst.valued.task.name} loses money in {in_hundred(_loss(worst.valued))}.")
    return " ".join(parts)


def _who_is_first(ranking: Ranking[RatedTask]) -> str:
    best = ranking.rows[0]
    if best.first is None:
        return f"By {ranking.by.label}. The chances of being first are being computed."
    first = f"By {ranking.by.label}, {best.valued.task.name} is first in {in_hundred(best.first)} draws"
    others = [f"{row.valued.task.name} in {_hundredths(row.first)}" for row in ranking.rows[1:3]]
    return f"{listed([first, *others])}."


def _alone(ranking: Ranking[RatedTask], best: RankedTask[RatedTask]) -> str:
    others = len(ranking.aside) + len(ranking.gaps)
    risk = f"{in_hundred(_loss(best.valued)).capitalize()} that it loses money."
    return f"{risk} {things(others, 'other task')} not ranked, each with its reason below." if others else risk


def _loss(found: RatedTask) -> float:
    return found.brief.summary.loss_probability if found.brief else 0.0


def _interval(row: RankedTask[RatedTask]) -> Interval:
    assert row.valued.brief is not None
    summary = row.valued.brief.summary
    return Interval(summary.p5, summary.p25, summary.p50, summary.p75, summary.p95)


def _row(row: RankedTask[RatedTask], drawing: IntervalDrawing, by: RankBy) -> RankingRow:
    assert row.valued.brief is not None
    summary = row.valued.brief.summary
    return RankingRow(
        place=row,
        process=row.valued.task.process.name,
        score=_score(row, by),
        npv=_k(summary.mean),
        loses=_hundredths(summary.loss_probability),
        first=_hundredths(row.first),
        first_k=_hundredths(row.first_k),
        once=_k(summary.mean_once),
        interval=interval(summary.p5, summary.p95),
        drawing=drawing,
        tag=_tag(row.valued),
    )


def _score(row: RankedTask[RatedTask], by: RankBy) -> str:
    figures = row.figures
    if by is RankBy.PAYBACK:
        return payback(figures.payback_years)
    if by is RankBy.CHANCE:
        return _hundredths(figures.chance)
    if by is RankBy.NPV_PER_ONCE:
        return number(figures.npv_per_once, 2)
    found = figures.irr if by is RankBy.IRR else figures.roi
    return "undefined" if found is None else number(100 * found, 2)


def _k(amount: float) -> str:
    """Thousands to three digits, as the same amount is written in the headline and on its own page."""
    return thousands(float(f"{amount:.3g}"))


def _hundredths(chance: float | None) -> str:
    return "…" if chance is None else in_hundred(chance).removesuffix(" in 100")


def _tag(found: RatedTask) -> tuple[str, str, str]:
    """Kind, sign and word of the state."""
    if found.is_measured:
        return ("ok", "check", "Measured") if _loss(found) <= 0.5 else ("bad", "stop", "Measured, not worth it")
    tag = tag_of(found.finding.verdict) if found.finding is not None else tag_without(found.unchecked)
    return tag.kind, tag.sign, tag.word


def _reason(found: RatedTask) -> str:
    if found.finding is None:
        return f"Not valued: {found.gap}" if found.gap else found.unchecked.capitalize()
    return f"{found.finding.verdict.label.capitalize()}. {found.finding.reason}"


def _warnings(ranking: Ranking[RatedTask]) -> tuple[str, ...]:
    warnings = [
        f"{less.valued.task.name} returns more per unit of cost, {more.valued.task.name} brings more money: "
        f"{money(more.figures.npv, '')} against {money(less.figures.npv, '')}."
        for less, more in ranking.disagreeing
        if more.figures.npv > 0
    ]
    return tuple(warnings[:2])


def _places(rows: Sequence[RankedTask[RatedTask]], others: Sequence[RatedTask]) -> list[Place]:
    ranked = {id(row.valued): row.figures.npv for row in rows}
    return [
        Place(found.name, found.suited, found.yearly_cost, ranked.get(id(found)), _reason(found))
        for found in (*(row.valued for row in rows), *others)
        if found.suited is not None and found.yearly_cost is not None
    ]


def _map_title(rows: Sequence[RankedTask[RatedTask]]) -> str:
    costed = [found for found in (row.valued for row in rows) if found.yearly_cost is not None]
    if len(costed) < 2:
        return "What a task costs today against how suitable it is"
    dearest = max(costed, key=lambda found: found.yearly_cost or 0)
    fittest = max(costed, key=lambda found: found.suited or 0)
    if dearest is fittest:
        return f"{dearest.task.name} is the dearest task and the most suitable"
    points = share(fittest.suited)
    return f"The dearest task, {dearest.task.name}, is not the most suitable: that is {fittest.task.name}, {points}"
