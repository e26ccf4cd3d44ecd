"""A template that forgets its filter, or names what is not there, is refused before anything is written."""

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError, TemplateAssertionError

from pipelines.domain.architecture import Architecture
from pipelines.domain.rendering import Templates, UnsafeTemplate
from pipelines.services.skeletons import templates_read


def one(path, source, **values):
    return Templates({path: source}).rendered(package="x_model", values=values)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("a.py.j2", "[[= name =]]"),
        ("a.py.j2", "[[= name | md =]]"),
        ("Makefile.j2", "[[= name | quoted =]]"),
        ("Dockerfile.j2", "[[= name | md =]]"),
        (".github/workflows/ci.yml.j2", "[[= name | md =]]"),
        ("a.md.j2", "[[= name | quoted =]]"),
        ("a.toml.j2", "[[% if name %]][[= name =]][[% endif %]]"),
        ("a.md.j2", "[[= name | md ~ name =]]"),
    ],
)
def test_a_value_without_the_filter_of_its_format_is_refused(path, source):
    with pytest.raises(UnsafeTemplate, match=path.split(".j2")[0]):
        one(path, source, name="text")


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(UndefinedError):
        one("a.md.j2", "[[= nothing | md =]]")


def test_a_template_reaches_no_internals():
    with pytest.raises((SecurityError, UndefinedError)):
        one("a.md.j2", "[[= name.__class__.__mro__ | md =]]", name="text")


def test_a_template_has_no_filters_but_ours():
    with pytest.raises(TemplateAssertionError):
        one("a.md.j2", "[[= name | attr('x') | md =]]", name="text")


def test_an_identifier_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a derived identifier"):
        one("Makefile.j2", "[[= name | ident =]]", name="a; rm -rf /")


def test_shipped_templates_pass_the_rule():
    assert len(templates_read(Architecture()).sources) > 40
