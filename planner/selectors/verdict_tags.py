"""A verdict as it looks on every page: the same sign, colour and word."""

from dataclasses import dataclass
from typing import Final

from planner.domain.suitability.verdicts import Verdict

# Amber waits for a person, teal is in order; a task that needs no model is no fault and has no colour.
KINDS: Final = {Verdict.PREDICT: "ok", Verdict.GATHER_DATA_FIRST: "warn", Verdict.NOT_PREDICTABLE: "warn"}
SIGNS: Final = {Verdict.PREDICT: "check", Verdict.WRITE_A_RULE: "rule", Verdict.GATHER_DATA_FIRST: "warn"}


@dataclass(frozen=True)
class VerdictTag:
    """A verdict as a tag: kind, sign and word."""

    kind: str
    sign: str
    word: str


def tag_of(verdict: Verdict) -> VerdictTag:
    """
    >>> tag_of(Verdict.WRITE_A_RULE)
    VerdictTag(kind='', sign='rule', word='Write a rule')
    """
    return VerdictTag(KINDS.get(verdict, ""), SIGNS.get(verdict, "dash"), verdict.label.capitalize())


def tag_without(words: str) -> VerdictTag:
    """What is known instead while there is no verdict, as “not checked yet”."""
    return VerdictTag("", "open", words[:1].upper() + words[1:])
