"""The assumptions of a task as rows of a form: what is written, its unit, its source, grouped with subtotals."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from accounts.access import Access
from common.formatting import DASH, money, number, signed
from planner.domain.valuation.assumptions import ADOPTION, ERROR_FORM, HORIZON, INPUTS, ErrorForm, Group, example_of
from planner.domain.valuation.estimate import NEEDED, Assumption, Origin
from planner.domain.valuation.outcome import Outcome
from planner.models import EstimateChange
from planner.selectors.value_inputs import set_by_people
from planner.selectors.value_places import Place, Scope, place_of, scopes_for
from planner.selectors.value_tasks import ValuedTask

FORM_WORDS = {
    ErrorForm.RATES: "by rates: errors today and of the model",
    ErrorForm.OUTCOME: "by outcome: found and missed, each with its value",
    ErrorForm.IMITATION: "by imitation: disagreement with people costs",
}
SOURCE, NOTE = "source:", "note:"
"""Before a key: what was written as its source or note."""
TITLES = {
    Group.VOLUME: "Volume",
    Group.LABOUR: "Labour",
    Group.ERRORS: "Errors",
    Group.OTHER: "Other benefits",
    Group.ONCE: "Costs, once",
    Group.YEARLY: "Costs, every year",
    Group.RISK: "Risk and time",
}


@dataclass(frozen=True)
class Row:
    """One assumption. `problem` is what is wrong with the text, `options` the choices where it is a choice."""

    key: str
    label: str
    text: str
    unit: str
    source: str
    origin: str
    was: str = ""
    """What is in use now, which `text` is too unless something else was typed."""
    problem: str = ""
    changed: bool = False
    options: tuple[tuple[str, str], ...] = ()
    example: str = ""
    note: str = ""
    instead_of: tuple[Assumption, ...] = ()
    """What would be used if nothing narrower were set, the next one first."""
    sign: str = ""
    """Which way a larger one moves the value, in words."""
    own: bool = False
    """Set in the estimate of this very task; then `own_source` and `own_note` are what stands there."""
    own_source: str = ""
    own_note: str = ""
    place: Place | None = None
    """Where what is in use is set, if that is elsewhere."""
    places: tuple[Place, ...] = ()
    """Where each of `instead_of` is set."""
    scopes: tuple[Scope, ...] = ()
    """Where the person who looks may set it as a default."""

    @property
    def shown(self) -> str:
        """What is written, in words where it is a choice."""
        return dict(self.options).get(self.text, self.text) or DASH


@dataclass(frozen=True)
class Section:
    """A group of rows with what it comes to at the medians; `more` are those that count nothing so far."""

    title: str
    total: str
    rows: tuple[Row, ...]
    more: tuple[Row, ...]


def form_sections(
    found: ValuedTask,
    change: EstimateChange | None,
    problems: Mapping[str, str],
    written: Mapping[str, str],
    access: Access | None = None,
) -> tuple[Section, ...]:
    """Every assumption in use. `problems` and `written` keep what was typed and could not be read.

    `access` says where the person may set what stands here as a default.
    """
    rows = [_row(key, found, change, problems, written) for key in keys_in_use(error_form(found))]
    if access is not None:
        rows = [replace(row, scopes=scopes_for(found.task, row.key, access)) if row.own else row for row in rows]
    return tuple(_section(group, found, [row for row in rows if group_of(row.key) is group]) for group in Group)


def keys_in_use(form: ErrorForm) -> list[str]:
    """The assumptions that count under a way of counting errors, in the order of the page."""
    keys = [key for key, spec in INPUTS.items() if form in spec.forms]
    keys.insert(keys.index("coverage") + 1, ADOPTION)
    keys.insert(keys.index("error_cost" if form is ErrorForm.RATES else "positive"), ERROR_FORM)
    return [*keys, HORIZON]


def error_form(found: ValuedTask) -> ErrorForm:
    """How errors are counted in this estimate."""
    return ErrorForm(found.assumptions[ERROR_FORM].text)


def group_of(key: str) -> Group:
    """Where an assumption stands on the page."""
    if key in INPUTS:
        return INPUTS[key].group
    return {ADOPTION: Group.VOLUME, ERROR_FORM: Group.ERRORS}.get(key, Group.RISK)


def _row(
    key: str,
    found: ValuedTask,
    change: EstimateChange | None,
    problems: Mapping[str, str],
    written: Mapping[str, str],
) -> Row:
    assumption = found.assumptions.get(key) or Assumption(key, "", _missing(key), Origin.DEFAULT)
    changed = change is not None and key in change.after
    label, unit = words_of(key, found.workspace.currency)
    options = tuple((form.value, FORM_WORDS[form]) for form in ErrorForm) if key == ERROR_FORM else ()
    own = set_by_people(found.task).get(key)
    beneath = found.layers.get(key, ())[1:]
    kept = own or {}
    return Row(
        *(key, label, written.get(key, assumption.text), unit, _source(found, assumption), assumption.origin.value),
        was=assumption.text,
        problem=problems.get(key, ""),
        changed=changed,
        options=options,
        example="" if options else f"such as {example_of(key)}",
        note=assumption.note,
        instead_of=beneath,
        sign=sign_words(key),
        own=own is not None,
        own_source=written.get(f"{SOURCE}{key}", kept.get("source", "")),
        own_note=written.get(f"{NOTE}{key}", kept.get("note", "")),
        place=place_of(found.task, assumption) if own is None and assumption.text else None,
        places=tuple(place_of(found.task, said) for said in beneath),
    )


def sign_words(key: str) -> str:
    """Which way a larger amount moves the value.

    >>> sign_words("minutes_before"), sign_words("hosting"), sign_words("coverage")
    ('+ raises the value', '− lowers the value', '± depends on the others')
    """
    if key not in INPUTS:
        return "" if key == ERROR_FORM else "± depends on the others"
    return {1: "+ raises the value", -1: "− lowers the value"}.get(INPUTS[key].gain, "± depends on the others")


def _source(found: ValuedTask, assumption: Assumption) -> str:
    """Where a text comes from; where a run has measured it, what is used in its place."""
    key = assumption.key
    if found.case is None or found.measured is None or key not in found.measured_keys:
        return assumption.source
    used = f"{number(100 * found.case.by_key[key].mean, 3)} %"
    return f"in use: {used}, measured by {found.measured.source}; planned was {assumption.text or 'nothing'}"


def _missing(key: str) -> str:
    return "missing: the log does not say" if key in NEEDED else "follows from the handling minutes once they are set"


def words_of(key: str, currency: str) -> tuple[str, str]:
    """The label and the unit of an assumption."""
    special = {
        ADOPTION: ("Adoption in years 1, 2, 3 and on", "of visits"),
        ERROR_FORM: ("How errors are counted", ""),
        HORIZON: ("Years counted", "years"),
    }
    if key in special:
        return special[key]
    return INPUTS[key].label, INPUTS[key].unit.replace("{currency}", currency)


def _section(group: Group, found: ValuedTask, rows: list[Row]) -> Section:
    idle = [row for row in rows if row.origin == "default" and not row.problem and _counts_nothing(row, found)]
    shown = tuple(row for row in rows if row not in idle)
    return Section(TITLES[group], _total(group, found.outcome, found.workspace.currency), shown, tuple(idle))


def _counts_nothing(row: Row, found: ValuedTask) -> bool:
    """Zero, or the price of something of which there is none."""
    none_made = all(found.assumptions[key].text == "0" for key in ("labels", "new_labels"))
    return row.text == "0" or (row.key == "label_cost" and none_made)


def _total(group: Group, outcome: Outcome | None, currency: str) -> str:
    """What the group comes to a year at full adoption, or once."""
    if outcome is None or group in (Group.VOLUME, Group.RISK):
        return ""
    lines = [line for line in outcome.at_medians.lines if line.group is group]
    total = sum(float(line.amount) for line in lines)
    return f"{money(total, currency)} {'once' if group is Group.ONCE else 'a year'}" if total else ""


def change_words(change: EstimateChange, key: str) -> str:
    """What stood there before the last edit, and what the edit did to the mean: said once for all it changed."""
    before = change.written_before.get(key, "–")
    together = len(change.after) > 1
    if change.mean_before is None or change.mean_after is None or (together and key != next(iter(change.after))):
        return f"was {before}"
    moved = change.mean_after - change.mean_before
    by = f"mean moved by {signed(float(f'{moved / 1000:.2g}'))} k"
    return f"was {before}; all {len(change.after)} changes together: {by}" if together else f"was {before}: {by}"
