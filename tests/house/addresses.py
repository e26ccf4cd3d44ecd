"""Every address of the product, found by walking the URL configuration, and how to fill in its arguments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

WORKSPACE = "w/<slug:slug>/"
API = "api/v1/"
# One example of each argument that is no number of a row. A number is always PK: see populated.py.
PK = 4711
NOWHERE = 999_999
EXAMPLES = {
    "block": "decisions",
    "digest": "0" * 64,
    "form": "md",
    "key": "claims",
    "name": "train",
    "path": "README.md",
    "secret": "no-such-secret",
    "stage": "train",
    "token": "no-such-token",
    "uidb64": "NDcxMQ",
}


@dataclass(frozen=True)
class Address:
    """One leaf of the URL configuration. `arguments` maps the name of each to its converter ("int", "str", "regex")."""

    name: str
    route: str
    arguments: tuple[tuple[str, str], ...]

    @property
    def in_workspace(self) -> bool:
        return self.route.startswith(WORKSPACE)

    @property
    def in_api(self) -> bool:
        return self.route.startswith(API)

    @property
    def of_one_thing(self) -> bool:
        """It names a row besides the workspace."""
        return any(self._is_number(name, kind) for name, kind in self.arguments)

    def url(self, slug: str, number: int = PK) -> str:
        """The address for the workspace `slug` and rows of one `number`. Fails on an argument it has no example of."""
        given = {name: self._example(name, kind, slug, number) for name, kind in self.arguments}
        return reverse(self.name, kwargs=given)

    def _example(self, name: str, kind: str, slug: str, number: int) -> str | int:
        if name == "slug":
            return slug
        if self._is_number(name, kind):
            return number
        assert name in EXAMPLES, f"{self.route}: add an example of “{name}” to tests/house/addresses.py"
        return EXAMPLES[name]

    @staticmethod
    def _is_number(name: str, kind: str) -> bool:
        return kind == "int" or (kind == "regex" and re.fullmatch(r"pk|id|\w+_(pk|id)", name) is not None)


def every_address() -> list[Address]:
    """All leaves but the alternative spellings of the API that end in a format."""
    return [each for each in _walk(get_resolver(), "", ()) if ("format", "regex") not in each.arguments]


def _walk(resolver: URLResolver, prefix: str, namespaces: tuple[str, ...]) -> Iterator[Address]:
    inner = (*namespaces, resolver.namespace) if resolver.namespace else namespaces
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route, inner)
        else:
            yield _leaf(pattern, route, inner)


def _leaf(pattern: URLPattern, route: str, namespaces: tuple[str, ...]) -> Address:
    assert pattern.name, f"The address {route} has no name; give it one, so that it can be linked to and tested."
    return Address(":".join((*namespaces, pattern.name)), route, tuple(arguments_of(route)))


def arguments_of(route: str) -> Iterator[tuple[str, str]]:
    for kind, name in re.findall(r"(?<!\?P)<(?:(\w+):)?(\w+)>", route):
        yield name, kind or "str"
    for name in re.findall(r"\(\?P<(\w+)>", route):
        yield name, "regex"
