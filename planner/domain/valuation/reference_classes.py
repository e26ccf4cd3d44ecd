"""Templates of estimates: what is usual for kinds of task that come up again and again.

An estimate starts better from the class of undertakings a task belongs to than from nothing (reference class
forecasting, Kahneman and Tversky 1979). What is here are wide ranges to be checked, none of them measured: each text
carries a sentence that says so. Amounts of money are left out, since they differ by workspace and currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from planner.domain.valuation.assumptions import ERROR_FORM, ErrorForm
from planner.domain.valuation.estimate import TEMPLATE, Assumption, Origin


@dataclass(frozen=True)
class ReferenceClass:
    """A kind of task. `texts` are written as people write them, `reasons` say of each why it is usual."""

    key: str
    label: str
    words: str
    texts: Mapping[str, str]
    reasons: Mapping[str, str]

    def source(self, key: str) -> str:
        """What stands beside a text as its source."""
        return f"{TEMPLATE}{self.label.lower()}; {self.reasons[key]}, check it"


def _class(key: str, label: str, words: str, form: ErrorForm, **texts: tuple[str, str]) -> ReferenceClass:
    said = {ERROR_FORM: (form.value, _FORMS[form]), **texts}
    return ReferenceClass(
        *(key, label, words),
        {name: text for name, (text, _) in said.items()},
        {name: reason for name, (_, reason) in said.items()},
    )


_FORMS = {
    ErrorForm.RATES: "right and wrong decisions cost alike in kind",
    ErrorForm.OUTCOME: "found and missed cases differ in what they cost",
    ErrorForm.IMITATION: "what people decided is all there is to learn from",
}

REFERENCE_CLASSES: tuple[ReferenceClass, ...] = (
    _class(
        "triage", "Document triage", "Sort what comes in to the team or the kind it belongs to", ErrorForm.RATES,
        coverage=("60 % to 85 %", "typical coverage once unclear documents go to people"),
        error_today=("3 % to 8 %", "people misroute a few in a hundred"),
        error_model=("3 % to 8 %", "where it decides alone, about as well as people"),
        recapture=("50 % to 80 %", "minutes come in small pieces"),
        labels=("0", "where it went in the end is in the log"),
        person_days=("25 to 50", "one model on text and a few fields"),
        retrainings=("2 to 4", "kinds of documents change slowly"),
    ),
    _class(
        "fraud", "Fraud or anomaly check", "Find the rare case that is worth a closer look", ErrorForm.OUTCOME,
        coverage=("70 % to 95 %", "most cases are plainly in order"),
        positive=("0.5 % to 3 %", "such cases are rare"),
        found_today=("20 % to 50 %", "a look at samples finds part of them"),
        alarms_today=("1 % to 5 %", "people ask back about a few that are in order"),
        found_model=("40 % to 75 %", "it looks at every case"),
        alarms_model=("2 % to 8 %", "it must be tuned against alarms"),
        person_days=("40 to 90", "rare cases need care in training and testing"),
        retrainings=("4 to 12", "those who cheat learn"),
    ),
    _class(
        "next-action", "Next-best-action routing", "Choose the step or person a case goes to", ErrorForm.IMITATION,
        coverage=("40 % to 70 %", "a part of the cases has a plain next step"),
        positive=("20 % to 50 %", "how often the other way is taken"),
        found_model=("70 % to 90 %", "agreement with what people chose"),
        alarms_model=("5 % to 15 %", "disagreement with what people chose"),
        recapture=("40 % to 70 %", "the choice is a small part of the work"),
        person_days=("40 to 80", "it has to be built into the flow of work"),
        retrainings=("4", "once a quarter, as rules and teams change"),
    ),
    _class(
        "forecast", "Demand or duration forecast", "Foretell how many come, or how long one takes", ErrorForm.RATES,
        coverage=("80 % to 100 %", "a forecast is there for nearly every case"),
        error_today=("15 % to 35 %", "how often today's plan is off by enough to matter"),
        error_model=("10 % to 25 %", "better than a rule of thumb, far from certain"),
        recapture=("30 % to 60 %", "planning takes few minutes a case"),
        person_days=("25 to 60", "one model on one log"),
        retrainings=("4 to 12", "seasons and volumes move"),
    ),
    _class(
        "extraction", "Extraction of fields", "Read amounts, dates and names out of documents", ErrorForm.RATES,
        coverage=("50 % to 80 %", "documents on which every field is read surely"),
        error_today=("1 % to 4 %", "typing slips"),
        error_model=("1 % to 5 %", "on the documents it is sure of"),
        recapture=("60 % to 90 %", "typing is most of the work"),
        labels=("500 to 2000", "marked documents, some of each layout"),
        person_days=("40 to 80", "layouts differ"),
        retrainings=("2 to 4", "new layouts come now and then"),
    ),
    _class(
        "approval", "Approval of standard cases", "Let plain cases through, leave others to people", ErrorForm.OUTCOME,
        coverage=("40 % to 70 %", "the plain cases"),
        positive=("3 % to 10 %", "cases that should not go through"),
        found_today=("70 % to 90 %", "people stop most of them"),
        alarms_today=("2 % to 8 %", "people stop some that are in order"),
        found_model=("70 % to 90 %", "on plain cases about as well as people"),
        alarms_model=("3 % to 10 %", "what it is unsure of it hands over"),
        recapture=("50 % to 80 %", "minutes come in small pieces"),
        person_days=("30 to 70", "with the checks that an audit asks for"),
        retrainings=("2 to 4", "rules change a few times a year"),
    ),
)  # fmt: skip
"""Every template, in the order in which they are offered."""

BY_KEY: Mapping[str, ReferenceClass] = {each.key: each for each in REFERENCE_CLASSES}


def template_in_use(assumptions: Mapping[str, Assumption]) -> str:
    """The key of the template that texts in use are from, "" where none is."""
    sources = {(key, each.source) for key, each in assumptions.items() if each.origin is Origin.TEMPLATE}
    held = (one.key for one in REFERENCE_CLASSES if any((key, one.source(key)) in sources for key in one.texts))
    return next(held, "")
