"""The decision at the core of a task in its three parts, proposed in words from what is known.

A decision is a prediction (what is not known at the moment), a judgment (what each outcome is worth, and so what is
weighed) and an action (what is done). After Agrawal, Gans and Goldfarb, *Prediction Machines*, 2018, ch. 7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LONGEST_PART = 300
MOST_NAMED = 4


@dataclass(frozen=True)
class Part:
    """One part of a decision, and what is asked of it."""

    key: str
    label: str
    asks: str


PARTS = (
    Part("prediction", "Prediction", "What would settle it if it were known at the moment?"),
    Part("judgment", "Judgment", "What is weighed: what each outcome is worth, and what an error costs?"),
    Part("action", "Action", "What is done, depending on the answer?"),
)
"""The parts, in the order in which a decision is made."""


@dataclass(frozen=True, kw_only=True)
class DecisionFacts:
    """What is known of the decision: the chosen target as a question, what counts as yes, and what comes next.

    `imitation` says that the target is the person's own decision, `followers` are the names of what can follow the
    task, each once, in the order of the process.
    """

    task: str
    question: str = ""
    positive: str = ""
    imitation: bool = False
    followers: Sequence[str] = ()


def propose_decision(facts: DecisionFacts) -> Mapping[str, str]:
    """Each part in words, "" where nothing is known to say; at most `LONGEST_PART` characters each.

    >>> propose_decision(DecisionFacts(task="Triage", followers=("Pay", "Reject")))["action"]
    'Go on with “Pay” or “Reject”'
    >>> propose_decision(DecisionFacts(task="Triage"))
    {'prediction': '', 'judgment': '', 'action': ''}
    """
    said = {"prediction": _prediction(facts), "judgment": _judgment(facts), "action": _action(facts)}
    return {key: _short(words) for key, words in said.items()}


def _prediction(facts: DecisionFacts) -> str:
    if facts.question:
        return facts.question
    if len(facts.followers) > 1:
        return f"After {facts.task}, which is right for the case: {_either(facts.followers)}?"
    return ""


def _judgment(facts: DecisionFacts) -> str:
    if facts.imitation or (not facts.question and len(facts.followers) > 1):
        return f"What the person who does {facts.task} weighs today, and what it costs to decide otherwise"
    if facts.positive:
        return f"What it costs to miss “{facts.positive}”, against what it costs to expect it wrongly"
    return "What it costs when the answer is off, and how far off it may be" if facts.question else ""


def _action(facts: DecisionFacts) -> str:
    if len(facts.followers) > 1:
        return f"Go on with {_either(facts.followers)}"
    return f"Go on with “{facts.followers[0]}”, better prepared" if facts.followers and facts.question else ""


def _either(names: Sequence[str]) -> str:
    """
    >>> _either(["A", "B", "C", "D", "E", "F"])
    '“A”, “B”, “C” or 3 others'
    """
    shown = [f"“{name}”" for name in names]
    if len(shown) > MOST_NAMED:
        shown = [*shown[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} others"]
    return ", ".join(shown[:-1]) + f" or {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_PART else words[: LONGEST_PART - 1] + "…"
