"""The verdict on a task as a tag, alike on every page."""

from django import template

from planner.domain.suitability.verdicts import Verdict
from planner.selectors.verdict_tags import tag_of, tag_without

register = template.Library()


@register.inclusion_tag("includes/_tag.html")
def verdict_tag(verdict: Verdict | str | None, unchecked: str = "") -> dict[str, str]:
    """The tag of a verdict; without one, what is known instead."""
    tag = tag_of(Verdict(verdict)) if verdict else tag_without(unchecked or "not checked yet")
    return {"kind": tag.kind, "sign": tag.sign, "word": tag.word}
