"""The assumptions of a task as rows of a form: what is written, its unit, its source, grouped with subtotals."""

from collections.abc import Mapping
from dataclasses import dataclass

from common.formatting import DASH, money, number, signed
from planner.domain.valuation.assumptions import ADOPTION, ERROR_FORM, HORIZON, INPUTS, ErrorForm, Group, example_of
from planner.domain.valuation.estimate import NEEDED, Assumption, Origin
from planner.domain.valuation.outcome import Outcome
from planner.models import EstimateChange
from planner.selectors.value_tasks import ValuedTask

FORM_WORDS = {
    ErrorForm.RATES: "by rates: errors today and of the model",
    ErrorForm.OUTCOME: "by outcome: found and missed, each with its value",
    ErrorForm.IMITATION: "by imitation: disagreement with people costs",
}
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
    problem: str = ""
    changed: bool = False
    options: tuple[tuple[str, str], ...] = ()
    example: str = ""
    note: str = ""
    instead_of: tuple[Assumption, ...] = ()
    """What would be used if nothing narrower were set, the next one first."""

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
    found: ValuedTask, change: EstimateChange | None, problems: Mapping[str, str], written: Mapping[str, str]
) -> tuple[Section, ...]:
    """Every assumption in use. `problems` and `written` keep what was typed and could not be read."""
    rows = [_row(key, found, change, problems, written) for key in _keys_in_use(found)]
    return tuple(_section(group, found, [row for row in rows if _group(row.key) is group]) for group in Group)


def _keys_in_use(found: ValuedTask) -> list[str]:
    form = error_form(found)
    keys = [key for key, spec in INPUTS.items() if form in spec.forms]
    keys.insert(keys.index("coverage") + 1, ADOPTION)
    keys.insert(keys.index("error_cost" if form is ErrorForm.RATES else "positive"), ERROR_FORM)
    return [*keys, HORIZON]


def error_form(found: ValuedTask) -> ErrorForm:
    """How errors are counted in this estimate."""
    return ErrorForm(found.assumptions[ERROR_FORM].text)


def _group(key: str) -> Group:
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
    label, unit = _words(key, found.workspace.currency)
    options = tuple((form.value, FORM_WORDS[form]) for form in ErrorForm) if key == ERROR_FORM else ()
    return Row(
        *(key, label, written.get(key, assumption.text), unit, _source(found, assumption), assumption.origin.value),
        problem=problems.get(key, ""),
        changed=changed,
        options=options,
        example="" if options else f"such as {example_of(key)}",
        note=assumption.note,
        instead_of=found.layers.get(key, ())[1:],
    )


def _source(found: ValuedTask, assumption: Assumption) -> str:
    """Where a text comes from; where a run has measured it, what is used in its place."""
    key = assumption.key
    if found.case is None or found.measured is None or key not in found.measured_keys:
        return assumption.source
    used = f"{number(100 * found.case.by_key[key].mean, 3)} %"
    return f"in use: {used}, measured by {found.measured.source}; planned was {assumption.text or 'nothing'}"


def _missing(key: str) -> str:
    return "missing: the log does not say" if key in NEEDED else "follows from the handling minutes once they are set"


def _words(key: str, currency: str) -> tuple[str, str]:
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
