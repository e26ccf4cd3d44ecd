"""Reading a canvas back from Markdown: what `rendering` writes, and sheets that use the older names of the blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from canvas.domain.blocks import BLOCKS, SHEET
from canvas.domain.fields import Block
from canvas.domain.imported import Fault, Imported, Place, Unreadable, listed, refuse_long
from canvas.domain.rendering import ADJECTIVE, CONCLUSIONS, EMPTY

HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
RULE = re.compile(r"^\s*([-*_])(?:\s*\1){2,}\s*$")
FIELD = re.compile(r"^\s{0,3}[-*+]\s+\*\*(?P<label>[^*]+?):?\*\*:?(?P<rest>.*)$")
ITEM = re.compile(r"^\s{2,}[-*+]\s+(?P<rest>.*)$")
ABOUT = re.compile(r"^\s{0,3}[-*+]\s+(?:\*\*)?(?P<label>[A-Za-z ]+?)(?:\*\*)?:(?:\*\*)?(?P<rest>.*)$")
SOURCE = re.compile(r"(?:^|\s+)\*\((?:[^*\\]|\\.)*\)\*\s*$")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
STATE = re.compile(r"\s*\([^()]*\)$")
FOOT = ("Machine Learning Canvas by Louis Dorard", "The Machine Learning Canvas", "> Machine Learning Canvas")
ABOUT_LABELS = {"designed for": "designed_for", "designed by": "designed_by", "iteration": "iteration"}
TOLD = ("process", "date", "conclusion")
OLDER = {
    "value propositions": "value_proposition",
    "value": "value_proposition",
    "ml task": "prediction_task",
    "machine learning task": "prediction_task",
    "offline evaluation": "impact_simulation",
    "collecting data": "data_collection",
    "features (engineering)": "features",
    "features engineering": "features",
    "feature engineering": "features",
    "live evaluation and monitoring": "monitoring",
    "live evaluation & monitoring": "monitoring",
    "live evaluation": "monitoring",
    "live monitoring": "monitoring",
}
"""Names that versions of the canvas before 1.1 gave its blocks."""
NAMES = {**{block.title.casefold(): block.key for block in SHEET}, **OLDER}


@dataclass
class _Open:
    """What has been read so far, and the block and field that are open."""

    block: Block | None = None
    path: str = ""
    goes_on: bool = False
    lines: dict[str, list[str]] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    skips: bool = False

    def add(self, path: str, text: str, place: Place) -> None:
        self.lines.setdefault(path, []).append(text)
        self.places.setdefault(path, str(place))

    def fault(self, place: Place, message: str) -> None:
        self.faults.append(Fault(str(place), message))


def unescaped(text: str) -> str:
    """The text that `rendering.escaped` was given.

    >>> unescaped("\\\\# not \\\\*bold\\\\*")
    '# not *bold*'
    """
    return ESCAPED.sub(r"\1", text)


def read_markdown(text: str) -> Imported:
    """The values of a canvas in Markdown; Unreadable names the line and column of everything that is wrong.

    A field that says “–” is emptied; one that is not named stays. Text that belongs to no field becomes its block's
    note, so that a sheet filled as free text loses nothing.
    """
    refuse_long(text)
    found = _Open()
    for number, line in enumerate(_lines(text), start=1):
        _read(found, line, number)
    if not found.seen and not found.faults:
        found.fault(Place(1, 1), "There is no block of the canvas in this text: each starts with “## ” and its name.")
    if found.faults:
        raise Unreadable(*found.faults)
    values = {path: _whole(lines) for path, lines in found.lines.items()}
    return Imported(values, found.header, found.places)


def _lines(text: str) -> Iterator[str]:
    yield from text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _whole(lines: list[str]) -> str | None:
    said = "\n".join(lines).strip()
    return None if said in ("", EMPTY) else said


def _read(found: _Open, line: str, number: int) -> None:
    if found.goes_on and found.path:
        _continue(found, line, Place(number, 1))
    elif heading := HEADING.match(line):
        _heading(found, heading, number)
    elif RULE.match(line):
        found.block, found.path, found.skips = None, "", False
    elif not line.strip():
        _gap(found, number)
    elif found.block is not None:
        _inside(found, found.block, line, number)
    elif not found.skips:
        _before(found, line, number)


def _heading(found: _Open, heading: re.Match[str], number: int) -> None:
    if len(heading[1]) == 1 and not found.seen:
        return
    place = Place(number, heading.start(2) + 1)
    name = unescaped(heading[2]).strip(" *_")
    key = NAMES.get(name.casefold()) or NAMES.get(STATE.sub("", name).casefold())
    found.block, found.path, found.skips = BLOCKS.get(key or ""), "", key is None
    if key is None:
        titles = listed([block.title for block in SHEET])
        found.fault(place, f"The canvas has no block “{name[:80]}”; it has {titles}, and their older names.")
    elif key in found.seen:
        found.fault(place, f"{BLOCKS[key].title} stands here a second time.")
    else:
        found.seen.add(key)


def _gap(found: _Open, number: int) -> None:
    """An empty line ends a field; in a note it parts paragraphs."""
    note = f"{found.block.key}.note" if found.block is not None else ""
    if note in found.lines and found.path in ("", note):
        found.add(note, "", Place(number, 1))
    found.path = found.path if found.path == note else ""


def _inside(found: _Open, block: Block, line: str, number: int) -> None:
    if line.strip().strip("*_").strip() == block.asks:
        return
    if named := FIELD.match(line):
        _field(found, block, named, number)
    elif (item := ITEM.match(line)) and found.path:
        _take(found, found.path, item["rest"], Place(number, item.start("rest") + 1))
    elif found.path and line.startswith("  "):
        _take(found, found.path, line, Place(number, 1))
    else:
        found.path = ""
        _take(found, f"{block.key}.note", line, Place(number, 1))


def _field(found: _Open, block: Block, named: re.Match[str], number: int) -> None:
    label, place = unescaped(named["label"]).strip(), Place(number, named.start("label") + 1)
    fields = {each.label.casefold(): each.key for each in block.fields}
    key = fields.get(label.casefold()) or next((each.key for each in block.fields if each.key == label), "")
    found.path = f"{block.key}.{key}" if key else ""
    if not key:
        known = listed([each.label for each in block.fields])
        words = f"{block.title} has no field “{label[:80]}”; it has {known}. Without the bold it becomes a note."
        found.fault(place, words)
    elif found.path in found.lines:
        found.fault(place, f"{label} stands here a second time.")
    else:
        rest = SOURCE.sub("", named["rest"])
        start = named.start("rest") + len(rest) - len(rest.lstrip()) + 1
        found.add(found.path, "", Place(number, start))
        _take(found, found.path, rest, Place(number, start))


def _continue(found: _Open, line: str, place: Place) -> None:
    _take(found, found.path, line, place)


def _take(found: _Open, path: str, raw: str, place: Place) -> None:
    """One line of a field; a lone backslash at its end says that the next line belongs to it too."""
    text = SOURCE.sub("", raw).removesuffix(f" {ADJECTIVE}")
    ends = len(text) - len(text.rstrip("\\"))
    found.goes_on = ends % 2 == 1
    found.path = path
    found.add(path, unescaped(text[:-1] if found.goes_on else text).strip(), place)


def _before(found: _Open, line: str, number: int) -> None:
    """Above the first block: the header. After a line across: the foot, which names the author."""
    place = Place(number, len(line) - len(line.lstrip()) + 1)
    if line.strip().startswith(FOOT) or line.strip().startswith("*Machine Learning Canvas"):
        return
    about = ABOUT.match(line)
    if about is None or found.seen:
        found.fault(place, "This belongs to no block: blocks start with “## ” and their name.")
        return
    label, rest = about["label"].strip().casefold(), unescaped(about["rest"].strip())
    if label == "conclusion":
        found.header |= _conclusion(rest)
    elif label == "iteration":
        found.header["iteration"] = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 6 else rest
    elif label in ABOUT_LABELS:
        found.header[ABOUT_LABELS[label]] = "" if rest == EMPTY else rest
    elif label not in TOLD:
        known = listed([*(name.capitalize() for name in ABOUT_LABELS), "Process", "Date", "Conclusion"])
        found.fault(place, f"The header has no “{about['label']}”; it has {known}.")
        return
    found.places.setdefault(ABOUT_LABELS.get(label, label), str(Place(number, about.start("rest") + 1)))


def _conclusion(words: str) -> dict[str, str]:
    for key, said in CONCLUSIONS.items():
        if words == said or words.startswith(f"{said}. "):
            return {"conclusion": key, "reason": words[len(said) :].removeprefix(".").strip()}
    return {"conclusion": words}
