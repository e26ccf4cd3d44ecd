"""Under which licence a project may be used: which there are, and who grants it. Laid beside the options of its build.

The texts are templates, one folder of `skeletons/licence/` each; what `pyproject.toml` names is an SPDX expression.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from pipelines.domain.text import text_clean

LONGEST_HOLDER = 120
FIRST_YEAR, LAST_YEAR = 1950, 2200
NOBODY = "the owner of this project"
"""The holder of a project generated before one could be named."""


class LicenceKind(StrEnum):
    """The name in SPDX, but for a project that is not licensed to anyone."""

    RESERVED = "all-rights-reserved"
    MIT = "MIT"
    APACHE = "Apache-2.0"
    BSD = "BSD-3-Clause"


TITLES: Mapping[str, str] = {
    LicenceKind.RESERVED: "All rights reserved",
    LicenceKind.MIT: "MIT",
    LicenceKind.APACHE: "Apache 2.0",
    LicenceKind.BSD: "BSD, three clauses",
}
REASONS: Mapping[str, str] = {
    LicenceKind.RESERVED: "The project stays yours: nobody may use or pass it on unless you agree.",
    LicenceKind.MIT: "Anyone may use, change and pass it on as long as your notice stays; no warranty.",
    LicenceKind.APACHE: "As MIT, and whoever contributes grants the patents it needs; changes are marked.",
    LicenceKind.BSD: "As MIT, and nobody may advertise with your name.",
}
FILES: Mapping[str, tuple[str, ...]] = {LicenceKind.APACHE: ("LICENSE", "NOTICE")}
"""Files that have to go with the code, where they are not `LICENSE` alone."""


class LicenceError(ValueError):
    """A licence that cannot be granted so; `where` is kind, holder or year."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True)
class Licence:
    """`holder` grants it, since `year`; both empty only in projects from before they could be named."""

    kind: LicenceKind = LicenceKind.RESERVED
    holder: str = ""
    year: int | None = None

    @property
    def title(self) -> str:
        return TITLES[self.kind]

    @property
    def expression(self) -> str:
        """What `pyproject.toml` says: an SPDX expression."""
        return "LicenseRef-All-Rights-Reserved" if self.kind is LicenceKind.RESERVED else str(self.kind)

    @property
    def files(self) -> tuple[str, ...]:
        return FILES.get(self.kind, ("LICENSE",))

    @property
    def owner(self) -> str:
        """Whose it is, with the year where it is known: "2026 Acme"."""
        name = self.holder or NOBODY
        return name if self.year is None else f"{self.year} {name}"

    def as_json(self) -> dict[str, Any]:
        return {"kind": str(self.kind), "holder": self.holder, "year": self.year}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `as_json` wrote; what is missing keeps its default."""
        year = data.get("year")
        kind = LicenceKind(data.get("kind", LicenceKind.RESERVED))
        return cls(kind, str(data.get("holder", "")), None if year is None else int(year))


UNNAMED = Licence()
"""That of a project from before there was a choice."""


def licence_make(*, kind: str, holder: str, year: int) -> Licence:
    """A licence from what people typed, the holder cleaned to one line. Refuses with LicenceError.

    >>> licence_make(kind="MIT", holder="Acme\\nLtd", year=2026).owner
    '2026 Acme Ltd'
    """
    if kind not in list(LicenceKind):
        raise LicenceError("kind", f"There is no licence “{kind}” here: {', '.join(LicenceKind)}.")
    name = text_clean(holder, longest=LONGEST_HOLDER)
    if not name:
        raise LicenceError("holder", "Name who holds the rights: a person or an organisation.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise LicenceError("year", f"The year is {year}: give one from {FIRST_YEAR} to {LAST_YEAR}.")
    return Licence(LicenceKind(kind), name, year)
