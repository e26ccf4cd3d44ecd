"""Templates to files: sandboxed Jinja with its own delimiters, no undefined names, a filter on every value."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from jinja2 import DictLoader, StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipelines.domain.escaping import ALLOWED, FILTERS

ENDING = ".j2"
PACKAGE = "__package__"


class UnsafeTemplate(ValueError):
    """A template writes a value without the filter its file format needs; `where` names file and line."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where}: a value is written without the filter of its format")
        self.where = where


def environment(templates: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """An environment that knows these templates and nothing else."""
    made = ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(templates)),
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
    )
    made.filters = dict(FILTERS)
    made.globals = {}
    return made


def rendered(templates: Mapping[str, str], *, package: str, values: Mapping[str, object]) -> dict[str, bytes]:
    """Path to content for every template; refuses a template that breaks the rule of filters (UnsafeTemplate)."""
    made = environment(templates)
    files: dict[str, bytes] = {}
    for name in sorted(templates):
        filters_check(made, name, templates[name])
        path = name.removesuffix(ENDING).replace(PACKAGE, package)
        files[path] = made.get_template(name).render(**values).encode("utf-8")
    return files


def filters_check(made: ImmutableSandboxedEnvironment, name: str, source: str) -> None:
    """Walk the syntax tree: every value written ends in a filter allowed for the file's format."""
    allowed = ALLOWED[PurePosixPath(name.removesuffix(ENDING)).suffix if _has_format(name) else ""]
    for output in made.parse(source, name).find_all(nodes.Output):
        for node in output.nodes:
            if not isinstance(node, nodes.TemplateData) and not _filtered(node, allowed):
                raise UnsafeTemplate(f"{name}:{node.lineno}")


def _has_format(name: str) -> bool:
    return PurePosixPath(name.removesuffix(ENDING)).suffix in ALLOWED


def _filtered(node: nodes.Expr, allowed: frozenset[str]) -> bool:
    return isinstance(node, nodes.Filter) and node.name in allowed
