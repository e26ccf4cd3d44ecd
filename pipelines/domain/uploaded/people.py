"""Columns that seem to name people: what their cells and their header say, with the evidence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

LOOKED_AT = 500
"""Different values of a column that are looked at, at most."""
FEW = 0.05
"""Share of values that hold an address or an account from which on a column is called out: a few are too many."""
GIVEN_SHARE = 0.15
"""Share of values with a common given name, among those shaped like names, from which on they are names."""
SHAPED_SHARE = 0.6
LEAST = 3

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_FOREIGN = re.compile(r"(?:\+|00)[1-9][\d ()/.-]{6,18}\d$")
_LOCAL = re.compile(r"(?:\(0\d{1,5}\)|0\d{2,5})[ /-][\d /-]{4,12}\d$")
_DIGITS = re.compile(r"\+?[\d ()/.-]{6,22}$")
_NAME = re.compile(r"(?:(?:Mr|Mrs|Ms|Dr|Herr|Frau)\.? )?[^\W\d_][\w'’-]*\.?(?:,? [^\W\d_][\w'’-]*\.?){1,3}$")

_ROLES_OF_PEOPLE = """
agent ansprechpartner applicant approver assignee author bearbeiter borrower buyer clerk client colleague contact
contactperson customer debtor doctor employee firstname forename fullname givenname handler holder kunde kundenname
kundin lastname manager mitarbeiter nachname nutzer operator owner patient person physician requester sachbearbeiter
salesperson signatory supervisor surname tenant user username vorname
"""
_COMMON_GIVEN_NAMES = """
adam ahmed alex alexander ali alice amir amy ana anders andrea andreas andrew angela anja ann anna anne anton
antonio barbara ben bernd birgit bob brian carla carlos carol catherine charles charlotte chen chloe chris christian
christina christine claire clara claudia daniel david dennis diana diego dirk dominik donald edward elena eleni
elias elisabeth elizabeth ella emil emily emma eric erik eva fatima felix fernando florian francesca francesco frank
franz gabriel george gerd giulia grace greta hannah hans harry heike heinz helen helena helga henrik henry ian ines
ingrid irene isabel ivan jack jacob jakob james jan jana jane jean jennifer jens jessica joan joao johan johann john
jonas jorge jose josef joseph juan judith julia julian jun jurgen jürgen karen karin karl kate katharina katja kevin
kim klaus kumar lars laura lea lena leo leon li linda lisa louis lucas lucia luis luise lukas marco maria marie
mario mark markus martin martina mary matteo matthias max maximilian mehmet mei melanie mia michael michelle miguel
mohamed mohammed monika nadia nancy natalie nicolas nicole nina noah nora olga oliver olivia oscar otto pablo
patricia patrick paul paula pedro peter petra philip pierre priya rachel rafael rainer raj ralf rebecca richard
robert rosa ruth ryan sabine sam samuel sandra sara sarah sebastian silke simon sofia sophie stefan stefanie stephan
stephen steven sue susan susanne tanja thomas tim tobias tom ulrich ulrike ursula uwe victor victoria walter wei
werner william wolfgang yuki yusuf
"""
_PEOPLE = frozenset(_ROLES_OF_PEOPLE.split())
_NAMES = _PEOPLE | {"name", "resource"}
_GIVEN = frozenset(_COMMON_GIVEN_NAMES.split())
_NUMBERS = frozenset({"id", "nr", "no", "number", "key", "code", "num", "nummer", "ssn"})
_PHONES = frozenset({"phone", "phonenumber", "telephone", "tel", "mobile", "cell", "fax", "telefon", "mobil", "handy"})
_NO_PERSON = frozenset(
    {"product", "company", "process", "activity", "task", "file", "column", "event", "firm", "branch", "bank", "brand"}
    | {"city", "country", "region", "campaign", "department", "group", "team", "project", "service"}
)


@dataclass(frozen=True)
class PersonSign:
    """`what` a column seems to hold, in words, and the `evidence` as a clause: by its header or its values."""

    what: str
    evidence: str

    @classmethod
    def from_json(cls, data: dict[str, str]) -> Self:
        return cls(**data)


def person_sign(name: str, values: Sequence[str], *, learns: bool = True) -> PersonSign | None:
    """What says that a column names people; None where nothing does. `values` are different known cells.

    `learns` is False for columns whose header alone says nothing (two values, dates): only their cells count.

    >>> person_sign("contact", ["kim@example.org", "lee@example.org", "sam@example.org"]).what
    'e-mail addresses'
    >>> person_sign("region", ["North Side", "South Side", "Old Town"])
    """
    looked_at = list(values[:LOOKED_AT])
    if not looked_at:
        return None
    words = _words(name)
    found = _by_cells(looked_at, words)
    return found or (_by_header(name, words) if learns else None)


def is_iban(text: str) -> bool:
    """Whether an account number holds its own check (ISO 13616: the rest by 97 is 1).

    >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE88 3704 0044 0532 0130 00")
    (True, False)
    """
    plain = text.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _by_cells(values: Sequence[str], words: list[str]) -> PersonSign | None:
    tests = (
        ("e-mail addresses", FEW, lambda text: EMAIL.search(text) is not None),
        ("account numbers (IBAN)", FEW, lambda text: any(map(is_iban, IBAN.findall(text)))),
        ("phone numbers", SHAPED_SHARE, lambda text: _is_phone(text, named=bool(_PHONES & set(words)))),
    )
    for what, least, test in tests:
        times = sum(map(test, values))
        if times and times >= least * len(values):
            return PersonSign(what, f"{_of(times, values)} {'holds one' if times == 1 else 'hold one'}")
    shaped = [text for text in values if _NAME.match(text)]
    given = sum(bool(_GIVEN & set(re.findall(r"[^\W\d_]+", text.lower()))) for text in shaped)
    if given >= LEAST and len(shaped) >= SHAPED_SHARE * len(values) and given >= GIVEN_SHARE * len(shaped):
        return PersonSign("names of people", f"{_of(given, values)} hold a common given name")
    return None


def _by_header(name: str, words: list[str]) -> PersonSign | None:
    if not words or _NO_PERSON & set(words):
        return None
    called = f"the column is called “{name}”"
    if _PHONES & set(words[-2:]):
        return PersonSign("phone numbers", called)
    if words[-1] in _NUMBERS and _PEOPLE & set(words):
        return PersonSign("numbers that stand for people", called)
    joined = "".join(words)
    if words[-1] in _NAMES or joined in _NAMES:
        return PersonSign("names of people", called)
    if words[-1] in {"email", "mail", "iban"} or joined == "email":
        return PersonSign("account numbers (IBAN)" if words[-1] == "iban" else "e-mail addresses", called)
    return None


def _is_phone(text: str, *, named: bool) -> bool:
    pattern = (_DIGITS,) if named else (_FOREIGN, _LOCAL)
    return 6 <= sum(map(str.isdigit, text)) <= 15 and any(one.match(text) for one in pattern)


def _words(name: str) -> list[str]:
    """The words of a header: parted by anything that is no letter, and where a capital follows a small letter."""
    return [word.lower() for word in re.findall(r"[^\W\d_]+", re.sub(r"([a-zäöü])([A-ZÄÖÜ])", r"\1 \2", name))]


def _of(times: int, values: Sequence[str]) -> str:
    return f"{times} of {len(values)} different values looked at"
