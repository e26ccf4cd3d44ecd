"""Answers as a person gives them on the suitability page."""

import re

from django.http import QueryDict

from planner.domain.suitability.suitability import QUESTIONS
from planner.services.suitability import GivenAnswer, Said, tidy

UNREADABLE = -1
"""The score of what is none; it is refused beside its field."""
KEY = re.compile(rf"^q-(?P<task>\d{{1,18}})-(?P<question>{'|'.join(question.key for question in QUESTIONS)})$")


def posted_answers(post: QueryDict) -> list[GivenAnswer]:
    """The answers that differ from what their page was opened on.

    `q-<task>-<question>` is 0 to 5 or empty, `r-…` the reason; each `w-…` is something the page saw standing there, as
    `4|seen the same day`, the latest last. Without an `r-…` the reason stays; without a `w-…` it answers what stands. A
    reason goes with the answer that is taken back, unless another was written.
    """
    given = []
    for name in post:
        match = KEY.match(name)
        if match is None:
            continue
        key = name.removeprefix("q-")
        seen = [_said(text) for text in post.getlist(f"w-{key}")]
        score, kept = _score(post.getlist(name)[-1]), seen[-1][1] if seen else ""
        reason = post.get(f"r-{key}", kept)
        if score is None and tidy(reason) == kept:
            reason = ""
        answer = GivenAnswer(
            task=int(match["task"]), question=match["question"], score=score, reason=reason, seen=seen or None
        )
        if len(seen) != 1 or seen[0] != answer.said or (score is None and tidy(reason)):
            given.append(answer)
    return given


def _score(text: str) -> int | None:
    if not text.strip():
        return None
    return int(text) if text.strip() in set("012345") else UNREADABLE


def _said(text: str) -> Said:
    score, _, reason = text.partition("|")
    number = _score(score)
    return (None, "") if number is None else (number, tidy(reason))
