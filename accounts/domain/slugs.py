"""The short name of a workspace in its addresses."""

import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import count
from typing import Final

MAX_LENGTH: Final = 48
RESERVED: Final = frozenset({"new", "api", "static", "admin", "w"})


def slug_base(name: str) -> str:
    """Small letters, digits and hyphens made of a name; "workspace" when nothing is left.

    >>> slug_base("Claims & Recoveries, Köln"), slug_base("保険"), slug_base("New")
    ('claims-recoveries-koln', 'workspace', 'new-workspace')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_LENGTH].strip("-") or "workspace"
    return f"{slug}-workspace" if slug in RESERVED else slug


def slug_free(name: str, taken: Container[str]) -> str:
    """The first free one: acme, acme-2, acme-3.

    >>> slug_free("Acme", {"acme", "acme-2"})
    'acme-3'
    """
    return next(slug for slug in _candidates(slug_base(name)) if slug not in taken)


def _candidates(base: str) -> Iterator[str]:
    yield base
    for number in count(2):
        yield f"{base}-{number}"
