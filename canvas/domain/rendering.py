"""A canvas as Markdown and as JSON. Both name the author of the sheet: its licence asks for it."""

import re
from typing import Any

from canvas.domain.blocks import ATTRIBUTION, AUTHOR_URL, LICENCE_URL
from canvas.domain.completeness import State
from canvas.domain.document import BlockDocument, CanvasDocument, FieldDocument, Header

FORMAT = "taskworth/canvas/1"
MARKED = re.compile(r"([\\`*_{}\[\]<>#|~!])")
BLANKS = re.compile(r"[^\S\u202f]+")
"""Any space but the thin one inside numbers, which stays: a value brought back is the same value."""
LIST_OR_HEADING = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")
ADJECTIVE, EMPTY = "**still an adjective**", "–"
CONCLUSIONS = {"open": "open", "build": "build it", "do_not_build": "do not build ML here"}


def escaped(text: str) -> str:
    """Text as it is, in Markdown: nothing of it becomes markup, on one line.

    >>> escaped("# not *bold* <b>")
    '\\\\# not \\\\*bold\\\\* \\\\<b\\\\>'
    """
    return LIST_OR_HEADING.sub(r"\1\\\2", MARKED.sub(r"\\\1", BLANKS.sub(" ", text).strip()))


def markdown_of(document: CanvasDocument) -> str:
    """The whole sheet in Markdown, each value with its source."""
    head = document.header
    parts = [f"# Canvas of {escaped(head.task)}", _about(head)]
    parts += [_block(block) for block in document.blocks]
    parts.append(f"---\n\nMachine Learning Canvas by Louis Dorard, <{AUTHOR_URL}>, [CC BY-SA 4.0]({LICENCE_URL}).")
    return "\n\n".join(parts) + "\n"


def _about(head: Header) -> str:
    lines = [
        f"- Process: {escaped(head.process)}",
        f"- Designed for: {escaped(head.designed_for) or '–'}",
        f"- Designed by: {escaped(head.designed_by) or '–'}",
        f"- Date: {head.day.isoformat()}",
        f"- Iteration: {head.iteration}",
        f"- Conclusion: {CONCLUSIONS[head.conclusion]}{f'. {escaped(head.reason)}' if head.reason else ''}",
    ]
    return "\n".join(lines)


def _block(block: BlockDocument) -> str:
    lines = [_line(field) for field in block.fields if field.state is not State.UNUSED]
    return f"## {block.title} ({block.state})\n\n*{block.asks}*\n\n" + "\n".join(lines)


def _line(field: FieldDocument) -> str:
    source = f" *({escaped(field.source)})*" if field.source else ""
    doubt = f" {ADJECTIVE}" if field.state is State.SHARPEN else ""
    if isinstance(field.value, list):
        items = "\n".join(f"  - {escaped(line)}" for line in field.text.split("\n"))
        return f"- **{field.label}**:{source}\n{items}"
    return f"- **{field.label}**: {_paragraphs(field.text) or EMPTY}{doubt}{source}"


def _paragraphs(text: str) -> str:
    """Lines as they were typed: a backslash at the end of one breaks it and keeps the next in the same item."""
    return "\\\n  ".join(escaped(line) for line in text.split("\n"))


def json_of(document: CanvasDocument) -> dict[str, Any]:
    """The whole sheet as plain values; `blocks` keyed by block and field, so that a client reads one by name."""
    head = document.header
    return {
        "format": FORMAT,
        "task": head.task,
        "process": head.process,
        "workspace": head.workspace,
        "currency": head.currency,
        "designed_for": head.designed_for,
        "designed_by": head.designed_by,
        "date": head.day.isoformat(),
        "iteration": head.iteration,
        "version": head.version,
        "conclusion": head.conclusion,
        "reason": head.reason,
        "blocks": {block.key: _plain_block(block) for block in document.blocks},
        "attribution": {"text": ATTRIBUTION, "author": AUTHOR_URL, "licence": LICENCE_URL},
    }


def _plain_block(block: BlockDocument) -> dict[str, Any]:
    return {
        "title": block.title,
        "state": block.state,
        "fields": {
            field.key: {
                "label": field.label,
                "kind": field.kind,
                "value": field.value,
                "text": field.text,
                "source": field.source,
                "state": field.state.value,
            }
            for field in block.fields
        },
    }
