"""What each column of a table is for: proposed from the profile, confirmed by a person, checked before it is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from pipelines.domain.designing import MOST_CLASSES
from pipelines.domain.uploaded.cells import FLAGS, tidy
from pipelines.domain.uploaded.profile import LEARNABLE, ColumnProfile, Kind, TableProfile

NEEDED_ROWS = 60
NEEDED_OF_RAREST = 10
TARGETS = ("target", "label", "outcome", "class", "result", "y", "churn", "default", "approved", "fraud")
TARGET_KINDS = (Kind.FLAG, Kind.CATEGORY, Kind.NUMBER)
REPLACED = "replaced"
"""Learnt from as a category, each value replaced by a code."""
CHOSEN_KINDS = (Kind.NUMBER.value, Kind.CATEGORY.value, Kind.FLAG.value, Kind.DATE.value, REPLACED)
"""What a person may say a column of inputs is."""


@dataclass(frozen=True)
class Roles:
    """`target` is learnt; `positive` is its yes ("": every value is an outcome of its own, or an amount).

    `kinds` are the inputs and how each is read. Tested on later rows by `decided_at`, or on other groups than learnt
    from by `group`, or on rows drawn. `known_at` is when the outcome was seen. `day_first` where dates do not tell.
    `imitation`: the target is what people decided.
    """

    target: str = ""
    positive: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    decided_at: str = ""
    known_at: str = ""
    group: str = ""
    day_first: bool | None = None
    imitation: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**data)

    @property
    def columns(self) -> list[str]:
        """Every column it uses, once."""
        every = [self.target, *self.kinds, self.decided_at, self.known_at, self.group]
        return [name for name in dict.fromkeys(every) if name]

    def task(self, profile: TableProfile) -> str:
        """binary, multiclass or regression."""
        column = profile.column(self.target)
        if self.positive:
            return "binary"
        return "regression" if column is not None and column.kind is Kind.NUMBER else "multiclass"


@dataclass(frozen=True)
class RoleProblem:
    """What is wrong with one role; `path` names it (`target`, `kinds.amount`)."""

    path: str
    message: str


def roles_proposed(profile: TableProfile) -> Roles:
    """The most likely target, the inputs a model can learn from, and the time rows are ordered by.

    A column that seems to name people is proposed for neither.
    """
    target = _target(profile)
    dates = [column.name for column in profile.columns if column.kind is Kind.DATE]
    inputs = {
        column.name: column.kind.value
        for column in profile.columns
        if column.kind in LEARNABLE and column.name != target and not column.twin_of and column.distinct > 1
        if column.person is None
    }
    decided = dates[0] if dates else ""
    inputs.pop(decided, None)
    found = profile.column(target)
    return Roles(target=target, positive=positive_proposed(found), kinds=inputs, decided_at=decided)


def positive_proposed(column: ColumnProfile | None) -> str:
    """The yes of a target with two values: what reads as yes, else the rarer one; "" for any other target."""
    if column is None or column.kind is Kind.NUMBER or len(column.counts) != 2:
        return ""
    values = [value for value, _ in column.counts]
    said = next((value for value in values if tidy(value).lower() in {yes for yes, _ in FLAGS}), "")
    return said or values[-1]


def roles_check(profile: TableProfile, roles: Roles) -> list[RoleProblem]:
    """Everything that keeps these roles from being learnt from; none where they can be."""
    unknown = [name for name in roles.columns if profile.column(name) is None]
    if unknown:
        return [RoleProblem(_path(roles, name), f"The table has no column “{name}”.") for name in unknown]
    return [*_target_problems(profile, roles), *_input_problems(profile, roles), *_order_problems(profile, roles)]


def kept_inputs(profile: TableProfile, roles: Roles) -> Roles:
    """The roles without inputs that are also the target, a time or the group: a column has one role."""
    used = {roles.target, roles.decided_at, roles.known_at, roles.group}
    order = [column.name for column in profile.columns]
    known = {name: roles.kinds[name] for name in order if name in roles.kinds and name not in used}
    rest = {name: kind for name, kind in roles.kinds.items() if name not in order}
    return replace(roles, kinds=known | rest)


def _target(profile: TableProfile) -> str:
    fit = [
        column
        for column in profile.columns
        if column.person is None
        if (column.kind in (Kind.FLAG, Kind.CATEGORY) and 2 <= len(column.counts) <= MOST_CLASSES)
        or column.kind is Kind.NUMBER
    ]
    named = [column for column in fit if column.name.lower().strip("_") in TARGETS]
    flags = [column for column in fit if column.kind is Kind.FLAG]
    last = fit[-1:] if fit and fit[-1].name == profile.columns[-1].name else []
    return next((group[-1].name for group in (named, last, flags, fit) if group), "")


def _path(roles: Roles, name: str) -> str:
    one = {roles.target: "target", roles.decided_at: "decided_at", roles.known_at: "known_at", roles.group: "group"}
    return one.get(name, f"kinds.{name}")


def _target_problems(profile: TableProfile, roles: Roles) -> Iterator[RoleProblem]:
    column = profile.column(roles.target)
    if column is None:
        yield RoleProblem("target", "Choose the column that is to be foretold.")
        return
    with_outcome = round(profile.rows * (1 - column.missing_share))
    if with_outcome < NEEDED_ROWS:
        yield RoleProblem("target", f"{with_outcome} rows have an outcome; at least {NEEDED_ROWS} are needed.")
    elif column.distinct < 2:
        value = column.counts[0][0] if column.counts else ""
        yield RoleProblem("target", f"Every row has the same outcome, “{value}”: there is nothing to tell apart.")
    elif column.kind not in TARGET_KINDS:
        yield RoleProblem("target", f"“{column.name}” holds {WORDS[column.kind]}: no outcome a model can learn.")
    elif column.kind is not Kind.NUMBER:
        yield from _class_problems(column, roles.positive)
    elif roles.positive:
        yield from _positive_of_number(column, roles.positive)


def _class_problems(column: ColumnProfile, positive: str) -> Iterator[RoleProblem]:
    counts = dict(column.counts)
    if positive and positive not in counts:
        yield RoleProblem("positive", f"“{column.name}” is never “{positive}”: choose a value that occurs.")
    elif positive:
        rarer = min(counts[positive], sum(counts.values()) - counts[positive])
        if rarer < NEEDED_OF_RAREST:
            yield RoleProblem("positive", f"Only {rarer} rows tell it apart; at least {NEEDED_OF_RAREST} are needed.")
    elif len(counts) == 2:
        yield RoleProblem("positive", "Say which of the two outcomes is the yes.")
    elif not 2 <= len(counts) <= MOST_CLASSES:
        yield RoleProblem(
            "target",
            f"“{column.name}” has {column.distinct} different outcomes; at most {MOST_CLASSES} can be told apart. "
            "Choose one of them as the yes, or another column.",
        )


def _positive_of_number(column: ColumnProfile, positive: str) -> Iterator[RoleProblem]:
    if positive not in dict(column.counts):
        yield RoleProblem(
            "positive", f"“{column.name}” holds amounts: leave this empty, or choose a value that occurs."
        )


def _input_problems(profile: TableProfile, roles: Roles) -> Iterator[RoleProblem]:
    usable = 0
    for name, kind in roles.kinds.items():
        column = profile.column(name)
        wrong = kind_misread(column, kind) if column is not None else ""
        usable += not wrong
        if wrong:
            yield RoleProblem(f"kinds.{name}", wrong)
    if not roles.kinds:
        yield RoleProblem("kinds", "Choose at least one column to learn from.")


def kind_misread(column: ColumnProfile, kind: str) -> str:
    """Why the cells of a column cannot be read as that; "" where they can."""
    if kind not in CHOSEN_KINDS:
        return "A column is learnt from as number, category, flag or date, or as a category whose values are replaced."
    if column.kind is Kind.EMPTY:
        return "Every cell of it is missing: leave it out."
    number = column.kind is Kind.NUMBER or column.is_number_like or column.decimal_comma
    if kind == Kind.NUMBER and not number:
        return f"Its cells are no numbers (“{column.examples[0]}”)."
    if kind == Kind.FLAG and column.kind is not Kind.FLAG:
        return f"Its cells are not all yes or no (“{column.examples[0]}”)."
    if kind == Kind.DATE and column.kind is not Kind.DATE:
        return f"Its cells are no dates (“{column.examples[0]}”)."
    return ""


def _order_problems(profile: TableProfile, roles: Roles) -> Iterator[RoleProblem]:
    for path in ("decided_at", "known_at"):
        column = profile.column(getattr(roles, path))
        if column is not None and column.kind is not Kind.DATE:
            yield RoleProblem(path, f"“{column.name}” holds {WORDS[column.kind]}, no dates.")
    if roles.known_at and not roles.decided_at:
        yield RoleProblem("known_at", "Say first when each row was decided.")
    if roles.decided_at and roles.group:
        yield RoleProblem("group", "Test on later rows or on other groups, not both: leave one of the two empty.")
    used = [name for name in (roles.target, roles.decided_at, roles.known_at, roles.group) if name]
    for name in {name for name in used if used.count(name) > 1}:
        yield RoleProblem(_path(roles, name), f"“{name}” is used twice: a column has one role.")
    asked = [column for column in map(profile.column, roles.columns) if column is not None and column.asks_day_first]
    dates = {roles.decided_at, roles.known_at, *(name for name, kind in roles.kinds.items() if kind == Kind.DATE)}
    if roles.day_first is None and any(column.name in dates for column in asked):
        example = asked[0].examples[0]
        yield RoleProblem("day_first", f"Say which comes first in “{example}”, the day or the month.")


WORDS: Mapping[Kind, str] = {
    Kind.NUMBER: "numbers",
    Kind.CATEGORY: "categories",
    Kind.FLAG: "yes or no",
    Kind.DATE: "dates",
    Kind.TEXT: "free text",
    Kind.IDENTIFIER: "names of rows",
    Kind.EMPTY: "nothing",
}
"""What a column of each kind holds, in words."""
LEARNT_AS: Mapping[str, str] = {
    Kind.NUMBER: "a number",
    Kind.CATEGORY: "a category",
    Kind.FLAG: "yes or no",
    Kind.DATE: "a date",
    REPLACED: "codes instead of its values",
}
ROLES = {"target": "foretold", "decided_at": "decided at", "known_at": "outcome known at", "group": "group"}
"""What a column with a role of its own is, in words."""


def role_words(roles: Roles, name: str) -> str:
    """What a column is that is no input; "" for an input and for one left out."""
    return next((words for role, words in ROLES.items() if getattr(roles, role) == name), "")
