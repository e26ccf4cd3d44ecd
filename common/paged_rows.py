"""A long table a page at a time, narrowed by words: what a page shows of many rows, and where the rest is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

MOST_ROWS = 100
LONGEST_WORDS = 200
_T = TypeVar("_T")


@dataclass(frozen=True)
class PagedRows(Generic[_T]):
    """The rows of one page; `found` of `total` rows hold the words."""

    shown: Sequence[_T]
    total: int
    found: int
    number: int
    pages: int
    words: str
    size: int = MOST_ROWS

    @property
    def is_cut(self) -> bool:
        """Not all rows are here: it needs a search of its own, and pages."""
        return self.total > len(self.shown) or bool(self.words)

    @property
    def first(self) -> int:
        """The number of the first row here, from 1; 0 where none is."""
        return (self.number - 1) * self.size + 1 if self.shown else 0

    @property
    def last(self) -> int:
        """The number of the last row here."""
        return (self.number - 1) * self.size + len(self.shown)

    @property
    def before(self) -> str:
        """What an address needs for the page before, "" on the first."""
        return self._page(self.number - 1) if self.number > 1 else ""

    @property
    def after(self) -> str:
        """What an address needs for the page after, "" on the last."""
        return self._page(self.number + 1) if self.number < self.pages else ""

    def _page(self, number: int) -> str:
        return urlencode({"page": number, **({"q": self.words} if self.words else {})})


def rows_with(rows: Sequence[_T], *, text: Callable[[_T], str], words: str) -> list[_T]:
    """The rows whose text holds all words, in any order and case; all rows without a word.

    >>> rows_with(["Pay the bill", "Ask"], text=str, words="BILL pay"), rows_with(["Pay"], text=str, words=" ")
    (['Pay the bill'], ['Pay'])
    """
    wanted = words.lower().split()
    return [row for row in rows if all(word in text(row).lower() for word in wanted)] if wanted else list(rows)


def paged_rows(
    rows: Sequence[_T],
    *,
    text: Callable[[_T], str],
    words: str = "",
    page: str = "",
    picked: int | None = None,
    size: int = MOST_ROWS,
) -> PagedRows[_T]:
    """One page of the rows whose text holds all words; without a page, the one with the row at place `picked`.

    >>> found = paged_rows([str(n) for n in range(250)], text=str, page="3")
    >>> found.first, found.last, found.pages, found.before, found.after
    (201, 250, 3, 'page=2', '')
    >>> paged_rows(["Pay", "Ask"], text=str, words="as").shown
    ['Ask']
    """
    said = words[:LONGEST_WORDS]
    wanted, kept = said.split(), rows_with(rows, text=text, words=said)
    pages = max(1, -(-len(kept) // size))
    known = page.isascii() and page.isdigit() and len(page) < 7
    place = (int(page) - 1 if known else 0 if wanted or picked is None else picked // size) + 1
    number = min(max(place, 1), pages)
    shown = kept[(number - 1) * size : number * size]
    return PagedRows(shown, len(rows), len(kept), number, pages, " ".join(said.split()), size)
