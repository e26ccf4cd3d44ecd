"""A synthetic insurance claims log with planted truth.

Everything is drawn from the generator handed in: the same seed gives the same log to the byte.
Four decisions are planted (`DECISIONS`); the true probability of each is a pure function of a
case's attributes (`true_probability`), so the best AUC any model can reach is known.
No person, insurer or claim in it is real.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.domain.claims_log.claims_calendar import Calendar
from planner.domain.foresight.targets import TargetSpec

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

REGISTER = "Register claim"
CHECK_POLICY = "Check policy"
ASSESS = "Assess damage"
TRIAGE = "Triage claim"
INVESTIGATE = "Investigate claim"
SETTLE = "Calculate settlement"
SIGN = "Second signature"
LETTER = "Write decision letter"
QUALITY = "Quality check"
CLOSE = "Close claim"

HANDLING_MINUTES = {
    CHECK_POLICY: 14.0,
    ASSESS: 26.0,
    TRIAGE: 24.0,
    INVESTIGATE: 85.0,
    SETTLE: 18.0,
    SIGN: 9.0,
    LETTER: 13.0,
    QUALITY: 15.0,
    CLOSE: 4.0,
}
WAITING_HOURS = {
    CHECK_POLICY: 3.0,
    ASSESS: 3.0,
    TRIAGE: 5.0,
    INVESTIGATE: 16.0,
    SETTLE: 6.0,
    SIGN: 9.0,
    LETTER: 4.0,
    QUALITY: 7.0,
    CLOSE: 2.0,
}
TEAMS = {
    CHECK_POLICY: ("Handler", 14),
    ASSESS: ("Assessor", 9),
    TRIAGE: ("Senior handler", 6),
    INVESTIGATE: ("Investigator", 5),
    SETTLE: ("Handler", 14),
    SIGN: ("Manager", 3),
    LETTER: ("Handler", 14),
    QUALITY: ("Senior handler", 6),
    CLOSE: ("Handler", 14),
}
SYSTEM = "Intake system"

RULE_LIMIT = 3000.0
RULE_CHANNEL = "broker"
RULE_NOISE = 0.01
LOTTERY = 0.40
ORDER = 0.50
REPEAT_INVESTIGATION = 0.18
RETURNED_BY_MANAGER = 0.12

CASE_ATTRIBUTES = (
    "claim_amount",
    "channel",
    "product",
    "region",
    "policy_age_years",
    "claimant_age",
    "earlier_claims",
    "days_to_report",
    "police_report",
)


@dataclass(frozen=True)
class PlantedDecision:
    """One planted decision: where it is taken, what is decided and how it has to be judged."""

    key: str
    task: str
    target: TargetSpec
    verdict: str
    truth: str


DECISIONS = (
    PlantedDecision(
        "model",
        TRIAGE,
        TargetSpec.next_activity(task=TRIAGE, positive=INVESTIGATE),
        "predict",
        "a non-linear logistic score over seven attributes",
    ),
    PlantedDecision(
        "chance",
        LETTER,
        TargetSpec.next_activity(task=LETTER, positive=QUALITY),
        "not predictable",
        f"a lottery: {LOTTERY:.0%} of cases, whatever they are",
    ),
    PlantedDecision(
        "rule",
        SETTLE,
        TargetSpec.next_activity(task=SETTLE, positive=SIGN),
        "write a rule",
        f"claim_amount above {RULE_LIMIT:.0f} and channel {RULE_CHANNEL}, turned round in {RULE_NOISE:.0%} of cases",
    ),
    PlantedDecision(
        "order",
        CHECK_POLICY,
        TargetSpec.next_activity(task=CHECK_POLICY, positive=ASSESS),
        "trivial",
        "Check policy and Assess damage run side by side; which ends first is a coin",
    ),
)


def planted(key: str) -> PlantedDecision:
    """The planted decision of that key.

    >>> planted("rule").task
    'Calculate settlement'
    """
    return next(decision for decision in DECISIONS if decision.key == key)


def attributes_draw(*, cases: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the case attributes: one row a case, the columns of `CASE_ATTRIBUTES`."""
    return pd.DataFrame(
        {
            "claim_amount": np.clip(np.rint(rng.lognormal(8.15, 0.85, cases) / 10) * 10, 80, 60000),
            "channel": rng.choice(["online", "phone", "broker"], cases, p=[0.35, 0.20, 0.45]),
            "product": rng.choice(["motor", "home", "travel", "liability"], cases, p=[0.45, 0.28, 0.15, 0.12]),
            "region": rng.choice(["north", "south", "east", "west"], cases, p=[0.3, 0.3, 0.2, 0.2]),
            "policy_age_years": np.round(rng.exponential(4.0, cases), 1),
            "claimant_age": np.clip(np.rint(rng.normal(46, 15, cases)), 18, 88).astype(np.int64),
            "earlier_claims": rng.poisson(0.7, cases),
            "days_to_report": np.floor(rng.exponential(9.0, cases)).astype(np.int64),
            "police_report": rng.random(cases) < 0.4,
        }
    )


def investigation_score(cases: pd.DataFrame) -> Floats:
    """Log-odds that triage sends a claim to investigation: bends, steps and interactions.

    Young policies and late reports count for more the larger the claim; travel claims without a
    police report stand out; so do claimants with a history. Neither region nor age plays a part.
    """
    amount = np.log10(cases["claim_amount"].to_numpy(np.float64) / 3500.0)
    young = np.exp(-cases["policy_age_years"].to_numpy(np.float64) / 1.5)
    late = np.clip(cases["days_to_report"].to_numpy(np.float64) / 14.0, 0.0, 2.0)
    history = np.minimum(cases["earlier_claims"].to_numpy(np.float64), 3.0)
    unreported = ~cases["police_report"].astype(str).str.lower().eq("true").to_numpy()
    travel = cases["product"].eq("travel").to_numpy()
    online = cases["channel"].eq("online").to_numpy()
    score = (
        -4.6
        + 3.4 * amount
        + 3.0 * young * (1.0 + np.clip(amount, -0.5, 0.8))
        + 1.6 * late
        + 1.5 * history
        + 2.6 * (travel & unreported)
        + 1.4 * (online & (young > 0.5))
    )
    return np.asarray(2.0 * score, dtype=np.float64)


def _model_probability(cases: pd.DataFrame) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-investigation_score(cases))), dtype=np.float64)


def _rule_probability(cases: pd.DataFrame) -> Floats:
    above = cases["claim_amount"].to_numpy(np.float64) > RULE_LIMIT
    applies = above & cases["channel"].eq(RULE_CHANNEL).to_numpy()
    return np.where(applies, 1.0 - RULE_NOISE, RULE_NOISE)


def _constant(share: float) -> Callable[[pd.DataFrame], Floats]:
    return lambda cases: np.full(len(cases), share)


_PROBABILITY: dict[str, Callable[[pd.DataFrame], Floats]] = {
    "model": _model_probability,
    "chance": _constant(LOTTERY),
    "rule": _rule_probability,
    "order": _constant(ORDER),
}


def true_probability(key: str, cases: pd.DataFrame) -> Floats:
    """The probability, by construction, that each case goes to the decision's positive side.

    `cases` has the columns of `CASE_ATTRIBUTES`. For "order" it is what is known before either
    task is done; once one is done the order itself says the rest.

    >>> one = pd.DataFrame({"claim_amount": [5000.0, 100.0], "channel": ["broker", "broker"]})
    >>> true_probability("rule", one).tolist()
    [0.99, 0.01]
    """
    return _PROBABILITY[key](cases)


class _Simulation:
    """Walks all cases side by side along the process; times are minutes of office time."""

    def __init__(self, cases: pd.DataFrame, calendar: Calendar, rng: np.random.Generator) -> None:
        self.cases, self.calendar, self.rng = cases, calendar, rng
        self.parts: list[pd.DataFrame] = []

    def coin(self, key: str) -> Mask:
        """Decide for every case with its true probability."""
        return self.rng.random(len(self.cases)) < true_probability(key, self.cases)

    def step(self, activity: str, ready: Floats, who: Mask) -> Floats:
        """Do the activity for the cases of the mask; returns when each case is ready next."""
        wait = self.rng.gamma(1.3, WAITING_HOURS[activity] * 60 / 1.3, len(ready))
        minutes = self.rng.gamma(6.0, HANDLING_MINUTES[activity] / 6.0, len(ready))
        start = self.calendar.fit(ready + wait, minutes)
        self.record(activity, start, start + minutes, who)
        return np.where(who, start + minutes, ready)

    def record(self, activity: str, start: Floats, end: Floats, who: Mask) -> None:
        """Keep the rows of those cases, in calendar time, each with somebody of the team."""
        team, size = TEAMS[activity]
        people = self.rng.integers(1, size + 1, len(start))
        names = np.char.add(f"{team} ", np.char.zfill(people.astype(str), 2))
        rows = pd.DataFrame(
            {
                "case": np.arange(len(start)),
                "activity": activity,
                "start": self.calendar.time(start),
                "end": self.calendar.time(end),
                "resource": names,
            }
        )
        self.parts.append(rows[who])

    def side_by_side(self, arrived: Floats) -> Floats:
        """Check policy and Assess damage overlap; a coin says which of them ends first."""
        first_is_policy = ~self.coin("order")
        wait = self.rng.gamma(1.3, WAITING_HOURS[ASSESS] * 60 / 1.3, len(arrived))
        done = {}
        first_start, first_end = self._place(arrived + wait, first_is_policy)
        lag = self.rng.exponential(60.0, len(arrived))
        start, end = self._place(first_start + lag, ~first_is_policy)
        again, again_end = self._place(first_end + 1.0, ~first_is_policy)
        late = end <= first_end
        start, end = np.where(late, again, start), np.where(late, again_end, end)
        for activity, first in ((CHECK_POLICY, first_is_policy), (ASSESS, ~first_is_policy)):
            begins = np.where(first, first_start, start)
            done[activity] = np.where(first, first_end, end)
            self.record(activity, begins, done[activity], np.full(len(arrived), True))
        return np.maximum(done[CHECK_POLICY], done[ASSESS])

    def _place(self, ready: Floats, policy: Mask) -> tuple[Floats, Floats]:
        mean = np.where(policy, HANDLING_MINUTES[CHECK_POLICY], HANDLING_MINUTES[ASSESS])
        minutes = self.rng.gamma(6.0, 1.0, len(ready)) * mean / 6.0
        start = self.calendar.fit(ready, minutes)
        return start, start + minutes

    def walk(self, arrived: Floats) -> pd.DataFrame:
        """From arrival to closing; returns the rows of all cases but their registration."""
        everybody = np.full(len(arrived), True)
        ready = self.step(TRIAGE, self.side_by_side(arrived), everybody)
        suspicious = self.coin("model")
        ready = self.step(INVESTIGATE, ready, suspicious)
        again = suspicious & (self.rng.random(len(ready)) < REPEAT_INVESTIGATION)
        ready = self.step(INVESTIGATE, ready, again)
        ready = self.step(SETTLE, ready, everybody)
        signed = self.coin("rule")
        ready = self.step(SIGN, ready, signed)
        returned = signed & (self.rng.random(len(ready)) < RETURNED_BY_MANAGER)
        ready = self.step(SIGN, self.step(SETTLE, ready, returned), returned)
        ready = self.step(LETTER, ready, everybody)
        ready = self.step(QUALITY, ready, self.coin("chance"))
        self.step(CLOSE, ready, everybody)
        return pd.concat(self.parts, ignore_index=True)


def _registrations(arrival: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "case": np.arange(len(arrival)),
            "activity": REGISTER,
            "start": arrival,
            "end": arrival,
            "resource": SYSTEM,
        }
    )


def claims_generate(*, cases: int, first_day: pd.Timestamp, days: int, rng: np.random.Generator) -> pd.DataFrame:
    """Generate the log: one row an activity instance, in the columns of its CSV file.

    Columns: `case_id`, `activity`, `resource`, `start_time`, `end_time` (UTC, whole seconds) and
    `CASE_ATTRIBUTES`. Claims arrive evenly over `days`, at any hour; people work in office hours.
    The log is cut at the end of the last day, so late claims are still open, as in a real extract.
    Refuses fewer than one case or day with ValueError.
    """
    if cases < 1 or days < 1:
        raise ValueError("At least one case and one day are needed.")
    attributes = attributes_draw(cases=cases, rng=rng)
    calendar = Calendar(first_day)
    arrival = calendar.arrivals(cases=cases, days=days, rng=rng)
    walked = _Simulation(attributes, calendar, rng).walk(calendar.office_minutes(arrival))
    rows = pd.concat([_registrations(arrival), walked], ignore_index=True)
    rows = rows[rows["end"] < first_day + pd.Timedelta(days=days)]
    rows = rows.sort_values(["case", "end", "start"], kind="stable")
    return _as_file(rows, attributes)


def _as_file(rows: pd.DataFrame, attributes: pd.DataFrame) -> pd.DataFrame:
    number = rows["case"].to_numpy()
    out = pd.DataFrame({"case_id": np.char.add("CL-", np.char.zfill((number + 1).astype(str), 5))})
    out["activity"], out["resource"] = rows["activity"].to_numpy(), rows["resource"].to_numpy()
    out["start_time"] = rows["start"].dt.strftime("%Y-%m-%dT%H:%M:%SZ").to_numpy()
    out["end_time"] = rows["end"].dt.strftime("%Y-%m-%dT%H:%M:%SZ").to_numpy()
    for name in CASE_ATTRIBUTES:
        out[name] = attributes[name].to_numpy()[number]
    return out
