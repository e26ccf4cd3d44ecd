"""Answers as a person gives them on the suitability page."""

from collections.abc import Mapping

from common.errors import FieldProblem, InvalidInput
from planner.domain.suitability.suitability import QUESTIONS, Answer, Source

Given = dict[str, tuple[int | None, str]]


def posted_answers(post: Mapping[str, str], known: Mapping[str, Answer]) -> Given:
    """The answers that differ from what stands: `q-<question>` is 0 to 5 or empty, `r-<question>` the reason."""
    changed: Given = {}
    for question in QUESTIONS:
        name = f"q-{question.key}"
        if name not in post:
            continue
        now = known[question.key]
        stands = (now.score, now.evidence) if now.source is Source.PERSON else (None, "")
        score = _score(name, post[name])
        reason = post.get(f"r-{question.key}", stands[1] if score is not None else "").strip()
        if (score, reason if score is not None else "") != stands:
            changed[question.key] = (score, reason)
    return changed


def _score(name: str, text: str) -> int | None:
    if text == "":
        return None
    if text not in set("012345"):
        raise InvalidInput("Not saved.", errors=[FieldProblem(name, "A score is 0 to 5.")])
    return int(text)
