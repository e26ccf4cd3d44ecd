"""What a person writes on the value page."""

from collections.abc import Mapping

from planner.domain.valuation.estimate import Assumption
from planner.selectors.value_inputs import KEYS

PREFIX = "a-"


def posted_version(post: Mapping[str, str]) -> int:
    """The version a form was made on; what is no number counts as an old one, so the edit is refused, not lost."""
    given = post.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def posted_texts(post: Mapping[str, str]) -> dict[str, str]:
    """Every assumption's text in the form, by key."""
    return {key: post[f"{PREFIX}{key}"].strip() for key in sorted(KEYS) if f"{PREFIX}{key}" in post}


def posted_changes(post: Mapping[str, str], shown: Mapping[str, Assumption]) -> dict[str, dict[str, str]]:
    """The texts that differ from what was shown; an emptied field goes back to what is proposed."""
    texts = posted_texts(post)
    return {key: {"text": text} for key, text in texts.items() if text != (shown[key].text if key in shown else "")}
