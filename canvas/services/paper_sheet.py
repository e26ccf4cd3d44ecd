"""The canvas on one sheet of paper, A4 or A3 landscape, as PDF or as a picture: set by typst, users' text as data."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from canvas.domain.blocks import AUTHOR_URL, LICENCE_URL, field_of
from canvas.domain.completeness import State
from canvas.domain.document import BlockDocument, CanvasDocument, FieldDocument
from canvas.domain.fields import Kind
from canvas.domain.rendering import CONCLUSIONS
from canvas.domain.sheet import ONE_LINE
from canvas.services.paper_letters import FONTS, WITHOUT_LETTER, is_right_to_left, printable
from common.formatting import things
from common.typesetting import typeset

Paper = Literal["a4", "a3"]
PAPERS: tuple[Paper, ...] = ("a4", "a3")
TEMPLATE = Path(__file__).with_name("paper") / "canvas.typ"
DOTS_PER_INCH = 150
MOST_LINES = 60
"""Lines of one field that are set at all; a sheet has no room for more."""
LONGEST_LINE = 2_000
SHORT = 34
"""Up to this many characters a figure stands beside its label."""


@dataclass
class _Letters:
    """Texts made fit for the fonts, counting what they do not have."""

    missing: int = field(default=0)

    def line(self, text: str, *aside: str) -> dict[str, Any]:
        """One line; `aside` is what stands behind it in small, such as the other parts of a row."""
        fit = self._fit(text)
        return {"text": fit, "rtl": is_right_to_left(fit), "aside": self._fit(", ".join(filter(None, aside)))}

    def _fit(self, text: str) -> str:
        fit, missing = printable(text)
        self.missing += missing
        return fit


def paper_sheet(document: CanvasDocument, *, paper: Paper = "a4") -> bytes:
    """The sheet as PDF, one page. The same canvas gives the same page."""
    return typeset(TEMPLATE, inputs=_inputs(document, paper), fonts=FONTS)


def paper_picture(document: CanvasDocument, *, paper: Paper = "a4") -> bytes:
    """The same page as PNG, 150 dots an inch."""
    return typeset(TEMPLATE, inputs=_inputs(document, paper), fonts=FONTS, form="png", dots_per_inch=DOTS_PER_INCH)


def _inputs(document: CanvasDocument, paper: Paper) -> dict[str, str]:
    return {"sheet": json.dumps(_sheet(document, paper), ensure_ascii=False)}


def _sheet(document: CanvasDocument, paper: Paper) -> dict[str, Any]:
    head, letters = document.header, _Letters()
    reason = f": {head.reason}" if head.reason else ""
    found = {
        "paper": paper,
        "title": f"Machine Learning Canvas: {head.task}",
        "made_by": head.designed_by or head.workspace,
        "name": letters.line(head.task),
        "designed_for": letters.line(head.designed_for or "–"),
        "designed_by": letters.line(head.designed_by or "–"),
        "date": letters.line(head.day.isoformat()),
        "iteration": letters.line(str(head.iteration)),
        "status": letters.line(f"{head.process}, version {head.version}. {_ended(head.conclusion)}{reason[:120]}"),
        "author_url": AUTHOR_URL,
        "licence_url": LICENCE_URL,
        "blocks": [_block(block, letters) for block in document.blocks],
    }
    found["unshown"] = _unshown(letters.missing)
    return found


def _ended(conclusion: str) -> str:
    return CONCLUSIONS[conclusion].capitalize()


def _unshown(missing: int) -> str:
    if not missing:
        return ""
    return f"{things(missing, 'sign')} without a letter in these fonts stand as {WITHOUT_LETTER}"


def _block(block: BlockDocument, letters: _Letters) -> dict[str, Any]:
    fields = [each for each in block.fields if each.state is not State.UNUSED]
    return {
        "key": block.key,
        "title": block.title,
        "asks": block.asks,
        "fields": [_field(block.key, each, letters) for each in fields],
    }


def _field(block: str, found: FieldDocument, letters: _Letters) -> dict[str, Any]:
    lines = [line for line in found.text.split("\n") if line.strip()] if found.state is not State.GAP else []
    kind = field_of(block, found.key).kind
    cells = [line.split(" | ") if kind is Kind.ROWS else [line[:LONGEST_LINE]] for line in lines[:MOST_LINES]]
    return {
        "label": found.label,
        "lines": [letters.line(*each) for each in cells],
        "more": max(0, len(lines) - MOST_LINES),
        "short": kind in ONE_LINE and len(found.text) <= SHORT,
        "state": found.state.value,
    }
