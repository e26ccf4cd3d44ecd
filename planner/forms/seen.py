"""What a page that was left has written itself: with its last edit come the values it sent before, as `w-` fields.

An answer to them may never have reached the page, so its version is an old one; whoever stands at the fields changed is
then nobody but the page itself.
"""

from collections.abc import Callable, Iterable

from django.http import QueryDict

SEEN = "w-"


def was_left(post: QueryDict) -> bool:
    """Whether the page had edits on their way when it was left."""
    return any(name.startswith(SEEN) for name in post)


def is_its_own(
    post: QueryDict, name: str, now: str, others: Iterable[str], alike: Callable[[str], str] = str.strip
) -> bool:
    """Whether what stands at a field is what the page has written there, or one of `others` it knows of."""
    return alike(now) in {alike(text) for text in (*post.getlist(f"{SEEN}{name}"), *others)}
