"""Which rows of a ranking are looked at. Ranks and chances stay those of the whole: a filter hides."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from common.errors import FieldProblem
from planner.domain.suitability.verdicts import Verdict
from planner.selectors.rated_task import RatedTask

UNCHECKED = "none"
"""The verdict of tasks that have none yet."""
REST = ("yes", "no")


@dataclass(frozen=True)
class RankingFilter:
    """Empty texts and zero let everything through. `chance` is the least chance of success, in 100; `defaults` is "yes"
    for tasks that rest on a default, "no" for those that do not."""

    verdict: str = ""
    lane: str = ""
    process: int = 0
    chance: int = 0
    defaults: str = ""

    @property
    def active(self) -> bool:
        return self != RankingFilter()

    @property
    def query(self) -> str:
        """As an address holds it, empty where nothing is filtered."""
        given = {"verdict": self.verdict, "lane": self.lane, "process": self.process or "", "chance": self.chance or ""}
        return urlencode({name: text for name, text in {**given, "defaults": self.defaults}.items() if text != ""})

    def lets(self, found: RatedTask) -> bool:
        """Whether a task is looked at; one without a value has no chance of success."""
        verdict = found.finding.verdict.value if found.finding is not None else UNCHECKED
        success = 100 * (1 - found.brief.summary.loss_probability) if found.brief is not None else 0.0
        rests = "yes" if found.resting_on_defaults else "no"
        return (
            self.verdict in ("", verdict)
            and self.lane in ("", found.lane)
            and self.process in (0, found.process_id)
            and success >= self.chance
            and self.defaults in ("", rests)
        )


def ranking_filter(query: Mapping[str, str]) -> tuple[RankingFilter, list[FieldProblem]]:
    """What an address asks for, and each part of it that cannot be: that part then lets everything through."""
    problems: list[FieldProblem] = []
    verdict, defaults = query.get("verdict", ""), query.get("defaults", "")
    if verdict and verdict not in (*Verdict, UNCHECKED):
        known = ", ".join((*(each.value for each in Verdict), UNCHECKED))
        problems.append(FieldProblem("verdict", f"Use one of {known}."))
        verdict = ""
    if defaults and defaults not in REST:
        problems.append(FieldProblem("defaults", "Use yes or no."))
        defaults = ""
    chance = _whole(query, "chance", 100, problems)
    process = _whole(query, "process", 2**62, problems)
    return RankingFilter(verdict, query.get("lane", ""), process, chance, defaults), problems


def _whole(query: Mapping[str, str], name: str, most: int, problems: list[FieldProblem]) -> int:
    text = query.get(name, "")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= most):
        problems.append(FieldProblem(name, f"Write a whole number, 0 to {most}." if most <= 100 else "Write its id."))
        return 0
    return int(text)
