"""The XML of an XES file as a stream of events and traces: no tree is built, no DTD or entity is accepted.

Format: IEEE 1849 XES. Attributes below an attribute (nested) are passed over; with or without a namespace.
"""

from typing import Any, Protocol
from xml.parsers import expat

from planner.domain.event_log.streams import LogLimits
from planner.domain.event_log.terms import LogError
from planner.domain.event_log.text_reader import TextReader

Attributes = list[str]
"""Name and value in turn, as an element of XML has them."""

_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_WORDS = ("key", "value", "event", "trace", *_VALUES)


class EventSink(Protocol):
    """What is told of every event and every trace, once it is whole; the events of a trace come before it."""

    def add_event(self, values: list[Attributes]) -> None:
        """The elements of an event's attributes."""

    def add_case(self, values: list[Attributes]) -> None:
        """The elements of a trace's attributes."""


class XesParser:
    """Bytes in, events and traces out.

    Most elements are attributes of events, so the parser's callbacks only note each beginning (its attributes) and each
    end (its tag); what they make up is seen once the next event begins, or at the end of a piece.
    """

    def __init__(self, sink: EventSink, limits: LogLimits, encoding: str = "") -> None:
        self._sink, self._limits = sink, limits
        self._reader = TextReader(encoding) if encoding else None
        self._tokens: list[Any] = []
        self._event: list[Attributes] | None = None
        self._trace: list[Attributes] | None = None
        # The open elements below the event (else the trace, else nothing), how deep these stand, and so on outwards.
        self._open: list[Attributes] = []
        self._depth = 0
        self._around: list[tuple[list[Attributes], int]] = []
        self._rooted = False
        self._fed = self._seen = 0
        parser = expat.ParserCreate("utf-8" if encoding else None, None, {word: word for word in _WORDS})
        parser.ordered_attributes = True
        parser.StartElementHandler, parser.EndElementHandler = self._beginning(), self._tokens.append
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.EntityDeclHandler = _refuse_doctype
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser = parser

    def feed(self, data: bytes) -> None:
        """The next piece of the file. LogError where it is no XES, is damaged or passes a limit."""
        self._fed += len(data)
        self._parse(data, False)
        if self._fed - self._seen > self._limits.value_bytes:
            raise LogError(
                f"A single value near line {self._line} is longer than 16 MB.",
                where=f"line {self._line}",
                advice="Leave that attribute out of the export.",
            )

    def close(self) -> None:
        """The file has ended. LogError where its XML has not."""
        self._parse(b"", True)

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _parse(self, data: bytes, final: bool) -> None:
        data = self._reader.read(data, last=final).encode() if self._reader else data
        try:
            self._parser.Parse(data, final)
            self._settle()
        except LogError:
            raise
        except (ValueError, LookupError) as problem:
            raise LogError(
                "The XML is written in an encoding that is not read.",
                where="line 1",
                advice="Export it as UTF-8 and upload it again.",
            ) from problem
        except expat.ExpatError as problem:
            raise LogError(
                f"The XML is broken in line {problem.lineno}: {expat.errors.messages[problem.code]}.",
                where=f"line {problem.lineno}",
                advice="Export the log again; if it says UTF-8 and is not, choose the encoding it really has.",
            ) from problem

    def _beginning(self) -> Any:
        """What is called where an element begins."""
        note, other = self._tokens.append, self._begin

        def begin(tag: str, attributes: Attributes) -> None:
            if tag in _VALUES:
                note(attributes)
            else:
                other(tag, attributes)

        return begin

    def _begin(self, tag: str, attributes: Attributes) -> None:
        """An element begins that is no plain attribute: an event, a trace, or anything else."""
        if tag == "event" and self._take_plain_event():
            return None  # one event after another in the same trace: all else stays as it is
        name = tag.rpartition(":")[2]
        if name in {"event", "trace"}:
            self._settle()
            if name == "trace" and self._trace is None:
                self._trace = []
                return self._inwards()
            if name == "event" and self._trace is not None and self._event is None:
                self._event = []
                return self._inwards()
        if not self._rooted and not self._tokens and not self._open:
            _check_root(name)
        self._rooted = True
        self._tokens.append(attributes)
        return None

    def _inwards(self) -> None:
        self._rooted = True
        self._around.append((self._open, self._depth))
        self._depth += len(self._open) + 1
        self._open = []
        self._check_depth()

    def _settle(self) -> None:
        """See what the tokens since the last time make up."""
        tokens = self._tokens
        if not tokens:
            return
        self._seen = self._fed
        if tokens[-2:] == ["event", "trace"]:
            tokens.pop()
            if self._take_plain_event():
                self._event = None
                self._open, self._depth = self._around.pop()
            tokens.append("trace")
        self._walk()
        tokens.clear()

    def _take_plain_event(self) -> bool:
        """Whether the tokens are one event from begin to end, with attributes that hold nothing themselves: taken."""
        tokens = self._tokens
        if self._event is None or self._event or self._open or len(tokens) % 2 == 0 or tokens[-1] != "event":
            return False
        try:
            if not _VALUES.issuperset(tokens[1:-1:2]):
                return False
        except TypeError:  # a beginning stands where an end should: something lies within an attribute
            return False
        self._seen = self._fed
        self._sink.add_event(tokens[:-1:2])
        tokens.clear()
        return True

    def _walk(self) -> None:
        """Go through the tokens one by one."""
        for token in self._tokens:
            if isinstance(token, list):
                self._open.append(token)
                self._check_depth()
            elif self._open:
                attributes = self._open.pop()
                values = self._event if self._event is not None else self._trace
                if not self._open and values is not None and token.rpartition(":")[2] in _VALUES:
                    values.append(attributes)
            else:
                self._end()

    def _end(self) -> None:
        """The event, else the trace one is in ends."""
        if self._event is not None:
            self._sink.add_event(self._event)
            self._event = None
        elif self._trace is not None:
            self._sink.add_case(self._trace)
            self._trace = None
        self._open, self._depth = self._around.pop()

    def _check_depth(self) -> None:
        if self._depth + len(self._open) > self._limits.depth:
            raise LogError(
                f"Elements near line {self._line} are nested deeper than {self._limits.depth} levels.",
                where=f"line {self._line}",
                advice="This is no usual XES file; export it again.",
            )


def _check_root(name: str) -> None:
    if name != "log":
        raise LogError(
            f"This XML begins with <{name[:40]}>, not with <log>: it is not an event log.",
            where="line 1",
            advice="Export the events as XES or CSV.",
        )


def _refuse_doctype(*_: object) -> None:
    raise LogError(
        "The XML holds a DOCTYPE or entities, which are not read: they can hide other files.",
        where="the head of the file",
        advice="Remove the DOCTYPE and upload it again.",
    )
