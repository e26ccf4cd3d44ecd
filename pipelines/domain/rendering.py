"""Templates to files: sandboxed Jinja with its own delimiters, no undefined names, a filter on every value."""

import hashlib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipelines.domain.archive import Constant
from pipelines.domain.escaping import ALLOWED, FILTERS, ident

Globals = MutableMapping[str, Any] | None
Pieces = tuple[str, ...]
Compiled = CodeType | Constant | Pieces
"""A template that passed the check; its file where it holds nothing but text; where it holds the name of the package
and no other value, the text between."""
RULES = repr(sorted((ending, sorted(filters)) for ending, filters in ALLOWED.items()))
"""What a template may write; part of the key of compiled ones, so that a changed rule checks them anew."""

ENDING = ".j2"
PACKAGE = "__package__"
PACKAGE_NAME = nodes.Filter(
    nodes.Getattr(nodes.Name("project", "load"), "package", "load"), "ident", [], [], None, None
)
PARTS = "_parts/"
"""Folder of templates that others include; they become no files themselves."""


class UnsafeTemplate(ValueError):
    """A template writes a value without the filter its file format needs; `where` names file and line."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where}: a value is written without the filter of its format")
        self.where = where


class CheckedTemplates(BaseLoader):
    """Gives out templates that passed the check, by name."""

    def __init__(self, compiled: Mapping[str, Compiled]) -> None:
        self._compiled = compiled

    def load(self, environment: Environment, name: str, globals: Globals = None) -> Template:  # noqa: A002
        """Raises TemplateNotFound."""
        code = self._compiled.get(name)
        if not isinstance(code, CodeType):
            raise TemplateNotFound(name)
        return environment.template_class.from_code(environment, code, globals or {})


def compiled_of(sources: Mapping[str, str]) -> dict[str, Compiled]:
    """Every template parsed, checked and compiled. Raises UnsafeTemplate for a value without its filter."""
    made = environment({})
    return {name: _compiled(made, name, source) for name, source in sources.items()}


def _compiled(environment: Environment, name: str, source: str) -> Compiled:
    parsed = environment.parse(source, name)
    filters_check(parsed, name)
    pieces = None if name.startswith(PARTS) else _pieces(parsed)
    if pieces is None:
        return environment.compile(parsed, name)
    return Constant(pieces[0].encode("utf-8")) if len(pieces) == 1 else pieces


def _pieces(parsed: nodes.Template) -> Pieces | None:
    """The text between the names of the package; None where any other value decides what is written."""
    pieces = [""]
    for node in parsed.body:
        for part in node.nodes if isinstance(node, nodes.Output) else [node]:
            if isinstance(part, nodes.TemplateData):
                pieces[-1] += part.data
            elif part == PACKAGE_NAME:
                pieces.append("")
            else:
                return None
    return tuple(pieces)


def sources_key(sources: Mapping[str, str]) -> str:
    """Digest of templates and of the rules they are checked by."""
    total = hashlib.sha256(RULES.encode())
    for name, source in sources.items():
        total.update(f"\0{name}\0{len(source)}\0{source}".encode())
    return total.hexdigest()


def environment(compiled: Mapping[str, Compiled]) -> ImmutableSandboxedEnvironment:
    """An environment that knows these templates and nothing else."""
    made = ImmutableSandboxedEnvironment(
        loader=CheckedTemplates(compiled),
        undefined=StrictUndefined,
        variable_start_string="[[=",
        variable_end_string="=]]",
        block_start_string="[[%",
        block_end_string="%]]",
        comment_start_string="[[#",
        comment_end_string="#]]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters = dict(FILTERS)
    made.globals = {}
    return made


@dataclass(frozen=True)
class Templates:
    """Templates that belong together, checked and compiled when first used. Refuses an unsafe one (UnsafeTemplate)."""

    sources: Mapping[str, str]
    compiled: Mapping[str, Compiled] | None = None
    """As `compiled_of` gave them, where they are at hand."""

    def rendered(self, *, package: str, values: Mapping[str, object]) -> dict[str, bytes]:
        """Path to content for every template but those others include."""
        return {path_of(name, package): _written(found, package, values) for name, found in self._templates}

    @cached_property
    def _templates(self) -> list[tuple[str, Constant | Pieces | Template]]:
        """Sorted by name; without those that others include."""
        compiled = compiled_of(self.sources) if self.compiled is None else self.compiled
        made = environment(compiled)
        return [
            (name, made.get_template(name) if isinstance(code, CodeType) else code)
            for name, code in sorted(compiled.items())
            if not name.startswith(PARTS)
        ]


def _written(found: Constant | Pieces | Template, package: str, values: Mapping[str, object]) -> bytes:
    if isinstance(found, Constant):
        return found
    text = ident(package).join(found) if isinstance(found, tuple) else found.render(values)
    return text.encode("utf-8")


def path_of(template: str, package: str) -> str:
    """Where the file of a template lies in the project."""
    return template.removesuffix(ENDING).replace(PACKAGE, package)


def filters_check(parsed: nodes.Template, name: str) -> None:
    """Walk the syntax tree: every value written ends in a filter allowed for the file's format."""
    allowed = ALLOWED[_format(name)]
    for output in parsed.find_all(nodes.Output):
        for node in output.nodes:
            if not isinstance(node, nodes.TemplateData) and not _filtered(node, allowed):
                raise UnsafeTemplate(f"{name}:{node.lineno}")


def _format(name: str) -> str:
    path = PurePosixPath(name.removesuffix(ENDING))
    return next((key for key in (path.name, path.suffix) if key in ALLOWED), "")


def _filtered(node: nodes.Expr, allowed: frozenset[str]) -> bool:
    return isinstance(node, nodes.Filter) and node.name in allowed
