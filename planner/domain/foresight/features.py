"""What is known of a case at the moment a task is reached: one row a case, typed columns.

Only rows completed before the moment and case attributes are read. Changing, adding or removing
anything after the moment changes no value and no column.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.domain.foresight.arranged_log import (
    MICROSECONDS_AN_HOUR,
    ArrangedLog,
    Ints,
    Mask,
    Moments,
    earlier_rows,
    timestamps,
)
from planner.domain.foresight.attribute_reading import Refusal, attribute_read, is_running_number
from planner.domain.foresight.feature_kinds import Dropped, Feature, FeatureGroup, FeatureType

PEOPLE_SHARE = 0.5
ORDER, CLOCK, PEOPLE = "order of events", "times of events", "resource of events"
RESERVED = {"case", "moment", "known_at", "part", "label"}


@dataclass(frozen=True)
class KnownThen:
    """The features of all cases that reached the task, in the order of `Moments.case`."""

    frame: pd.DataFrame
    features: tuple[Feature, ...]
    dropped: tuple[Dropped, ...]


def pseudonym(name: str, *, key: bytes) -> str:
    """A stable stand-in for a person's name that cannot be turned back without the key (HMAC-SHA256).

    >>> pseudonym("Kim Passa", key=b"k") == pseudonym("Kim Passa", key=b"k")
    True
    >>> pseudonym("Kim Passa", key=b"k") == pseudonym("Kim Passa", key=b"other")
    False
    """
    return "r" + hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:10]


def identifier(text: str) -> str:
    """A column name of lower-case letters, digits and underscores.

    >>> identifier("Prüfe Antrag (2)")
    'prufe_antrag_2'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:60] or "column"


class _Columns:
    """Collects features under names that are unique."""

    def __init__(self) -> None:
        self.data: dict[str, pd.Series] = {}
        self.features: list[Feature] = []
        self.dropped: list[Dropped] = []

    def add(self, values: pd.Series, feature: Feature) -> None:
        """Keep the values under the feature's name, made an identifier no other column has."""
        wish = identifier(feature.name)
        name, count = wish, 2
        while name in self.data or name in RESERVED:
            name, count = f"{wish}_{count}", count + 1
        self.data[name] = values.reset_index(drop=True)
        self.features.append(replace(feature, name=name))

    def drop(self, column: str, reason: str) -> None:
        """Remember why a column of the log is no feature."""
        self.dropped.append(Dropped(column, reason))


def features_at(log: ArrangedLog, moments: Moments, *, key: bytes) -> KnownThen:
    """Everything known in each case at its moment. `key` pseudonymises resources."""
    earlier = earlier_rows(log, moments)
    last = _last_earlier(log, moments, earlier)
    columns, people = _Columns(), _People(log, key)
    _case_attributes(columns, log, moments, people)
    _event_attributes(columns, log, moments, earlier, people)
    _order(columns, log, moments, earlier, last)
    _clock(columns, log, moments, last)
    _resource(columns, people, last)
    frame = pd.DataFrame(columns.data, index=pd.RangeIndex(len(moments.case)))
    return KnownThen(frame, tuple(columns.features), tuple(columns.dropped))


def order_state(log: ArrangedLog, moments: Moments) -> pd.DataFrame:
    """The order of events alone: how often each activity was complete, which was the last, which are under way."""
    earlier = earlier_rows(log, moments)
    last = _last_earlier(log, moments, earlier)
    running = _running_rows(log, moments) & ~earlier
    done, under_way = _counts(log, moments, earlier), _counts(log, moments, running)
    was_last = {f"last {name}": ((last >= 0) & (log.activity[last] == log.number(str(name)))) * 1 for name in done}
    parts = [done, pd.DataFrame(was_last, index=done.index), under_way.add_prefix("under way ")]
    return pd.concat(parts, axis=1)


def _running_rows(log: ArrangedLog, moments: Moments) -> Mask:
    """Rows that had begun before the moment, the task's own instance aside."""
    time = np.full(len(log.cases), np.iinfo(np.int64).min)
    time[moments.case] = moments.time
    begun = log.start < time[log.case]
    begun[moments.row] = False
    return begun


class _People:
    """The resources of a log and their stand-ins."""

    def __init__(self, log: ArrangedLog, key: bytes) -> None:
        empty = pd.Series(pd.NA, index=log.frame.index, dtype="string")
        self.names = log.frame["resource"].astype("string") if "resource" in log.frame else empty
        self.known = log.people
        self.key = key

    def hidden(self, values: pd.Series) -> pd.Series:
        """The values with every one replaced by its stand-in."""
        stand_in = {name: pseudonym(str(name), key=self.key) for name in values.dropna().unique()}
        return values.map(stand_in).astype("string")

    def named_in(self, values: pd.Series) -> bool:
        """Whether at least half of the different values are resources of the log."""
        found = set(values.dropna().unique())
        return bool(found) and len(found & self.known) >= PEOPLE_SHARE * len(found)


def _last_earlier(log: ArrangedLog, moments: Moments, earlier: Mask) -> Ints:
    """Position of the last earlier row of each case, -1 where there is none."""
    last = np.full(len(log.cases), -1, dtype=np.int64)
    rows = np.flatnonzero(earlier)
    last[log.case[rows]] = rows
    return last[moments.case]


def _counts(log: ArrangedLog, moments: Moments, earlier: Mask) -> pd.DataFrame:
    width = len(log.activities)
    cell = log.case[earlier] * width + log.activity[earlier]
    table = np.bincount(cell, minlength=len(log.cases) * width).reshape(-1, width)[moments.case]
    seen = np.flatnonzero(table.any(axis=0))
    return pd.DataFrame({log.activities[i]: table[:, i] for i in seen}, index=pd.RangeIndex(len(moments.case)))


def _order(columns: _Columns, log: ArrangedLog, moments: Moments, earlier: Mask, last: Ints) -> None:
    counts = _counts(log, moments, earlier)
    for activity, values in counts.items():
        columns.add(values, _ordinal(f"done_{activity}", f"times “{activity}” was done before", "times"))
    total = counts.sum(axis=1) if len(counts.columns) else pd.Series(0, index=counts.index)
    columns.add(total, _ordinal("events_before", "events before", "events"))
    names = np.array([*log.activities, None], dtype=object)
    before = pd.Series(names[np.where(last >= 0, log.activity[last], -1)], dtype="string")
    word = Feature("last_activity", "activity just before", FeatureType.CATEGORY, "", ORDER, FeatureGroup.ORDER)
    columns.add(before, word)


def _ordinal(name: str, label: str, unit: str) -> Feature:
    return Feature(name, label, FeatureType.NUMBER, unit, ORDER, FeatureGroup.ORDER)


def _clock(columns: _Columns, log: ArrangedLog, moments: Moments, last: Ints) -> None:
    elapsed = (moments.time - log.begun[moments.case]) / MICROSECONDS_AN_HOUR
    since = np.where(last >= 0, (moments.time - log.end[last]) / MICROSECONDS_AN_HOUR, np.nan)
    when = timestamps(moments.time).dt
    facts = (
        (pd.Series(elapsed), "elapsed_hours", "time since the case began", "hours"),
        (pd.Series(since), "hours_since_last_event", "time since the event before", "hours"),
        (when.day_of_week, "weekday", "day of the week, Monday is 0 (UTC)", "day"),
        (when.hour, "hour", "hour of the day (UTC)", "hour"),
    )
    for values, name, label, unit in facts:
        columns.add(values, Feature(name, label, FeatureType.NUMBER, unit, CLOCK, FeatureGroup.TIME))


def _resource(columns: _Columns, people: _People, last: Ints) -> None:
    known = people.hidden(people.names).iloc[last].reset_index(drop=True).where(pd.Series(last >= 0))
    if known.nunique() < 2:
        return columns.drop("resource", "the same for all cases, or missing")
    label = "who did the event just before (pseudonym)"
    return columns.add(known, Feature("last_resource", label, FeatureType.CATEGORY, "", PEOPLE, FeatureGroup.PEOPLE))


def _case_attributes(columns: _Columns, log: ArrangedLog, moments: Moments, people: _People) -> None:
    first, moment = log.first_row[moments.case], timestamps(moments.time)
    for column in _columns_of(log, "case:"):
        values = log.frame[column].iloc[first].reset_index(drop=True)
        if is_running_number(values, moment=moment):
            columns.drop(column, "a running number")
        else:
            _attribute(columns, values, column, moment, people)


def _event_attributes(columns: _Columns, log: ArrangedLog, moments: Moments, earlier: Mask, people: _People) -> None:
    for column in _columns_of(log, "event:"):
        given = np.flatnonzero(earlier & log.frame[column].notna().to_numpy())
        latest = np.full(len(log.cases), -1, dtype=np.int64)
        latest[log.case[given]] = given
        at = latest[moments.case]
        values = log.frame[column].iloc[at].reset_index(drop=True).where(pd.Series(at >= 0))
        _attribute(columns, values, column, timestamps(moments.time), people)


def _columns_of(log: ArrangedLog, prefix: str) -> list[str]:
    return [str(name) for name in log.frame.columns if str(name).startswith(prefix)]


def _attribute(columns: _Columns, values: pd.Series, column: str, moment: pd.Series, people: _People) -> None:
    read = attribute_read(values, column=column, moment=moment)
    if isinstance(read, Refusal):
        return columns.drop(column, read.reason)
    known, feature = read
    if feature.type is FeatureType.CATEGORY and people.named_in(known):
        return columns.add(people.hidden(known), replace(feature, group=FeatureGroup.PEOPLE))
    return columns.add(known, feature)
