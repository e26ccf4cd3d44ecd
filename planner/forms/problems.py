"""What a service finds wrong, put beside the fields it is about."""

from collections.abc import Mapping

from django import forms

from common.errors import FieldProblem, ProblemError


def problem_place(problem: ProblemError, places: Mapping[str, forms.BaseForm]) -> tuple[FieldProblem, ...]:
    """Add each error to the field its path ends in; what no form has a field for is returned, to stand above them.

    `places` are forms by the beginning of the paths that are theirs: `""` has plain names, `"hours."` the rest of
    `hours.zone`. The forms must have been validated.
    """
    left = []
    for one in problem.errors:
        form, name = _place(one.path, places)
        if form is None or form.fields[name].widget.is_hidden:
            left.append(one)
        elif one.message not in form.errors.get(name, ()):
            form.add_error(name, one.message)
    return tuple(left)


def _place(path: str, places: Mapping[str, forms.BaseForm]) -> tuple[forms.BaseForm | None, str]:
    for beginning in sorted(places, key=len, reverse=True):
        name = path.removeprefix(beginning)
        if path.startswith(beginning) and name in places[beginning].fields:
            return places[beginning], name
    return None, path
