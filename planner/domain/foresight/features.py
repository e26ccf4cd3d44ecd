"""What is known of a case at the moment a task is reached: one row a case, typed columns.

Of the case itself only rows completed before the moment and case attributes are read, of other cases only what was
complete before the moment. Changing, adding or removing anything after the moment changes no value.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.domain.foresight.arranged_log import ArrangedLog, Ints, Mask, Moments, timestamps
from planner.domain.foresight.attribute_reading import Refusal, attribute_read, is_running_number
from planner.domain.foresight.feature_columns import Columns
from planner.domain.foresight.feature_kinds import Dropped, Feature, FeatureGroup, FeatureType
from planner.domain.foresight.inter_case_features import inter_case_features
from planner.domain.foresight.prefix_features import PEOPLE, activity_counts, prefix_features, prefix_of

PEOPLE_SHARE = 0.5


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


def features_at(log: ArrangedLog, moments: Moments, *, key: bytes, whole: ArrangedLog | None = None) -> KnownThen:
    """Everything known in each case at its moment. `key` pseudonymises resources; `whole` is the log of all cases where
    `log` holds a sample of them.
    """
    prefix = prefix_of(log, moments)
    columns, people = Columns(), _People(log, key)
    _case_attributes(columns, log, moments, people)
    _event_attributes(columns, log, moments, prefix.earlier, people)
    for values, feature in prefix_features(prefix):
        columns.add(values, feature)
    _resource(columns, people, prefix.last)
    for values, feature in inter_case_features(prefix, whole or log):
        columns.add(values, feature)
    frame = pd.DataFrame(columns.data, index=pd.RangeIndex(len(moments.case)))
    return KnownThen(frame, tuple(columns.features), tuple(columns.dropped))


def order_state(log: ArrangedLog, moments: Moments) -> pd.DataFrame:
    """The order of events alone: how often each activity was complete, which was the last, which are under way."""
    prefix = prefix_of(log, moments)
    last, running = prefix.last, _running_rows(log, moments) & ~prefix.earlier
    done, under_way = activity_counts(log, moments, prefix.earlier), activity_counts(log, moments, running)
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


def _resource(columns: Columns, people: _People, last: Ints) -> None:
    known = people.hidden(people.names).iloc[last].reset_index(drop=True).where(pd.Series(last >= 0))
    if known.nunique() < 2:
        return columns.drop("resource", "the same for all cases, or missing")
    label = "who did the event just before (pseudonym)"
    return columns.add(known, Feature("last_resource", label, FeatureType.CATEGORY, "", PEOPLE, FeatureGroup.PEOPLE))


def _case_attributes(columns: Columns, log: ArrangedLog, moments: Moments, people: _People) -> None:
    first, moment = log.first_row[moments.case], timestamps(moments.time)
    for column in _columns_of(log, "case:"):
        values = log.frame[column].iloc[first].reset_index(drop=True)
        if is_running_number(values, moment=moment):
            columns.drop(column, "a running number")
        else:
            _attribute(columns, values, column, moment, people)


def _event_attributes(columns: Columns, log: ArrangedLog, moments: Moments, earlier: Mask, people: _People) -> None:
    for column in _columns_of(log, "event:"):
        given = np.flatnonzero(earlier & log.frame[column].notna().to_numpy())
        latest = np.full(len(log.cases), -1, dtype=np.int64)
        latest[log.case[given]] = given
        at = latest[moments.case]
        values = log.frame[column].iloc[at].reset_index(drop=True).where(pd.Series(at >= 0))
        _attribute(columns, values, column, timestamps(moments.time), people)


def _columns_of(log: ArrangedLog, prefix: str) -> list[str]:
    return [str(name) for name in log.frame.columns if str(name).startswith(prefix)]


def _attribute(columns: Columns, values: pd.Series, column: str, moment: pd.Series, people: _People) -> None:
    read = attribute_read(values, column=column, moment=moment)
    if isinstance(read, Refusal):
        return columns.drop(column, read.reason)
    known, feature = read
    if feature.type is FeatureType.CATEGORY and people.named_in(known):
        return columns.add(people.hidden(known), replace(feature, group=FeatureGroup.PEOPLE))
    return columns.add(known, feature)
